"""Answers to F2 to F4, E7 and L9: right ones, and wrong with their hint."""

import numpy as np
from scipy.special import ndtr

import lmbook.functional as F
from lmbook.checks.activations_and_initialisation import LIMITS


def stable_sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def activations(x):
    return [stable_sigmoid(x), np.tanh(x), x * (x > 0), x * ndtr(x),
            np.where(x > 0, x, 0.01 * x)]


def naive_activations(x):
    return [1 / (1 + np.exp(-x)), *activations(x)[1:]]


def slopes(x, wrong=""):
    s, t = stable_sigmoid(x), np.tanh(x)
    density = np.exp(-x**2 / 2) / (1 if wrong == "root"
                                   else np.sqrt(2 * np.pi))
    return [x * (1 - x) if wrong == "x" else s if wrong == "value"
            else s * (1 - s),
            1 - t if wrong == "t" else 1 - x**2 if wrong == "xt"
            else 1 - t**2,
            x * (x > 0) if wrong == "relu" else x > 0,
            ndtr(x) + (wrong != "gelu") * x * density,
            np.where(x > 0, 1, 0 if wrong == "leaky" else 0.01)]


def slip(name):
    return lambda x: slopes(x, name)


def wrong_limits(row, column, value):
    table = LIMITS.copy()
    table[row, column] = value
    return table


def chain_slope(x, weights, wrong=""):
    product = 0.0 if wrong == "sum" else 1.0
    for w in weights:
        h = F.sigmoid(w * x)
        factor = (1 if wrong == "weights" else w) * h * (1 - h)
        product = (factor if wrong == "last" else product + factor
                   if wrong == "sum" else product * factor)
        x = h
    return x if wrong == "output" else product


def chain(name):
    return lambda x, w: chain_slope(x, w, name)


def cap(w):
    return np.prod(np.abs(w) / 4)


def gradients(X, w, y):
    return (X @ w - y)[:, None] * X


def one_sign(G):
    return ((G >= 0).all(1) | (G <= 0).all(1)).mean()


def weight_std(fan_in, name):
    return np.sqrt((2 if name == "relu" else 1) / fan_in)


def gradient(X, W1, W2, labels, wrong=""):
    z = X @ W1.T
    h = np.tanh(z)
    dh = F.cross_entropy_vjp(1.0, h @ W2.T, labels) @ W2
    slope = {"none": 1, "z": 1 - z**2}.get(wrong, 1 - h**2)
    dW = (dh * slope).T @ X
    return dW * (len(X) if wrong == "mean" else 1)


def first(name):
    return lambda *a: gradient(*a, wrong=name)


def saturated(Z):
    return (1 - np.tanh(Z)**2 < 0.01).mean()


def is_zero_centred(f):
    x = np.linspace(-3, 3, 13)
    return np.allclose(f(x) + f(-x), 0)


def tanh_by_sigmoid(x):
    return 2 * F.sigmoid(2 * x) - 1


RIGHT = {
    "F2": [(activations, slopes, LIMITS)],
    "F3": [(chain_slope, cap)],
    "F4": [(gradients, one_sign),
           (gradients, lambda G: np.mean(
               (G.min(1) >= 0) | (G.max(1) <= 0)))],
    "E7": [(weight_std, gradient, saturated)],
    "L9": [(is_zero_centred, tanh_by_sigmoid)],
}

