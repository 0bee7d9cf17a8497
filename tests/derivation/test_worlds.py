"""Worlds: numbers by hand, against PyTorch, and errors that must show."""

import sys

import numpy as np
import pytest

from lmbook.derivation.language import (
    D, Function, delta, dim, exp, expr, index, indices, is_zero, log,
    normal_cdf, pi, product, relu, scalar, sigmoid, sqrt, step, tanh, tensor,
    total)
from lmbook.derivation.worlds.arrays import NumpyEngine
from lmbook.derivation.worlds.sampling import (
    compare, counterexample, draw, draw_worlds, plan)
from lmbook.derivation.worlds.world import World, engine, evaluate

K, H, N = dim("K"), dim("H"), dim("N")
i, j, k, l = indices("i j k l", K)
z, y, s = tensor("z", K), tensor("y", K), tensor("s", K)
x, L = scalar("x"), scalar("L")
SOFTMAX = {s: ((i,), exp(z[i]) / total(l, exp(z[l])))}
LOSS = {**SOFTMAX, L.tensor: ((), -total(l, y[l] * log(s[l])))}
BACKENDS = ["torch", "numpy"]


def rng(seed=0):
    return np.random.default_rng(seed)


def at(value, **scalars):
    return float(evaluate(value, World({}, {
        scalar(n).tensor: v for n, v in scalars.items()})))


# By hand

@pytest.mark.parametrize("backend", BACKENDS)
def test_sum_and_product_by_hand(backend):
    # z = (1, 2, 4): the sum is 7, the product 8, the sum of l z_l is
    # 1 + 4 + 12 = 17, and the sum of 1 is K = 3.
    world = World({K: 3}, {z: [1, 2, 4]}, backend=backend)
    lines = (total(l, z[l]), product(l, z[l]), total(l, l * z[l]),
             total(l, 1), product(l, expr(2)), K * pi / pi)
    assert [float(evaluate(e, world)) for e in lines] == pytest.approx(
        [7, 8, 17, 3, 8, 3])


@pytest.mark.parametrize("backend", BACKENDS)
def test_transposed_and_diagonal_entries_by_hand(backend):
    A = tensor("A", K, K)
    world = World({K: 2}, {A: [[1, 2], [3, 4]]}, backend=backend)
    assert evaluate(A[j, i], world, (i, j)).tolist() == [[1, 3], [2, 4]]
    assert evaluate(A[i, j], world, (j, i)).tolist() == [[1, 3], [2, 4]]
    assert evaluate(A[i, i], world, (i,)).tolist() == [1, 4]
    assert evaluate(delta(i, j) + 0 * i, world, (i, j)).tolist() == [
        [1, 0], [0, 1]]
    assert evaluate(delta(i, i), world, (i,)).tolist() == [1, 1]


@pytest.mark.parametrize("backend", BACKENDS)
def test_derivative_of_a_trace_by_hand(backend):
    # d/dA_ij of sum_k A_kk^2 is 2 A_ii where i = j, else 0.
    A = tensor("A", K, K)
    world = World({K: 2}, {A: [[1, 2], [3, 4]]}, backend=backend)
    line = D(total(k, A[k, k]**2), A[i, j])
    assert evaluate(line, world, (i, j)) == pytest.approx(
        np.array([[2, 0], [0, 8]]))


def test_functions_by_hand():
    # sigmoid(log 3) = 3/4, Phi(0) = 1/2, 2^-2 = 1/4, relu'(0) = 0.
    assert at(sigmoid(log(x)), x=3) == pytest.approx(0.75)
    assert at(normal_cdf(x), x=0) == 0.5
    assert at(sqrt(x), x=9) == 3
    assert at(x**-2, x=-2) == 0.25
    assert at(D(x**-2, x), x=-2) == pytest.approx(0.25)
    assert at(D(relu(x), x), x=0) == 0
    assert at(D(step(x), x), x=1) == 0
    assert at(step(x) + is_zero(x), x=0) == 1
    assert at(D(normal_cdf(x), x), x=0) == pytest.approx(0.3989422804)


