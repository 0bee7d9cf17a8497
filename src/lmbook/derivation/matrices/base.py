"""Matrix lines: immutable trees that know their shape and their entries.

A shape is (rows, columns).  A vector is a column and has columns None; its
transpose is a row and has rows None; a scalar is (None, None).
"""

from itertools import count

from ..language import (Expr, Index, IndexMismatch, Neg, Printed, Tensor,
                        bound_indices, expr, tensors)
from .shapes import describe, is_scalar, name


class Matrix(Printed):
    """A matrix, a vector or a scalar, built from whole tensors."""
    form = "{}"

    def parts(self):
        """Return what the node was built from."""
        return tuple(vars(self).values())

    @property
    def dims(self):
        """The shape: that of `arg`, unless the node says otherwise."""
        return self.arg.dims

    def __repr__(self):
        parts = (repr(p) if isinstance(p, Matrix) else p
                 for p in self.parts())
        return self.form.format(*parts)

    def entry(self, p=None, q=None):
        """Return the entry in row p and column q as an expression.

        Indices bound inside are named afresh, so that nothing collides.
        """
        for side, index, size in zip(("row", "column"), (p, q), self.dims):
            if (index.dim if index is not None else None) != size:
                raise IndexMismatch(
                    f"the {side} index of {describe(self)} must run over "
                    f"{name(size)}, not {index!r}")
        used = {i.name for i in (p, q) if i is not None} | _names(self)
        fresh = (f"k{n}" for n in count(1) if f"k{n}" not in used)
        return self.at(p, q, lambda size: Index(next(fresh), size))

    @property
    def T(self):
        """The transpose; a scalar is its own."""
        if is_scalar(self):
            return self
        if isinstance(self, nodes.Transpose):
            return self.arg
        return nodes.Transpose(self)

    def __matmul__(self, other):
        if isinstance(self, nodes.Minus):
            return -(self.arg @ other)
        if isinstance(self, nodes.Minus):
            return -(self.arg @ other)
        if isinstance(self, nodes.Scale):
            return nodes.Scale(self.scalar, self.arg @ other)
        return nodes.MatMul(self, nodes.M(other))

    def __add__(self, other):
        return plus(self, nodes.M(other))

    def __radd__(self, other):
        return plus(nodes.M(other), self)

    def __neg__(self):
        if isinstance(self, nodes.Scalar):
            return nodes.Scalar(-self.value)
        return self.arg if isinstance(self, nodes.Minus) else nodes.Minus(self)

    def __sub__(self, other):
        return plus(self, -nodes.M(other))

    def __rsub__(self, other):
        return plus(nodes.M(other), -self)

    def __mul__(self, other):
        return times(self, nodes.M(other))

    def __rmul__(self, other):
        return times(nodes.M(other), self)

    def __truediv__(self, other):
        return over(self, nodes.M(other))

    def __rtruediv__(self, other):
        return over(nodes.M(other), self)

    def __pow__(self, exponent):
        return nodes.Elementwise(self, expr(exponent))


def _names(line):
    if isinstance(line, nodes.Scalar):
        line = line.value
    if isinstance(line, Expr):
        return {x.name for x in bound_indices(line) | tensors(line)}
    if isinstance(line, (Tensor, str)):
        return {getattr(line, "name", line)}
    if isinstance(line, int):                   # an order of a derivative
        return set()
    parts = line.parts() if isinstance(line, Matrix) else line
    return set().union(*map(_names, parts)) if parts else set()


def times(left, right):
    """Return scalar * matrix, or the elementwise product.

    >>> from lmbook.derivation.language import dim, tensor
    >>> from lmbook.derivation.matrices import M
    >>> v = M(tensor("v", dim("K")))
    >>> times(v, M(2)), times(v, v)
    ((2 * v), (v * v))
    """
    if is_scalar(right) and not is_scalar(left):
        left, right = right, left
    if isinstance(left, nodes.Scalar) and isinstance(right, nodes.Scalar):
        return nodes.Scalar(left.value * right.value)
    if isinstance(left, nodes.Minus):
        return -times(left.arg, right)
    if isinstance(left, nodes.Scalar) and isinstance(left.value, Neg):
        return -times(nodes.Scalar(left.value.arg), right)
    return (nodes.Scale if is_scalar(left) else nodes.Hadamard)(left, right)


def plus(left, right):
    """Return a sum; sums inside are opened, scalars are added at once.

    >>> from lmbook.derivation.matrices import M
    >>> plus(M(1), M(2)).value.args
    (Num(1), Num(2))
    """
    if isinstance(left, nodes.Scalar) and isinstance(right, nodes.Scalar):
        return nodes.Scalar(left.value + right.value)
    parts = (m.args if isinstance(m, nodes.Sum) else (m,)
             for m in (left, right))
    return nodes.Sum(tuple(m for part in parts for m in part))


def over(matrix, scalar):
    """Return a matrix divided by a scalar.

    >>> from lmbook.derivation.matrices import M
    >>> over(M(1), M(2)).value == 1 / expr(2)
    True
    """
    if isinstance(matrix, nodes.Scalar) and isinstance(scalar, nodes.Scalar):
        return nodes.Scalar(matrix.value / scalar.value)
    if isinstance(matrix, nodes.Minus):
        return -over(matrix.arg, scalar)
    return nodes.Over(matrix, scalar)


from . import algebra as nodes  # noqa: E402  its nodes need the class