WRONG = [
    ("F2", (naive_activations, slopes, LIMITS), "overflow"),
    ("F2", (lambda x: activations(x)[:4], slopes, LIMITS),
     "one row for each of sigmoid, tanh"),
    ("F2", (activations, slip("x"), LIMITS), "slope of sigmoid: .*s.1 - s"),
    ("F2", (activations, slip("value"), LIMITS), "the value itself"),
    ("F2", (activations, slip("t"), LIMITS), "square tanh"),
    ("F2", (activations, slip("xt"), LIMITS), r"this is 1 - x\^2"),
    ("F2", (activations, slip("relu"), LIMITS), "0 or 1, not the value"),
    ("F2", (activations, slip("gelu"), LIMITS), "a product has two terms"),
    ("F2", (activations, slip("root"), LIMITS), "has 1/sqrt"),
    ("F2", (activations, slip("leaky"), LIMITS), "on the left the slope"),
    ("F2", (activations, slopes, LIMITS[:, :2]), r"limits: the shape is"),
    ("F2", (activations, slopes, wrong_limits(0, 0, -1)),
     "sigmoid, value at -inf: -1 is not the limit"),
    ("F2", (activations, slopes, wrong_limits(3, 0, -np.inf)),
     "GELU, value at -inf: -inf is not the limit"),
    ("F2", (activations, slopes, wrong_limits(4, 2, 0)),
     "leaky ReLU, slope at -inf"),
    ("F3", (chain("weights"), cap), "also multiplies by its weight"),
    ("F3", (chain("last"), cap), "depth 2: this is the last layer"),
    ("F3", (chain("sum"), cap), "do not add"),
    ("F3", (chain("output"), cap), "the output of the chain"),
    ("F3", (chain_slope, lambda w: 4.0**-len(w)), "the weights count"),
    ("F3", (chain_slope, lambda w: np.prod(np.abs(w)) / 4),
     "one quarter for each layer"),
    ("F3", (chain_slope, lambda w: np.prod(w / 4)),
     "sign is wrong|absolute values"),
    ("F4", (lambda X, w, y: gradients(X, w, y).mean(0), one_sign),
     "without the mean"),
    ("F4", (lambda X, w, y: gradients(X, w, y).sum(0), one_sign),
     "without the sum"),
    ("F4", (lambda X, w, y: X @ w - y, one_sign), "multiply each by its"),
    ("F4", (lambda X, w, y: 2 * gradients(X, w, y), one_sign), "slope 1"),
    ("F4", (lambda X, w, y: gradients(X, w, y).T, one_sign),
     "it is transposed"),
    ("F4", (gradients, lambda G: (G >= 0).all(1).mean()),
     "without a positive entry"),
    ("F4", (gradients, lambda G: ((G > 0).all(1) | (G < 0).all(1)).mean()),
     "contradicts no sign"),
    ("F4", (gradients, lambda G: one_sign(G) * len(G)), "a share: divide"),
    ("E7", (lambda n, name: weight_std(n, name)**2, gradient, saturated),
     "take the root"),
    ("E7", (lambda n, name: n**-0.5, gradient, saturated),
     "relu and 1 inputs: tanh and ReLU differ"),
    ("E7", (lambda n, name: (0.5 / n if name == "relu" else 1 / n)**0.5,
            gradient, saturated), "which way"),
    ("E7", (weight_std, first("none"), saturated), "slope of tanh is mis"),
    ("E7", (weight_std, first("z"), saturated), r"not 1 - z\^2"),
    ("E7", (weight_std, first("mean"), saturated), "the loss is a mean"),
    ("E7", (weight_std, lambda *a: gradient(*a).T, saturated),
     "it is transposed|the shape is"),
    ("E7", (weight_std, gradient,
            lambda Z: ((1 - np.tanh(Z)**2 < 0.01) & (Z > 0)).mean()),
     "tanh has two flat ends"),
    ("E7", (weight_std, gradient, lambda Z: (np.tanh(Z) < 0.01).mean()),
     "look at the slope"),
    ("E7", (weight_std, gradient, lambda Z: saturated(Z) * Z.size),
     "a share: divide"),
    ("L9", (lambda f: True, tanh_by_sigmoid), "sigmoid: you say True"),
    ("L9", (lambda f: np.isclose(f(np.array(0.0)), 0), tanh_by_sigmoid),
     "ReLU: you say True"),
    ("L9", (lambda f: abs(f(np.array(1.0)) + f(np.array(-1.0))) < 1e-9,
            tanh_by_sigmoid), r"tanh . .x. - 1: you say True"),
    ("E7", (lambda n, name: weight_std(n, name)
            * (5 / 3 if name == "tanh" else 1), gradient, saturated),
     "near 0"),
    ("L9", (lambda f: False, tanh_by_sigmoid), "tanh: you say False"),
    ("L9", (is_zero_centred, lambda x: 2 * F.sigmoid(x) - 1), "too flat"),
    ("L9", (is_zero_centred, lambda x: 2 * F.sigmoid(2 * x)),
     "subtract 1"),
    ("L9", (is_zero_centred, F.sigmoid), "the sigmoid itself"),
]
