"""Attacks on the trusted code: each would make it prove something false."""

import numpy as np
import pytest
from test_traps import equal

from lmbook.derivation import (D, Derivation, Fact, Function, Verdict,
                               dim, exp, indices, is_zero, log,
                               scalar, tensor, total)

K, N = dim("K"), dim("N")
i, j, k, l, m, n = indices("i j k l m n", K)
a, b = indices("a b", N)
x, s, r, h = (tensor(name, K) for name in "xsrh")
A, W = tensor("A", K, K), tensor("W", K, K)
u, v, t, L = map(scalar, "uvtL")
g = tensor("g", K, nonneg=True)
tau = scalar("tau", positive=True)
REFUSED = (Verdict, ValueError)


def some_gap_is_zero(zeros=1):
    def draw(sizes, rng):
        gaps = rng.uniform(0.5, 2, sizes[K])
        gaps[:zeros] = 0
        return {g: gaps}
    return Fact("some gap is zero", total(l, is_zero(g[l])), 1, draw, ">=")


# --- capture of bound indices -------------------------------------------

def test_a_definition_put_under_a_sum_is_not_captured():
    define = {s: ((i,), total(l, W[i, l] * x[l]))}
    slope = D(log(total(i, exp(s[i]))), s[j])
    wrong = total(i, exp(total(l, W[l, l] * x[l])))
    assert equal(slope, exp(s[j]) / total(i, exp(s[i])), define)
    assert not equal(slope, exp(s[j]) / wrong, define)


def test_two_levels_of_definitions_are_not_captured():
    define = {r: ((i,), total(l, W[i, l] * x[l])),
              s: ((i,), total(l, A[i, l] * exp(r[l])))}
    slope = D(log(total(i, exp(s[i]))), s[j])
    inner = total(l, A[k, l] * exp(total(m, W[l, m] * x[m])))
    bad = total(l, A[k, l] * exp(total(m, W[k, m] * x[m])))
    top = exp(s[j])
    assert equal(slope, top / total(k, exp(inner)), define)
    assert not equal(slope, top / total(k, exp(bad)), define)


def weighted():
    def draw(sizes, rng):
        w, y = rng.normal(size=(2, sizes[K], sizes[K]))
        return {W: w, h: y[0], r: w.T @ y[0]}
    return Fact("r is a weighted sum", r[n], total(m, W[m, n] * h[m]), draw)


def test_a_fact_put_under_a_sum_is_not_captured():
    true = total(m, W[m, n] * h[m])
    false = total(m, W[m, m] * h[m])
    d = Derivation("fact under a sum")
    d.start(1 / total(n, exp(r[n])))
    d.eq(1 / total(n, exp(true)), "the fact", weighted())
    d = Derivation("fact under a sum")
    d.start(1 / total(n, exp(r[n])))
    with pytest.raises(Verdict):
        d.eq(1 / total(n, exp(false)), "the fact", weighted())


def test_a_limit_under_a_sum_is_not_captured():
    gap = tensor("G", K, K, nonneg=True)
    inner = total(l, exp(-gap[i, l] / tau) * W[i, l])
    d = Derivation("limit under a sum")
    d.start(total(i, x[i] * inner**2))
    d.tends(tau, "inf", total(i, x[i] * total(l, W[i, l])**2), "to one")
    d = Derivation("limit under a sum")
    d.start(total(i, x[i] * inner**2))
    with pytest.raises(Verdict):
        d.tends(tau, "inf", total(i, x[i] * W[i, i]**2 * K**2), "no")


def test_nested_quotients_keep_their_indices_apart():
    def quotient(weight):
        return total(n, 1 / (1 + total(m, weight / (1 + x[m]))))
    assert not equal(quotient(A[n, m]), quotient(A[m, n]))
    assert equal(quotient(A[n, m]), total(k, 1 / (
        1 + total(l, A[k, l] / (1 + x[l])))))


def test_sums_made_symmetric_stay_equal_and_no_more():
    assert equal(total(n, m, A[n, m] / (x[n] + x[m])),
                 total(n, m, A[m, n] / (x[n] + x[m])))
    assert not equal(total(n, m, A[n, m] / (1 + x[n])),
                     total(n, m, A[n, m] / (1 + x[m])))


