"""Small arrays in pure Python: what `plain` computes with.

An array is a flat list of floats with a shape; every rearrangement reads that
list with other strides.
"""

import math
import operator
from itertools import product


class Array:
    """Floats with a shape: `data` in the order of reading, row by row."""

    def __init__(self, data, shape):
        self.data, self.shape = list(data), tuple(shape)

    ndim = property(lambda self: len(self.shape))
    flat = property(lambda self: self.data)
    T = property(lambda self: transpose(self, range(self.ndim)[::-1]))

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, place):
        place = place if isinstance(place, tuple) else (place,)
        rest = self.shape[len(place):]
        start = _flat(place, _strides(self.shape))
        part = Array(self.data[start:start + math.prod(rest)], rest)
        return part if rest else part.data[0]

    def __setitem__(self, place, value):
        self.data[_flat(place, _strides(self.shape))] = float(value)

    def __iter__(self):
        return (self[n] for n in range(len(self)))

    def __float__(self):
        number, = self.data
        return float(number)

    def __neg__(self):
        return elementwise(operator.neg)(self)

    def __abs__(self):
        return elementwise(abs)(self)

    def __matmul__(self, other):
        columns = other.T
        return Array([sum(map(operator.mul, row.data, column.data))
                      for row in self for column in columns],
                     (self.shape[0], other.shape[1]))

    def copy(self):
        """Return an array that may be changed."""
        return Array(self.data, self.shape)

    def astype(self, kind):
        """Return the numbers as floats."""
        return Array(map(kind, self.data), self.shape)

    def reshape(self, *shape):
        """Return the same numbers in another shape; one size may be -1."""
        shape = list(shape[0] if isinstance(shape[0], (tuple, list))
                     else shape)
        if -1 in shape:
            known = math.prod(n for n in shape if n != -1)
            shape[shape.index(-1)] = len(self.data) // known
        if math.prod(shape) != len(self.data):
            raise ValueError(f"{self.shape} does not reshape to {shape}")
        return Array(self.data, shape)

    def ravel(self):
        """Return the numbers as a vector."""
        return self.reshape(-1)

    def tolist(self):
        """Return nested lists."""
        if not self.shape:
            return self.data[0]
        return [row.tolist() if isinstance(row, Array) else row
                for row in self]

    def sum(self, axis=None):
        """Return the sum, or the sums over one axis."""
        if axis is None:
            return Array([sum(self.data)], ())
        moved = moveaxis(self, axis, 0)
        return sum(moved, zeros(moved.shape[1:]))

    def min(self):
        """Return the smallest number; nan if one is nan."""
        wrong = any(map(math.isnan, self.data))
        return math.nan if wrong else min(self.data)

    def any(self):
        """Is one of the values true?"""
        return any(self.data)

    def all(self):
        """Are all values true?"""
        return all(self.data)


def _strides(shape):
    return [math.prod(shape[n + 1:]) for n in range(len(shape))]


def _flat(place, strides):
    return sum(p * s for p, s in zip(place, strides))


def _view(array, shape, strides):
    """Return the array of `shape` that reads the data with `strides`."""
    return Array([array.data[_flat(place, strides)]
                  for place in ndindex(shape)], shape)


def ndindex(shape):
    """Return all places of an array of some shape."""
    return product(*map(range, shape))


def asarray(values, dtype=float):
    """Return numbers, nested lists or an array as an array."""
    if isinstance(values, Array):
        return values
    if not isinstance(values, (list, tuple)):
        return Array([float(values)], ())
    return stack(values)


def array(values, dtype=float):
    """Return a new array."""
    return asarray(values).copy()


def stack(arrays, axis=0):
    """Join arrays of one shape along a new axis, the first or the last."""
    arrays = [asarray(a) for a in arrays]
    shape = arrays[0].shape
    if any(a.shape != shape for a in arrays):
        raise ValueError("arrays of different shapes cannot be stacked")
    joined = Array([x for a in arrays for x in a.data],
                   (len(arrays), *shape))
    return joined if axis == 0 else moveaxis(joined, 0, joined.ndim - 1)


def zeros(shape):
    """Return zeros."""
    return Array([0.0] * math.prod(shape), shape)


# ---------------------------------------------------------- rearrangements

def einsum(a, places, axes):
    """Return `a` with its axes at `places`; a repeated one is a diagonal."""
    own = _strides(a.shape)
    return _view(a, [a.shape[places.index(n)] for n in axes],
                 [sum(s for s, p in zip(own, places) if p == n)
                  for n in axes])


def transpose(a, places):
    """Return `a` with its axes in another order."""
    own = _strides(a.shape)
    return _view(a, [a.shape[p] for p in places], [own[p] for p in places])


def moveaxis(a, source, target):
    """Return `a` with one axis elsewhere."""
    places = [n for n in range(a.ndim) if n != source]
    places.insert(target, source)
    return transpose(a, places)


def broadcast_to(a, shape):
    """Return `a` repeated along new axes and along those of length 1."""
    a, shape = asarray(a), tuple(shape)
    if a.shape == shape:
        return a
    own = (1,) * (len(shape) - a.ndim) + a.shape
    if len(own) != len(shape) or any(
            n not in (1, m) for n, m in zip(own, shape)):
        raise ValueError(f"{a.shape} does not broadcast to {shape}")
    return _view(a, shape, [s * (n > 1) for n, s in zip(own, _strides(own))])


def broadcast_arrays(*arrays):
    """Return arrays in their common shape."""
    arrays = [asarray(a) for a in arrays]
    rank = max(a.ndim for a in arrays)
    sizes = zip(*((1,) * (rank - a.ndim) + a.shape for a in arrays))
    common = [next((n for n in own if n != 1), 1) for own in sizes]
    return [broadcast_to(a, common) for a in arrays]


# --------------------------------------------------------------- operators

def elementwise(function):
    """Return a function of numbers as one of arrays."""
    def over(*arrays):
        arrays = broadcast_arrays(*arrays)
        return Array(map(function, *(a.data for a in arrays)),
                     arrays[0].shape)
    return over


def divide(a, b):
    """Return a / b; by zero it is an infinity, or nan."""
    if b:
        return a / b
    return a * math.copysign(math.inf, b) if a else math.nan


def power(a, b):
    """Return a to the power b, or what NumPy has where it has no value."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 else math.inf
    except ValueError:
        return math.nan if a else divide(1.0, a) if b % 2 == 1 else math.inf


OPERATORS = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul,
    "truediv": divide, "pow": power, "and": operator.and_}
for name, act in OPERATORS.items():
    setattr(Array, f"__{name}__", elementwise(act))
    setattr(Array, f"__r{name}__", elementwise(
        lambda a, b, act=act: act(b, a)))
for name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Array, f"__{name}__", elementwise(getattr(operator, name)))
