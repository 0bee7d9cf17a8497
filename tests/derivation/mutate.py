"""Wrong versions of a line, and of its printed LaTeX.

`line_mutants` changes the object, `latex_typos` the text.  A few mutants are
true equalities in disguise (a symmetric matrix transposed); whoever uses
them decides that by values.
"""

from dataclasses import fields, replace
from fractions import Fraction

from typos import latex_typos  # noqa: F401  offered here as well

from lmbook.derivation.language import (
    Add, Call, Delta, Deriv, Dim, Div, Entry, Expr, Index, Mul, Neg, Num, Pow,
    Product, Total, children, rebuild)
from lmbook.derivation.matrices import (
    Apply, Elementwise, Gradient, Hadamard, Hessian, Jacobian, Leaf, MatMul,
    Matrix, Over, Scalar, Scale, Sum, is_scalar)

OTHER = {"exp": "sigmoid", "log": "sqrt", "sqrt": "log", "sin": "cos",
         "cos": "sin", "tanh": "sigmoid", "sigmoid": "tanh",
         "relu": "step", "step": "relu", "iszero": "step", "Phi": "sigmoid"}
POSITIVE = ("log", "sqrt")


def line_mutants(line, others=()):
    """Yield (description, wrong line) for each error at each node.

    `others` are further tensors and indices that may be written by mistake.
    Mutants that cannot be built (wrong index or shape) are left out.
    """
    pool = _pool(line) + [o for o in others]
    seen = {line}
    for description, mutant in _mutants(line, pool):
        if mutant not in seen:
            seen.add(mutant)
            yield description, mutant


def _pool(line):
    """Return the tensors and indices of a line, in a fixed order."""
    found = {}
    for part in _nodes(line):
        if isinstance(part, (Entry, Leaf)):
            found[repr(part.tensor)] = part.tensor
        if isinstance(part, (Total, Product)):
            part = part.index
        if isinstance(part, Index):
            found[repr(part)] = part
    return [found[key] for key in sorted(found)]


def _nodes(line):
    yield line
    for _, part in _parts(line):
        yield from _nodes(part)


def _parts(line):
    """Return (place, part) for each part that is a line itself."""
    if isinstance(line, Expr):
        return list(enumerate(children(line)))
    if isinstance(line, Sum):
        return list(enumerate(line.args))
    return [(f.name, getattr(line, f.name)) for f in fields(line)
            if isinstance(getattr(line, f.name), (Matrix, Expr))
            and not isinstance(getattr(line, f.name), Dim)]


def _put(line, place, part):
    if isinstance(line, Expr):
        parts = list(children(line))
        parts[place] = part
        return rebuild(line, parts)
    if isinstance(line, Sum):
        return Sum(line.args[:place] + (part,) + line.args[place + 1:])
    return replace(line, **{place: part})


def _mutants(line, pool):
    local = _of_matrix if isinstance(line, Matrix) else _of_scalar
    yield from _built(local(line, pool))
    for place, part in _parts(line):
        for description, mutant in _mutants(part, pool):
            if _allowed(line, place, mutant):
                yield from _built([(description, lambda: _put(
                    line, place, mutant))])


def _built(makers):
    """Yield the mutants that can be built: wrong shapes raise by design."""
    for description, make in makers:
        try:
            yield description, make()
        except ValueError:
            continue


def _allowed(line, place, part):
    """Say whether a part of another kind may stand at this place."""
    match line:
        case Entry() | Delta():
            return isinstance(part, Index)
        case Deriv() if place == 1:
            return isinstance(part, Entry)
        case Call(name) if name in POSITIVE:
            return not isinstance(part, Neg)
        case Product():
            return not isinstance(part, Neg)
        case Gradient() | Hessian() | Jacobian() if place == "bottom":
            return isinstance(part, Leaf)
    return True


def _without(args, n):
    return args[:n] + args[n + 1:]


