"""Softmax, cross-entropy and perplexity."""

import numpy as np
import scipy.special

from lmbook.derivation import (D, Derivation, Fact, M, delta, diag, dim, exp,
                               indices, jacobian, log, scalar, tensor, total)

from .registry import derivation

K = dim("K")
i, j, l = indices("i j l", K)
z, y, s = tensor("z", K), tensor("y", K), tensor("s", K)
L = scalar("L")
SOFTMAX = {s[i]: exp(z[i]) / total(l, exp(z[l]))}
LOSS = {**SOFTMAX, L: -total(l, y[l] * log(s[l]))}


def labels_sum_to_one():
    return Fact("the labels sum to one", total(l, y[l]), 1,
                lambda sizes, rng: {y: rng.dirichlet(np.ones(sizes[K]))})


@derivation
def softmax_jacobian():
    sum_of_exp = total(l, exp(z[l]))
    with Derivation("Softmax Jacobian", SOFTMAX) as d:
        d.start(D(s[i], z[j]))
        d.eq(delta(i, j) * exp(z[i]) / sum_of_exp
             - exp(z[i]) * exp(z[j]) / sum_of_exp**2, "quotient rule")
        d.eq(s[i] * (delta(i, j) - s[j]), "both fractions are softmax")
    return d.agrees(s, scipy.special.softmax, z)


@derivation
def cross_entropy_gradient():
    with Derivation("Cross-entropy gradient", LOSS) as d:
        d.start(D(L, z[j]))
        d.eq(-total(l, y[l] / s[l] * D(s[l], z[j])), "chain rule")
        d.eq(-total(l, y[l] * (delta(l, j) - s[j])), "softmax Jacobian")
        d.eq(s[j] * total(l, y[l]) - y[j], "the delta picks one label")
        d.eq(s[j] - y[j], "", labels_sum_to_one())
    return d
