"""The formulas: by hand, published, laws, libraries, gradients, traps."""

import math

import numpy as np
import pytest
import scipy.special
import torch
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays, array_shapes

import lmbook.functional as F
from lmbook.gradcheck import GradientError, check_jacobian, check_vjp

RNG = np.random.default_rng(1)
X = RNG.normal(size=(4, 5)) * 3
CLASSES = np.array([0, 4, 2, 2])
SOFT = RNG.uniform(size=(4, 5))           # weights that do not sum to 1
LABELS = RNG.uniform(size=(4, 5))
WEIGHT, BIAS = RNG.normal(size=(3, 5)), RNG.normal(size=3)

REDUCTIONS = ["mean", "sum", "none"]
LOGITS = arrays(np.float64, array_shapes(min_dims=1, max_dims=3),
                elements=st.floats(-1e4, 1e4))


# ---------------------------------------------------------------- by hand

def test_softmax_by_hand():
    # exp(log 1), exp(log 2), exp(log 5) = 1, 2, 5, which sum to 8
    x = np.log([1.0, 2.0, 5.0])
    np.testing.assert_allclose(F.softmax(x), [1 / 8, 2 / 8, 5 / 8])
    np.testing.assert_allclose(F.log_softmax(x)[0], -math.log(8))
    np.testing.assert_allclose(F.logsumexp(x), math.log(8))


def test_temperature_by_hand():
    # tau = 1/2 doubles the logits: exp(2 log p) = p^2: 1, 4, 25 over 30
    x = np.log([1.0, 2.0, 5.0])
    np.testing.assert_allclose(
        F.softmax(x, temperature=0.5), np.array([1, 4, 25]) / 30)


def test_softmax_vjp_by_hand():
    # s = (1/4, 3/4), g = (1, 0): g.s = 1/4
    # s_1 (1 - 1/4) = 3/16 and s_2 (0 - 1/4) = -3/16
    np.testing.assert_allclose(
        F.softmax_vjp([1, 0], [0.25, 0.75]), [3 / 16, -3 / 16])


def test_sigmoid_by_hand():
    # exp(-log 3) = 1/3 and 1 / (1 + 1/3) = 3/4; the slope is 3/4 * 1/4
    np.testing.assert_allclose(F.sigmoid(math.log(3)), 0.75)
    np.testing.assert_allclose(F.sigmoid(-math.log(3)), 0.25)
    np.testing.assert_allclose(F.sigmoid_vjp(1.0, 0.75), 3 / 16)
    np.testing.assert_allclose(F.log_sigmoid(-math.log(3)), -math.log(4))


def test_cross_entropy_by_hand():
    # softmax = (1/8, 2/8, 5/8): class 1 costs log 4
    x = np.log([1.0, 2.0, 5.0])
    np.testing.assert_allclose(F.cross_entropy(x, 1), math.log(4))
    # weights (1, 0, 2): log 8 + 2 log(8/5); the gradient is 3 s - y
    y = [1.0, 0.0, 2.0]
    np.testing.assert_allclose(
        F.cross_entropy(x, y), math.log(8) + 2 * math.log(8 / 5))
    np.testing.assert_allclose(
        F.cross_entropy_vjp(1.0, x, y), [3 / 8 - 1, 6 / 8, 15 / 8 - 2])


def test_linear_by_hand():
    # (1, 2) . (3, 4) + 1 = 12 and (1, 2) . (5, 6) + 2 = 19
    z = F.linear([1, 2], [[3, 4], [5, 6]], [1, 2])
    np.testing.assert_array_equal(z, [12, 19])
    # dz = (1, 10): dx = 1 (3, 4) + 10 (5, 6) = (53, 64)
    dx, dw, db = F.linear_vjp([1, 10], [1, 2], [[3, 4], [5, 6]])
    np.testing.assert_array_equal(dx, [53, 64])
    np.testing.assert_array_equal(dw, [[1, 2], [10, 20]])
    np.testing.assert_array_equal(db, [1, 10])


