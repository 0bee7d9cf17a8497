"""The checker itself: it must pass right rules and catch wrong ones."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

from lmbook.gradcheck import (
    GradientError, check_jacobian, check_vjp, numerical_jacobian)

RNG = np.random.default_rng(2)


def relu(x):
    return np.maximum(x, 0)


# ---------------------------------------------------------------- by hand

def test_jacobian_by_hand():
    # f(x, y) = (x y, x + y, y^2): rows (y, x), (1, 1), (0, 2y) at (2, 3)
    def f(v):
        return np.array([v[0] * v[1], v[0] + v[1], v[1] ** 2])

    np.testing.assert_allclose(
        numerical_jacobian(f, [2, 3]), [[3, 2], [1, 1], [0, 6]], atol=1e-9)


def test_published_jacobian():
    # (sin(x1 x2 x3), cos(x2 + x3), exp(-x3^2 / 2)) at (1, pi, 0)
    def f(x):
        return np.array([np.sin(x[0] * x[1] * x[2]), np.cos(x[1] + x[2]),
                         np.exp(-x[2] ** 2 / 2)])

    expected = [[0, 0, math.pi], [0, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(
        numerical_jacobian(f, [1, math.pi, 0]), expected, atol=1e-9)


@pytest.mark.parametrize("shape, out", [
    ((), ()), ((3,), ()), ((2, 3), (3, 2)), ((0,), ()), ((2, 1, 2), (5,))])
def test_shape_is_output_then_input(shape, out):
    def f(x):
        return np.full(out, x.sum())

    jacobian = numerical_jacobian(f, np.ones(shape))
    assert jacobian.shape == out + shape
    np.testing.assert_allclose(jacobian, 1, atol=1e-9)


# ------------------------------------------------------------------- laws

@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2 ** 32 - 1))
def test_affine_maps_have_their_matrix(rows, columns, seed):
    rng = np.random.default_rng(seed)
    a, x = rng.normal(size=(rows, columns)), rng.normal(size=columns)
    check_jacobian(lambda z: a @ z, lambda z: a, x)
    check_vjp(lambda z: a @ z, lambda u, z: a.T @ u, x)


@pytest.mark.parametrize("scale", [1e-3, 1, 1e3])
def test_right_rules_pass_at_every_scale(scale):
    x = scale * RNG.normal(size=(3, 4))
    check_vjp(np.sin, lambda u, z: u * np.cos(z), x)
    check_vjp(np.cos, lambda u, z: -u * np.sin(z), x)
    check_vjp(lambda z: z.sum(), lambda u, z: np.full_like(z, u), x)


@pytest.mark.parametrize("scale", [1, 30, 1e3])
def test_right_rules_pass_on_growing_functions(scale):
    x = scale * RNG.normal(size=(3, 4))
    check_vjp(lambda z: z ** 3, lambda u, z: 3 * u * z ** 2, x)
    check_vjp(lambda z: np.exp(z / scale),
              lambda u, z: u * np.exp(z / scale) / scale, x)


def test_several_inputs():
    x, y = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 4))
    check_vjp(lambda x, y: x @ y, lambda u, x, y: (u @ y.T, x.T @ u), (x, y))


def test_constant_function():
    check_vjp(lambda x: np.ones(3), lambda u, x: 0 * x, np.ones(4))


def test_derivative_that_is_zero_only_up_to_rounding():
    # softmax sums to 1: its gradient is 0, the differences give about 1e-11
    def f(x):
        return (np.exp(x) / np.exp(x).sum()).sum() + np.sum(x * 0)

    check_vjp(f, lambda u, x: 0 * x, RNG.normal(size=20))
    check_jacobian(f, lambda x: 0 * x, RNG.normal(size=20))


def test_same_generator_same_verdict():
    def message(seed):
        with pytest.raises(GradientError) as caught:
            check_vjp(np.sin, lambda u, x: u, np.ones(3),
                      rng=np.random.default_rng(seed))
        return str(caught.value)

    assert message(5) == message(5) != message(6)


# ---------------------------------------- independent implementation

def test_equal_to_autograd():
    x = RNG.normal(size=(2, 3))
    ours = numerical_jacobian(lambda z: np.tanh(z) @ np.ones(3), x)
    theirs = torch.autograd.functional.jacobian(
        lambda z: torch.tanh(z) @ torch.ones(3, dtype=z.dtype),
        torch.tensor(x))
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-9)


# ------------------------------------- wrong rules that must be caught

X = np.array([0.5, 1.5, 2.5])             # every entry positive


class Tanh(torch.autograd.Function):
    """tanh with a backward pass that is too large by 0.05 %."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.tanh(x)

    @staticmethod
    def backward(ctx, g):
        return 1.0005 * g * (1 - torch.tanh(ctx.saved_tensors[0]) ** 2)


class ReLU(torch.autograd.Function):
    """ReLU whose backward pass lets the negative side through."""

    @staticmethod
    def forward(ctx, x):
        return torch.relu(x)

    @staticmethod
    def backward(ctx, g):
        return g


