"""Where SymPy 1.14 is silently wrong, and what this engine says instead.

The wrong answers are asserted, so that an upgrade of SymPy is noticed.
"""

import numpy as np
import pytest
import sympy as sp
from sympy import (IndexedBase, Idx, KroneckerDelta, MatrixSymbol, Sum,
                   Symbol, Trace)

from lmbook.derivation import (D, Derivation, M, UnprovedStep, WrongStep,
                               delta, dim, exp, eye, gradient, indices,
                               jacobian, log, relu, scalar, step, tensor,
                               total, trace)
from lmbook.derivation.worlds.world import World, evaluate

K = dim("K")
i, j, k, l = indices("i j k l", K)
z, s, v, x, u = (tensor(name, K) for name in "zsvxu")
A, B, W = (tensor(name, K, K) for name in "ABW")
SOFTMAX = {s[i]: exp(z[i]) / total(l, exp(z[l]))}

size = Symbol("K", integer=True, positive=True)
si, sj, sk = sp.symbols("i j k", integer=True, positive=True)
sz = IndexedBase("z")
sA, sB, sW = (MatrixSymbol(name, size, size) for name in "ABW")
sx, sv, su = (MatrixSymbol(name, size, 1) for name in "xvu")
softmax = sp.exp(sz[si]) / Sum(sp.exp(sz[sk]), (sk, 1, size))


def proves(first, last, define=None):
    """Return whether `first = last` is accepted; a wrong step is not."""
    d = Derivation("a trap", define)
    d.start(first)
    try:
        d.eq(last)
    except (WrongStep, UnprovedStep):
        return False
    return True


def vanishes(derivative):
    """Return whether SymPy calls a derivative a matrix of zeros."""
    return derivative == sp.ZeroMatrix(*derivative.shape)


def test_the_traps_are_those_of_one_release():
    assert sp.__version__ == "1.14.0"


def test_a_bound_index_is_not_captured_by_a_derivative():
    whole = Sum(sp.exp(sz[sk]), (sk, 1, size))
    assert whole.diff(sz[sk]) == whole
    ours = D(total(k, exp(z[k])), z[k])
    assert proves(ours, exp(z[k]))
    assert not proves(ours, total(l, exp(z[l])))


def test_a_bound_index_is_not_captured_by_a_substitution():
    pairs = Sum(sz[sk] * sz[si], (sk, 1, size)).subs(si, sk)
    assert pairs == Sum(sz[sk]**2, (sk, 1, size))
    define = {s[i]: total(k, z[k] * z[i])}
    assert proves(s[k], z[k] * total(l, z[l]), define)
    assert not proves(s[k], total(k, z[k]**2), define)


def test_a_sum_of_a_given_size_has_that_many_terms():
    n = Idx("k", (1, size))
    first = sz[n.subs(size, 3)]
    assert Sum(sz[n], n).subs(size, 3).doit() == 3 * first
    world = World({K: 3}, {z: [1.0, 10.0, 100.0]})
    assert float(evaluate(total(k, z[k]), world)) == 111.0
    assert not proves(total(k, z[k]) + 0 * z[j], 3 * z[j])


def test_a_trace_beside_other_terms_has_a_gradient():
    assert vanishes((Trace(sA) + 1).diff(sA))
    assert vanishes((Trace(sA) + Trace(sA * sA)).diff(sA))
    assert proves(gradient(trace(A) + 1, A), eye(K))
    assert proves(gradient(trace(A) + trace(M(A) @ M(A)), A),
                  eye(K) + 2 * M(A).T)
    assert not proves(gradient(trace(A) + 1, A), 0 * eye(K))


def test_the_logarithm_of_a_determinant_has_a_gradient():
    assert vanishes(sp.log(sp.Determinant(sA)).diff(sA))
    a, b, c, d = map(scalar, "abcd")
    det = a * d - b * c
    for entry, inverse in ((a, d), (b, -c), (c, -b), (d, a)):
        assert proves(D(log(det), entry), inverse / det)
        assert not proves(D(log(det), entry), 0 * det)


def test_a_product_of_vectors_has_a_gradient():
    square = ((sv.T * sx)[0, 0]**2 / 2).diff(sx)
    assert vanishes(square)
    assert vanishes((su.T * sW * sx)[0, 0].diff(sW))
    inner = M(v).T @ M(x)
    assert proves(gradient(inner**2 / 2, x), inner * M(v))
    assert proves(gradient(M(u).T @ M(W) @ M(x), W), M(u) @ M(x).T)
    assert not proves(gradient(inner**2 / 2, x), 0 * M(v))


def test_the_gradient_of_log_sum_exp_is_softmax():
    row = Symbol("k", integer=True)
    free = sp.log(Sum(sp.exp(sx[row, 0]), (row, 0, size - 1)))
    assert vanishes(free.diff(sx))
    assert proves(D(log(total(l, exp(z[l]))), z[i]), s[i], SOFTMAX)


def test_softmax_keeps_both_halves_of_the_quotient_rule():
    row = Symbol("k", integer=True)
    whole = Sum(sp.exp(sx[row, 0]), (row, 0, size - 1))
    slope = (sx.applyfunc(sp.exp) / whole).diff(sx)
    assert "DiagMatrix" in str(slope) and "**2" not in str(slope)
    assert proves(D(s[i], z[j]), s[i] * (delta(i, j) - s[j]), SOFTMAX)
    assert not proves(D(s[i], z[j]), s[i] * delta(i, j), SOFTMAX)


def test_the_layout_of_a_jacobian_is_one():
    assert (sB * sx).diff(sx) == sB.T
    y = tensor("y", K)
    define = {y[i]: total(l, B[i, l] * x[l])}
    assert proves(jacobian(y, x), M(B), define)
    assert not proves(jacobian(y, x), M(B).T, define)


def test_relu_is_flat_at_zero():
    real = Symbol("x", real=True)
    assert sp.Max(0, real).diff(real).subs(real, 0) == sp.Rational(1, 2)
    a = scalar("a")
    assert proves(D(relu(a), a), step(a))
    for backend in "torch", "numpy":
        world = World({}, {a.tensor: 0.0}, backend=backend)
        assert float(evaluate(step(a), world)) == 0
    world = World({}, {a.tensor: 0.0}, backend="torch")
    assert float(evaluate(D(relu(a), a), world)) == 0


def test_a_softmax_derivative_can_be_simplified():
    with pytest.raises(StopIteration):
        sp.simplify(softmax.diff(sz[sj]))
    both = exp(z[i]) * exp(z[j]) / total(l, exp(z[l]))**2
    assert proves(D(s[i], z[j]), delta(i, j) * s[i] - both, SOFTMAX)


def test_the_softmax_jacobian_is_recognised():
    other = softmax.subs(si, sj)
    gap = softmax.diff(sz[sj]) - softmax * (KroneckerDelta(si, sj) - other)
    assert gap.equals(0) is False
    assert proves(D(s[i], z[j]) - s[i] * (delta(i, j) - s[j]),
                  0 * z[i], SOFTMAX)
    values = np.array([0.3, -1.2, 0.7])
    found = sp.exp(sp.Matrix(values)[0]) / sum(map(sp.exp, values))
    ours = World({K: 3}, {z: values},
                 {s: ((i,), exp(z[i]) / total(l, exp(z[l])))})
    assert abs(float(found) - evaluate(s[i], ours, (i,))[0]) < 1e-15
