r"""LaTeX of matrix lines: bold letters, \top, \odot, \nabla."""

from ..language import Call, Entry, Expr, Neg, Num
from ..matrices import (Apply, Diag, Elementwise, Eye, Gradient, Hadamard,
                        Hessian, Jacobian, Leaf, MatMul, Matrix, Minus, Norm2,
                        Ones, Over, Scalar, Scale, Sum, Trace, Transpose,
                        is_scalar)
from .entries import factors, juxtapose, signed, term
from .entries import latex as entry_latex
from .names import bold_name, plain_name
from .pieces import BARE, call_text, group, paren


def latex(m):
    r"""Return the LaTeX of a matrix line or of an expression.

    >>> from lmbook.derivation.language import *
    >>> from lmbook.derivation.matrices import M
    >>> N, D = dim("N"), dim("D"); X, G = (tensor(t, N, D) for t in "XG")
    >>> print(latex(1 / N * (M(X).T @ (M(X) - M(G)))))
    \frac{1}{N} \mathbf{X}^{\top} \left( \mathbf{X} - \mathbf{G} \right)
    """
    if isinstance(m, Expr):
        return entry_latex(m)
    if isinstance(m, Scalar):
        return entry_latex(m.value)
    return signed([_sign(t) for t in (m.args if isinstance(m, Sum) else [m])])


def _sign(m):
    if isinstance(m, Minus):
        return True, _term(m.arg)
    if isinstance(m, Scalar) and isinstance(m.value, Neg):
        return True, term(m.value.arg)
    return False, _term(m)


def _term(m):
    match m:
        case Scalar(value):
            return term(value)
        case Sum() | Minus():
            return group(latex(m))
        case MatMul() | Scale():
            return juxtapose(_factors(m, True))
        case Hadamard(left, right):
            first = (_term if isinstance(left, Hadamard) else _factor)(left)
            return rf"{first} \odot {_factor(right)}"
    return _single(m)


def _factors(m, last):
    """Return the texts that stand side by side, scalars in front."""
    match m:
        case Scalar(value):
            return factors(value, last)
        case MatMul(left, right):
            nested = isinstance(left, Scale)
            first = [_factor(left)] if nested else _factors(left, False)
            return first + [_factor(right, last)]
        case Scale(scalar, arg):
            nested = isinstance(arg, Scale)
            rest = [_factor(arg)] if nested else _factors(arg, last)
            return _front(scalar) + rest
    return [_factor(m, last)]


def _front(scalar):
    """Return the factors of a scalar that stands before a matrix."""
    if isinstance(scalar, MatMul):      # (v^T x) v, since x v has no shape
        return [group(latex(scalar))]
    return _factors(scalar, False)


def _factor(m, last=False):
    if isinstance(m, (Sum, Minus, MatMul, Scale, Hadamard)):
        return group(latex(m))
    if isinstance(m, Apply) and m.name in BARE:
        return call_text(m.name, [latex(m.arg)], bare=last and _plain(m.arg))
    return _single(m) if last or not _reaches(m) else group(_single(m))


def _reaches(m):
    if isinstance(m, Jacobian):
        return not _plain(m.top)
    return isinstance(m, (Gradient, Hessian))


def _plain(m):
    """Say whether a matrix line is one whole tensor or one entry."""
    return isinstance(m, Leaf) or (
        isinstance(m, Scalar) and isinstance(m.value, Entry))


def _single(m):
    match m:
        case Leaf(tensor):
            return bold_name(tensor)
        case Ones(size):
            return rf"\mathbf{{1}}_{{{plain_name(size.name)}}}"
        case Eye(size):
            return rf"\mathbf{{I}}_{{{plain_name(size.name)}}}"
        case Transpose(arg):
            return _base(arg) + r"^{\top}"
        case Elementwise(arg, exponent):
            dot = "" if is_scalar(m) else r"\odot "
            return _base(arg) + f"^{{{dot}{latex(exponent)}}}"
        case Over(arg, scalar):
            return rf"\frac{{{latex(arg)}}}{{{latex(scalar)}}}"
        case Diag(arg):
            return r"\operatorname{diag}" + paren(latex(arg))
        case Trace(arg):
            return r"\operatorname{tr}" + paren(latex(arg))
        case Norm2(arg):
            below = "_{F}" if None not in arg.dims else ""
            return rf"\lVert {latex(arg)} \rVert{below}^{{2}}"
        case Apply(name, orders, arg):
            bare = name in BARE and _plain(arg)
            return call_text(name, [latex(arg)], orders, bare)
    return _derivative(m)


def _base(m):
    text = latex(m)
    plain = isinstance(m, (Leaf, Ones, Eye)) and "^" not in text
    return text if plain else group(text)


def _derivative(m):
    top, below = latex(m.top), bold_name(m.bottom.tensor)
    if isinstance(m, Jacobian) and _plain(m.top):
        return rf"\frac{{\partial {top}}}{{\partial {below}}}"
    top = top if _plain(m.top) else group(top)
    if isinstance(m, Jacobian):
        return rf"\frac{{\partial}}{{\partial {below}}} {top}"
    power = "^{2}" if isinstance(m, Hessian) else ""
    return rf"\nabla{power}_{{{below}}} {top}"


def matrix_symbols(m):
    """Yield the symbols of a matrix line, and expressions that hold more.

    >>> from lmbook.derivation.language import dim, tensor
    >>> from lmbook.derivation.matrices import M
    >>> list(matrix_symbols(M(tensor("z", dim("K"))).T))
    [('\\\\mathbf{z}', z)]
    """
    match m:
        case Leaf(tensor):
            yield bold_name(tensor), m
        case Eye():
            yield r"\mathbf{I}", "the identity matrix"
        case Apply(name, orders):
            yield Call(name, (Num(0),), orders)
    for part in m.args if isinstance(m, Sum) else m.parts():
        if isinstance(part, Expr):
            yield part
        elif isinstance(part, Matrix):
            yield from matrix_symbols(part)
