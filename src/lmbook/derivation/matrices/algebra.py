"""Matrix algebra: products, sums, transposes, each lowered to its entries.

A wrong shape is refused while the line is being built.
"""

from dataclasses import dataclass

from ..language import Expr, Tensor, Total, expr, free
from .base import Matrix
from .shapes import ShapeMismatch, describe, is_scalar, name, same_shape

node = dataclass(frozen=True, repr=False)


@node
class Leaf(Matrix):
    """A whole tensor of rank 1 or 2."""
    tensor: Tensor

    def __repr__(self):
        return self.tensor.name

    @property
    def dims(self):
        """The axes of the tensor; a vector has no columns."""
        return (self.tensor.dims + (None,))[:2]

    def at(self, p, q, fresh):
        """Entry t_p or t_pq."""
        return self.tensor[(p, q)[:len(self.tensor.dims)]]


@node
class Scalar(Matrix):
    """A number that does not depend on an index."""
    value: Expr
    dims = (None, None)

    def __post_init__(self):
        if free(self.value):
            raise ValueError(f"{self.value} depends on an index; a matrix "
                             "line has none")

    def at(self, p, q, fresh):
        """The number itself."""
        return self.value


@node
class MatMul(Matrix):
    """The matrix product; column @ row is the outer product."""
    left: Matrix
    right: Matrix
    form = "({} @ {})"

    def __post_init__(self):
        if Scalar in (type(self.left), type(self.right)):
            raise ShapeMismatch(f"{self!r}: a scalar takes *, not @")
        inner, rows = self.left.dims[1], self.right.dims[0]
        if inner != rows:
            raise ShapeMismatch(
                f"{describe(self.left)} @ {describe(self.right)}: the "
                f"columns of the left run over {name(inner)}, the rows of "
                f"the right over {name(rows)}")

    @property
    def dims(self):
        """The rows of the left, the columns of the right."""
        return self.left.dims[0], self.right.dims[1]

    def at(self, p, q, fresh):
        """Entry sum_k left_pk right_kq."""
        size = self.left.dims[1]
        k = fresh(size) if size else None
        body = self.left.at(p, k, fresh) * self.right.at(k, q, fresh)
        return Total(k, body) if size else body


@node
class Transpose(Matrix):
    """Rows and columns exchanged."""
    arg: Matrix
    form = "{}.T"

    @property
    def dims(self):
        """The shape turned round."""
        return self.arg.dims[::-1]

    def at(self, p, q, fresh):
        """Entry arg_qp."""
        return self.arg.at(q, p, fresh)


@node
class Sum(Matrix):
    """A sum of matrices of one shape; a difference adds a Minus."""
    args: tuple

    def __post_init__(self):
        for other in self.args[1:]:
            same_shape(self.args[0], other, "+")

    def __repr__(self):
        return "(" + " + ".join(map(repr, self.args)) + ")"

    @property
    def dims(self):
        """The shape that all terms share."""
        return self.args[0].dims

    def at(self, p, q, fresh):
        """The sum of the entries pq."""
        first, *rest = (m.at(p, q, fresh) for m in self.args)
        return sum(rest, start=first)


@node
class Minus(Matrix):
    """The negative of a matrix."""
    arg: Matrix
    form = "-{}"

    def at(self, p, q, fresh):
        """Entry -arg_pq."""
        return -self.arg.at(p, q, fresh)


@node
class Scale(Matrix):
    """A scalar times a matrix."""
    scalar: Matrix
    arg: Matrix
    form = "({} * {})"

    def __post_init__(self):
        _need_scalar(self, self.scalar)

    def at(self, p, q, fresh):
        """Entry scalar * arg_pq."""
        return self.scalar.at(None, None, fresh) * self.arg.at(p, q, fresh)


@node
class Over(Matrix):
    """A matrix divided by a scalar."""
    arg: Matrix
    scalar: Matrix
    form = "({} / {})"

    def __post_init__(self):
        _need_scalar(self, self.scalar)

    def at(self, p, q, fresh):
        """Entry arg_pq / scalar."""
        return self.arg.at(p, q, fresh) / self.scalar.at(None, None, fresh)


@node
class Hadamard(Matrix):
    """The elementwise product."""
    left: Matrix
    right: Matrix
    form = "({} * {})"

    def __post_init__(self):
        same_shape(self.left, self.right, "*")

    @property
    def dims(self):
        """The shape that both factors share."""
        return self.left.dims

    def at(self, p, q, fresh):
        """Entry left_pq * right_pq."""
        return self.left.at(p, q, fresh) * self.right.at(p, q, fresh)


@node
class Elementwise(Matrix):
    """A power of every entry."""
    arg: Matrix
    exponent: Expr
    form = "{}**{}"

    def at(self, p, q, fresh):
        """Entry arg_pq ** exponent."""
        return self.arg.at(p, q, fresh) ** self.exponent


def _need_scalar(line, matrix):
    if not is_scalar(matrix):
        raise ShapeMismatch(f"{line!r}: expected a scalar, not "
                            f"{describe(matrix)}")


def M(value):
    """Return a tensor of rank 0, 1 or 2, or a scalar, as a matrix line.

    >>> from lmbook.derivation.language import dim, tensor
    >>> N, D = dim("N"), dim("D"); X = tensor("X", N, D)
    >>> M(X).T @ M(X)
    (X.T @ X)
    >>> M(X) @ M(X)
    Traceback (most recent call last):
    ...
    lmbook.derivation.matrices.shapes.ShapeMismatch: X of shape (N, D) @ \
X of shape (N, D): the columns of the left run over D, the rows of the \
right over N
    """
    if isinstance(value, Matrix):
        return value
    if not isinstance(value, Tensor):
        return Scalar(expr(value))
    if len(value.dims) > 2:
        raise ShapeMismatch(f"{value!r} has {len(value.dims)} axes; a "
                            "matrix line takes at most 2")
    return Leaf(value) if value.dims else Scalar(value[()])
