"""Derivatives of functions: by hand, Hessians, nesting, counting, errors."""

import collections

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

import lmbook.autodiff as ad
from lmbook.autodiff import Dual, Tensor, counted, derivatives, values
from lmbook.gradcheck import numerical_jacobian

MODES = ["forward-over-reverse", "reverse-over-forward", "double-reverse"]
V, X = np.array([3.0, 1.0, 4.0]), np.array([2.0, 1.0, 3.0])


def quadratic(x):
    """Return 1/2 (v . x)^2: the gradient is v v^T x, the Hessian v v^T."""
    return 0.5 * (V @ x) ** 2


def network(x):
    """Return the loss of a small network, as a function of its input."""
    rng = np.random.default_rng(2)
    W1, W2 = rng.normal(size=(4, 3)), rng.normal(size=(3, 4))
    h = (W1 @ x).tanh() if hasattr(x, "tanh") else np.tanh(W1 @ x)
    z = W2 @ h
    return ad.logsumexp(z) - z[1] + 0.1 * ad.exp(x).sum()


# ---------------------------------------------------------------- by hand

def test_quadratic_by_hand():
    # v . x = 6 + 1 + 12 = 19, times v = (57, 19, 76); L = 19^2 / 2
    value, gradient = ad.value_and_grad(quadratic)(X)
    assert value == 180.5
    np.testing.assert_allclose(gradient, [57, 19, 76])
    np.testing.assert_allclose(
        ad.hessian(quadratic, X), [[9, 3, 12], [3, 1, 4], [12, 4, 16]])


@pytest.mark.parametrize("mode", MODES)
def test_hvp_by_hand(mode):
    # v = (4, 2, 1), y = (2, 2, 1): v . y = 13, times v
    v = np.array([4.0, 2.0, 1.0])
    np.testing.assert_allclose(
        ad.hvp(lambda x: 0.5 * (v @ x) ** 2, X, [2.0, 2.0, 1.0], mode),
        [52, 26, 13])


def test_dual_by_hand():
    # (3 + e)^2 / (1 + (3 + e)): slope of x^2 / (1 + x) is (6 * 4 - 9) / 16
    x = Dual(3.0, 1.0)
    y = x * x / (1 + x)
    assert (y.value, y.slope) == (2.25, 15 / 16)


def test_the_three_ways_by_hand_on_boxes():
    y = np.array([1.0, -1.0, 2.0])
    expected = ad.hessian(network, X) @ y
    x = Tensor(Dual(X, y))
    network(x).backward()
    np.testing.assert_allclose(x.grad.slope, expected)
    np.testing.assert_allclose(x.grad.value, ad.grad(network)(X))
    x = Tensor(X)
    network(Dual(x, y)).slope.backward()
    np.testing.assert_allclose(x.grad, expected)
    x = Tensor(X)
    inner = Tensor(x)
    network(inner).backward()
    (inner.grad * y).sum().backward()
    np.testing.assert_allclose(x.grad, expected)


# ------------------------------------------------------------------- laws

@given(st.integers(0, 1000))
def test_hvps_agree_with_each_other_torch_and_the_hessian(seed):
    rng = np.random.default_rng(seed)
    A, b = rng.normal(size=(3, 4)), rng.normal(size=3)
    x, v = rng.normal(size=(2, 4))

    def ours(x):
        z = A @ x + b
        return ad.logsumexp(z) + (ad.sigmoid(z) * x[:3]).sum() / 3

    def theirs(x):
        z = torch.tensor(A) @ x + torch.tensor(b)
        return torch.logsumexp(z, -1) + (torch.sigmoid(z) * x[:3]).sum() / 3

    expected = torch.autograd.functional.hessian(
        theirs, torch.tensor(x)).numpy()
    hessian = ad.hessian(ours, x)
    np.testing.assert_allclose(hessian, expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-12)
    for mode in MODES:
        np.testing.assert_allclose(ad.hvp(ours, x, v, mode), expected @ v,
                                   rtol=1e-10, atol=1e-12)


def test_jacobians_agree():
    def f(x):
        return ad.stack([ad.softmax(x[0]), ad.tanh(x[1] * x[0])], axis=1)
    x = np.random.default_rng(0).normal(size=(2, 3))
    rows, columns = ad.jacobian(f, x), ad.jacobian(f, x, mode="forward")
    assert rows.shape == (3, 2, 2, 3)
    np.testing.assert_allclose(rows, columns, atol=1e-15)
    np.testing.assert_allclose(
        rows, numerical_jacobian(lambda x: ad.jvp(f, x, x)[0], x), atol=1e-9)


