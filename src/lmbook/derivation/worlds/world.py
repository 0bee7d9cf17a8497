"""Worlds: what an expression is worth on concrete numbers.

This is evidence that owes nothing to the proof.  A world gives a size to each
dimension and numbers to each tensor.  An expression becomes a dense float64
array with one axis per index, and a derivative comes from running automatic
differentiation on the undifferentiated expression: PyTorch where it is
installed, central differences where it is not.
"""

import math
from functools import reduce
from operator import add, mul, pow, truediv

from ..language import (Add, Call, Const, Delta, Deriv, Dim, Div, Entry, Index,
                        Mul, Neg, Num, Pow, Product, Total, children, free)
from .arrays import NumpyEngine, generic, ordered, widen
from .numeric import np

COMBINE = {Add: add, Mul: mul, Div: truediv, Pow: pow}
GATES = ("relu", "step", "iszero")


class World:
    """Sizes, numbers, and the definitions computed from them.

    `sizes` gives each `Dim` an int, `values` gives each undefined tensor an
    array, and `definitions` gives each defined tensor its (indices, body).

    >>> from lmbook.derivation.language import D, dim, indices, tensor
    >>> K = dim("K"); i, j = indices("i j", K); z = tensor("z", K)
    >>> world = World({K: 2}, {z: [3, 5]})
    >>> evaluate(D(z[i]**2, z[j]), world, (i, j)).tolist()
    [[6.0, 0.0], [0.0, 10.0]]
    """

    def __init__(self, sizes, values, definitions=(), backend=None):
        self.engine = engine(backend)
        self.sizes, self.definitions = dict(sizes), dict(definitions)
        self.values = {t: np.asarray(v, dtype=np.float64)
                       for t, v in values.items()}
        for t, value in self.values.items():
            self._check_shape(t, value)
        self._begin({t: self.engine.node(value)
                     for t, value in self.values.items()})

    def _begin(self, given, step=None):
        self.given, self.nodes, self.step = given, dict(given), step
        self.gates, self.cache, self.depth = {}, {}, 0

    def moved(self, t, array, step):
        """Return this world with `t` held at `array`, the rest following."""
        other = object.__new__(World)
        other.engine, other.values = self.engine, self.values
        other.sizes, other.definitions = self.sizes, self.definitions
        other._begin({**self.given, t: array}, step)
        return other

    def _check_shape(self, t, value):
        shape = tuple(map(self.size, t.dims))
        if value.shape != shape:
            raise ValueError(f"the value of {t} has shape {value.shape}; "
                             f"expected {shape}")

    def size(self, dim):
        """Return the number that a dimension has here."""
        if dim not in self.sizes:
            raise ValueError(f"{dim.name} has no size in this world")
        return self.sizes[dim]

    def node(self, t):
        """Return a tensor as one node of the graph, computed when needed."""
        if t not in self.nodes:
            if t not in self.definitions:
                raise ValueError(f"{t} has no value in this world")
            self.nodes[t] = None
            self.depth += 1
            try:
                self.nodes[t] = self._whole(t, *self.definitions[t])
            finally:
                self.depth -= 1
                if self.nodes[t] is None:
                    del self.nodes[t]
        if self.nodes[t] is None:
            raise ValueError(f"{t} is defined by itself")
        return self.nodes[t]

    def _whole(self, t, indices, body):
        array, axes = self.value(body)
        order = ordered(indices)
        if set(axes) - set(indices) or len(order) < len(indices):
            raise ValueError(f"{t} is defined with the indices {indices}, "
                             f"but its body depends on {axes}")
        array = self.engine.xp.broadcast_to(
            widen(array, axes, order), [self.size(i.dim) for i in order])
        places = [order.index(i) for i in indices]
        return self.engine.node(self.engine.permute(array, places))

    def value(self, e):
        """Return (array, axes), the axes being sorted indices."""
        match e:
            case Num() | Const() | Dim() | Index() | Entry() | Delta():
                return self._leaf(e)
            case Add() | Mul() | Div() | Pow():
                return self._apply(
                    lambda *a: reduce(COMBINE[type(e)], a), children(e))
            case Neg(arg):
                return self._apply(lambda a: -a, (arg,))
            case Call():
                return self._call(e)
            case Total() | Product():
                return self._fold(e)
            case Deriv():
                return self._deriv(e)
        raise ValueError(f"{e!r} has no value; expected an expression")

    def _leaf(self, e):
        match e:
            case Num(number):
                return self.engine.array(float(number)), ()
            case Const("pi"):
                return self.engine.array(math.pi), ()
            case Dim():
                return self.engine.array(float(self.size(e))), ()
            case Index(_, dim):
                counts = np.arange(1.0, self.size(dim) + 1)
                return self.engine.array(counts), (e,)
            case Delta(i, j):
                return self._pick(self.engine.array(np.eye(self.size(i.dim))),
                                  (i, j))
            case Entry(t, indices):
                return self._pick(self.node(t), indices)
        raise ValueError(f"the constant {e.name} is not known")

    def _pick(self, array, indices):
        """Name the axes; a repeated index takes the diagonal."""
        axes = ordered(indices)
        if axes == tuple(indices):
            return array, axes
        places = [axes.index(i) for i in indices]
        return self.engine.xp.einsum(array, places,
                                     list(range(len(axes)))), axes

    def _apply(self, function, args):
        values = [self.value(a) for a in args]
        axes = values[0][1]
        if any(own != axes for _, own in values):
            axes = ordered(i for _, own in values for i in own)
        return function(*(widen(a, own, axes) for a, own in values)), axes

    def _call(self, e):
        known = self.engine.functions.get(e.name)
        if known is None:
            return self._apply(lambda *a: self._generic(e, a), e.args)
        array, axes = self.value(e.args[0])
        if e.name in GATES:
            self.gates[e] = self.engine.numpy(array)
        return known(array), axes

    def _generic(self, e, args):
        def function(*args):
            return generic(e.name, args, self.engine.xp)
        if not e.orders:
            raise ValueError(f"the function {e.name} is not known")
        for which, count in enumerate(e.orders):
            for _ in range(count):
                function = self.engine.slope(self, function, which, e)
        return function(*self.engine.broadcast(*args))

    def _fold(self, e):
        array, axes = self.value(e.body)
        if e.index not in axes:
            n = self.size(e.index.dim)
            return (array * n if isinstance(e, Total) else array ** n), axes
        place = axes.index(e.index)
        left = axes[:place] + axes[place + 1:]
        if isinstance(e, Total):
            return array.sum(place), left
        return reduce(mul, self.engine.xp.moveaxis(array, place, 0)), left

    def _deriv(self, e):
        """Differentiate by the whole tensor, then pick the entries."""
        key = e.top, e.bottom.tensor, bool(self.depth)
        if key not in self.cache:
            self._check_order(e)
            self.cache[key] = self.engine.jacobian(self, e)
        jacobian, axes = self.cache[key]
        return self._pick(jacobian, axes + e.bottom.indices)

    def _check_order(self, e):
        """Refuse d/ds of dL/dz where s is computed from z: ambiguous."""
        t = e.bottom.tensor
        if t not in self.definitions:
            return
        above = {p.tensor for p in self.parts(self.definitions[t][1])
                 if isinstance(p, Entry)}
        for p in self.parts(e.top):
            if isinstance(p, Deriv) and p.bottom.tensor in above:
                raise ValueError(
                    f"cannot differentiate by {t.name} a derivative by "
                    f"{p.bottom.tensor.name}, which {t.name} depends on")

    def parts(self, e):
        """Yield every part of `e`, looking through the definitions."""
        waiting, seen = [e], set()
        while waiting:
            p = waiting.pop()
            yield p
            waiting.extend(children(p))
            if isinstance(p, Entry) and p.tensor not in seen:
                seen.add(p.tensor)
                waiting.extend(self.definitions.get(p.tensor, ())[1:])


def engine(backend=None):
    """Return the arrays to compute with: "torch", "numpy", or what is there.

    >>> engine("jax")
    Traceback (most recent call last):
    ...
    ValueError: the backend 'jax' is not known; expected 'torch' or 'numpy'
    """
    if backend not in (None, "torch", "numpy"):
        raise ValueError(f"the backend {backend!r} is not known; expected "
                         "'torch' or 'numpy'")
    if backend != "numpy":
        try:
            from .arrays_torch import TorchEngine
            return TorchEngine()
        except ImportError:
            if backend == "torch":
                raise
    return NumpyEngine()


def evaluate(e, world, axes=()):
    """Return `e` as a float64 array with one axis per index in `axes`."""
    missing = free(e) - set(axes)
    if missing:
        raise ValueError(f"{sorted(i.name for i in missing)} are free but "
                         "not among the axes")
    with np.errstate(all="ignore"):
        if e not in world.cache:
            world.cache[e] = world.value(e)
    array, own = world.cache[e]
    order = ordered(axes)
    array = widen(world.engine.numpy(array), own, order)
    array = np.broadcast_to(array, [world.size(i.dim) for i in order])
    return np.transpose(array, [order.index(i) for i in axes])
