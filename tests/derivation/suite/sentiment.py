"""A classifier of averaged word vectors."""

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, M, delta, dim, exp,
                               gradient, indices, log, scalar, tensor, total)

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

B = dim("B")
m, = indices("m", B)
X, bias = tensor("X", N, DIM), tensor("b", K)       # words in order
u, g, q, r = (tensor(name, DIM) for name in "ugqr")
c0 = scalar("c")
S, H = tensor("S", B, V), tensor("H", B, DIM)       # shares, means
Z, P, Y = (tensor(name, B, K) for name in "ZPY")


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


@derivation
def score_is_a_mean_of_votes():
    linear = {h[a]: 1 / N * total(n, X[n, a]),
              z[k]: total(a, W[k, a] * h[a]) + bias[k]}
    with Derivation("The score of a sentence", linear) as d:
        d.start(z[k])
        d.eq(1 / N * total(n, total(a, W[k, a] * X[n, a])) + bias[k],
             "change the order of the sums")
        d.eq(1 / N * total(n, total(a, W[k, a] * X[n, a]) + bias[k]),
             "the mean of a constant is the constant")
    return d.agrees(z, lambda x, w, c: (x @ w.T + c).mean(axis=0),
                    X, W, bias)


@derivation
def not_cancels():
    def kindness(x):
        return total(a, u[a] * x) + c0

    with Derivation("Not good minus not bad") as d:
        d.start(kindness((r[a] + g[a]) / 2) - kindness((r[a] + q[a]) / 2))
        d.eq((kindness(g[a]) - kindness(q[a])) / 2, "“not” cancels")
    return d


@derivation
def all_word_vectors():
    batch = {H[m, a]: total(v, S[m, v] * E[v, a]),
             Z[m, k]: total(a, H[m, a] * W[k, a]) + bias[k],
             P[m, k]: exp(Z[m, k]) / total(l, exp(Z[m, l])),
             L: -1 / B * total(m, k, Y[m, k] * log(P[m, k]))}
    rows = Fact("each row of labels sums to one", total(l, Y[m, l]), 1,
                lambda sizes, rng: {
                    Y: rng.dirichlet(np.ones(sizes[K]), size=sizes[B])})
    with Derivation("All word vectors", batch) as d:
        d.start(gradient(L, E))
        d.eq(1 / B * (M(S).T @ (M(P) - M(Y)) @ M(W)),
             "shares transposed, errors, weights", rows)
    return d.agrees(H, lambda s, e: s @ e, S, E)
