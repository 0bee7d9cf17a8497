"""Deep ReLU networks with and without skips: by hand, laws, torch."""

import numpy as np
import pytest
import torch

import lmbook.functional as F
from answers.residual_connections import backward as one_example
from lmbook.gradcheck import GradientError, check_vjp
from lmbook.models.residual import backward, forward

RNG = np.random.default_rng(3)
X = RNG.normal(size=(4, 3))
LABELS = RNG.integers(5, size=4)
WEIGHTS = [RNG.normal(size=n) for n in ((5, 3), (5, 5), (5, 5), (5, 5))]


# ---------------------------------------------------------------- by hand

def test_a_block_by_hand():
    # z2 = (1 - 2, 2 + 2) = (-1, 4), so h3 = (1, 2) + (0, 4)
    weights = [np.eye(2), np.array([[1.0, -1.0], [2.0, 1.0]])]
    h, cache = forward(np.array([[1.0, 2.0]]), weights)
    np.testing.assert_array_equal(h, [[1, 6]])
    # (3, 5): skip (3, 5) plus 5 times the open row (2, 1)
    dx, (dw1, dw2) = backward(np.array([[3.0, 5.0]]), weights, cache)
    np.testing.assert_array_equal(dx, [[13, 10]])
    np.testing.assert_array_equal(dw1, [[13, 26], [10, 20]])
    np.testing.assert_array_equal(dw2, [[0, 0], [5, 10]])
    # without the skip only the branch is left
    h, cache = forward(np.array([[1.0, 2.0]]), weights, skip=False)
    np.testing.assert_array_equal(h, [[0, 4]])
    dx, _ = backward(np.array([[3.0, 5.0]]), weights, cache, skip=False)
    np.testing.assert_array_equal(dx, [[10, 5]])


# ------------------------------------------------------------------- laws

def test_blocks_of_zeros_are_the_identity():
    zeros = [WEIGHTS[0]] + 20 * [np.zeros((5, 5))]
    h, cache = forward(X, zeros)
    np.testing.assert_array_equal(h, F.relu(X @ WEIGHTS[0].T))
    g = RNG.normal(size=h.shape)
    dx, _ = backward(g, zeros, cache)
    np.testing.assert_array_equal(
        dx, F.relu_vjp(g, X @ WEIGHTS[0].T) @ WEIGHTS[0])


def test_one_layer_has_no_skip():
    both = [forward(X, WEIGHTS[:1], skip)[0] for skip in (True, False)]
    np.testing.assert_array_equal(*both)


def test_nothing_is_changed():
    before = [w.copy() for w in (X, *WEIGHTS)]
    h, cache = forward(X, WEIGHTS)
    g = np.ones_like(h)
    backward(g, WEIGHTS, cache)
    for a, b in zip(before, (X, *WEIGHTS)):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(g, 1)


# ------------------------------------------- independent implementations

@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_equal_to_autograd(layers, skip):
    weights = WEIGHTS[:layers]
    leaves = [torch.tensor(v, requires_grad=True) for v in (X, *weights)]
    h = torch.relu(leaves[0] @ leaves[1].T)
    for weight in leaves[2:]:
        h = torch.relu(h @ weight.T) + (h if skip else 0)
    torch.nn.functional.cross_entropy(h, torch.tensor(LABELS)).backward()
    out, cache = forward(X, weights, skip)
    np.testing.assert_allclose(out, h.detach().numpy(), rtol=1e-12)
    dx, dw = backward(F.cross_entropy_vjp(1.0, out, LABELS), weights,
                      cache, skip)
    for ours, leaf in zip((dx, *dw), leaves):
        np.testing.assert_allclose(ours, leaf.grad, rtol=1e-12, atol=1e-14)


def test_the_eight_gradients_of_the_exercise_equal_autograd():
    x, y = torch.tensor(X[0]), torch.tensor(RNG.dirichlet(np.ones(5)))
    w1, w2 = (torch.tensor(w, requires_grad=True) for w in WEIGHTS[:2])
    x.requires_grad_()
    z1 = w1 @ x
    h1 = torch.relu(z1)
    z2 = w2 @ h1
    h2 = torch.relu(z2)
    h3 = h1 + h2
    loss = torch.nn.functional.cross_entropy(h3, y)
    theirs = torch.autograd.grad(loss, (h3, h2, z2, h1, z1, x, w1, w2))
    ours = one_example(X[0], y.numpy(), *WEIGHTS[:2])
    for a, b in zip(ours, theirs):
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-12, atol=1e-14)


# -------------------------------------------------------------- gradients

def vjp(g, x, *weights, skip=True):
    dx, dw = backward(g, weights, forward(x, weights, skip)[1], skip)
    return dx, *dw


@pytest.mark.parametrize("skip", [True, False])
def test_gradients_by_central_differences(skip):
    check_vjp(lambda x, *w: forward(x, w, skip)[0],
              lambda g, x, *w: vjp(g, x, *w, skip=skip), (X, *WEIGHTS))


# ------------------------------- wrong versions, and arguments, caught

def transposed(g, x, *w):
    turned = [w[0], *(block.T for block in w[1:])]
    dx, dw = backward(g, turned, forward(x, w)[1])
    return dx, *dw


def overwritten(g, x, *w):
    out, cache = forward(x, w)
    cache[1] = out, cache[1][1]
    dx, dw = backward(g, w, cache)
    return dx, *dw


@pytest.mark.parametrize("wrong", [
    transposed, overwritten,
    lambda g, x, *w: vjp(g, x, *w, skip=False)],
    ids=["transposed", "cache overwritten", "skip forgotten"])
def test_wrong_backward_is_caught(wrong):
    with pytest.raises(GradientError, match="by central differences"):
        check_vjp(lambda x, *w: forward(x, w)[0], wrong, (X, *WEIGHTS))


def test_errors_name_the_shapes():
    with pytest.raises(ValueError, match=r"block 1 turns shape \(4, 5\) into"
                       r" \(4, 2\): a skip needs equal shapes"):
        forward(X, [WEIGHTS[0], np.ones((2, 5))])
    with pytest.raises(ValueError, match=r"x has shape \(4, 3\), weight has"
                       r" shape \(3, 5\)"):
        forward(X, [WEIGHTS[0].T])
    with pytest.raises(ValueError, match=r"grad_output has shape \(5,\)"):
        backward(np.ones(5), WEIGHTS, forward(X, WEIGHTS)[1])
