"""Operations that move or add up entries, each under its derivatives.

They are linear (all but the maximum): forward mode applies the operation
itself to the change v, reverse mode the transposed operation to g.  The
pairs: sum and broadcast, take and place, concatenate and cut.
"""

import functools
import math

import numpy as np

from .box import plain, primitive


@primitive("broadcast", [lambda g, out, x, shape: g],
           [lambda v, out, x, shape: v])
def broadcast_to(x, shape):
    """Return an array of the shape, filled with copies of `x`.

    >>> broadcast_to(np.array([1.0, 2.0]), (2, 2))
    array([[1., 2.],
           [1., 2.]])
    """
    out = np.empty_like(x, shape=shape)
    out[...] = x
    return out


def sum_to(g, shape):
    """Return `g` added up to `shape`: the transpose of broadcasting.

    >>> sum_to(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    """
    lead = len(g.shape) - len(shape)
    ones = [lead + i for i, n in enumerate(shape) if n == 1]
    return g.sum((*range(lead), *ones)).reshape(shape)


def kept(shape, axis):
    """Return `shape` with length 1 along `axis`, along all for None.

    >>> kept((2, 3), -1)
    (2, 1)
    """
    if axis is None:
        return (1,) * len(shape)
    axes = axis if isinstance(axis, tuple) else (axis,)
    axes = {a % len(shape) for a in axes}
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


@primitive("sum", [lambda g, out, x, axis, keepdims: broadcast_to(
               g.reshape(kept(x.shape, axis)), x.shape)],
           [lambda v, out, x, axis, keepdims:
            v.sum(axis, keepdims=keepdims)])
def add_up(x, axis, keepdims):
    """Return the sum along `axis`, an int, a tuple, or None for all.

    >>> add_up(np.ones((2, 3)), 0, False)
    array([2., 2., 2.])
    """
    return x.sum(axis, keepdims=keepdims)


def mean(x, axis=None, keepdims=False):
    """Return the sum along `axis` over the number of entries.

    >>> mean(np.array([1.0, 2.0]))
    np.float64(1.5)
    """
    total = add_up(x, axis, keepdims)
    return total / (math.prod(x.shape) // max(math.prod(total.shape), 1))


def share(out, x, axis):
    """Return 1 at the largest entry along `axis`, shared by equal ones.

    >>> share(np.float64(2.0), np.array([1.0, 2.0, 2.0]), None)
    array([0. , 0.5, 0.5])
    """
    largest = plain(x) == plain(out).reshape(kept(x.shape, axis))
    return largest / largest.sum(axis, keepdims=True)


@primitive("max", [lambda g, out, x, axis, keepdims:
                   g.reshape(kept(x.shape, axis)) * share(out, x, axis)],
           [lambda v, out, x, axis, keepdims:
            (v * share(out, x, axis)).sum(axis, keepdims=keepdims)])
def largest(x, axis, keepdims):
    """Return the largest entry along `axis`; equal ones share the slope.

    >>> largest(np.array([1.0, 2.0]), None, False)
    np.float64(2.0)
    """
    return x.max(axis, keepdims=keepdims)


@primitive("reshape", [lambda g, out, x, shape: g.reshape(x.shape)],
           [lambda v, out, x, shape: v.reshape(shape)])
def reshape(x, shape):
    """Return the same entries in another shape.

    >>> reshape(np.ones((2, 3)), (3, 2)).shape
    (3, 2)
    """
    return x.reshape(shape)


@primitive("transpose", [lambda g, out, x, axes:
                         g.transpose(tuple(np.argsort(axes)))],
           [lambda v, out, x, axes: v.transpose(axes)])
def transpose(x, axes):
    """Return `x` with its axes in another order.

    >>> transpose(np.ones((2, 3, 4)), (2, 0, 1)).shape
    (4, 2, 3)
    """
    return x.transpose(axes)


@primitive("[]", [lambda g, out, x, index: place(g, index, x.shape)],
           [lambda v, out, x, index: v[index]])
def take(x, index):
    """Return x[index], for whatever index NumPy takes.

    >>> take(np.array([1.0, 2.0]), [0, 0, 1])
    array([1., 1., 2.])
    """
    return x[index]


@primitive("place", [lambda g, out, x, index, shape: g[index]],
           [lambda v, out, x, index, shape: place(v, index, shape)])
def place(x, index, shape):
    """Return zeros of a shape with `x` added at `index`, repeats too.

    >>> place(np.array([1.0, 2.0, 4.0]), [0, 0, 1], (3,))
    array([3., 4., 0.])
    """
    out = np.empty_like(x, shape=shape)
    out[...] = 0
    entries = index if isinstance(index, tuple) else (index,)
    if any(isinstance(i, (np.ndarray, list)) for i in entries):
        np.add.at(out, index, x)
    else:
        out[index] = x                          # slices: nothing repeats
    return out


class Pieces:
    """The derivatives of `join` in its operands: `cut` for each of them."""

    def __init__(self, rule):
        """Keep the rule(g, where, shape); where is the place of the piece."""
        self.rule = rule

    def __getitem__(self, k):
        """Return the derivative in operand k; operand 0 is the axis."""
        def derivative(g, out, axis, *parts):
            start = sum(p.shape[axis] for p in parts[:k - 1])
            stop = start + parts[k - 1].shape[axis]
            before = (slice(None),) * (axis % len(out.shape))
            return self.rule(g, (*before, slice(start, stop)), out.shape)
        return derivative


@primitive("concatenate", Pieces(lambda g, where, shape: g[where]),
           Pieces(place))
def join(axis, *parts):
    """Return the parts one after the other along `axis`.

    >>> join(0, np.ones(2), np.zeros(1))
    array([1., 1., 0.])
    """
    return np.concatenate(parts, axis)


def concatenate(parts, axis=0):
    """Return the parts one after the other along an axis they have.

    >>> concatenate([np.ones(2), np.zeros(1)])
    array([1., 1., 0.])
    """
    return join(axis, *_arrays(parts))


def stack(parts, axis=0):
    """Return the parts, all of one shape, along a new axis.

    Errors: `ValueError` for two shapes, or for no part.

    >>> stack([np.ones(2), np.zeros(2)], axis=1).shape
    (2, 2)
    """
    parts = _arrays(parts)
    shapes = {part.shape for part in parts}
    if len(shapes) != 1:
        raise ValueError("stack needs parts of one shape, got"
                         f" {sorted(shapes)}")
    shape, = shapes
    axis %= len(shape) + 1
    shape = shape[:axis] + (1,) + shape[axis:]
    return join(axis, *(part.reshape(shape) for part in parts))


def _arrays(parts):
    """Return the parts, numbers and lists among them as arrays."""
    return [part if hasattr(part, "shape") else np.array(part, dtype=float)
            for part in parts]