@pytest.mark.parametrize("size, nats", [(2000, 7.6009), (10000, 9.2103)])
def test_uniform_model(size, nats):
    # a uniform model gives -log(1/V) = log V to every token
    loss = F.cross_entropy(np.zeros(size), 7)
    assert round(float(loss), 4) == nats
    np.testing.assert_allclose(F.perplexity(loss), size)


def test_perplexity_by_hand():
    # probabilities 1/2 and 1/8: the geometric mean is 1/4
    np.testing.assert_allclose(F.perplexity(np.log([2.0, 8.0])), 4)


# ------------------------------------------------------ published example

def test_published_softmax_rows():
    for row in [(1.0, 2.0), (1001.0, 1002.0)]:
        np.testing.assert_allclose(
            F.softmax(row), [0.26894142, 0.73105858], atol=5e-9)


def test_published_batch():
    # a batch whose gradients are printed in a course's answer key
    x = np.array([[1.0, 2, 3], [4, 5, 6]])
    logits, labels = np.array([[0.3, -0.5], [-0.4, 0.6]]), [1, 1]
    assert round(float(F.cross_entropy(logits, labels)), 4) == 0.7422
    dz = F.cross_entropy_vjp(1.0, logits, labels)
    _, dw, db = F.linear_vjp(dz, x, np.zeros((2, 3)))
    row = [0.8829, 1.3623, 1.8418]
    np.testing.assert_allclose(dw, [row, np.negative(row)], atol=5e-5)
    np.testing.assert_allclose(db, [0.4795, -0.4795], atol=5e-5)


# ------------------------------------------------------------------- laws

@given(LOGITS)
def test_softmax_is_a_distribution(x):
    s = F.softmax(x)
    assert (s >= 0).all()
    np.testing.assert_allclose(s.sum(-1), 1)


@given(LOGITS, st.floats(-1e3, 1e3))
def test_softmax_ignores_a_shift(x, c):
    np.testing.assert_allclose(F.softmax(x + c), F.softmax(x), atol=1e-10)
    np.testing.assert_allclose(
        F.logsumexp(x + c), F.logsumexp(x) + c, atol=1e-10)


@given(LOGITS)
def test_log_softmax_normalises(x):
    log_s = F.log_softmax(x)
    np.testing.assert_allclose(
        log_s, x - F.logsumexp(x)[..., None], atol=1e-10)
    np.testing.assert_allclose(F.logsumexp(log_s), 0, atol=1e-12)


@given(st.floats(-1e300, 1e300))
def test_sigmoid_is_symmetric(x):
    assert F.sigmoid(x) + F.sigmoid(-x) == pytest.approx(1, abs=1e-15)
    assert F.log_sigmoid(x) - F.log_sigmoid(-x) == pytest.approx(x)


@given(st.floats(-500, 500), st.sampled_from([0, 1]))
def test_binary_loss_is_two_classes(x, y):
    one = F.binary_cross_entropy_with_logits(x, y)
    assert one == pytest.approx(F.cross_entropy([0, x], y), abs=1e-12)


def test_tiny_temperature_is_argmax():
    s = F.softmax([1.0, 3.0, 3.0], temperature=1e-308)
    np.testing.assert_array_equal(s, [0, 0.5, 0.5])
    np.testing.assert_allclose(
        F.softmax([1.0, 3.0, 3.0], temperature=1e300), 1 / 3)


def test_excluded_class():
    x = np.array([0.0, -np.inf, 0.0])
    np.testing.assert_array_equal(F.softmax(x), [0.5, 0, 0.5])
    assert F.cross_entropy(x, 0) == pytest.approx(math.log(2))
    assert F.cross_entropy(x, [1.0, 0, 0]) == pytest.approx(math.log(2))
    assert F.cross_entropy(x, 1) == np.inf
    assert F.logsumexp([-np.inf, -np.inf]) == -np.inf
    assert F.logsumexp([np.inf, 0]) == np.inf


def test_perplexity_too_large_is_infinite():
    assert F.perplexity(1000.0) == np.inf