def test_rule_wrong_by_a_twentieth_of_a_percent():
    def wrong(u, x):
        return 1.0005 * u * (1 - np.tanh(x) ** 2)

    with pytest.raises(GradientError, match="relative error 0.0005"):
        check_vjp(np.tanh, wrong, X)
    # PyTorch's checker allows 0.1 % by default, so it passes the same rule
    assert torch.autograd.gradcheck(
        Tanh.apply, torch.tensor(X, requires_grad=True))


def test_one_entry_of_a_thousand_wrong_by_a_twentieth_of_a_percent():
    x = RNG.normal(size=1000)
    factor = np.ones(1000)
    factor[123] = 1.0005

    with pytest.raises(GradientError, match=r"entry \(123,\)"):
        check_vjp(np.tanh, lambda u, x: factor * u * (1 - np.tanh(x) ** 2),
                  x)


def test_jacobian_wrong_by_a_twentieth_of_a_percent():
    with pytest.raises(GradientError, match=r"entry \(0, 0\)"):
        check_jacobian(np.sin, lambda x: 1.0005 * np.diag(np.cos(x)), X[:1])


def test_relu_wrong_on_one_side():
    def wrong(u, x):
        return u                          # right for x > 0 only

    with pytest.raises(GradientError, match="entry"):
        check_vjp(relu, wrong, X)
    check_vjp(relu, lambda u, x: u * (x > 0), X)
    # at positive points alone nobody can see it, PyTorch's checker neither
    check_vjp(relu, wrong, X, both_sides=False)
    assert torch.autograd.gradcheck(
        ReLU.apply, torch.tensor(X, requires_grad=True))


def test_relu_wrong_on_the_other_side():
    with pytest.raises(GradientError):
        check_vjp(relu, lambda u, x: 0 * u, -X)


def test_kink_itself_is_refused():
    # at 0 the difference quotient of ReLU is 1/2; the rule gives 0
    with pytest.raises(GradientError, match="0.5"):
        check_jacobian(relu, lambda x: np.diag(x > 0), [0.0])


def test_message_names_input_values_and_entry():
    x, y = np.ones((2, 3)), np.ones((3, 2))

    def wrong(u, x, y):
        dy = x.T @ u
        dy[2, 1] += 7
        return u @ y.T, dy

    with pytest.raises(GradientError) as caught:
        check_vjp(lambda x, y: x @ y, wrong, (x, y))
    message = str(caught.value)
    assert "input 1 of 2, shape (3, 2)" in message
    assert "entry (2, 1) of the gradient" in message
    assert "relative error" in message


def test_transpose_of_a_square_matrix_is_caught():
    a = np.array([[1.0, 2], [3, 4]])
    with pytest.raises(GradientError):
        check_vjp(lambda x: a @ x, lambda u, x: a @ u, [1.0, 2.0])
    with pytest.raises(GradientError, match="its transpose would be right"):
        check_jacobian(lambda x: a @ x, lambda x: a.T, [1.0, 2.0])
    with pytest.raises(GradientError) as caught:
        check_jacobian(lambda x: a @ x, lambda x: -a.T, [1.0, 2.0])
    assert "transpose" not in str(caught.value)


def test_argument_changed_in_place():
    def f(x):
        x += 1
        return x

    with pytest.raises(GradientError, match="f changed its argument 0"):
        check_vjp(f, lambda u, x: u, X)

    def vjp(u, x):
        u *= 2
        return u

    with pytest.raises(GradientError, match="vjp changed its argument 0"):
        check_vjp(lambda x: 2 * x, vjp, X)


@pytest.mark.parametrize("vjp, message", [
    (lambda u, x, y: u, "1 gradients for 2 inputs"),
    (lambda u, x, y: (u, u, u), "3 gradients for 2 inputs"),
    (lambda u, x, y: (u, u[:1]), r"input 1 has shape \(1,\), .* \(3,\)"),
    (lambda u, x, y: (u, u * np.nan), "input 1 is not finite"),
])
def test_wrong_kind_of_answer(vjp, message):
    with pytest.raises(GradientError, match=message):
        check_vjp(lambda x, y: x + y, vjp, (X, X))


def test_wrong_shape_of_jacobian():
    with pytest.raises(GradientError, match=r"shape \(3,\), .* \(3, 3\)"):
        check_jacobian(np.sin, np.cos, X)


def test_jacobian_with_nan():
    with pytest.raises(GradientError, match="nan by the rule"):
        check_jacobian(np.sin, lambda x: np.full((3, 3), np.nan), X)


def test_function_that_is_not_finite():
    with pytest.raises(ValueError, match="both_sides=False"):
        check_vjp(np.log, lambda u, x: u / x, X)
    check_vjp(np.log, lambda u, x: u / x, X, both_sides=False)
    with pytest.raises(ValueError, match="finite numbers, got .*nan"):
        check_vjp(np.sin, lambda u, x: u, [np.nan])
