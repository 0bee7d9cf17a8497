"""Numbers that count the operations done on them.

Pass them through the same code as any array: every addition and every
multiplication of two numbers adds one to a tally.  Nothing is estimated
from shapes.
"""

import collections
import math
import numbers
import operator

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


def _operator(key, function):
    """Return a method of `Counted` that counts one operation of two."""
    def method(self, other):
        if not isinstance(other, numbers.Number):
            return NotImplemented                  # an array: entry by entry
        self.tally[key] += 1
        return Counted(function(self.number, float(other)), self.tally)
    return method


def _function(key, function):
    """Return a method of `Counted` that counts one call of a function."""
    def method(self):
        self.tally[key] += 1
        return Counted(function(self.number), self.tally)
    return method


def _comparison(function):
    """Return a method of `Counted` that compares and counts nothing."""
    return lambda self, other: function(self.number, float(other))


class Counted(numbers.Number):
    """A number that counts into a tally what is done with it.

    A change of sign and a comparison are not counted.

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

    def __neg__(self):
        """Return the number with the other sign."""
        return Counted(-self.number, self.tally)

    __add__ = _operator("+", operator.add)
    __radd__ = _operator("+", lambda x, y: y + x)
    __sub__ = _operator("+", operator.sub)
    __rsub__ = _operator("+", lambda x, y: y - x)
    __mul__ = _operator("*", operator.mul)
    __rmul__ = _operator("*", lambda x, y: y * x)
    __truediv__ = _operator("/", operator.truediv)
    __rtruediv__ = _operator("/", lambda x, y: y / x)
    __pow__ = _operator("**", operator.pow)
    __rpow__ = _operator("**", lambda x, y: y ** x)
    exp, log = _function("exp", math.exp), _function("log", math.log)
    sqrt, tanh = _function("sqrt", math.sqrt), _function("tanh", math.tanh)
    __lt__, __le__ = _comparison(operator.lt), _comparison(operator.le)
    __gt__, __ge__ = _comparison(operator.gt), _comparison(operator.ge)
    __eq__ = _comparison(operator.eq)
