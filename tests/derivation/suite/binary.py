"""Two classes, binary cross-entropy, perplexity."""

import numpy as np
import scipy.special

from lmbook.derivation import (D, Derivation, Fact, dim, exp, indices, log,
                               product, scalar, sigmoid, tensor, total)

from .registry import derivation

N, V = dim("N"), dim("V")
n, = indices("n", N)
L, a, t = scalar("L"), scalar("a"), scalar("t")
z1, z2 = scalar("z1"), scalar("z2")


@derivation
def two_classes():
    with Derivation("Softmax of two classes is a sigmoid") as d:
        d.start(exp(z1) / (exp(z1) + exp(z2)))
        d.eq(1 / (1 + exp(z2) / exp(z1)), "divide by the numerator")
        d.eq(1 / (1 + exp(-(z1 - z2))), "the exponents subtract")
        d.eq(sigmoid(z1 - z2), "this is the sigmoid")
    return d


@derivation
def sigmoid_symmetry():
    p = scalar("p")
    with Derivation("The sigmoid and its mirror", {p: sigmoid(a)}) as d:
        d.start(1 - sigmoid(-a))
        d.eq(1 - 1 / (1 + exp(a)), "write the sigmoid out")
        d.eq(exp(a) / (1 + exp(a)), "one fraction")
        d.eq(sigmoid(a), "divide by the exponential")
    return d.agrees(p, scipy.special.expit, a)


@derivation
def sigmoid_slope():
    with Derivation("The slope of the sigmoid") as d:
        d.start(D(sigmoid(a), a))
        d.eq(exp(-a) / (1 + exp(-a))**2, "quotient rule")
        d.eq(sigmoid(a) * (1 - sigmoid(a)), "split the fraction")
    return d


@derivation
def binary_is_two_classes():
    both = exp(z1) + exp(z2)
    with Derivation("Binary cross-entropy is the case K = 2") as d:
        d.start(-t * log(exp(z1) / both) - (1 - t) * log(exp(z2) / both))
        d.eq(-t * log(sigmoid(z1 - z2)) - (1 - t) * log(sigmoid(z2 - z1)),
             "softmax of two classes")
        d.eq(-t * log(sigmoid(z1 - z2)) - (1 - t) * log(1 - sigmoid(z1 - z2)),
             "the sigmoid and its mirror")
    return d


P = tensor("p", N, positive=True)
ENTROPY = {L: -1 / N * total(n, log(P[n]))}


@derivation
def perplexity():
    with Derivation("Perplexity is a geometric mean", ENTROPY) as d:
        d.start(exp(L))
        d.eq(product(n, exp(-log(P[n]) / N)), "exp of a sum is a product")
        d.eq(product(n, P[n]**(-1 / N)), "exp undoes the logarithm")
    return d


@derivation
def perplexity_of_a_uniform_model():
    uniform = Fact("every token has probability 1/V", P[n], 1 / V,
                   lambda sizes, rng: {P: np.full(sizes[N], 1 / sizes[V])})
    with Derivation("Perplexity of a uniform model", ENTROPY) as d:
        d.start(exp(L))
        d.eq(exp(1 / N * total(n, log(V))), "", uniform)
        d.eq(exp(log(V)), "N equal terms")
        d.eq(V, "exp undoes the logarithm")
    return d


@derivation
def entropy_of_a_uniform_model():
    uniform = Fact("every token has probability 1/V", P[n], 1 / V,
                   lambda sizes, rng: {P: np.full(sizes[N], 1 / sizes[V])})
    with Derivation("Cross-entropy of a uniform model", ENTROPY) as d:
        d.start(L)
        d.eq(-1 / N * total(n, log(1 / V)), "", uniform)
        d.eq(log(V), "N equal terms")
    return d


@derivation
def perplexity_in_bits():
    bits = scalar("B")
    with Derivation("Perplexity in bits", {
            **ENTROPY, bits: -1 / N * total(n, log(P[n]) / log(2))}) as d:
        d.start(2**bits)
        d.eq(exp(bits * log(2)), "2 is the exponential of log 2")
        d.eq(exp(L), "bits to nats")
    return d