# Every function: name, call, arguments that are arrays of floats.
CALLS = {
    "logsumexp": (F.logsumexp, [X]),
    "logsumexp_vjp": (F.logsumexp_vjp, [X[:, 0], X]),
    "softmax": (F.softmax, [X]),
    "softmax_vjp": (F.softmax_vjp, [X, F.softmax(X)]),
    "log_softmax": (F.log_softmax, [X]),
    "log_softmax_vjp": (F.log_softmax_vjp, [X, F.log_softmax(X)]),
    "sigmoid": (F.sigmoid, [X]),
    "sigmoid_vjp": (F.sigmoid_vjp, [X, F.sigmoid(X)]),
    "log_sigmoid": (F.log_sigmoid, [X]),
    "log_sigmoid_vjp": (F.log_sigmoid_vjp, [X, X]),
    "cross_entropy": (F.cross_entropy, [X, SOFT]),
    "cross_entropy_vjp": (F.cross_entropy_vjp, [np.array(2.0), X, SOFT]),
    "binary_cross_entropy_with_logits":
        (F.binary_cross_entropy_with_logits, [X, LABELS]),
    "binary_cross_entropy_with_logits_vjp":
        (F.binary_cross_entropy_with_logits_vjp,
         [np.array(2.0), X, LABELS]),
    "linear": (F.linear, [X, WEIGHT, BIAS]),
    "linear_vjp": (F.linear_vjp, [X @ WEIGHT.T, X, WEIGHT]),
    "relu": (F.relu, [X]),
    "relu_vjp": (F.relu_vjp, [X, X]),
    "leaky_relu": (F.leaky_relu, [X]),
    "leaky_relu_vjp": (F.leaky_relu_vjp, [X, X]),
    "tanh": (F.tanh, [X]),
    "tanh_vjp": (F.tanh_vjp, [X, np.tanh(X)]),
    "gelu": (F.gelu, [X]),
    "gelu_vjp": (F.gelu_vjp, [X, X]),
    "layer_norm": (F.layer_norm, [X, X[0], X[1]]),
    "layer_norm_vjp": (F.layer_norm_vjp, [X, X, X[0]]),
    "perplexity": (F.perplexity, [LABELS]),
    "perplexity_vjp": (F.perplexity_vjp, [np.array(2.0), LABELS]),
}


def test_every_function_is_called_here():
    assert sorted(CALLS) == sorted(F.__all__)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", CALLS)
def test_type_is_kept_and_nothing_is_changed(name, dtype):
    f, arguments = CALLS[name]
    arguments = [a.astype(dtype) for a in arguments]
    before = [a.copy() for a in arguments]
    out = f(*arguments)
    for part in out if isinstance(out, tuple) else (out,):
        assert part.dtype == dtype
    for a, b in zip(arguments, before):
        np.testing.assert_array_equal(a, b)


# ------------------------------------------- independent implementations

@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_equal_to_scipy(axis):
    for ours, theirs in [(F.logsumexp, scipy.special.logsumexp),
                         (F.softmax, scipy.special.softmax),
                         (F.log_softmax, scipy.special.log_softmax)]:
        np.testing.assert_allclose(
            ours(X, axis=axis), theirs(X, axis=axis), rtol=1e-13)
    np.testing.assert_allclose(F.sigmoid(X), scipy.special.expit(X))
    np.testing.assert_allclose(F.log_sigmoid(X), scipy.special.log_expit(X))


def autograd(f, *inputs, seed=3):
    """Return torch's output, a random upstream gradient, its gradients."""
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    out = f(*leaves)
    g = np.random.default_rng(seed).normal(size=tuple(out.shape))
    grads = torch.autograd.grad(out, leaves, torch.tensor(g))
    return out.detach().numpy(), g, [d.numpy() for d in grads]


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("tau", [1.0, 0.3, 7.0])
def test_softmax_vjps_equal_autograd(axis, tau):
    out, g, (dx,) = autograd(lambda x: torch.softmax(x / tau, axis), X)
    close(F.softmax(X, axis, tau), out)
    close(F.softmax_vjp(g, out, axis, tau), dx)
    out, g, (dx,) = autograd(lambda x: torch.log_softmax(x / tau, axis), X)
    close(F.log_softmax(X, axis, tau), out)
    close(F.log_softmax_vjp(g, out, axis, tau), dx)
    out, g, (dx,) = autograd(lambda x: torch.logsumexp(x, axis), X)
    close(F.logsumexp(X, axis), out)
    close(F.logsumexp_vjp(g, X, axis), dx)