# --- one name, two tensors ------------------------------------------------

def test_two_tensors_of_one_name_are_refused():
    short, long = tensor("y", K), tensor("y", N)
    with pytest.raises(REFUSED):
        d = Derivation("one name", {L: total(a, long[a])})
        d.start(D(L, short[l]))
        d.eq(1, "they are different variables")


def test_a_fact_about_another_tensor_of_that_name_is_refused():
    short = tensor("y", K)
    one = Fact("sum to one", total(l, short[l]), 1, lambda sizes, rng: {
        short: rng.dirichlet(np.ones(sizes.get(K, 1)))})
    for other in tensor("y", N)[a], tensor("y", N, K)[a, l]:
        bound = a if other.dims == (N,) else l
        d = Derivation("one name")
        d.start(total(bound, other))
        with pytest.raises(ValueError, match="y"):
            d.eq(1, "no", one)


def test_two_flags_of_one_name_are_refused():
    sure = scalar("t", nonneg=True)
    d = Derivation("two flags")
    d.start(t + v)
    with pytest.raises(REFUSED):
        d.ge(v, "no", sure)


def test_a_sign_is_not_promised_for_a_definition():
    with pytest.raises(ValueError, match="its sign follows"):
        Derivation("sign", {scalar("t", positive=True): -exp(u)})


def test_a_known_function_is_not_generic():
    for name in "log", "exp", "sin", "relu", "iszero":
        with pytest.raises(ValueError, match=name):
            Function(name)


def test_names_cannot_imitate_the_marks_of_the_kernel():
    with pytest.raises(ValueError, match=r"x\+"):
        assert not equal(scalar("x+"), scalar("x", positive=True))


# --- definitions ------------------------------------------------------------

def test_a_later_definition_is_known_to_the_kernel():
    d = Derivation("later")
    with pytest.raises(REFUSED):
        d.define(L, u**2)
        d.start(D(L, u))
        d.eq(0, "no")


def test_a_definition_by_itself_is_refused():
    with pytest.raises(ValueError, match="u"):
        Derivation("circle", {u: u + 1}).start(u)
    with pytest.raises(ValueError, match="u|v"):
        Derivation("circle", {u: v + 1, v: u - 1}).start(u)


def test_an_ambiguous_second_derivative_is_refused():
    d = Derivation("ambiguous", {s[i]: x[i]**2})
    with pytest.raises(REFUSED, match="depends"):
        d.start(D(D(total(i, s[i]**2), x[j]), s[l]))


# --- facts, relations, chains ----------------------------------------------

def test_an_inequality_is_no_equality():
    d = Derivation("relation")
    d.start(total(l, is_zero(g[l])))
    with pytest.raises(REFUSED):
        d.eq(1, "no", some_gap_is_zero())


def test_facts_of_a_limit_are_checked():
    for fact in some_gap_is_zero(0), some_gap_is_zero():
        d = Derivation("limit")
        d.start(total(l, exp(-g[l] / tau)))
        with pytest.raises(REFUSED):        # broken; then true but idle
            d.tends(tau, "inf", K, "each tends to one", fact)


def test_a_chain_has_one_start():
    d = Derivation("two starts")
    d.start(u + u)
    d.eq(2 * u, "collect")
    with pytest.raises(ValueError, match="start"):
        d.start(v)


def test_a_limit_is_not_stated_as_an_inequality():
    d = Derivation("mixed")
    d.start(u**2 + exp(-g[i] / tau))
    d.ge(exp(-g[i] / tau), "drop a square", u**2)
    try:
        d.tends(tau, "inf", 1, "to one")
        text = str(d.statement())
    except REFUSED:
        return
    assert not text.endswith(r"\ge 1")


def test_the_kernel_computes_in_whole_numbers_and_fractions():
    assert equal(1 / (-exp(u)), -exp(-u))
    assert equal((-exp(u))**-2, exp(-2 * u))
    assert equal(D(u / (-v**2), u), -1 / v**2)
