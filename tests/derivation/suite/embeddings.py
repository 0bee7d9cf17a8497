"""Word embeddings: GloVe and skip-gram with negative sampling."""

import numpy as np
from scipy.special import log_expit

from lmbook.derivation import (D, Derivation, M, delta, dim, gradient,
                               indices, log, ones, scalar, sigmoid, sqrt,
                               tensor, total)

from .registry import derivation

V, DIM, R = dim("V"), dim("D"), dim("R")
i, j, k = indices("i j k", V)
a, c = indices("a c", DIM)
r, q = indices("r q", R)
W, U = tensor("W", V, DIM), tensor("U", V, DIM, tex=r"\tilde{W}")
b, t = tensor("b", V), tensor("t", V, tex=r"\tilde{b}")
X, E = tensor("X", V, V, positive=True), tensor("E", V, V)
G = tensor("G", V, V, positive=True)
L = scalar("L")
GLOVE = {E[i, j]: total(c, W[i, c] * U[j, c]) + b[i] + t[j] - log(X[i, j]),
         L: total(i, j, E[i, j]**2)}
TWICE = tensor("X", V, V)               # counts that are symmetric


def one_vector(counts):
    """Return the definitions of GloVe with one vector per word."""
    return {E[i, j]: (total(c, W[i, c] * W[j, c]) + b[i] + b[j]
                      - log(counts[i, j])),
            L: total(i, j, E[i, j]**2)}


ONE = one_vector(X)
BOTH_WAYS = {TWICE[i, j]: G[i, j] + G[j, i], **one_vector(TWICE)}


def by_numpy(W, U, b, t, X):
    return W @ U.T + b[:, None] + t[None, :] - np.log(X)


@derivation
def glove_word():
    with Derivation("GloVe by a word vector", GLOVE) as d:
        d.start(D(L, W[k, a]))
        d.eq(total(i, j, 2 * E[i, j] * D(E[i, j], W[k, a])), "power rule")
        d.eq(total(i, j, 2 * E[i, j] * delta(i, k) * U[j, a]),
             "a word vector stands in its row")
        d.eq(2 * total(j, E[k, j] * U[j, a]), "the delta picks one row")
    return d.agrees(E, by_numpy, W, U, b, t, X)


@derivation
def glove_context():
    with Derivation("GloVe by a context vector", GLOVE) as d:
        d.start(D(L, U[k, a]))
        d.eq(total(i, j, 2 * E[i, j] * delta(j, k) * W[i, a]),
             "a context vector stands in its column")
        d.eq(2 * total(i, E[i, k] * W[i, a]), "the delta picks one column")
    return d


@derivation
def glove_word_bias():
    with Derivation("GloVe by a word bias", GLOVE) as d:
        d.start(D(L, b[k]))
        d.eq(2 * total(j, E[k, j]), "the bias stands in its row")
    return d


@derivation
def glove_context_bias():
    with Derivation("GloVe by a context bias", GLOVE) as d:
        d.start(gradient(L, t))
        d.eq(2 * (M(E).T @ ones(V)), "the bias stands in its column")
    return d


@derivation
def glove_in_matrices():
    with Derivation("GloVe by all word vectors", GLOVE) as d:
        d.start(gradient(L, W))
        d.eq(gradient(L, E) @ M(U), "chain rule")
        d.eq(2 * (M(E) @ M(U)), "the square")
    return d


@derivation
def glove_contexts_in_matrices():
    with Derivation("GloVe by all context vectors", GLOVE) as d:
        d.start(gradient(L, U))
        d.eq(2 * (M(E).T @ M(W)), "the transpose: contexts are columns")
    return d


@derivation
def symmetric_glove():
    with Derivation("GloVe with one vector per word", BOTH_WAYS) as d:
        d.start(D(L, W[k, a]))
        d.eq(2 * total(j, E[k, j] * W[j, a])
             + 2 * total(i, E[i, k] * W[i, a]),
             "a vector stands in its row and in its column")
        d.eq(2 * total(j, (E[k, j] + E[j, k]) * W[j, a]), "rename i as j")
        d.eq(4 * total(j, E[k, j] * W[j, a]), "the counts are symmetric")
    return d


@derivation
def symmetrised_glove():
    with Derivation("GloVe with one vector and any counts", ONE) as d:
        d.start(gradient(L, W))
        d.eq(2 * ((M(E) + M(E).T) @ M(W)), "row and column")
    return d


@derivation
def symmetrised_logarithms():
    half = (log(X[k, j]) + log(X[j, k])) / 2
    error = total(c, W[k, c] * W[j, c]) + b[k] + b[j] - half
    with Derivation("The symmetric gradient needs symmetric logs",
                    ONE) as d:
        d.start(D(L, W[k, a]))
        d.eq(2 * total(j, (E[k, j] + E[j, k]) * W[j, a]), "row and column")
        d.eq(4 * total(j, error * W[j, a]), "the mean of both logarithms")
    return d


v, u, m = tensor("v", DIM), tensor("u", DIM), tensor("m", R, DIM)
up, down = scalar("p"), tensor("n", R)
SKIP = {up: total(c, u[c] * v[c]),
        down[r]: total(c, m[r, c] * v[c]),
        L: -log(sigmoid(up)) - total(r, log(sigmoid(-down[r])))}


@derivation
def skip_gram_centre():
    with Derivation("Skip-gram by the centre word", SKIP) as d:
        d.start(D(L, v[a]))
        d.eq(-(1 - sigmoid(up)) * D(up, v[a])
             + total(r, (1 - sigmoid(-down[r])) * D(down[r], v[a])),
             "the slope of the log of a sigmoid")
        d.eq((sigmoid(up) - 1) * u[a] + total(r, sigmoid(down[r]) * m[r, a]),
             "the sigmoid and its mirror")
    return d.agrees(L, skip_gram_by_scipy, u, v, m)


def skip_gram_by_scipy(u, v, m):
    return -log_expit(u @ v) - log_expit(-m @ v).sum()


@derivation
def skip_gram_context():
    with Derivation("Skip-gram by the context word", SKIP) as d:
        d.start(gradient(L, u))
        d.eq(D(L, up) * M(v), "chain rule")
        d.eq((sigmoid(up) - 1) * M(v), "the slope of the log of a sigmoid")
    return d


@derivation
def skip_gram_negative():
    with Derivation("Skip-gram by a negative word", SKIP) as d:
        d.start(D(L, m[q, a]))
        d.eq(total(r, sigmoid(down[r]) * D(down[r], m[q, a])),
             "one negative word per term")
        d.eq(total(r, sigmoid(down[r]) * delta(r, q) * v[a]),
             "the dot product")
        d.eq(sigmoid(down[q]) * v[a], "the delta picks one negative word")
    return d


@derivation
def cosine_similarity():
    F, lx, ly = scalar("F"), scalar("r"), scalar("s")
    define = {lx: sqrt(total(c, u[c]**2)), ly: sqrt(total(c, v[c]**2)),
              F: total(c, u[c] * v[c]) / (lx * ly)}
    with Derivation("The gradient of cosine similarity", define) as d:
        d.start(D(F, u[a]))
        d.eq(v[a] / (lx * ly)
             - total(c, u[c] * v[c]) / (lx**2 * ly) * D(lx, u[a]),
             "quotient rule")
        d.eq(1 / lx * (v[a] / ly - F * u[a] / lx),
             "the part of v that is not along u")
    return d
