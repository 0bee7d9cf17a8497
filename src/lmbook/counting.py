"""Numbers that count: how many multiplications an expression really does.

A `Tally` turns an array into an array of numbers that report each
multiplication and each addition to it.  NumPy works on them entry by
entry, so `@`, `*` and `np.outer` are counted as what they do, not as what
somebody says they do.  Slow, and meant for small sizes.
"""

import numbers

import numpy as np


class Tally:
    """Counts the scalar operations done with the arrays it has marked.

    A division counts as a multiplication, a subtraction as an addition.

    Shapes: `tally(a)` has the shape of `a`; its entries are `Counted`.
    Errors: `ValueError` if `a` holds something that is no real number.

    >>> tally = Tally()
    >>> row, matrix = tally(np.ones(3)), tally(np.ones((3, 4)))
    >>> (row @ matrix).astype(float)
    array([3., 3., 3., 3.])
    >>> tally.multiplications, tally.additions
    (12, 8)
    """

    def __init__(self):
        self.multiplications = self.additions = 0

    def __call__(self, a):
        """Return `a` as an array of numbers that count."""
        try:
            a = np.asarray(a, dtype=float)
        except (TypeError, ValueError):
            raise ValueError("a tally marks real numbers, got"
                             f" {a!r}") from None
        marked = np.empty(a.shape, dtype=object)
        for place in np.ndindex(a.shape):
            marked[place] = Counted(a[place], self)
        return marked

    def __repr__(self):
        return (f"Tally(multiplications={self.multiplications},"
                f" additions={self.additions})")


class Counted:
    """A real number that reports what is done with it to a `Tally`.

    >>> tally = Tally()
    >>> two = Counted(2.0, tally)
    >>> float(two * two + 1), tally.multiplications, tally.additions
    (5.0, 1, 1)
    """

    __slots__ = "value", "tally"

    def __init__(self, value, tally):
        self.value, self.tally = float(value), tally

    def __float__(self):
        return self.value

    def __repr__(self):
        return f"Counted({self.value:g})"

    def _product(self, value):
        self.tally.multiplications += 1
        return Counted(value, self.tally)

    def _sum(self, value):
        self.tally.additions += 1
        return Counted(value, self.tally)

    def __add__(self, other):
        if not isinstance(other, (Counted, numbers.Real)):
            return NotImplemented
        return self._sum(self.value + float(other))

    def __sub__(self, other):
        if not isinstance(other, (Counted, numbers.Real)):
            return NotImplemented
        return self._sum(self.value - float(other))

    def __mul__(self, other):
        if not isinstance(other, (Counted, numbers.Real)):
            return NotImplemented
        return self._product(self.value * float(other))

    def __truediv__(self, other):
        if not isinstance(other, (Counted, numbers.Real)):
            return NotImplemented
        return self._product(self.value / float(other))

    def __rsub__(self, other):
        return self._sum(float(other) - self.value)

    def __rtruediv__(self, other):
        return self._product(float(other) / self.value)

    def __neg__(self):
        return Counted(-self.value, self.tally)

    __radd__, __rmul__ = __add__, __mul__
