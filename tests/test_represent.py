"""Inequalities with certificates, and networks with one hidden layer."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from lmbook.gradcheck import numerical_jacobian
from lmbook.models.inequalities import certificate, solve
from lmbook.models.one_hidden import (
    constant_start, descend, forward, gradients)

CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0.0, 1, 1, 0])
ROWS = np.column_stack([CORNERS, np.ones(4)])
SINE = np.sin, np.cos
TANH = np.tanh, lambda u: 1 - np.tanh(u) ** 2


def signed(labels):
    """Demands that a line separates the labels with a margin of 1."""
    return (2 * np.asarray(labels) - 1)[:, None] * ROWS


# ---------------------------------------------------------- inequalities

def test_by_hand():
    # p >= 1 and -p >= -3 meet at 1 <= p <= 3
    p, = solve([[1], [-1]], [1, -3])
    assert 1 <= p <= 3 and certificate([[1], [-1]], [1, -3]) is None
    # p >= 3 and -p >= -2: add them, 0 >= 1
    assert solve([[1], [-1]], [3, -2]) is None
    assert np.allclose(certificate([[1], [-1]], [3, -2]), [1, 1])


@pytest.mark.parametrize("number", range(16))
def test_two_of_sixteen_lamps_cannot_be_separated(number):
    labels = [number >> k & 1 for k in range(4)]
    A, c = signed(labels), np.ones(4)
    possible = labels not in ([0, 1, 1, 0], [1, 0, 0, 1])
    assert (solve(A, c) is not None) == possible
    assert (certificate(A, c) is None) == possible


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10 ** 6), st.integers(1, 8), st.integers(1, 4))
def test_exactly_one_of_the_two(seed, demands, parameters):
    rng = np.random.default_rng(seed)
    A = rng.integers(-2, 3, (demands, parameters))
    c = rng.integers(-2, 3, demands)
    p, y = solve(A, c), certificate(A, c)
    assert (p is None) != (y is None)
    if y is None:
        assert (A @ p >= c - 1e-7).all()
    else:
        assert (y >= 0).all() and np.isclose(y @ c, 1)
        assert np.allclose(y @ A, 0, atol=1e-7)


def test_what_does_not_fit():
    with pytest.raises(ValueError, match=r"A has shape \(2,\), reach"):
        solve([1, 2], [1, 2])
    with pytest.raises(ValueError, match=r"reach has shape \(3,\)"):
        certificate([[1], [2]], [1, 2, 3])
    with pytest.raises(ValueError, match="got NaN"):
        solve([[np.nan]], [1])


# ------------------------------------------------------ one hidden layer

def start(seed, hidden=3, inputs=2):
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(size=size) for size in (
        (hidden, inputs), hidden, hidden, ()))


def test_network_by_hand():
    # s = x1 + x2: ReLU(s) - 2 ReLU(s - 1) is 0, 1, 1, 0
    lamp = np.ones((2, 2)), np.array([0, -1]), np.array([1, -2]), 0
    o, A, U = forward(CORNERS, lamp, lambda u: u.clip(0))
    assert o.tolist() == XOR.tolist()
    assert U.tolist() == [[0, -1], [1, 0], [1, 0], [2, 1]]
    assert A.tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]


def loss(X, y, parameters, activation, shares):
    return 0.5 * shares @ (forward(X, parameters, activation)[0] - y) ** 2


@pytest.mark.parametrize("pair", [SINE, TANH])
@pytest.mark.parametrize("hidden, inputs, n", [(1, 1, 1), (3, 2, 4),
                                               (2, 5, 3)])
def test_gradients_by_differences(pair, hidden, inputs, n):
    rng = np.random.default_rng(hidden)
    X, y = rng.normal(size=(n, inputs)), rng.normal(size=n)
    shares, point = rng.dirichlet(np.ones(n)), start(1, hidden, inputs)
    found = gradients(X, y, point, *pair, shares=shares)
    for place, (part, gradient) in enumerate(zip(point, found)):
        def moved(value):
            new = [*point[:place], value, *point[place + 1:]]
            return loss(X, y, new, pair[0], shares)
        assert np.shape(gradient) == np.shape(part)
        assert np.allclose(gradient, numerical_jacobian(moved, part))


def test_gradients_by_torch():
    point = start(2)
    leaves = [torch.tensor(p, requires_grad=True) for p in point]
    W, b, v, c = leaves
    o = torch.tanh(torch.tensor(CORNERS) @ W.T + b) @ v + c
    (torch.nn.functional.mse_loss(o, torch.tensor(XOR)) / 2).backward()
    for ours, leaf in zip(gradients(CORNERS, XOR, point, *TANH), leaves):
        assert np.allclose(ours, leaf.grad)


def test_a_wrong_slope_is_seen():
    right = gradients(CORNERS, XOR, start(3), *SINE)
    wrong = gradients(CORNERS, XOR, start(3), np.sin,
                      lambda u: 1.0005 * np.cos(u))
    assert not np.allclose(right[0], wrong[0])
    assert np.allclose(right[2], wrong[2])          # needs no slope


def test_many_starts_are_trained_as_one_by_one():
    fills = np.array([-1.0, 0.5, 2.0])
    together = descend(CORNERS, XOR, constant_start(fills, 2, 3), *SINE,
                       lr=0.1, steps=20)
    for place, fill in enumerate(fills):
        alone = descend(CORNERS, XOR, constant_start(fill, 2, 3), *SINE,
                        lr=0.1, steps=20)
        for many, one in zip(together, alone):
            assert np.allclose(many[place], one)


def test_one_example_is_a_share_of_one():
    for n in range(4):
        one = gradients(CORNERS[n:n + 1], XOR[n:n + 1], start(4), *TANH)
        share = gradients(CORNERS, XOR, start(4), *TANH,
                          shares=np.eye(4)[n])
        for a, b in zip(one, share):
            assert np.allclose(a, b)


def test_what_does_not_fit_the_network():
    with pytest.raises(ValueError, match=r"X has shape \(4, 3\), W has"):
        forward(np.ones((4, 3)), start(0), np.tanh)
    with pytest.raises(ValueError, match=r"y has shape \(3,\), expected"):
        gradients(CORNERS, XOR[:3], start(0), *TANH)
    with pytest.raises(ValueError, match="at least 1, got 2 and 0"):
        constant_start(0.0, 2, 0)
