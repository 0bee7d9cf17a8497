"""Every sum written out: by hand, and against the worlds."""

import numpy as np
import pytest
import sympy as sp

from lmbook.derivation.language import (
    D, Function, delta, dim, exp, expr, indices, is_zero, log, normal_cdf,
    product, relu, scalar, sigmoid, sqrt, step, tanh, tensor, total)
from lmbook.derivation.worlds import evaluate
from lmbook.derivation.worlds.explicit import (
    NUMERIC, explicit, explicitly_equal, symbol)
from lmbook.derivation.worlds.sampling import draw

K, H = dim("K"), dim("H")
i, j, k, l = indices("i j k l", K)
h, m = indices("h m", H)
z, y, s = tensor("z", K), tensor("y", K), tensor("s", K)
x, L = scalar("x"), scalar("L")
SOFTMAX = {s: ((i,), exp(z[i]) / total(l, exp(z[l])))}
LOSS = {**SOFTMAX, L.tensor: ((), -total(l, y[l] * log(s[l])))}
z1, z2 = sp.symbols("z[1] z[2]", real=True)


class SumToOne:
    @staticmethod
    def sample(sizes, rng):
        weights = rng.uniform(0.1, 1, sizes[K])
        return {y: weights / weights.sum()}


def rng(seed=0):
    return np.random.default_rng(seed)


def equal(left, right, definitions=(), **more):
    return explicitly_equal(left, right, dict(definitions), rng=rng(),
                            **more)


# By hand

def test_sums_and_products_by_hand():
    # K = 2: sum_l l z_l = z1 + 2 z2; prod_l z_l = z1 z2; sum_l 1 = 2.
    assert explicit(total(l, l * z[l]), {K: 2}, {}) == z1 + 2 * z2
    assert explicit(product(l, z[l]), {K: 2}, {}) == z1 * z2
    assert explicit(total(l, 1) / K, {K: 2}, {}) == 1


def test_derivative_of_an_entry_by_hand():
    # d(z1^2 + z2^2)/dz2 = 2 z2.
    line = D(total(l, z[l]**2), z[j])
    assert explicit(line, {K: 2}, {j: 2}) == 2 * z2
    assert explicit(D(z[i], z[j]), {K: 2}, {i: 1, j: 2}) == 0


def test_softmax_jacobian_by_hand():
    # s1 = e^z1/(e^z1 + e^z2), so ds1/dz2 = -e^z1 e^z2/(e^z1 + e^z2)^2.
    got = explicit(D(s[i], z[j]), {K: 2}, {i: 1, j: 2}, SOFTMAX)
    assert sp.simplify(
        got + sp.exp(z1 + z2) / (sp.exp(z1) + sp.exp(z2))**2) == 0


def test_chain_of_definitions_by_hand():
    # h1 = 3x, h2 = h1 + h1^2, J = 5 h2: dJ/dh1 = 5 (1 + 6x).
    h1, h2, J = scalar("h1"), scalar("h2"), scalar("J")
    definitions = {h1.tensor: ((), x + 2 * x),
                   h2.tensor: ((), h1 + h1**2), J.tensor: ((), 5 * h2)}
    a = sp.Symbol("x", real=True)
    for bottom, slope in ((h2, 5), (h1, 5 + 30 * a), (x, 15 + 90 * a)):
        got = explicit(D(J, bottom), {}, {}, definitions)
        assert sp.expand(got - slope) == 0


def test_derivative_of_a_relu_by_hand():
    # d/dx (x H(x))^2 = 2 x H(x)^2: 0 below 0 and 2x above; H' = 0.
    line = explicit(D(relu(x)**2, x), {}, {})
    slope = sp.lambdify(sp.Symbol("x", real=True), line, modules=NUMERIC)
    assert [slope(-3), slope(0), slope(3)] == [0, 0, 6]
    assert explicit(D(step(x) + is_zero(x), x), {}, {}) == 0


# Known results

@pytest.mark.parametrize("size", [1, 2, 3])
def test_softmax_and_cross_entropy(size):
    assert equal(D(s[i], z[j]), s[i] * (delta(i, j) - s[j]), SOFTMAX,
                 sizes=size)
    assert equal(D(L, z[j]), s[j] - y[j], LOSS, sizes=size,
                 facts=[SumToOne])
    assert equal(D(L, z[i], z[j]), s[i] * (delta(i, j) - s[j]), LOSS,
                 sizes=size, facts=[SumToOne])
    assert equal(D(L, s[j]), -y[j] / s[j], LOSS, sizes=size)


def test_generic_functions():
    f, g = Function("f"), Function("g", 2)
    line = D(g(f(x), x**2), x)
    rule = g.d(1)(f(x), x**2) * f.d()(x) + g.d(2)(f(x), x**2) * 2 * x
    assert equal(line, rule)
    assert not equal(line, rule - g.d(2)(f(x), x**2) * x)


def test_relu_layer():
    W = tensor("W", H, K)
    a = total(k, W[h, k] * z[k])
    line = D(total(h, relu(a)), W[m, j])
    open_ = step(total(k, W[m, k] * z[k]))
    assert equal(line, open_ * z[j], sizes={K: 2, H: 3})
    assert not equal(line, z[j], sizes={K: 2, H: 3})


# An independent implementation: the worlds

LINES = [D(L, z[i], z[j]), D(L, s[j]), D(log(1 + exp(z[i] * z[j])), z[j]),
         D(tanh(z[i]) * sigmoid(z[j]), z[i]), D(normal_cdf(z[i]), z[j]),
         D(sqrt(1 + z[i]**2), z[j]) * product(l, 1 + z[l]**2),
         D(Function("f").d()(z[i] * z[j]), z[j]),
         D(relu(total(l, z[l] * y[l])), y[j]) + i]


@pytest.mark.parametrize("line", LINES)
def test_worlds_agree(line):
    world = draw([line], LOSS, rng=rng(), sizes={K: 2})
    symbols = [symbol(t, (n,)) for t in world.values for n in (1, 2)]
    point = [v for values in world.values.values() for v in values]
    got = evaluate(line, world, (i, j))
    for a, b in np.ndindex(2, 2):
        exact = explicit(line, {K: 2}, {i: a + 1, j: b + 1}, LOSS)
        exact = sp.lambdify(symbols, exact, modules=NUMERIC)(*point)
        assert float(exact) == pytest.approx(got[a, b], rel=1e-12)


# Wrong versions

@pytest.mark.parametrize("wrong", [
    s[i] * (1 - s[j]), s[i] * (delta(i, j) + s[j]), s[j] * delta(i, j),
    s[i] * (delta(i, j) - s[j]) * (1 + expr(1) / 10**12)])
def test_wrong_jacobians_are_refused(wrong):
    assert not equal(D(s[i], z[j]), wrong, SOFTMAX)


def test_size_one_misses_what_size_two_shows():
    wrong = s[i] * (1 - s[j])
    assert equal(D(s[i], z[j]), wrong, SOFTMAX, sizes=1)
    assert not equal(D(s[i], z[j]), wrong, SOFTMAX, sizes=2)


def test_unused_fact_does_not_hide_a_missing_one():
    assert not equal(D(L, z[j]), s[j] - y[j], LOSS)
