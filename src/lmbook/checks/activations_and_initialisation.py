"""The checks of the chapter on activations: F2 to F4, E7 and L9."""

import numpy as np

from .. import functional as F
from .registry import ask, exercise, expect, numbers, require

NAMES = ("sigmoid", "tanh", "ReLU", "GELU", "leaky ReLU")
INF = np.inf
# At -inf and at +inf: the value, then the slope.
LIMITS = np.array([[0, 1, 0, 0], [-1, 1, 0, 0], [0, INF, 0, 1],
                   [0, INF, 0, 1], [-INF, INF, 0.01, 1]])


def _values(x):
    """Return the five activations at `x`, one in each row."""
    return np.stack([F.sigmoid(x), F.tanh(x), F.relu(x), F.gelu(x),
                     F.leaky_relu(x)])


def _slopes(x):
    """Return the five slopes at `x`, one in each row."""
    g = np.ones_like(x)
    return np.stack([
        F.sigmoid_vjp(g, F.sigmoid(x)), F.tanh_vjp(g, F.tanh(x)),
        F.relu_vjp(g, x), F.gelu_vjp(g, x), F.leaky_relu_vjp(g, x)])


@exercise("F2", "five activations, their slopes and their limits")
def f2(activations, slopes, limits):
    """Check x -> (5, n) twice, and the (5, 4) limits of both."""
    x = np.array([-1000.0, -3, -0.5, 0.3, 2, 1000])
    s, near = F.sigmoid(x), np.exp(-x**2 / 2) / np.sqrt(2 * np.pi)
    mistakes = (
        {"this is x(1 - x): the slope of the sigmoid is s(1 - s)":
             x * (1 - x),
         "that is the value itself": s},
        {"square tanh before you subtract": 1 - F.tanh(x),
         "this is 1 - x^2: the slope is 1 - tanh^2": 1 - x**2},
        {"the slope is 0 or 1, not the value": F.relu(x)},
        {"a product has two terms: x times the density is missing":
             F.gelu(x) / x},
        {"on the left the slope is 0.01, not 0": F.relu_vjp(x**0, x)})
    for function, right, what, known in (
            (activations, _values(x), "", ({},) * 5),
            (slopes, _slopes(x), "slope of ", mistakes)):
        got = numbers(ask(function, x, overflow="raise"), "the rows")
        require(got.shape == right.shape, f"one row for each of"
                f" {', '.join(NAMES)}: the shape is {got.shape}, expected"
                f" {right.shape}")
        for name, mine, row, wrong in zip(NAMES, got, right, known):
            expect(mine, row, what + name, wrong | {
                "the normal density has 1/sqrt(2 pi) in front":
                    F.gelu(x) / x + x * near * np.sqrt(2 * np.pi)})
    _limits(limits)


def _limits(limits):
    """Compare a table of limits, infinities included."""
    got = numbers(limits, "limits")
    require(got.shape == LIMITS.shape, "limits: the shape is"
            f" {got.shape}, expected (5, 4): value at -inf and inf, then"
            " slope at -inf and inf")
    for name, mine, row in zip(NAMES, got, LIMITS):
        for side, a, b in zip(("value at -inf", "value at inf",
                               "slope at -inf", "slope at inf"), mine, row):
            require(np.isclose(a, b), f"{name}, {side}: {a:g} is not the"
                    " limit: put in a large number and see")


@exercise("F3", "the slope of a chain of sigmoids, and its cap")
def f3(chain_slope, cap):
    """Check (x, weights) -> slope of the chain, and weights -> its cap."""
    rng = np.random.default_rng(3)
    for depth in (1, 2, 10):
        x, w = rng.normal(), rng.normal(size=depth)
        slopes, h = [], x
        for weight in w:
            z = weight * h
            h = F.sigmoid(z)
            slopes.append(h * (1 - h))
        right = np.prod(slopes) * np.prod(w)
        expect(ask(chain_slope, x, w), right, f"the slope at depth {depth}",
               {"each layer also multiplies by its weight":
                    np.prod(slopes),
                "this is the last layer alone": slopes[-1] * w[-1],
                "multiply the slopes of the layers, do not add": np.sum(
                    slopes * w),
                "this is the output of the chain": h})
        largest = np.prod(np.abs(w)) / 4**depth
        expect(ask(cap, w), largest, f"the cap at depth {depth}", {
            "the weights count too": 4.0**-depth,
            "one quarter for each layer": np.prod(np.abs(w)) / 4,
            "a cap is on the size: take absolute values":
                np.prod(w) / 4**depth})


