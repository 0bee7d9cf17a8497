"""Random worlds, comparison of two lines in them, and counterexamples."""

from dataclasses import dataclass
from itertools import product

from ..language import Dim, Entry, Index, Tensor, children, free
from .arrays import ordered
from .numeric import np
from .world import World, evaluate

TRIES = 60
READABLE = {"positive": (0.5, 1, 1.5, 2), "nonneg": (0, 0.5, 1, 2),
            "any": (-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2)}


def kind(t):
    """Return which numbers a tensor may hold: a key of READABLE."""
    return "positive" if t.positive else "nonneg" if t.nonneg else "any"


def occurring(exprs, definitions):
    """Return (dims, undefined tensors, definitions) that `exprs` need."""
    waiting, dims, leaves, needed = list(exprs), {}, {}, set()
    while waiting:
        e = waiting.pop()
        waiting.extend(children(e))
        if isinstance(e, (Dim, Index)):
            dims[e if isinstance(e, Dim) else e.dim] = None
        if isinstance(e, Entry) and e.tensor not in definitions:
            leaves[e.tensor] = None
        elif isinstance(e, Entry) and e.tensor not in needed:
            needed.add(e.tensor)
            waiting.extend((*e.indices, definitions[e.tensor][1]))
    for e in leaves, needed:
        dims.update((d, None) for t in e for d in t.dims)
    used = {t: d for t, d in definitions.items() if t in needed}
    return (sorted(dims, key=lambda d: d.name),
            sorted(leaves, key=lambda t: t.name), used)


def numbers(shape, flag, rng, readable=False):
    """Return random numbers that obey a flag of a tensor.

    >>> bool((numbers((9,), "positive", np.random.default_rng(0)) > 0).all())
    True
    """
    if readable:
        return rng.choice(READABLE[flag], size=shape).astype(np.float64)
    if flag == "any":
        return rng.normal(size=shape)
    zero = (flag == "nonneg") * 0.3
    return rng.uniform(0.3, 2, shape) * (rng.random(shape) >= zero)


def sample(exprs, definitions, facts, rng, sizes, backend=None,
           readable=False):
    """Return one world of the given sizes, with data that obey the facts."""
    _, leaves, used = occurring(exprs, dict(definitions))
    values = {t: numbers([sizes[d] for d in t.dims], kind(t), rng, readable)
              for t in leaves}
    for fact in facts:
        for key, array in fact.sample(sizes, rng).items():
            name = _name(key)
            if any(t.name == name for t in definitions):
                raise ValueError(f"a fact sets {name}, which is defined")
            values.update((t, array) for t in leaves if t.name == name)
    return World(sizes, values, used, backend)


def _name(key):
    """Return the name of a tensor, a scalar, or a name itself."""
    key = key.tensor if isinstance(key, Entry) else key
    if not isinstance(key, (str, Tensor)):
        raise ValueError(f"a sample is keyed by tensors, not {key!r}")
    return getattr(key, "name", key)


def plan(dims, rng, count=3):
    """Return size assignments: 1 and 2 first, then different random sizes.

    >>> [list(s.values()) for s in plan([Dim("K")], np.random.default_rng(0))]
    [[1], [2], [3]]
    """
    result = [{d: 1 + (k + shift) % 2 for k, d in enumerate(dims)}
              for shift in (0, 1)]
    while len(result) < count:
        order = rng.permutation((2, 3, 4) if len(dims) > 1 else (3, 4))
        result.append({d: int(order[k % len(order)])
                       for k, d in enumerate(dims)})
    return result[:count]


def draw(exprs, definitions, facts=(), *, rng, sizes=None, backend=None):
    """Return a world in which every expression is a finite number."""
    exprs = list(exprs)
    dims, _, _ = occurring(exprs, dict(definitions))
    sizes = sizes or plan(dims, rng)[-1]
    for _ in range(TRIES):
        world = sample(exprs, definitions, facts, rng, sizes, backend)
        bad = [e for e in exprs if not finite(e, world)]
        if not bad:
            return world
    raise ValueError(f"no real value at {TRIES} random points for {bad[0]!r}; "
                     "expected, say, a positive tensor under a logarithm")


