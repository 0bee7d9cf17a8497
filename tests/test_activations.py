"""Activations and layer normalisation: by hand, published, laws, torch."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays, array_shapes

import lmbook.functional as F
from lmbook.gradcheck import GradientError, check_vjp

T = torch.nn.functional
RNG = np.random.default_rng(2)
X = RNG.normal(size=(4, 5)) * 2
GAIN, SHIFT = RNG.normal(size=5), RNG.normal(size=5)
VALUES = arrays(np.float64, array_shapes(max_dims=3, min_side=2),
                elements=st.floats(-1e3, 1e3))

# name: ours, its vjp as a function of (g, x), torch's
ACTIVATIONS = {
    "relu": (F.relu, F.relu_vjp, torch.relu),
    "leaky": (F.leaky_relu, F.leaky_relu_vjp, T.leaky_relu),
    "leaky 0.3": (lambda x: F.leaky_relu(x, 0.3),
                  lambda g, x: F.leaky_relu_vjp(g, x, 0.3),
                  lambda x: T.leaky_relu(x, 0.3)),
    "tanh": (F.tanh, lambda g, x: F.tanh_vjp(g, F.tanh(x)), torch.tanh),
    "gelu": (F.gelu, F.gelu_vjp, T.gelu),
}


# ---------------------------------------------------------------- by hand

def test_relu_by_hand():
    np.testing.assert_array_equal(F.relu([-2, 0, 3]), [0, 0, 3])
    # negative and zero inputs pass nothing back
    np.testing.assert_array_equal(
        F.relu_vjp([7, 7, 7], [-2, 0, 3]), [0, 0, 7])


def test_leaky_relu_by_hand():
    # -2 / 4 = -1/2; at 0 the slope is that of the left side
    np.testing.assert_array_equal(
        F.leaky_relu([-2, 0, 3], 0.25), [-0.5, 0, 3])
    np.testing.assert_array_equal(
        F.leaky_relu_vjp([4, 4, 4], [-2, 0, 3], 0.25), [1, 1, 4])


def test_tanh_by_hand():
    # e^x = 2: (2 - 1/2) / (2 + 1/2) = 3/5, and 1 - 9/25 = 16/25
    t = F.tanh(math.log(2))
    np.testing.assert_allclose(t, 0.6)
    np.testing.assert_allclose(F.tanh_vjp(1.0, t), 16 / 25)


def test_gelu_by_hand():
    # Phi(0) = 1/2, so the value is 0 and the slope 1/2
    assert F.gelu(0.0) == 0 and F.gelu_vjp(1.0, 0.0) == 0.5
    # Phi(1) = 0.841345, phi(1) = 0.241971
    np.testing.assert_allclose(F.gelu([1.0, -1.0]), [0.841345, -0.158655],
                               atol=5e-7)
    np.testing.assert_allclose(F.gelu_vjp(1.0, 1.0), 1.083316, atol=1e-6)


def test_layer_norm_by_hand():
    # mean 3, variance (4 + 0 + 4) / 3 = 8/3; with eps = 4/3, s = 2
    y = F.layer_norm([1, 3, 5], [1, 1, 2], [0, 10, 0], eps=4 / 3)
    np.testing.assert_allclose(y, [-1, 10, 2])
    # g = (3, 0, 0), h = (-1, 0, 1): mean g = 1, mean g h = -1
    # dx = ((3, 0, 0) - 1 + h) / 2 = (1, -1, 0) / 2
    dx, dw, db = F.layer_norm_vjp([3, 0, 0], [1, 3, 5], eps=4 / 3)
    np.testing.assert_allclose(dx, [0.5, -0.5, 0])
    np.testing.assert_allclose(dw, [-3, 0, 0])
    np.testing.assert_allclose(db, [3, 0, 0])


# ------------------------------------------------------ published example

def test_published_values_of_gelu():
    # the standard normal table: Phi(2) = 0.9772, Phi(0.5) = 0.6915
    np.testing.assert_allclose(
        F.gelu([2.0, 0.5]), [2 * 0.9772, 0.5 * 0.6915], atol=1e-4)


def test_layer_norm_of_pytorch_as_documented():
    # the formula of torch.nn.LayerNorm, with the biased variance
    mean = X.mean(-1, keepdims=True)
    var = X.var(-1, ddof=0, keepdims=True)
    np.testing.assert_allclose(
        F.layer_norm(X, GAIN, SHIFT),
        (X - mean) / np.sqrt(var + 1e-5) * GAIN + SHIFT, rtol=1e-12)


# ------------------------------------------------------------------- laws

@given(VALUES)
def test_relu_twice_is_relu_once(x):
    np.testing.assert_array_equal(F.relu(F.relu(x)), F.relu(x))
    np.testing.assert_array_equal(F.relu(x) - F.relu(-x), x)
    np.testing.assert_array_equal(F.leaky_relu(x, 0), F.relu(x))
    np.testing.assert_array_equal(F.leaky_relu(x, 1), x)


@given(VALUES)
def test_the_output_of_relu_is_enough_to_go_back(x):
    g = np.ones_like(x)
    np.testing.assert_array_equal(
        F.relu_vjp(g, x), F.relu_vjp(g, F.relu(x)))


@given(VALUES)
def test_tanh_is_a_stretched_sigmoid(x):
    np.testing.assert_allclose(F.tanh(x), 2 * F.sigmoid(2 * x) - 1,
                               atol=1e-15)


@given(VALUES)
def test_gelu_and_its_mirror_image(x):
    # x Phi(x) + x Phi(-x) = x
    np.testing.assert_allclose(F.gelu(x) - F.gelu(-x), x, rtol=1e-14,
                               atol=1e-15)


def test_limits():
    far = np.array([-np.inf, np.inf])
    np.testing.assert_array_equal(F.gelu(far), [0, np.inf])
    np.testing.assert_array_equal(F.gelu_vjp([1, 1], far), [0, 1])
    np.testing.assert_array_equal(F.tanh(far), [-1, 1])
    np.testing.assert_array_equal(F.relu(far), [0, np.inf])


@given(VALUES, st.floats(-100, 100), st.floats(0.1, 10))
def test_layer_norm_ignores_shift_and_scale(x, c, k):
    rows = x + np.arange(x.shape[-1])           # no row is constant
    if rows.std(-1).min() < 0.1:
        return
    h = F.layer_norm(rows, eps=0)
    np.testing.assert_allclose(h.mean(-1), 0, atol=1e-9)
    np.testing.assert_allclose((h ** 2).mean(-1), 1, rtol=1e-9)
    np.testing.assert_allclose(F.layer_norm(k * rows + c, eps=0), h,
                               atol=1e-7)


def test_constant_row_needs_eps():
    np.testing.assert_array_equal(
        F.layer_norm(np.full((2, 3), 7.0), bias=[1, 2, 3]), [[1, 2, 3]] * 2)


def test_no_gradient_along_the_two_ways_that_change_nothing():
    g = RNG.normal(size=X.shape)
    dx, _, _ = F.layer_norm_vjp(g, X, GAIN, eps=0)
    np.testing.assert_allclose(dx.sum(-1), 0, atol=1e-12)
    np.testing.assert_allclose((dx * X).sum(-1), 0, atol=1e-12)


def test_a_row_of_one_entry_is_always_constant():
    # torch leaves a rounding error here; the right answer is 0
    dx, dw, db = F.layer_norm_vjp(np.ones((4, 1)), X[:, :1])
    np.testing.assert_array_equal(dx, np.zeros((4, 1)))
    np.testing.assert_array_equal((dw, db), ([0], [4]))


def test_a_large_row_in_half_precision():
    x = np.array([-300.0, 300.0, 300.0], np.float16)    # 300^2 overflows
    assert np.isfinite(F.layer_norm(x)).all()
    assert np.isfinite(F.gelu_vjp(np.ones(3), x)).all()


# ------------------------------------------- independent implementations

def autograd(f, *inputs, seed=3):
    """Return torch's output, a random upstream gradient, its gradients."""
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    out = f(*leaves)
    g = np.random.default_rng(seed).normal(size=tuple(out.shape))
    g = g.astype(inputs[0].dtype)
    grads = torch.autograd.grad(out, leaves, torch.tensor(g))
    return out.detach().numpy(), g, [d.numpy() for d in grads]