@exercise("F4", "the signs of the gradients of one unit")
def f4(gradients, one_sign):
    """Check (X, w, y) -> (N, D), one row an example, and share of rows."""
    rng = np.random.default_rng(4)
    for n, d in ((3, 2), (6, 4)):
        inputs, w = F.sigmoid(rng.normal(size=(n, d))), rng.normal(size=d)
        y = rng.normal(size=n)
        error = inputs @ w - y
        right = error[:, None] * inputs
        expect(ask(gradients, inputs, w, y), right, "the gradients", {
            "one row for each example, without the mean": right.mean(0),
            "one row for each example, without the sum": right.sum(0),
            "these are the errors: multiply each by its input": error,
            "half a square has slope 1 times the error": 2 * right})
    mixed = np.array([[1.0, 2, 3], [-1, -2, 0], [1, -1, 0], [0, 0, 0]])
    for matrix, share in ((mixed, 0.75), (-mixed, 0.75), (mixed[:2], 1.0),
                          (mixed[2:3], 0.0)):
        expect(ask(one_sign, matrix), share, "the share of rows", {
            "a row without a positive entry has one sign too":
                (matrix >= 0).all(1).mean(),
            "a 0 contradicts no sign": ((matrix > 0).all(1)
                                        | (matrix < 0).all(1)).mean(),
            "a share: divide by the number of rows": share * len(matrix)})


@exercise("E7", "the right first weights, and two wrong ones")
def e7(weight_std, gradient, saturated):
    """Check (fan_in, name) -> std, the gradient for W1, and the share."""
    for fan_in in (1, 64, 1000):
        for name, factor in (("tanh", 1), ("relu", 2)):
            right = np.sqrt(factor / fan_in)
            expect(ask(weight_std, fan_in, name), right,
                   f"the spread for {name} and {fan_in} inputs", {
                       "this is the variance: take the root": right**2,
                       "five thirds is for larger values: keep the mean"
                       " square near 0": right * 5 / 3,
                       "a ReLU halves the mean square: which way?":
                           np.sqrt(1 / (2 * fan_in)),
                       "tanh and ReLU differ by a factor":
                           np.sqrt((3 - factor) / fan_in)})
    rng = np.random.default_rng(7)
    x, labels = rng.normal(size=(6, 4)), np.array([0, 1, 2, 0, 1, 2])
    for scale in (0.0, 0.5, 1000.0):
        _gradient(gradient, x, scale * rng.normal(size=(5, 4)),
                  scale * rng.normal(size=(3, 5)), labels)
    z = np.array([[-5.0, -4, 0.5, 1], [-2, 2.9, 3.1, 1000]])
    expect(ask(saturated, z), 0.5, "the share of slopes below 0.01", {
        "this looks at one side only: tanh has two flat ends": 0.25,
        "look at the slope 1 - tanh^2, not at tanh": np.mean(
            F.tanh(z) < 0.01), "a share: divide by the number": 4.0})


def _gradient(gradient, x, w1, w2, labels):
    """Check the gradient for the first weight of a tanh network."""
    h = F.tanh(x @ w1.T)
    dh = F.cross_entropy_vjp(1.0, h @ w2.T, labels) @ w2
    right = (dh * (1 - h**2)).T @ x
    expect(ask(gradient, x, w1, w2, labels), right, "the gradient for W1", {
        "the slope of tanh is missing": dh.T @ x,
        "the loss is a mean: divide by the number of examples":
            right * len(x),
        "the slope is 1 - h^2 with h = tanh(z), not 1 - z^2":
            (dh * (1 - (x @ w1.T)**2)).T @ x})


@exercise("L9", "which activations are zero-centred")
def l9(is_zero_centred, tanh_by_sigmoid):
    """Check f -> does f(x) + f(-x) vanish, and tanh written with sigmoid."""
    for name, f, right in (
            ("sigmoid", F.sigmoid, False), ("tanh", F.tanh, True),
            ("ReLU", F.relu, False), ("GELU", F.gelu, False),
            ("sigmoid - 1/2", lambda x: F.sigmoid(x) - 0.5, True),
            ("tanh + 1/2", lambda x: F.tanh(x) + 0.5, False),
            ("x^2, which is 0 at 0", lambda x: np.square(x), False),
            *((f"tanh + |x| - {k:g}",
               lambda x, k=k: F.tanh(x) + np.abs(x) - k, False)
              for k in (0.5, 1, 2, 3))):
        got = numbers(ask(is_zero_centred, f), f"the answer for {name}")
        require(got.shape == () and bool(got) == right,
                f"{name}: you say {bool(got.any())}; average f over numbers"
                " that come with both signs")
    x = np.array([-1000.0, -2, 0, 0.5, 3, 1000])
    expect(ask(tanh_by_sigmoid, x), F.tanh(x), "tanh from the sigmoid", {
        "this is tanh of x/2: it is too flat by a factor of two":
            F.tanh(x / 2),
        "subtract 1, so that it is 0 at 0": F.tanh(x) + 1,
        "this is the sigmoid itself": F.sigmoid(x)})