def test_reverse_and_forward_are_transposes():
    # u . (J v) = (u^T J) . v
    rng = np.random.default_rng(1)
    x, v = rng.normal(size=(2, 3))
    u = rng.normal(size=4)
    W = rng.normal(size=(4, 3))

    def f(x):
        return ad.sigmoid(W @ ad.exp(x))
    assert u @ ad.jvp(f, x, v)[1] == pytest.approx(ad.vjp(f, x)[1](u) @ v)


def test_third_derivative():
    third = ad.grad(lambda x: ad.grad(lambda x: ad.grad(
        lambda x: x ** 4)(x))(x))
    assert third(2.0) == 48                                # 24 x
    slope = ad.jvp(lambda x: ad.jvp(lambda x: ad.jvp(
        lambda x: x ** 4, x, 1.0)[1], x, 1.0)[1], 2.0, 1.0)[1]
    assert slope == 48


def test_pullback_can_be_used_again():
    _, pullback = ad.vjp(lambda x: x * x, [1.0, 2.0])
    for _ in range(2):
        np.testing.assert_array_equal(pullback([1.0, 1.0]), [2, 4])


def test_result_that_does_not_use_the_input():
    x = np.ones(2, np.float32)
    assert ad.grad(lambda x: 3.0)(x).tolist() == [0, 0]
    assert ad.jvp(lambda x: [3.0], x, x)[1].tolist() == [0]
    assert ad.jacobian(lambda x: np.ones(3), x).shape == (3, 2)
    assert ad.grad(lambda x: 3.0)(x).dtype == np.float32
    assert ad.hessian(lambda x: x.sum(), x).tolist() == [[0, 0], [0, 0]]


def test_more_arguments_and_ground_tensors():
    w = Tensor([2.0, 3.0])
    gradient = ad.grad(lambda x, c: c * (w * x).sum())([1.0, 1.0], 10.0)
    np.testing.assert_array_equal(gradient.data, [20, 30])
    gradient.sum().backward()                     # d/dw of 10 (w1 + w2)
    np.testing.assert_array_equal(w.grad, [10, 10])


# --------------------------------------------------- perturbation confusion


def forward(f, x):
    """Return f'(x) by forward mode."""
    return ad.jvp(f, x, 1.0)[1]


def backward(f, x):
    """Return f'(x) by reverse mode."""
    return ad.grad(f)(x)


@pytest.mark.parametrize("outer", [forward, backward])
@pytest.mark.parametrize("inner", [forward, backward])
def test_nested_derivatives_stay_apart(outer, inner):
    # d/dx (x d/dy (x + y)) = d/dx x = 1; confusing x with y gives 2
    assert outer(lambda x: x * inner(lambda y: x + y, 1.0), 1.0) == 1
    # d/dx (x d/dy (x y)) = d/dx x^2 = 2 x
    assert outer(lambda x: x * inner(lambda y: x * y, 5.0), 3.0) == 6
    # d/dx at x of d/dy (x^2 y^3) at y = x: d/dx 3 x^4 = 12 x^3
    assert outer(lambda x: inner(lambda y: x * x * y ** 3, x), 2.0) == 96


@pytest.mark.parametrize("mode", [forward, backward])
def test_planted_confusion(mode, monkeypatch):
    # one level for all derivatives: the classic error comes back
    class Same:
        def __next__(self):
            return 1000
    monkeypatch.setattr(derivatives, "fresh_levels", Same())
    if mode is forward:
        assert mode(lambda x: x * mode(lambda y: x + y, 1.0), 1.0) == 2
    else:
        assert ad.grad(lambda x: x * backward(lambda y: x + y, 1.0))(1.0) == 1
        with pytest.raises(ValueError, match="a Tensor and a Dual of one"):
            mode(lambda x: forward(lambda y: x * y, 1.0), 1.0)


@pytest.mark.parametrize("mode", [forward, backward])
def test_variable_that_escaped(mode):
    kept = []

    def f(x):
        kept.append(x)
        return x

    def outer(x):
        mode(f, 1.0)
        return x * kept[0]
    with pytest.raises(ValueError) as caught:
        mode(outer, 1.0)
    assert str(caught.value) == (
        "the result depends on the variable of another derivative, which has"
        " been taken already")


# ----------------------------------------------------------------- counting

def cost(f):
    """Return what a function of a tally counts."""
    tally = collections.Counter()
    f(tally)
    return tally


def test_count_by_hand():
    # v . x: n products and n - 1 sums; times v: n products
    tally = cost(lambda t: counted(V, t) * (counted(V, t) @ counted(X, t)))
    assert tally == {"*": 6, "+": 2}
    # (V x) with V of shape (2, 3): 6 products, 4 sums
    tally = cost(lambda t: counted(np.ones((2, 3)), t) @ counted(X, t))
    assert tally == {"*": 6, "+": 4}
    tally = cost(lambda t: -np.exp(counted(X, t)) / 2 - 1)
    assert tally == {"exp": 3, "/": 3, "+": 3}