def draw_worlds(exprs, definitions, facts=(), *, rng, count=3, backend=None):
    """Return worlds that open and close every step and relu.

    A relu that is never open, or never closed, would hide an error.
    """
    exprs = list(exprs)
    dims, _, _ = occurring(exprs, dict(definitions))
    for _ in range(TRIES):
        worlds = [draw(exprs, definitions, facts, rng=rng, sizes=sizes,
                       backend=backend) for sizes in plan(dims, rng, count)]
        stuck = one_sided(worlds)
        if not stuck:
            return worlds
    raise ValueError("the argument of a step or relu has the same sign at "
                     f"all random points: {stuck[0].args[0]!r}")


def finite(e, world):
    """Are all values of `e` finite numbers?"""
    return np.isfinite(evaluate(e, world, ordered(free(e)))).all()


def one_sided(worlds):
    """Return the calls of step and relu whose argument keeps one sign."""
    seen = {}
    for world in worlds:
        for gate, array in world.gates.items():
            if gate.name in ("relu", "step"):
                seen.setdefault(gate, set()).update(np.sign(array).flat)
    return [gate for gate, signs in seen.items() if not {1, -1} <= signs]


@dataclass
class Gap:
    """Where two lines differ most; `difference` is nan if undefined."""
    difference: float
    position: dict
    left: float
    right: float


def compare(left, right, world):
    """Return the largest relative difference of two lines in a world.

    Relative to the larger value, but to 0.001 at least.

    >>> from lmbook.derivation.language import scalar
    >>> x = scalar("x"); world = World({}, {x.tensor: 3})
    >>> compare(x * x, 2 * x, world).difference == 1 / 3
    True
    """
    axes = ordered(free(left) | free(right))
    a, b = (evaluate(e, world, axes) for e in (left, right))
    with np.errstate(all="ignore"):
        scale = np.maximum(np.maximum(abs(a), abs(b)), 1e-3)
        gap = np.where(np.isfinite(a) & np.isfinite(b), abs(a - b) / scale,
                       np.nan)
    place = np.unravel_index(np.argmax(gap), gap.shape)
    position = {i: int(p) + 1 for i, p in zip(axes, place)}
    return Gap(float(gap[place]), position, float(a[place]), float(b[place]))


@dataclass
class Counterexample:
    """Numbers for which two lines differ; `str` is a sentence."""
    sizes: dict
    values: dict
    position: dict
    left: float
    right: float

    def __str__(self):
        known = [*self.sizes.items(), *self.values.items(),
                 *self.position.items()]
        where = ", ".join(f"{key.name} = {written(v)}" for key, v in known)
        digits = next((n for n in range(3, 16)
                       if f"{self.left:.{n}g}" != f"{self.right:.{n}g}"), 16)
        return (f"at {where}: " if where else "") + (
            f"this line gives {self.right + 0.0:.{digits}g}, "
            f"the line before {self.left + 0.0:.{digits}g}")


def written(value):
    """Write a number or a nested list of numbers.

    >>> written([[1, 0.5], [2, -1]]), written(-0.0)
    ('((1, 0.5), (2, -1))', '0')
    """
    if np.ndim(value) == 0:
        return f"{float(value) + 0.0:.4g}"
    return f"({', '.join(map(written, value))})"


def counterexample(left, right, definitions, facts=(), *, rng, backend=None):
    """Return the smallest world found where two lines differ, or None.

    Sizes start at 1; values are halves unless a fact sets them.
    """
    dims, leaves, _ = occurring([left, right], dict(definitions))
    largest = 3 if len(dims) < 4 else 2
    for sizes in sorted(product(range(1, largest + 1), repeat=len(dims)),
                        key=lambda s: (max(s, default=1), sum(s), s)):
        sizes = dict(zip(dims, sizes))
        for readable in (True, True, True, False):
            world = sample([left, right], definitions, facts, rng, sizes,
                           backend, readable)
            gap = compare(left, right, world)
            if gap.difference > world.engine.tolerance:
                values = {t: world.values[t] for t in leaves}
                return Counterexample(sizes, values, gap.position, gap.left,
                                      gap.right)
    return None
