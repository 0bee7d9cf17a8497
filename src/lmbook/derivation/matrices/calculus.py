"""Special matrices, functions of matrices and derivatives by them."""

from ..language import Call, D, Dim, Total, delta, expr
from .algebra import Leaf, node
from .base import Matrix
from .shapes import ShapeMismatch, describe, is_scalar


@node
class Ones(Matrix):
    """The column of ones."""
    size: Dim
    form = "ones({})"

    @property
    def dims(self):
        """A column: (size, None)."""
        return self.size, None

    def at(self, p, q, fresh):
        """Every entry is 1."""
        return expr(1)


@node
class Eye(Matrix):
    """The identity matrix."""
    size: Dim
    form = "eye({})"

    @property
    def dims(self):
        """A square: (size, size)."""
        return self.size, self.size

    def at(self, p, q, fresh):
        """Entry delta_pq."""
        return expr(1) if p == q else delta(p, q)


@node
class Diag(Matrix):
    """A vector on the diagonal, zeros elsewhere."""
    arg: Matrix
    form = "diag({})"

    def __post_init__(self):
        _need_column(self.arg, "diag")

    @property
    def dims(self):
        """A square with the size of the vector."""
        return self.arg.dims[0], self.arg.dims[0]

    def at(self, p, q, fresh):
        """Entry delta_pq arg_p."""
        value = self.arg.at(p, None, fresh)
        return value if p == q else delta(p, q) * value


@node
class Trace(Matrix):
    """The sum of the diagonal of a square matrix."""
    arg: Matrix
    form = "trace({})"
    dims = (None, None)

    def __post_init__(self):
        rows, columns = self.arg.dims
        if rows is None or rows != columns:
            raise ShapeMismatch(f"trace of {describe(self.arg)}: expected a "
                                "square matrix")

    def at(self, p, q, fresh):
        """The number sum_k arg_kk."""
        k = fresh(self.arg.dims[0])
        return Total(k, self.arg.at(k, k, fresh))


@node
class Norm2(Matrix):
    """The sum of the squares of the entries."""
    arg: Matrix
    form = "norm2({})"
    dims = (None, None)

    def __post_init__(self):
        if is_scalar(self.arg):
            raise ShapeMismatch(f"norm2 of {describe(self.arg)}: expected a "
                                "vector or a matrix")

    def at(self, p, q, fresh):
        """The number sum_pq arg_pq ** 2."""
        p, q = (fresh(size) if size else None for size in self.arg.dims)
        result = self.arg.at(p, q, fresh) ** 2
        for index in filter(None, (q, p)):
            result = Total(index, result)
        return result


@node
class Apply(Matrix):
    """A function, by its name, applied to each entry."""
    name: str
    orders: tuple
    arg: Matrix

    def __repr__(self):
        return f"{self.name}{chr(39) * sum(self.orders)}({self.arg!r})"

    def at(self, p, q, fresh):
        """Entry f(arg_pq)."""
        return Call(self.name, (self.arg.at(p, q, fresh),), self.orders)


@node
class Jacobian(Matrix):
    """Numerator layout: a row for each entry above, a column below."""
    top: Matrix
    bottom: Matrix
    form = "jacobian({}, {})"

    def __post_init__(self):
        _need_column(self.bottom, "the derivative by", leaf=True)
        if not is_scalar(self.top):
            _need_column(self.top, "the Jacobian")

    @property
    def dims(self):
        """The size of y by the size of x."""
        return self.top.dims[0], self.bottom.dims[0]

    def at(self, p, q, fresh):
        """Entry dy_p / dx_q."""
        return D(self.top.at(p, None, fresh), self.bottom.at(q, None, fresh))


@node
class Gradient(Matrix):
    """The derivatives of a scalar, in the shape of what it depends on."""
    top: Matrix
    bottom: Matrix
    form = "gradient({}, {})"

    def __post_init__(self):
        _need_scalar(self.top, "the gradient")
        if not isinstance(self.bottom, Leaf):
            raise ShapeMismatch(f"the gradient by {describe(self.bottom)}: "
                                "expected a whole vector or matrix")

    @property
    def dims(self):
        """The shape of what the scalar depends on."""
        return self.bottom.dims

    def at(self, p, q, fresh):
        """Entry dL / dW_pq."""
        return D(self.top.at(None, None, fresh), self.bottom.at(p, q, fresh))


@node
class Hessian(Matrix):
    """The second derivatives of a scalar by the entries of a vector."""
    top: Matrix
    bottom: Matrix
    form = "hessian({}, {})"

    def __post_init__(self):
        _need_scalar(self.top, "the Hessian")
        _need_column(self.bottom, "the Hessian by", leaf=True)

    @property
    def dims(self):
        """A square with the size of the vector."""
        return self.bottom.dims[0], self.bottom.dims[0]

    def at(self, p, q, fresh):
        """Entry d2L / dx_p dx_q, p derived first."""
        x, y = (self.bottom.at(i, None, fresh) for i in (p, q))
        return D(self.top.at(None, None, fresh), x, y)


def _need_column(matrix, use, leaf=False):
    rows, columns = matrix.dims
    if rows is None or columns or leaf and not isinstance(matrix, Leaf):
        raise ShapeMismatch(f"{use} {describe(matrix)}: expected a "
                            f"{'whole vector' if leaf else 'column'}")


def _need_scalar(matrix, use):
    if not is_scalar(matrix):
        raise ShapeMismatch(f"{use} of {describe(matrix)}: expected a scalar "
                            "above")
