"""A classifier of averaged word vectors."""

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, delta, dim, exp, indices,
                               log, scalar, tensor, total)

from .registry import derivation

N, V, DIM, K = dim("N"), dim("V"), dim("D"), dim("K")
n, = indices("n", N)                    # the words of the sentence
v, w = indices("v w", V)
a, b = indices("a b", DIM)
k, l, c = indices("k l c", K)
R, E = tensor("R", N, V), tensor("E", V, DIM)   # one-hot words, vectors
h, W, z = tensor("h", DIM), tensor("W", K, DIM), tensor("z", K)
s, y, L = tensor("s", K), tensor("y", K), scalar("L")
MODEL = {h[a]: 1 / N * total(n, v, R[n, v] * E[v, a]),
         z[k]: total(a, W[k, a] * h[a]),
         s[k]: exp(z[k]) / total(l, exp(z[l])),
         L: -total(l, y[l] * log(s[l]))}


def labels_sum_to_one():
    return Fact("the labels sum to one", total(l, y[l]), 1,
                lambda sizes, rng: {y: rng.dirichlet(np.ones(sizes[K]))})


@derivation
def mean_vector_gradient():
    with Derivation("The gradient of the mean word vector", MODEL) as d:
        d.start(D(L, h[b]))
        d.eq(total(k, D(L, z[k]) * W[k, b]), "chain rule")
        d.eq(total(k, (s[k] - y[k]) * W[k, b]), "cross-entropy gradient",
             labels_sum_to_one())
    return d.agrees(h, lambda R, E: (R @ E).mean(axis=0), R, E)


@derivation
def word_vector_gradient():
    with Derivation("The gradient of one word vector", MODEL) as d:
        d.start(D(L, E[w, b]))
        d.eq(total(a, D(L, h[a]) * D(h[a], E[w, b])), "chain rule")
        d.eq(1 / N * total(a, D(L, h[a])
                           * total(n, R[n, w] * delta(a, b))),
             "a word counts once for each place it stands in")
        d.eq(1 / N * D(L, h[b]) * total(n, R[n, w]),
             "the delta picks one axis")
    return d