def close(a, b):
    """Compare to 1e-12, or to a few units of the last digit of float32."""
    assert a.dtype == b.dtype
    single = a.dtype == np.float32
    np.testing.assert_allclose(a, b, rtol=2e-6 if single else 1e-12,
                               atol=2e-6 if single else 1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_equal_torch(name, dtype):
    ours, vjp, theirs = ACTIVATIONS[name]
    x = np.concatenate([X.ravel(), [0.0, -0.0, 9.0, -9.0]]).astype(dtype)
    out, g, (dx,) = autograd(theirs, x)
    close(ours(x), out)
    close(vjp(g, x), dx)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("x", [X, X[0], X.reshape(2, 2, 5), X[:, :2]],
                         ids=["batch", "one", "two axes", "width two"])
@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_layer_norm_equals_torch(x, eps, dtype):
    width = x.shape[-1]
    inputs = [a.astype(dtype) for a in (x, GAIN[:width], SHIFT[:width])]
    out, g, grads = autograd(
        lambda x, w, b: T.layer_norm(x, x.shape[-1:], w, b, eps), *inputs)
    close(F.layer_norm(*inputs, eps), out)
    for ours, theirs in zip(F.layer_norm_vjp(g, *inputs[:2], eps), grads):
        close(ours, theirs)
    out, g, (dx,) = autograd(
        lambda x: T.layer_norm(x, x.shape[-1:], eps=eps), inputs[0])
    close(F.layer_norm(inputs[0], eps=eps), out)
    close(F.layer_norm_vjp(g, inputs[0], eps=eps)[0], dx)


# -------------------------------------------------------------- gradients

@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_by_central_differences(name):
    ours, vjp, _ = ACTIVATIONS[name]
    check_vjp(ours, vjp, X)


def test_layer_norm_by_central_differences():
    check_vjp(F.layer_norm, lambda g, x, w, b: F.layer_norm_vjp(g, x, w),
              (X, GAIN, SHIFT))


# ------------------------------- wrong versions, and arguments, caught

WRONG_SLOPES = {
    "relu passes everything": (F.relu, lambda g, x: g),
    "relu passes the wrong side": (F.relu, lambda g, x: g * (x < 0)),
    "relu scales by its output": (F.relu, lambda g, x: g * F.relu(x)),
    "leaky relu does not leak": (F.leaky_relu, F.relu_vjp),
    "tanh by its input": (F.tanh, F.tanh_vjp),
    "tanh with the sigmoid's slope": (
        F.tanh, lambda g, x: F.sigmoid_vjp(g, F.tanh(x))),
    "gelu without its second term": (
        F.gelu, lambda g, x: g * F.gelu(x) / x),
    "gelu off by 0.05 %": (F.gelu, lambda g, x: 1.0005 * F.gelu_vjp(g, x)),
}


@pytest.mark.parametrize("name", WRONG_SLOPES)
def test_wrong_slope_is_caught(name):
    with pytest.raises(GradientError, match="by central differences"):
        check_vjp(*WRONG_SLOPES[name], X)


def dx_of(mistake):
    """Return a vjp of layer normalisation with one term spoilt."""
    def vjp(g, x, w, b):
        dx, dw, db = F.layer_norm_vjp(g, x, w)
        h, s = F.layer_norm(x), np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        a = g * w
        return mistake(dx, dw, db, a, h, s)
    return vjp


def mean(a):
    return a.mean(-1, keepdims=True)


WRONG_NORMS = {
    "mean and spread taken for constants":
        lambda dx, dw, db, a, h, s: (a / s, dw, db),
    "the spread taken for a constant":
        lambda dx, dw, db, a, h, s: ((a - mean(a)) / s, dw, db),
    "the mean taken for a constant":
        lambda dx, dw, db, a, h, s: ((a - h * mean(a * h)) / s, dw, db),
    "a sum for a mean": lambda dx, dw, db, a, h, s: (
        (a - mean(a) - h * (a * h).sum(-1, keepdims=True)) / s, dw, db),
    "gain and shift swapped": lambda dx, dw, db, a, h, s: (dx, db, dw),
}


@pytest.mark.parametrize("name", WRONG_NORMS)
def test_wrong_layer_norm_is_caught(name):
    with pytest.raises(GradientError, match="by central differences"):
        check_vjp(F.layer_norm, dx_of(WRONG_NORMS[name]), (X, GAIN, SHIFT))


def test_the_other_variance_is_noticed():
    x, g = X[0], np.ones(5)
    wrong = (x - x.mean()) / np.sqrt(x.var(ddof=1) + 1e-5)
    assert np.abs(wrong - F.layer_norm(x, g)).max() > 0.01


ERRORS = {
    "negative_slope must be finite, got inf":
        lambda: F.leaky_relu(X, np.inf),
    "negative_slope must be finite, got nan":
        lambda: F.leaky_relu_vjp(X, X, np.nan),
    r"x holds NaN at position \(1,\)": lambda: F.relu([0, np.nan]),
    r"grad_output has shape \(5,\), the output has shape \(4, 5\)":
        lambda: F.relu_vjp(X[0], X),
    "output holds NaN": lambda: F.tanh_vjp([1.0], [np.nan]),
    "eps must be finite and at least 0, got -1":
        lambda: F.layer_norm(X, eps=-1),
    "constant row, of variance 0: expected a positive eps, got 0":
        lambda: F.layer_norm(np.ones(3), eps=0),
    "x must be finite": lambda: F.layer_norm([1, np.inf]),
    r"weight has shape \(4,\), x has shape \(4, 5\): expected \(5,\)":
        lambda: F.layer_norm(X, np.ones(4)),
    r"bias has shape \(1,\)": lambda: F.layer_norm(X, bias=np.ones(1)),
    r"weight has shape \(\)": lambda: F.layer_norm_vjp(X, X, 2.0),
    r"grad_output has shape \(4,\)": lambda: F.layer_norm_vjp(X[:, 0], X),
    "axis -1 does not exist": lambda: F.layer_norm(1.0),
    "axis -1 is empty": lambda: F.layer_norm(np.zeros((2, 0))),
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_name_the_value(message):
    with pytest.raises(ValueError, match=message):
        ERRORS[message]()