def test_activation_vjps_equal_autograd():
    out, g, (dx,) = autograd(torch.sigmoid, X)
    close(F.sigmoid(X), out)
    close(F.sigmoid_vjp(g, out), dx)
    out, g, (dx,) = autograd(torch.nn.functional.logsigmoid, X)
    close(F.log_sigmoid(X), out)
    close(F.log_sigmoid_vjp(g, X), dx)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("targets", [CLASSES, SOFT], ids=["class", "soft"])
def test_cross_entropy_equals_autograd(targets, reduction):
    out, g, (dx,) = autograd(
        lambda x: torch.nn.functional.cross_entropy(
            x, torch.tensor(targets), reduction=reduction), X)
    close(F.cross_entropy(X, targets, reduction), out)
    close(F.cross_entropy_vjp(g, X, targets, reduction), dx)


@pytest.mark.parametrize("target", [3, SOFT[0]], ids=["class", "soft"])
def test_one_example_equals_autograd(target):
    out, g, (dx,) = autograd(
        lambda x: torch.nn.functional.cross_entropy(
            x, torch.tensor(target)), X[0])
    close(F.cross_entropy(X[0], target), out)
    close(F.cross_entropy_vjp(g, X[0], target), dx)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_binary_loss_equals_autograd(reduction):
    out, g, (dx,) = autograd(
        lambda x: torch.nn.functional.binary_cross_entropy_with_logits(
            x, torch.tensor(LABELS), reduction=reduction), X)
    f = F.binary_cross_entropy_with_logits
    close(f(X, LABELS, reduction), out)
    f_vjp = F.binary_cross_entropy_with_logits_vjp
    close(f_vjp(g, X, LABELS, reduction), dx)


@pytest.mark.parametrize("x", [X, X[0], X.reshape(2, 2, 5)],
                         ids=["batch", "one", "two axes"])
def test_linear_equals_autograd(x):
    out, g, (dx, dw, db) = autograd(
        torch.nn.functional.linear, x, WEIGHT, BIAS)
    close(F.linear(x, WEIGHT, BIAS), out)
    close(F.linear(x, WEIGHT), out - BIAS)
    for ours, theirs in zip(F.linear_vjp(g, x, WEIGHT), (dx, dw, db)):
        close(ours, theirs)


def test_perplexity_equals_autograd():
    out, g, (dx,) = autograd(lambda nll: nll.mean().exp(), LABELS)
    close(F.perplexity(LABELS), out)
    close(F.perplexity_vjp(g, LABELS), dx)


# -------------------------------------------------------------- gradients

def test_gradients_by_central_differences():
    check_vjp(F.softmax, lambda g, x: F.softmax_vjp(g, F.softmax(x)), X)
    check_vjp(F.log_softmax,
              lambda g, x: F.log_softmax_vjp(g, F.log_softmax(x)), X)
    check_vjp(F.logsumexp, F.logsumexp_vjp, X)
    check_vjp(F.sigmoid, lambda g, x: F.sigmoid_vjp(g, F.sigmoid(x)), X)
    check_vjp(F.log_sigmoid, F.log_sigmoid_vjp, X)
    check_vjp(F.linear, lambda g, x, w, b: F.linear_vjp(g, x, w),
              (X, WEIGHT, BIAS))
    check_vjp(F.perplexity, F.perplexity_vjp, LABELS, both_sides=False)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_loss_gradients_by_central_differences(reduction):
    for y in (CLASSES, SOFT):
        check_vjp(lambda x: F.cross_entropy(x, y, reduction),
                  lambda g, x: F.cross_entropy_vjp(g, x, y, reduction), X)
    f = F.binary_cross_entropy_with_logits
    f_vjp = F.binary_cross_entropy_with_logits_vjp
    check_vjp(lambda x: f(x, LABELS, reduction),
              lambda g, x: f_vjp(g, x, LABELS, reduction), X)


