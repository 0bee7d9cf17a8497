"""Activations, and two inequalities about the sigmoid."""

from fractions import Fraction

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, M, dim, exp, indices,
                               normal_cdf, pi, product, relu,
                               scalar, sigmoid, sqrt, step, tanh, tensor,
                               total)

from .registry import derivation

a, w = scalar("a"), scalar("w")
J = dim("J")
j, = indices("j", J)
z = tensor("z", J)


@derivation
def tanh_is_a_sigmoid():
    with Derivation("tanh is a stretched sigmoid") as d:
        d.start(tanh(a))
        d.eq((exp(a) - exp(-a)) / (exp(a) + exp(-a)), "definition")
        d.eq(2 / (1 + exp(-2 * a)) - 1, "divide by the exponential")
        d.eq(2 * sigmoid(2 * a) - 1, "this is the sigmoid")
    return d


@derivation
def tanh_slope():
    with Derivation("The slope of tanh") as d:
        d.start(D(tanh(a), a))
        d.eq(4 / (exp(a) + exp(-a))**2, "quotient rule")
        d.eq(1 - tanh(a)**2, "the difference of two squares")
    return d


@derivation
def gelu_slope():
    f = scalar("f")
    with Derivation("The slope of GELU", {f: a * normal_cdf(a)}) as d:
        d.start(D(f, a))
        d.eq(normal_cdf(a) + a * D(normal_cdf(a), a), "product rule")
        d.eq(normal_cdf(a) + a * exp(-a**2 / 2) / sqrt(2 * pi),
             "the normal density")
    return d.agrees(f, _gelu, a)


def _gelu(a):
    import torch
    return torch.nn.functional.gelu(torch.tensor(a)).numpy()


@derivation
def leaky_relu_slope():
    c, f = scalar("c"), scalar("f")
    with Derivation("The slope of a leaky ReLU",
                    {f: relu(a) - c * relu(-a)}) as d:
        d.start(D(f, a))
        d.eq(step(a) + c * step(-a), "one slope on each side")
    return d.agrees(f, lambda a, c: np.where(a > 0, a, c * a), a, c)


@derivation
def sigmoid_slope_is_at_most_a_quarter():
    remainder = (sigmoid(a) - Fraction(1, 2))**2
    with Derivation("The slope of the sigmoid is at most 1/4") as d:
        d.start(Fraction(1, 4))
        d.eq(sigmoid(a) * (1 - sigmoid(a)) + remainder,
             "multiply the square out")
        d.ge(sigmoid(a) * (1 - sigmoid(a)), "a square", remainder)
        d.eq(D(sigmoid(a), a), "the slope of the sigmoid")
    return d


@derivation
def softmax_is_at_least_a_product():
    one_by_one = product(j, 1 + exp(z[j] - w))
    at_once = 1 + total(j, exp(z[j] - w))
    bound = Fact("a product is at least the sum", one_by_one, at_once,
                 lambda sizes, rng: {}, ">=")
    with Derivation("Softmax is at least a product of sigmoids") as d:
        d.start(exp(w) / (exp(w) + total(j, exp(z[j]))))
        d.eq(1 / at_once, "divide by the numerator")
        d.ge(product(j, sigmoid(w - z[j])), "compare the denominators",
             (one_by_one - at_once) / (at_once * one_by_one), bound)
    return d


@derivation
def layers_without_activation():
    K, H, I = dim("K"), dim("H"), dim("D")
    h, = indices("h", H)
    k, = indices("k", K)
    i, = indices("i", I)
    V, W = tensor("V", H, I), tensor("W", K, H)
    b, c, x = tensor("b", H), tensor("c", K), tensor("x", I)
    with Derivation("Two affine layers are one") as d:
        d.start(M(W) @ (M(V) @ M(x) + M(b)) + M(c))
        d.eq((M(W) @ M(V)) @ M(x) + (M(W) @ M(b) + M(c)),
             "matrix products associate")
    return d