def _of_scalar(e, pool):
    """Yield (description, function that builds the mutant)."""
    if not isinstance(e, Index):
        yield "sign", lambda: -e
        yield "factor", lambda: 2 * e
    match e:
        case Add(args) | Mul(args):
            word = "term" if isinstance(e, Add) else "factor"
            for n in range(len(args)):
                rest = _without(args, n)
                yield f"dropped {word}", lambda: (
                    rest[0] if len(rest) == 1 else type(e)(rest))
        case Total(_, body) | Product(_, body):
            yield "dropped sum", lambda: body
        case Div(top, bottom):
            yield "dropped factor", lambda: top
            yield "swapped operands", lambda: Div(bottom, top)
        case Pow(base, exponent):
            yield "exponent", lambda: Pow(base, exponent + 1)
            yield "exponent", lambda: base
        case Call(name, args, orders):
            yield from _of_call(e)
        case Deriv(top, _):
            yield "dropped derivative", lambda: top
        case Index():
            for other in pool:
                if isinstance(other, Index) and other.dim == e.dim:
                    yield "wrong index", lambda: other
        case Entry() | Delta():
            yield from _of_entry(e, pool)
        case Num(value) if value:
            yield "factor", lambda: Num(value + 1)


def _of_call(e):
    if e.name in OTHER:
        yield "function", lambda: Call(OTHER[e.name], e.args)
    for n, count in enumerate(e.orders):
        orders = list(e.orders)
        orders[n] += -1 if count else 1
        yield "function", lambda: Call(e.name, e.args, tuple(orders))
    if len(e.args) == 1:
        yield "dropped function", lambda: e.args[0]
    else:
        yield "swapped operands", lambda: Call(e.name, e.args[::-1],
                                               e.orders)


def _of_entry(e, pool):
    if isinstance(e, Delta):
        yield "dropped factor", lambda: Num(Fraction(1))
        return
    if len(e.indices) == 2:
        yield "transposed", lambda: e.tensor[e.indices[::-1]]
    for other in pool:
        if not isinstance(other, Index) and other.dims == e.dims:
            yield "wrong tensor", lambda: other[e.indices]


def _of_matrix(m, pool):
    if isinstance(m, Scalar):
        return
    yield "sign", lambda: -m
    yield "factor", lambda: 2 * m
    if not is_scalar(m):
        yield "transposed", lambda: m.T
    match m:
        case Sum(args):
            for n in range(len(args)):
                rest = _without(args, n)
                yield "dropped term", lambda: (
                    rest[0] if len(rest) == 1 else Sum(rest))
        case MatMul(left, right) | Hadamard(left, right):
            yield from _of_product(m, left, right)
        case Scale(scalar, arg) | Over(arg, scalar):
            yield "dropped factor", lambda: arg
            other = Over if isinstance(m, Scale) else Scale
            yield "swapped operands", lambda: (
                Over(arg, scalar) if other is Over else Scale(scalar, arg))
        case Elementwise(arg, exponent):
            yield "exponent", lambda: Elementwise(arg, exponent + 1)
            yield "exponent", lambda: arg
        case Apply(name, orders, arg):
            yield "dropped function", lambda: arg
            if name in OTHER:
                yield "function", lambda: Apply(OTHER[name], orders, arg)
            for count in orders:
                yield "function", lambda: Apply(name, (count + 1,), arg)
        case Leaf(tensor):
            for other in pool:
                if not isinstance(other, Index) and (
                        other.dims == tensor.dims and other.dims):
                    yield "wrong tensor", lambda: Leaf(other)


def _of_product(m, left, right):
    yield "dropped factor", lambda: left
    yield "dropped factor", lambda: right
    if isinstance(m, MatMul):
        yield "swapped operands", lambda: MatMul(right, left)
        yield "swapped transposes", lambda: MatMul(right.T, left.T)
        yield "moved transpose", lambda: MatMul(left.T, right.T)
        yield "elementwise", lambda: Hadamard(left, right)
        yield "elementwise", lambda: Hadamard(left.T, right)
    else:
        yield "matrix product", lambda: MatMul(left, right)
