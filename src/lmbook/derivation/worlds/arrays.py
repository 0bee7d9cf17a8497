"""Dense arrays for worlds: NumPy, with derivatives by central differences."""

import math
import sys
from functools import lru_cache
from zlib import crc32

from ..language import Call, Deriv, children
from .numeric import np

EPSILON = sys.float_info.epsilon


def ordered(indices):
    """Return the distinct indices in the order in which axes are kept."""
    return tuple(sorted(set(indices), key=lambda i: (i.name, i.dim.name)))


def widen(array, axes, target):
    """Return `array` with an axis of length 1 for each index it lacks."""
    if axes == target:
        return array
    return array.reshape([array.shape[axes.index(i)] if i in axes else 1
                          for i in target])


@lru_cache(maxsize=None)
def coefficients(name, arity):
    """Return (amplitudes, shifts, weights) of the stand-in for `name`.

    >>> [a.shape for a in coefficients("f", 2)]
    [(4,), (4,), (4, 2)]
    """
    rng = np.random.default_rng(crc32(name.encode()))
    sign = rng.choice([-1.0, 1.0], size=4)
    return (np.round(sign * rng.uniform(0.5, 1.5, 4), 3),
            np.round(rng.uniform(-2, 2, 4), 3),
            np.round(rng.uniform(0.3, 1.1, (4, arity)), 3))


def generic(name, args, xp):
    """Return a fixed smooth function: three sines and an exponential.

    It stands for every smooth function called `name`; its derivatives are
    taken from this value by the machine.

    >>> float(generic("f", (0.0,), np)) == float(generic("g", (0.0,), np))
    False
    """
    amplitudes, shifts, weights = coefficients(name, len(args))
    result = 0.0
    for k, (a, b, w) in enumerate(zip(amplitudes, shifts, weights)):
        angle = sum(float(v) * x for v, x in zip(w, args))
        wave = xp.exp(angle / 2) if k == 0 else xp.sin(angle + float(b))
        result = result + float(a) * wave
    return result


def differentiations(e):
    """Return how many times `e` differentiates, at the deepest place.

    >>> from lmbook.derivation.language import D, Function, scalar
    >>> x = scalar("x"); differentiations(D(Function("f").d()(x), x, x))
    3
    """
    own = isinstance(e, Deriv)
    if isinstance(e, Call):
        own = sum(e.orders)
    return own + max(map(differentiations, children(e)), default=0)


def difference(function, step):
    """Return f'(0) for f(h), error of order step**4.

    >>> abs(difference(np.exp, 1e-3) - 1) < 1e-10
    np.True_
    """
    near = function(step) - function(-step)
    far = function(2 * step) - function(-2 * step)
    return (8 * near - far) / (12 * step)


def crossed(world, other):
    """Is a kink, of a relu say, between two worlds?"""
    return any((np.sign(world.gates[gate]) != np.sign(value)).any()
               for gate, value in other.gates.items())


class NumpyEngine:
    """Arrays without a graph; slower and less exact than PyTorch."""
    xp, tolerance = np, 1e-4
    permute = staticmethod(np.transpose)
    broadcast = staticmethod(np.broadcast_arrays)
    functions = {
        "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos,
        "sqrt": np.sqrt, "tanh": np.tanh,
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
        "relu": lambda x: np.maximum(x, 0.0),
        "step": lambda x: np.where(x > 0, 1.0, 0.0),
        "iszero": lambda x: np.where(x == 0, 1.0, 0.0),
        "Phi": np.vectorize(lambda x: math.erfc(-x / math.sqrt(2)) / 2,
                            otypes=[np.float64]),
    }

    def array(self, x):
        """Return a number or an array in double precision."""
        return np.asarray(x, dtype=np.float64)

    def node(self, x):
        """Return a copy that may be moved."""
        return np.array(x, dtype=np.float64)

    def numpy(self, x):
        """Return the values as a NumPy array."""
        return np.asarray(x)

    def jacobian(self, world, e):
        """Return (array, axes of e.top); the tensor's axes come last."""
        t, step = e.bottom.tensor, world.step or self._step(world, e)
        base, (top, axes) = world.node(t), world.value(e.top)

        def moved(place):
            def value(h):
                array = base.copy()
                array[place] += h
                other = world.moved(t, array, step)
                result = other.value(e.top)[0]
                return np.nan if crossed(world, other) else result
            return value
        columns = [difference(moved(place), step) + np.zeros_like(top)
                   for place in np.ndindex(base.shape)]
        jacobian = np.stack(columns, axis=-1)
        return jacobian.reshape(np.shape(top) + base.shape), axes

    def slope(self, world, function, which, e):
        """Return the derivative of an elementwise function."""
        step = world.step or self._step(world, e)

        def derivative(*args):
            def moved(h):
                return function(*(x + h if k == which else x
                                  for k, x in enumerate(args)))
            return difference(moved, step)
        return derivative

    def _step(self, world, e):
        """Balance rounding, eps / h^n, against the error h^4."""
        bodies = [body for _, body in world.definitions.values()]
        order = differentiations(e) + max(map(differentiations, bodies),
                                          default=0)
        return EPSILON ** (1 / (4 + order))
