"""Expressions: small immutable trees that keep the author's form.

What is written is what is printed; nothing is simplified here.  Indices carry
the dimension they run over, so that a wrong index is refused while the
expression is being built.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from .printed import Printed


class IndexMismatch(ValueError):
    """An index runs over another dimension than the place it stands in."""


def _for_numbers(operate):
    """Leave an operand that is a matrix line to the operator of its class."""
    def operator(self, other):
        matrix = hasattr(other, "entry") and hasattr(other, "dims")
        return NotImplemented if matrix else operate(self, other)
    return operator


class Expr(Printed):
    """A real number that depends on entries of tensors; see the functions."""

    @_for_numbers
    def __add__(self, other):
        return Add(terms_of(self) + terms_of(expr(other)))

    def __radd__(self, other):
        return expr(other) + self

    def __neg__(self):
        return self.arg if isinstance(self, Neg) else Neg(self)

    @_for_numbers
    def __sub__(self, other):
        return self + -expr(other)

    def __rsub__(self, other):
        return expr(other) + -self

    @_for_numbers
    def __mul__(self, other):
        other = expr(other)
        if isinstance(self, Neg):
            return -(self.arg * other)
        return Mul(factors_of(self) + factors_of(other))

    def __rmul__(self, other):
        return expr(other) * self

    @_for_numbers
    def __truediv__(self, other):
        if isinstance(self, Neg):
            return -(self.arg / other)
        return Div(self, expr(other))

    def __rtruediv__(self, other):
        return expr(other) / self

    def __pow__(self, other):
        return Pow(self, expr(other))

    def __rpow__(self, other):
        return Pow(expr(other), self)


node = dataclass(frozen=True, repr=False)


@node
class Num(Expr):
    """An exact number."""
    value: Fraction

    def __repr__(self):
        return f"Num({self.value})"


@node
class Const(Expr):
    """A named constant: pi."""
    name: str


@node
class Dim(Expr):
    """A size, such as the number of classes K: any positive integer."""
    name: str

    def __repr__(self):
        return f"dim({self.name!r})"


@node
class Index(Expr):
    """A typed index i = 1, ..., dim; as a number it is its own position."""
    name: str
    dim: Dim

    def __repr__(self):
        return f"{self.name} in 1..{self.dim.name}"


@node
class Tensor:
    """A named array with one dimension per axis; `t[i, j]` is an entry."""
    name: str
    dims: tuple
    positive: bool = field(default=False, compare=False)
    nonneg: bool = field(default=False, compare=False)
    tex: str = field(default="", compare=False)

    def __getitem__(self, indices):
        got = indices if isinstance(indices, tuple) else (indices,)
        if len(got) != len(self.dims):
            raise IndexMismatch(f"{self} has {len(self.dims)} axes, but "
                                f"{len(got)} indices were given")
        for axis, (index, dim) in enumerate(zip(got, self.dims), 1):
            if not isinstance(index, Index):
                raise IndexMismatch(f"axis {axis} of {self} needs an index, "
                                    f"not {index!r}")
            if index.dim != dim:
                raise IndexMismatch(
                    f"axis {axis} of {self} runs over {dim.name}, but the "
                    f"index {index.name} runs over {index.dim.name}")
        return Entry(self, got)

    def __repr__(self):
        sizes = ", ".join(d.name for d in self.dims)
        return f"{self.name} of shape ({sizes})"


@node
class Entry(Expr):
    """One entry of a tensor, z[i]; a scalar has no index."""
    tensor: Tensor
    indices: tuple

    @property
    def dims(self):
        """The dimensions of the tensor it belongs to."""
        return self.tensor.dims


@node
class Add(Expr):
    """A sum of terms, as written."""
    args: tuple


@node
class Mul(Expr):
    """A product of factors, as written."""
    args: tuple


@node
class Neg(Expr):
    """Minus an expression."""
    arg: Expr


@node
class Div(Expr):
    """A quotient."""
    top: Expr
    bottom: Expr


@node
class Pow(Expr):
    """A power."""
    base: Expr
    exponent: Expr


@node
class Delta(Expr):
    """Kronecker's delta: 1 where two indices are equal, else 0."""
    left: Index
    right: Index


@node
class Call(Expr):
    """A known function (`exp`, `log`, `relu`, ...) or a generic one.

    For a generic function `orders` counts the primes for each argument.
    """
    name: str
    args: tuple
    orders: tuple = ()


@node
class Total(Expr):
    """The sum of `body` over an index."""
    index: Index
    body: Expr


@node
class Product(Expr):
    """The product of a positive `body` over an index."""
    index: Index
    body: Expr


@node
class Deriv(Expr):
    """The partial derivative of `top` with respect to an entry."""
    top: Expr
    bottom: Entry


def terms_of(e):
    """Return the terms of a sum; any other expression is one term."""
    return e.args if isinstance(e, Add) else (e,)


def factors_of(e):
    """Return the factors of a product, or the expression alone."""
    return e.args if isinstance(e, Mul) else (e,)


def expr(value):
    """Read a Python number as an expression.

    >>> expr(3)
    Num(3)
    >>> expr(0.1)
    Traceback (most recent call last):
    ...
    ValueError: 0.1 is a rounded number; write Fraction('0.1') instead
    """
    if isinstance(value, Expr):
        return value
    if isinstance(value, float):
        raise ValueError(f"{value} is a rounded number; write "
                         f"Fraction('{value}') instead")
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        value = Fraction(value)
        return Neg(Num(-value)) if value < 0 else Num(value)
    raise ValueError(f"{value!r} is not an expression; expected a number, "
                     "a scalar or an entry such as z[i]")
