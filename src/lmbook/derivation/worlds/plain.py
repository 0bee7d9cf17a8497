"""NumPy's names in pure Python, for a machine without NumPy.

A browser is such a machine.  Only what the engine needs is here.  An error of
arithmetic gives nan or an infinity, as in NumPy.
"""

import math
import random as generators
from contextlib import nullcontext
from types import SimpleNamespace

from .plain_arrays import (Array, array, asarray,  # noqa: F401
                           broadcast_arrays, broadcast_to, einsum,
                           elementwise, moveaxis, ndindex, stack, transpose,
                           zeros)

float64, nan, inf = float, math.nan, math.inf


def zeros_like(a):
    """Return zeros in the shape of an array."""
    return zeros(asarray(a).shape)


def ones(shape):
    """Return ones."""
    return zeros(shape if isinstance(shape, tuple) else (shape,)) + 1.0


def arange(first, end):
    """Return first, first + 1, ... below end."""
    return asarray([first + n for n in range(math.ceil(end - first))])


def diag(vector):
    """Return a diagonal matrix."""
    return asarray([[x * (p == q) for q in range(len(vector))]
                    for p, x in enumerate(vector)])


def eye(size):
    """Return the identity matrix."""
    return diag(ones(size))


def trace(matrix):
    """Return the sum of the diagonal."""
    return einsum(matrix, [0, 0], [0]).sum()


def ndim(a):
    """Return the number of axes."""
    return asarray(a).ndim


def shape(a):
    """Return the shape."""
    return asarray(a).shape


# --------------------------------------------------------------- functions

def guarded(function, edge=nan):
    """Return a function that is `edge` where `math` has no value."""
    def value(x):
        try:
            return function(x)
        except OverflowError:
            return inf
        except ValueError:
            return edge(x) if callable(edge) else edge
    return elementwise(value)


exp, sin, cos = guarded(math.exp), guarded(math.sin), guarded(math.cos)
log = guarded(math.log, lambda x: nan if x else -inf)
sqrt, tanh = guarded(math.sqrt), elementwise(math.tanh)
sign = elementwise(lambda x: x if x != x else (x > 0.0) - (x < 0.0))
isfinite = elementwise(math.isfinite)
maximum = elementwise(lambda a, b: a + b if a != a or b != b else max(a, b))
where = elementwise(lambda chosen, a, b: a if chosen else b)


def round(a, digits=0):
    """Return the numbers, rounded."""
    return elementwise(lambda x: float(f"{x:.{digits}f}"))(a)


def vectorize(function, otypes=None):
    """Return a function of numbers as one of arrays."""
    return elementwise(function)


def allclose(a, b, rtol, atol):
    """Are two arrays equal up to rounding?  Nan equals nothing."""
    return elementwise(
        lambda x, y: x == y or abs(x - y) <= atol + rtol * abs(y) < inf)(
            a, b).all()


def argmax(a):
    """Return where in the data the largest number is, or the first nan."""
    return max(range(len(a.data)),
               key=lambda n: (a.data[n] != a.data[n], a.data[n]))


def unravel_index(number, shape):
    """Return the place in an array of the given number in its data."""
    return list(ndindex(shape))[number]


def errstate(**kinds):
    """Return a context in which nothing changes: no warning comes."""
    return nullcontext()


# ---------------------------------------------------------- random numbers

class Generator:
    """Random numbers by Python's own generator."""

    def __init__(self, seed):
        self.own = generators.Random(seed)

    def _fill(self, make, size):
        if size is None:
            return make()
        size = size if isinstance(size, (tuple, list)) else (size,)
        return Array([make() for _ in range(math.prod(size))], size)

    def random(self, size=None):
        """Return numbers between 0 and 1."""
        return self._fill(self.own.random, size)

    def uniform(self, low=0.0, high=1.0, size=None):
        """Return numbers between two bounds."""
        return self._fill(lambda: self.own.uniform(low, high), size)

    def normal(self, size=None):
        """Return numbers with the standard normal distribution."""
        return self._fill(lambda: self.own.gauss(0.0, 1.0), size)

    def choice(self, values, size=None):
        """Return some of the values, each as likely."""
        return self._fill(lambda: float(self.own.choice(values)), size)

    def permutation(self, values):
        """Return the values in another order."""
        return asarray(self.own.sample(list(values), len(values)))

    def dirichlet(self, weights):
        """Return positive numbers that sum to one."""
        drawn = asarray([self.own.gammavariate(w, 1.0) for w in weights])
        return drawn / drawn.sum()


random = SimpleNamespace(default_rng=Generator)