def test_softmax_jacobian():
    s = F.softmax(X[0])
    check_jacobian(F.softmax, lambda x: np.diag(s) - np.outer(s, s), X[0])


# ------------------------------- wrong versions, and arguments, caught

def test_forgotten_batch_sum_is_caught():
    with pytest.raises(GradientError, match="input 2 has shape"):
        check_vjp(F.linear, lambda g, x, w, b: (g @ w, g.T @ x, g),
                  (X, WEIGHT, BIAS))


def test_softmax_minus_target_is_wrong_for_soft_weights():
    with pytest.raises(GradientError, match="entry"):
        check_vjp(lambda x: F.cross_entropy(x, SOFT[0]),
                  lambda g, x: g * (F.softmax(x) - SOFT[0]), X[0])


def test_naive_softmax_overflows():
    with np.errstate(all="ignore"):
        naive = np.exp([1000.0, 1001.0])
        assert np.isnan(naive / naive.sum()).all()


ERRORS = {
    "NaN at position": lambda: F.softmax([[0, 1], [2, np.nan]]),
    r"position \(1, 1\)": lambda: F.logsumexp([[0, 1], [2, np.nan]]),
    "real numbers, got complex": lambda: F.sigmoid([1j]),
    "real numbers, got bool": lambda: F.sigmoid([True]),
    "axis 1 is empty": lambda: F.softmax(np.zeros((2, 0)), axis=1),
    "axis -1 does not exist": lambda: F.softmax(1.0),
    "axis 2 does not exist": lambda: F.logsumexp(X, axis=2),
    "-inf for every class": lambda: F.log_softmax([-np.inf, -np.inf]),
    r"\+inf": lambda: F.softmax([np.inf, 0]),
    "positive and finite, got 0": lambda: F.softmax(X, temperature=0),
    "positive and finite, got -1": lambda: F.softmax_vjp(
        X, X, temperature=-1),
    "positive and finite, got nan": lambda: F.log_softmax(
        X, temperature=np.nan),
    r"grad_output has shape \(4,\)": lambda: F.softmax_vjp(X[:, 0], X),
    r"output has shape \(4,\)": lambda: F.logsumexp_vjp(1.0, X),
    "target 5 is not a class: expected 0 .. 4":
        lambda: F.cross_entropy(X, [0, 1, 5, 0]),
    "target -1 is not a class": lambda: F.cross_entropy(X[0], -1),
    r"read as classes\) have shape \(3,\)":
        lambda: F.cross_entropy(X, [0, 1, 2]),
    r"read as weights\) have shape \(4,\)":
        lambda: F.cross_entropy(X, np.ones(4)),
    r"read as classes\) have shape \(4, 5\)":
        lambda: F.cross_entropy_vjp(1.0, X, np.ones((4, 5), int)),
    "'mean', 'sum' or 'none', got 'avg'":
        lambda: F.cross_entropy(X, CLASSES, "avg"),
    "mean of no examples":
        lambda: F.cross_entropy(np.zeros((0, 3)), np.zeros(0, int)),
    r"targets must lie in \[0, 1\], got 2":
        lambda: F.binary_cross_entropy_with_logits([0.0], [2]),
    "logits must be finite":
        lambda: F.binary_cross_entropy_with_logits([np.inf], [1]),
    r"logits have shape \(4, 5\), targets \(4,\)":
        lambda: F.binary_cross_entropy_with_logits(X, CLASSES),
    "got -1.5: is the sign": lambda: F.perplexity([0.5, -1.5]),
    "no examples": lambda: F.perplexity([]),
    r"x has shape \(4, 5\), weight has shape \(5, 3\)":
        lambda: F.linear(X, WEIGHT.T),
    r"bias has shape \(5,\)": lambda: F.linear(X, WEIGHT, X[0]),
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_name_the_value(message):
    with pytest.raises(ValueError, match=message):
        ERRORS[message]()
