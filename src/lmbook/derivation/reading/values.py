"""What the reader builds: scalars as expressions, the rest as matrices.

Nothing is simplified: each printed sign, factor and parenthesis is kept.
"""

from ..language import Add, Call, D, Div, Expr, Mul, Neg
from ..matrices import (Apply, Diag, Elementwise, Eye, Gradient, Hadamard,
                        Hessian, Jacobian, M, MatMul, Matrix, Minus, Norm2,
                        Ones, Over, Scale, Sum, Trace, Transpose, is_scalar)


def add(terms):
    """Return a sum; one term is returned as it is.

    >>> from lmbook.derivation.language import scalar
    >>> len(add([scalar("x"), scalar("y"), scalar("x")]).args)
    3
    """
    if len(terms) == 1:
        return terms[0]
    if all(isinstance(t, Expr) for t in terms):
        return Add(tuple(terms))
    return Sum(tuple(map(M, terms)))


def negative(value):
    """Return minus a value.

    >>> from lmbook.derivation.language import expr
    >>> negative(expr(2)) == expr(-2)
    True
    """
    return Neg(value) if isinstance(value, Expr) else Minus(value)


def join(values):
    """Return the product of values that stand side by side.

    >>> from lmbook.derivation.language import dim, scalar, tensor
    >>> W = M(tensor("W", dim("H"), dim("D")))
    >>> join([scalar("a"), W.T, W]).dims
    (dim('D'), dim('D'))
    >>> join([W, scalar("a")])
    Traceback (most recent call last):
    ...
    ValueError: a scalar after a matrix; expected it in front
    """
    count = next((n for n, v in enumerate(values)
                  if not isinstance(v, Expr)), len(values))
    head = Mul(tuple(values[:count])) if count > 1 else values[0]
    if count == len(values):
        return head
    return _chain(M(head) if count else None, values[count:])


def _chain(scalar, values):
    """Multiply matrices up to one that is a number, which scales the rest."""
    left, rest = M(values[0]), values[1:]
    while rest and not is_scalar(left):
        if isinstance(rest[0], Expr):
            raise ValueError("a scalar after a matrix; expected it in front")
        left, rest = MatMul(left, rest[0]), rest[1:]
    if scalar is not None:
        left = Scale(scalar, left)
    return _chain(left, rest) if rest else left


def odot(left, right):
    """Return the elementwise product of two matrices.

    >>> from lmbook.derivation.language import dim, tensor
    >>> v = M(tensor("v", dim("H")))
    >>> odot(v, v).dims
    (dim('H'), None)
    """
    return Hadamard(_matrix(left, "elementwise product"),
                    _matrix(right, "elementwise product"))


def transposed(value):
    """Return the transpose of a matrix.

    >>> from lmbook.derivation.language import dim, tensor
    >>> transposed(M(tensor("v", dim("H")))).dims
    (None, dim('H'))
    """
    return Transpose(_matrix(value, "transpose"))


def power(value, exponent, scalar=False):
    """Return the elementwise power of a matrix, or of one that is a number.

    >>> from lmbook.derivation.language import dim, expr, tensor
    >>> power(M(tensor("v", dim("H"))), expr(2)).dims
    (dim('H'), None)
    """
    if is_scalar(_matrix(value, "elementwise power")) != scalar:
        raise ValueError(r"the power of a matrix needs \odot, that of a "
                         "number does not")
    return Elementwise(value, exponent)


def _matrix(value, use):
    if isinstance(value, Matrix):
        return value
    raise ValueError(f"the {use} of a scalar; expected a matrix")


def divide(top, bottom):
    """Return a fraction of scalars, or of a matrix and a scalar.

    >>> from lmbook.derivation.language import scalar
    >>> x = scalar("x"); divide(x, x) == x / x
    True
    """
    if isinstance(top, Expr) and isinstance(bottom, Expr):
        return Div(top, bottom)
    return Over(M(top), M(bottom))


def call(name, values, orders=()):
    """Return a function applied to scalars, or to each entry of a matrix.

    >>> from lmbook.derivation.language import exp, scalar
    >>> call("exp", [scalar("x")]) == exp(scalar("x"))
    True
    """
    if len(values) > 1 and not orders:
        raise ValueError(f"{name} takes one argument, not {len(values)}")
    if all(isinstance(v, Expr) for v in values):
        return Call(name, tuple(values), orders)
    if len(values) > 1:
        raise ValueError(f"{name} of several matrices; expected scalars")
    return Apply(name, orders, values[0])


def special(name, value):
    """Return diag, trace, norm2, ones or eye.

    >>> from lmbook.derivation.language import dim
    >>> special("ones", dim("N"))
    ones(N)
    """
    if name in ("ones", "eye"):
        return {"ones": Ones, "eye": Eye}[name](value)
    value = _matrix(value, name)
    if name.startswith("norm2"):
        if (name == "norm2") == (None not in value.dims):
            raise ValueError("the squared norm of a matrix has _{F}, that "
                             "of a vector has not")
        return Norm2(value)
    return {"diag": Diag, "trace": Trace}[name](value)


def derived(top, bottoms):
    """Return a derivative by entries, or a Jacobian by one vector.

    >>> from lmbook.derivation.language import D, scalar
    >>> x = scalar("x"); derived(x, [x, x]) == D(x, x, x)
    True
    """
    if all(isinstance(v, Expr) for v in [top, *bottoms]):
        return D(top, *bottoms)
    if len(bottoms) != 1:
        raise ValueError("several derivations of matrices; expected one")
    return Jacobian(M(top), _matrix(bottoms[0], "derivative"))


def slope(top, below):
    """Return the gradient of a scalar.

    >>> from lmbook.derivation.language import dim, scalar, tensor
    >>> slope(scalar("L"), M(tensor("w", dim("D")))).dims
    (dim('D'), None)
    """
    return Gradient(M(top), _matrix(below, "gradient"))


def second(top, below):
    """Return the Hessian of a scalar.

    >>> from lmbook.derivation.language import dim, scalar, tensor
    >>> second(scalar("L"), M(tensor("w", dim("D")))).dims
    (dim('D'), dim('D'))
    """
    return Hessian(M(top), _matrix(below, "Hessian"))
