"""Traps of the engine's own: each tempting falsehood must be refused."""

import numpy as np
import pytest

from lmbook.derivation import (D, Derivation, Fact, Function, IndexMismatch,
                               UnprovedStep, Verdict, WrongStep, cos, delta,
                               dim, exp, indices, is_zero, log, product, relu,
                               scalar, sigmoid, sin, sqrt, step, tanh, tensor,
                               total)
from lmbook.derivation.kernel import Definitions, Undecided, add, scale
from lmbook.derivation.kernel import is_zero as vanishes
from lmbook.derivation.language.tree import expr
from lmbook.derivation.matrices import M, apply, diag, jacobian

K, N = dim("K"), dim("N")
i, j, k, l = indices("i j k l", K)
n, m = indices("n m", N)
z, y, s, x = (tensor(name, K) for name in "zysx")
W = tensor("W", K, K)
P = tensor("P", N, K)
a, b, c = map(scalar, "abc")
p, q = scalar("p", positive=True), scalar("q", positive=True)
f = Function("f")


def equal(left, right, define=()):
    """Return whether the kernel alone calls two expressions equal."""
    low = Definitions(define).lower
    return vanishes(add(low(expr(left)), scale(low(expr(right)), -1)))


TRUE = {
    "log of positive factors": (log(p * q), log(p) + log(q)),
    "log of a power of a positive": (log(p**3 / q), 3*log(p) - log(q)),
    "root of a positive square": (sqrt(p**2 * a), p * sqrt(a)),
    "square of a root": (sqrt(a)**2, a),
    "one indicator twice": (step(a)**2, step(a)),
    "relu squared": (relu(a)**2, a * relu(a)),
    "delta twice": (delta(i, j)**3, delta(i, j)),
    "delta moves an index": (delta(i, j)*z[j]/x[j], delta(i, j)*z[i]/x[i]),
    "exp of a sum": (exp(a + b)**2, exp(2*a) * exp(b)**2),
    "exp of a finite sum, squared": (exp(total(l, z[l]))**2,
                                     exp(2*total(l, z[l]))),
    "product of exponentials": (product(l, exp(z[l])),
                                exp(total(l, z[l]))),
    "square of a sum": (total(l, z[l])**2, total(l, k, z[l]*z[k])),
    "sum of a sum": (total(l, z[l]*total(k, z[k])), total(k, z[k])**2),
    "sum of nothing that varies": (total(l, a), K*a),
    "equal names in two sums": (total(l, z[l]) - total(l, z[l]*1), a*0),
    "slope of a kink": (D(relu(a), a), step(a)),
    "slope of a step": (D(step(a) * b, a), a * 0),
    "bound and free name": (D(total(l, z[l]**2), z[l]), 2*z[l]),
    "slope twice by one entry": (D(W[i, j], W[k, k]),
                                 delta(i, k)*delta(j, k)),
}
FALSE = {
    "log of unknown signs": (log(a * b), log(a) + log(b)),
    "log of a square": (log(a**2), 2*log(a)),
    "root of a square": (sqrt(a**2), a),
    "root of unknown signs": (sqrt(a * b), sqrt(a)*sqrt(b)),
    "root of a sum of squares": (sqrt((p - q)**2), p - q),
    "a power of a power": ((a**2)**(expr(1)/2), a),
    "exp of a sum is no sum": (exp(a + b), exp(a) + exp(b)),
    "exp of a total is no total": (exp(total(l, z[l])),
                                   total(l, exp(z[l]))),
    "log of a total is no total": (log(total(l, exp(z[l]))),
                                   total(l, z[l])),
    "square of a total": (total(l, z[l])**2, total(l, z[l]**2)),
    "product of totals": (total(l, z[l])*total(l, x[l]),
                          total(l, z[l]*x[l])),
    "totals over two sizes": (total(n, l, P[n, l]), N*total(l, P[n, l])),
    "delta drops nothing": (delta(i, j)*z[j], z[j]),
    "delta of two free indices": (delta(i, j), expr(1)),
    "steps of opposite sign": (step(a) + step(-a), expr(1)),
    "relu is linear": (relu(a + b), relu(a) + relu(b)),
    "relu of a negative factor": (relu(-2*a), -2*relu(a)),
    "generic f is linear": (f(a + b), f(a) + f(b)),
    "generic slope": (D(f(2*a), a), f.d()(2*a)),
    "transposed": (total(j, W[i, j]*z[j]), total(j, W[j, i]*z[j])),
    "diagonal": (total(i, j, W[i, j]), total(i, W[i, i])),
    "symmetric difference": (total(i, j, (W[i, j] - W[j, i])**2), a*0),
    "free index summed": (total(l, z[l]*x[i]), total(i, z[i]*x[i])),
    "sizes are not one": (total(l, z[i]), z[i]),
    "tanh and sigmoid": (tanh(a), 2*sigmoid(a) - 1),
    "sine and cosine": (sin(a)**2 - cos(a)**2, expr(1)),
    "zero test is no step": (is_zero(a), 1 - step(a)),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_line_is_proved(name):
    assert equal(*TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_a_tempting_falsehood_is_not_proved(name):
    assert not equal(*FALSE[name])


def test_a_sum_that_cancels_may_reuse_its_name():
    define = {s: ((i,), z[i] - total(i, z[i]) / K)}
    assert equal(total(i, s[i]), 0, define)
    assert equal(total(l, s[l]**2), total(i, z[i]**2)
                 - total(i, z[i])**2 / K, define)


def test_a_definition_is_opened_with_its_index_renamed():
    define = {s: ((i,), total(l, W[i, l] * z[l]))}
    assert equal(s[l], total(k, W[l, k] * z[k]), define)
    assert not equal(s[l], total(l, W[l, l] * z[l]), define)


def test_division_by_an_indicator_is_refused():
    for zero in step(a), is_zero(a), delta(i, j):
        with pytest.raises(Undecided, match="can be 0"):
            equal(zero / zero, 1)
    with pytest.raises(Undecided, match="division by zero"):
        equal(1 / (a - a), 1)
    with pytest.raises(Undecided, match="division by zero"):
        equal(delta(i, j) / (z[i] - z[j]), 0)


def test_indices_over_two_sizes_do_not_meet():
    with pytest.raises(IndexMismatch, match="i over K and n over N"):
        delta(i, n)
    with pytest.raises(IndexMismatch, match="axis 1 of P"):
        P[i, n]


def rows_sum_to_one():
    def draw(sizes, rng):
        return {P: rng.dirichlet(np.ones(sizes[K]), size=sizes[N])}
    return Fact("rows sum to one", total(l, P[n, l]), 1, draw)


def test_a_fact_with_a_free_index_serves_inside_a_sum():
    fact, w = rows_sum_to_one(), tensor("w", N)
    with Derivation("rows") as d:
        d.start(total(n, w[n] * total(k, P[n, k])))
        d.eq(total(n, w[n]), "rows", fact)
        d.eq(total(m, w[m] * total(l, P[m, l])**2), "rows", fact)


@pytest.mark.parametrize("first, last", [
    (total(n, P[n, l]), expr(1)),
    (total(n, l, P[n, l]), expr(1)),
    (total(l, P[n, l] * z[l]), total(l, z[l])),
    (total(l, P[n, l] * z[l]), expr(1)),
    (total(l, P[n, l]**2), expr(1)),
    (total(l, P[n, l] * P[m, l]), expr(1)),
    (total(l, P[n, l] * exp(P[n, l])), total(l, exp(P[n, l]))),
    (total(n, l, P[n, l] * total(k, P[n, k])), expr(1)),
    (D(total(l, P[n, l]), P[n, i]), a * 0),
])
def test_a_fact_is_refused_where_it_does_not_fit(first, last):
    d = Derivation("rows")
    d.start(first)
    with pytest.raises(Verdict):
        d.eq(last, "rows", rows_sum_to_one())


def test_a_fact_that_loops_is_refused():
    grows = Fact("b is zero", a, a + b, lambda sizes, rng: {
        b.tensor: 0.0})
    d = Derivation("loop")
    d.start(a * c)
    with pytest.raises(UnprovedStep):
        d.eq(a * c + 2 * b * c, "true, yet the rule never ends", grows)


def test_a_limit_needs_a_known_sign():
    tau = scalar("tau", positive=True)
    d = Derivation("limit")
    d.start(exp(-a / tau))
    with pytest.raises(UnprovedStep, match="sign of .*a.* is not known"):
        d.tends(tau, 0, a * 0, "false for a < 0")
    d = Derivation("limit")
    d.start(exp(p / tau))
    with pytest.raises(UnprovedStep, match="grows without bound"):
        d.tends(tau, 0, p * 0, "false")


def test_a_limit_needs_a_denominator_that_stays_away_from_zero():
    tau = scalar("tau", positive=True)
    g, w = tensor("g", K, nonneg=True), tensor("w", K)
    d = Derivation("limit")
    d.start(exp(-g[i] / tau) / total(l, w[l] * exp(-g[l] / tau)))
    with pytest.raises(UnprovedStep, match="denominator"):
        d.tends(tau, "inf", 1 / total(l, w[l]), "the sum could be 0")


def test_the_slope_of_an_elementwise_function_is_applied_entry_by_entry():
    slope = diag(apply(f.d(), M(z)))
    with Derivation("elementwise") as d:
        d.start(jacobian(apply(f, M(z)), z))
        d.eq(slope, "entry i sees z_i only")
    d = Derivation("squared")
    d.start(jacobian(apply(f, M(z)), z))
    with pytest.raises(WrongStep):
        d.eq(slope @ slope, "false: the slope comes in once")