@pytest.mark.parametrize("n, m", [(3, 2), (5, 7)])
def test_count_of_bracketings(n, m):
    def arrays(t):
        return (counted(np.ones(n), t), counted(np.ones(n), t),
                counted(np.ones(m), t))

    def scalar_first(t):
        v, y1, y2 = arrays(t)
        return v[:, None] * ((v @ y1) * y2)

    def matrix_first(t):
        v, y1, y2 = arrays(t)
        return (v[:, None] * v) @ (y1[:, None] * y2)

    assert cost(scalar_first)["*"] == n + m + n * m
    assert cost(matrix_first)["*"] == n * n + n * m + n * n * m


@pytest.mark.parametrize("mode", MODES)
def test_hvp_is_linear_and_hessian_quadratic(mode):
    def products(n, f):
        return cost(lambda t: f(counted(np.ones(n), t)))["*"]

    def loss(x):
        return ad.exp(x * x).sum() + (x @ x) ** 2

    hvp = [products(n, lambda x: ad.hvp(loss, x, np.ones(len(x)), mode))
           for n in (10, 20, 30)]
    assert hvp[1] - hvp[0] == hvp[2] - hvp[1] > 0       # a straight line
    full = [products(n, lambda x: ad.hessian(loss, x)) for n in (10, 20, 30)]
    assert full[2] - 2 * full[1] + full[0] > 0          # it bends


def test_which_mode_is_cheaper():
    def products(mode, inputs, outputs):
        W = np.ones((outputs, inputs))
        return cost(lambda t: ad.jacobian(
            lambda x: ad.tanh(W @ x), counted(np.ones(inputs), t), mode))["*"]
    assert products("reverse", 20, 2) < products("forward", 20, 2)
    assert products("forward", 2, 20) < products("reverse", 2, 20)


def test_counted_values_are_right():
    def f(x):
        return ((x * x).sum() * ad.exp(x) / (1 + x) - x[0] ** 2
                + ad.log(x) * ad.sqrt(x) + ad.tanh(x).max() + ad.relu(-x)
                + 2 / x - (1 - x.mean())).sum()
    tally = collections.Counter()
    for mode in MODES:
        np.testing.assert_allclose(
            values(ad.hvp(f, counted(X, tally), V, mode)),
            ad.hvp(f, X, V, mode), rtol=1e-12)
    assert set(tally) == {"+", "*", "/", "**", "exp", "log", "sqrt", "tanh"}
    x = counted(X, tally)
    assert repr(x) == "counted([2.0, 1.0, 3.0])" and x[0] == 2
    assert ((x > 1) == [True, False, True]).all()
    assert (x <= 2).tolist() == (2 >= x).tolist() == [True, True, False]
    assert repr(x[0].item()) == "2.0"


def test_counted_numbers_in_plain_arrays():
    tally = collections.Counter()
    plain = np.array(counted(V, tally))           # NumPy's own array of them
    np.testing.assert_array_equal(values(plain[0] * plain), [9, 3, 12])
    np.testing.assert_array_equal(values(2 ** plain), [8, 2, 16])
    assert tally == {"*": 3, "**": 3}


def test_planted_extra_product_is_counted():
    wasteful = cost(lambda t: counted(V, t) * 1.0 * counted(X, t))
    assert wasteful["*"] == 6 != cost(
        lambda t: counted(V, t) * counted(X, t))["*"]


# ------------------------------------------------------------------ errors

@pytest.mark.parametrize("call, message", [
    (lambda: ad.grad(lambda x: x * x)(X),
     "grad needs a function with a single number as its value, got shape"
     " (3,); jacobian takes any"),
    (lambda: ad.jvp(quadratic, X, [1.0]),
     "the value has shape (3,), the slope (1,)"),
    (lambda: ad.vjp(lambda x: x * x, X)[1]([1.0]),
     "grad of shape (1,) for a tensor of shape (3,)"),
    (lambda: ad.jacobian(quadratic, X, mode="sideways"),
     "mode 'sideways': expected 'forward' or 'reverse'"),
    (lambda: ad.hvp(quadratic, X, V, mode="reverse"),
     "mode 'reverse': expected 'forward-over-reverse',"
     " 'reverse-over-forward' or 'double-reverse'"),
    (lambda: Dual([1.0], 1.0), "the value has shape (1,), the slope ()"),
    (lambda: Dual("a", 1.0), "expected real numbers, got 'a'"),
    (lambda: counted(["a"], collections.Counter()),
     "could not convert string to float: 'a'"),
])
def test_messages(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == message