def test_chain_of_definitions_by_hand():
    # Residual network h1 = x + 2x = 3x, h2 = h1 + h1^2, J = 5 h2.
    # dJ/dh1 = 5 (1 + 2 h1): at x = 1 that is 35; dJ/dx = 3 * 35 = 105.
    h1, h2, J = scalar("h1"), scalar("h2"), scalar("J")
    definitions = {h1.tensor: ((), x + 2 * x),
                   h2.tensor: ((), h1 + h1**2), J.tensor: ((), 5 * h2)}
    for backend in BACKENDS:
        world = World({}, {x.tensor: 1}, definitions, backend)
        got = [float(evaluate(D(J, v), world)) for v in (h2, h1, x)]
        assert got == pytest.approx([5, 35, 105])
        assert evaluate(D(h1, h2), world) == 0


def test_a_copy_is_a_variable_of_its_own():
    a, b = scalar("a"), scalar("b")
    world = World({}, {x.tensor: 2}, {a.tensor: ((), x), b.tensor: ((), a)})
    assert evaluate(D(a * b, b), world) == 2
    assert evaluate(D(a * b, x), world) == 4
    assert evaluate(D(a, b), world) == 0


def test_defined_constant_can_be_differentiated_by():
    a = scalar("a")
    world = World({}, {}, {a.tensor: ((), expr(3))})
    assert evaluate(D(a**2, a), world) == 6


