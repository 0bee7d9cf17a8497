"""Numbers that count the operations done on them.

Pass them through the same code as any array: every addition and every
multiplication of two numbers adds one to a tally.  Nothing is estimated
from shapes.
"""

import collections
import math
import numbers

import numpy as np


def counted(x, tally):
    """Return `x` as an array of numbers that count into `tally`.

    The keys of the tally are "+" (also for differences), "*", "/", and the
    names of functions, as "exp".  Operations between two numbers that do
    not count, such as constants, are not seen.
    Shapes: the shape of `x`.

    >>> tally = collections.Counter()
    >>> v = counted([3.0, 1.0, 4.0], tally)
    >>> y = v * (v @ v)
    >>> tally["*"], tally["+"]              # 3 + 3 products, 2 sums
    (6, 2)
    """
    x = np.asarray(x, dtype=np.float64)
    entries = np.array([Counted(v, tally) for v in x.ravel().tolist()])
    return entries.reshape(x.shape).view(CountedArray)


def values(x):
    """Return an array of counted numbers as an array of floats.

    >>> values(counted([1.0, 2.0], collections.Counter()))
    array([1., 2.])
    """
    return np.asarray(x).astype(np.float64)


class CountedArray(np.ndarray):
    """An array of counted numbers; a result without axes is an array too."""

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Let NumPy run its loop over the numbers themselves."""
        inputs = [np.asarray(x) for x in inputs]
        out = getattr(ufunc, method)(*inputs, **options)
        out = np.asarray(out)                  # true and false are no numbers
        return out.view(CountedArray) if out.dtype == object else out

    def __repr__(self):
        """Return the numbers as text."""
        return f"counted({values(self).tolist()})"

    def __getitem__(self, index):
        """Return a part; a single entry is an array without axes."""
        return np.asarray(super().__getitem__(index)).view(CountedArray)


class Counted(numbers.Number):
    """A number that counts into a tally what is done with it.

    >>> tally = collections.Counter()
    >>> float(Counted(2.0, tally) * 3.0 + 1.0)
    7.0
    >>> dict(tally)
    {'*': 1, '+': 1}
    """

    __slots__ = "number", "tally"
    __hash__ = None

    def __init__(self, number, tally):
        """Keep the number and where to count."""
        self.number, self.tally = number, tally

    def __float__(self):
        """Return the number itself."""
        return self.number

    def __repr__(self):
        """Return the number as text."""
        return repr(self.number)

    def _count(self, key, number):
        """Return a new number, after one more operation `key`."""
        self.tally[key] += 1
        return Counted(number, self.tally)

    def __add__(self, other):
        """Count a sum."""
        return self._count("+", self.number + float(other))

    __radd__ = __add__

    def __sub__(self, other):
        """Count a difference."""
        return self._count("+", self.number - float(other))

    def __rsub__(self, other):
        """Count a difference."""
        return self._count("+", float(other) - self.number)

    def __mul__(self, other):
        """Count a product."""
        return self._count("*", self.number * float(other))

    __rmul__ = __mul__

    def __truediv__(self, other):
        """Count a quotient."""
        return self._count("/", self.number / float(other))

    def __rtruediv__(self, other):
        """Count a quotient."""
        return self._count("/", float(other) / self.number)

    def __pow__(self, other):
        """Count a power."""
        return self._count("**", self.number ** float(other))

    def __neg__(self):
        """Return the opposite; a change of sign is not counted."""
        return Counted(-self.number, self.tally)

    def __gt__(self, other):
        """Compare; not counted."""
        return self.number > float(other)

    def __lt__(self, other):
        """Compare; not counted."""
        return self.number < float(other)

    def __ge__(self, other):
        """Compare; not counted."""
        return self.number >= float(other)

    def __le__(self, other):
        """Compare; not counted."""
        return self.number <= float(other)

    def __eq__(self, other):
        """Compare; not counted."""
        return self.number == float(other)

    def exp(self):
        """Count an exponential."""
        return self._count("exp", math.exp(self.number))

    def log(self):
        """Count a logarithm."""
        return self._count("log", math.log(self.number))

    def sqrt(self):
        """Count a square root."""
        return self._count("sqrt", math.sqrt(self.number))

    def tanh(self):
        """Count a hyperbolic tangent."""
        return self._count("tanh", math.tanh(self.number))
