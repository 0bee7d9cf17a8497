"""Random expressions: autograd, differences and SymPy give one number."""

import mpmath
import numpy as np
import pytest
import sympy as sp

from lmbook.derivation.language import (
    D, Deriv, Function, children, cos, delta, dim, exp, expr, index, indices,
    log, product, relu, scalar, sigmoid, sin, sqrt, step, tanh, tensor, total)
from lmbook.derivation.worlds import World, evaluate
from lmbook.derivation.worlds.explicit import NUMERIC, explicit, symbol
from lmbook.derivation.worlds.sampling import draw

K, H = dim("K"), dim("H")
i, j = indices("i j", K)
h, = indices("h", H)
z, p = tensor("z", K), tensor("p", H, positive=True)
W, s, x = tensor("W", H, K), tensor("s", K), scalar("x")
a, b = indices("a b", K)
DEFINED = {s: ((a,), tanh(z[a] + x) / (1 + total(b, z[b]**2)))}
SMOOTH = (tanh, sigmoid, sin, cos, lambda u: exp(sin(u)),
          lambda u: log(2 + cos(u)), lambda u: sqrt(1 + u**2),
          Function("f"), Function("f").d())


class Grower:
    """Grows random expressions from a seed."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.count = 0

    def pick(self, choices):
        return choices[self.rng.integers(len(choices))]

    def leaf(self, scope):
        ks = [n for n in scope if n.dim == K]
        hs = [n for n in scope if n.dim == H]
        k, g = self.pick(ks), self.pick(hs)
        return self.pick([z[k], z[k], s[k], s[k], W[g, k], p[g], x, k / 2,
                          delta(k, self.pick(ks)), expr(2), K / (1 + H)])

    def fresh(self):
        self.count += 1
        return index(f"n{self.count}", self.pick([K, H]))

    def grow(self, depth, scope):
        if depth == 0:
            return self.leaf(scope)

        def more():
            return self.grow(depth - 1, scope)
        n = self.fresh()
        inner = self.grow(depth - 1, [*scope, n])
        return self.pick([
            lambda: more() + more(), lambda: more() * more(),
            lambda: -more(), lambda: more() / (1 + more()**2),
            lambda: self.pick(SMOOTH)(more()), lambda: total(n, inner),
            lambda: relu(more()) * 2, lambda: step(more()) + x,
            lambda: Function("g", 2).d(2)(more(), more()),
            lambda: product(n, 1 + inner**2),
            lambda: D(more(), z[self.pick([i, j])])])()


def line(seed):
    grower = Grower(seed)
    body = grower.grow(3, [i, j, h])
    return D(body, grower.pick([z[j], z[i], s[i], W[h, j], x]))


def sympy_value(e, world, axes):
    leaves = list(world.values)
    symbols = [symbol(t, [n + 1 for n in place]) for t in leaves
               for place in np.ndindex(world.values[t].shape)]
    point = [mpmath.mpf(v) for t in leaves for v in world.values[t].flat]
    result = np.empty([world.sizes[n.dim] for n in axes])
    for place in np.ndindex(result.shape):
        at = {n: k + 1 for n, k in zip(axes, place)}
        e_at = explicit(e, world.sizes, at, DEFINED)
        result[place] = sp.lambdify(symbols, e_at, NUMERIC)(*point)
    return result


def parts(e):
    return [e, *(p for c in children(e) for p in parts(c))]


def ambiguous(e):
    """Does it ask for d/ds of a d/dz?  The worlds refuse that."""
    return e.bottom.tensor == s and any(
        isinstance(p, Deriv) and p.bottom.tensor == z for p in parts(e.top))


@pytest.mark.parametrize("seed", range(40))
def test_three_ways_agree(seed):
    e, rng = line(seed), np.random.default_rng(seed)
    sizes = {K: 2, H: 1 + seed % 2}
    if ambiguous(e):
        with pytest.raises(ValueError, match="depends on"):
            draw([e], DEFINED, rng=rng, sizes=sizes)
        return
    ours = draw([e], DEFINED, rng=rng, sizes=sizes, backend="numpy")
    other = World(sizes, ours.values, ours.definitions, "torch")
    exact = sympy_value(e, other, (h, i, j))
    assert evaluate(e, other, (h, i, j)) == pytest.approx(
        exact, rel=1e-8, abs=1e-9)
    assert evaluate(e, ours, (h, i, j)) == pytest.approx(
        exact, rel=1e-4, abs=1e-5)