def test_definition_keeps_the_order_of_its_indices():
    B, A = tensor("B", H, K), tensor("A", K, H)
    h = index("h", H)
    world = World({K: 2, H: 3}, {A: [[1, 2, 3], [4, 5, 6]]},
                  {B: ((h, i), A[i, h])})
    assert evaluate(B[h, i], world, (i, h)).tolist() == [
        [1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("size", [1, 4])
def test_derivative_by_what_does_not_occur_is_zero(size):
    values = {y: np.ones(size), z: np.ones(size)}
    world = World({K: size}, values)
    assert not evaluate(D(y[i]**2, z[j]), world, (i, j)).any()
    assert not evaluate(D(expr(3), z[j]), world, (j,)).any()


def test_differences_across_a_kink_are_refused():
    # relu(x) has no derivative at 0; the difference quotient gives 1/2.
    for value, expected in ((1e-9, np.nan), (1, 1), (-1, 0)):
        world = World({}, {x.tensor: value}, backend="numpy")
        assert evaluate(D(relu(x), x), world) == pytest.approx(
            expected, nan_ok=True)


# Against PyTorch and known results

@pytest.mark.parametrize("backend", BACKENDS)
def test_softmax_jacobian_is_that_of_torch(backend):
    torch = pytest.importorskip("torch")
    data = torch.tensor([0.3, -1.2, 2.0], dtype=torch.float64)
    expected = torch.autograd.functional.jacobian(
        lambda v: torch.softmax(v, 0), data).numpy()
    world = World({K: 3}, {z: data.numpy()}, SOFTMAX, backend)
    assert evaluate(D(s[i], z[j]), world, (i, j)) == pytest.approx(
        expected, abs=1e-10)
    assert evaluate(D(s[i], z[i]), world, (i,)) == pytest.approx(
        np.diag(expected), abs=1e-10)
    assert evaluate(total(i, D(s[i], z[j])), world, (j,)) == pytest.approx(
        np.zeros(3), abs=1e-10)


@pytest.mark.parametrize("backend", BACKENDS)
def test_hessian_of_cross_entropy(backend):
    # With one-hot y it is diag(p) - p p^T.
    world = World({K: 3}, {z: [0.1, 0.7, -0.4], y: [0, 1, 0]}, LOSS, backend)
    p = evaluate(s[i], world, (i,))
    hessian = evaluate(D(L, z[i], z[j]), world, (i, j))
    assert hessian == pytest.approx(np.diag(p) - np.outer(p, p), abs=1e-6)
    assert evaluate(D(L, z[i], z[i]), world, (i,)) == pytest.approx(
        p * (1 - p), abs=1e-6)


def test_derivative_inside_a_definition():
    g = tensor("g", K)
    definitions = {**LOSS, g: ((i,), D(L, z[i]))}
    for backend in BACKENDS:
        world = World({K: 2}, {z: [0.5, -1], y: [1, 0]}, definitions, backend)
        p = evaluate(s[i], world, (i,))
        assert evaluate(D(g[i], z[j]), world, (i, j)) == pytest.approx(
            np.diag(p) - np.outer(p, p), abs=1e-6)


@pytest.mark.parametrize("backend", BACKENDS)
def test_generic_function_obeys_the_chain_rule(backend):
    f, g = Function("f"), Function("g", 2)
    line = D(g(f(x), x**2), x)
    rule = (g.d(1)(f(x), x**2) * f.d()(x) + g.d(2)(f(x), x**2) * 2 * x)
    wrong = g.d(1)(f(x), x**2) * f.d()(x) + g.d(2)(f(x), x**2) * x
    world = draw([line, rule], {}, rng=rng(), backend=backend)
    assert compare(line, rule, world).difference < world.engine.tolerance
    assert compare(line, wrong, world).difference > 1e-3


def test_generic_function_broadcasts_its_arguments():
    g = Function("g", 2)
    world = World({K: 3}, {z: [0.1, 0.2, 0.3], y: [1, 2, 3]})
    line, rule = D(g(z[i], y[j]), z[k]), g.d(1)(z[i], y[j]) * delta(i, k)
    assert compare(line, rule, world).difference < 1e-12


@pytest.mark.parametrize("seed", range(3))
def test_backends_agree(seed):
    W, b = tensor("W", H, K), tensor("b", H)
    h, m = indices("h m", H)
    a = relu(total(k, W[h, k] * z[k]) + b[h])
    f = Function("f")
    lines = [D(total(h, tanh(a)), W[m, j]), D(sqrt(1 + a**2), z[j]),
             D(L, z[j], z[i]), D(L, s[j]), D(f(z[i] * z[j]), z[i]),
             D(normal_cdf(z[i]) * sigmoid(z[j]), z[j]),
             product(k, 1 + z[k]**2) * step(total(k, z[k] * y[k]))]
    for ours in draw_worlds(lines, LOSS, rng=rng(seed), backend="numpy",
                            facts=[OneHot]):
        other = World(ours.sizes, ours.values, ours.definitions, "torch")
        for line in lines:
            axes = sorted({i, j, h, m}, key=lambda n: n.name)
            assert evaluate(line, ours, axes) == pytest.approx(
                evaluate(line, other, axes), rel=2e-5, abs=2e-6)


class OneHot:
    @staticmethod
    def sample(sizes, rng):
        return {"y": np.eye(sizes[K])[rng.integers(sizes[K])]}


# Refusals

def test_ambiguous_mixed_derivative_is_refused():
    world = World({K: 2}, {z: [0, 1], y: [1, 0]}, LOSS)
    with pytest.raises(ValueError, match="which s depends on"):
        evaluate(D(L, z[i], s[j]), world, (i, j))
    assert evaluate(D(L, s[i], z[j]), world, (i, j)).shape == (2, 2)


@pytest.mark.parametrize("values, message", [
    ({z: [1, 2, 3]}, "has shape"), ({}, "has no value")])
def test_wrong_or_missing_values_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        evaluate(z[i], World({K: 2}, values), (i,))


def test_missing_axis_is_refused():
    with pytest.raises(ValueError, match="'i'"):
        evaluate(z[i], World({K: 2}, {z: [1, 2]}), ())


def test_circular_definition_is_refused():
    world = World({K: 2}, {}, {z: ((i,), 1 + z[i])})
    with pytest.raises(ValueError, match="defined by itself"):
        evaluate(z[i], world, (i,))


# Drawing

def test_flags_are_obeyed():
    p, q = tensor("p", K, positive=True), tensor("q", K, nonneg=True)
    worlds = [draw([p[i], q[i]], {}, rng=rng(n)) for n in range(30)]
    ps = np.concatenate([w.values[p] for w in worlds])
    qs = np.concatenate([w.values[q] for w in worlds])
    assert ps.min() >= 0.3 and ps.max() <= 2
    assert (qs >= 0).all() and (qs == 0).any() and (qs > 0).any()


def test_plan_starts_small_and_keeps_sizes_apart():
    sizes = plan([H, K], rng(), 5)
    assert sizes[0] == {H: 1, K: 2} and sizes[1] == {H: 2, K: 1}
    assert all(s[H] != s[K] for s in sizes)


def test_facts_are_obeyed_and_may_not_set_what_is_defined():
    world = draw([L], LOSS, [OneHot], rng=rng())
    assert sorted(world.values[y])[-2:] == [0, 1]
    with pytest.raises(ValueError, match="which is defined"):
        draw([L], {y: ((i,), z[i]), **LOSS}, [OneHot], rng=rng())


def test_domain_errors_are_redrawn_or_reported():
    world = draw([log(x)], {}, rng=rng(3))
    assert world.values[x.tensor] > 0
    with pytest.raises(ValueError, match="no real value"):
        draw([log(-exp(x))], {}, rng=rng())
    assert np.isnan(compare(log(x), x, World({}, {x.tensor: -1})).difference)


def test_every_relu_is_seen_open_and_closed():
    for seed in range(20):
        worlds = draw_worlds([relu(x)], {}, rng=rng(seed))
        signs = {float(np.sign(w.values[x.tensor])) for w in worlds}
        assert signs == {1, -1}


def test_dead_relu_is_reported():
    with pytest.raises(ValueError, match="same sign"):
        draw_worlds([relu(-exp(x))], {}, rng=rng())


# Wrong lines must show

def test_counterexample_is_found_and_is_the_smallest():
    # z_j^2 summed is not the square of the sum: true at K = 1, not at 2.
    found = counterexample(total(j, z[j])**2, total(j, z[j]**2), {},
                           rng=rng())
    assert found.sizes == {K: 2}
    a, b = found.values[z]
    assert found.left == (a + b)**2 and found.right == a**2 + b**2
    assert {float(2 * a), float(2 * b)} <= set(range(-4, 5))


def test_counterexample_reads_as_a_sentence():
    found = counterexample(D(L, z[j]), y[j] - s[j], LOSS, [OneHot],
                           rng=rng(1))
    assert str(found).startswith("at K = 2, y = (")
    assert "this line gives " in str(found) and "j = " in str(found)
    assert counterexample(D(L, z[j]), s[j] - y[j], LOSS, [OneHot],
                          rng=rng(1)) is None


def test_size_one_misses_what_size_two_shows():
    right, wrong = s[i] * (delta(i, j) - s[j]), s[i] * (1 - s[j])
    one, two = (draw([right], SOFTMAX, rng=rng(), sizes={K: n})
                for n in (1, 2))
    assert compare(right, wrong, one).difference < 1e-12
    assert compare(right, wrong, two).difference > 0.1


def test_half_a_thousandth_shows():
    wrong = D(tanh(x), x) * (1 + expr(1) / 2000)
    world = draw([wrong], {}, rng=rng())
    assert compare(D(tanh(x), x), wrong, world).difference > 1e-4


def test_without_torch_the_arrays_are_those_of_numpy(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    name = "lmbook.derivation.worlds.arrays_torch"
    monkeypatch.delitem(sys.modules, name, False)
    assert isinstance(engine(), NumpyEngine)
    with pytest.raises(ImportError):
        engine("torch")
