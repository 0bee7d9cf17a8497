"""Attention: scores, weights and outputs, of one query and of all."""

import numpy as np
import scipy.special

from ..derivation import (Derivation, M, diag, dim, exp, gradient, indices,
                          jacobian, scalar, sqrt, tensor, total)
from .row import group

N, DIM, OUT, B = dim("N"), dim("D"), dim("H"), dim("B")
n, m = indices("n m", N)
i, j = indices("i j", DIM)
c, = indices("c", OUT)
r, = indices("r", B)
q, o = tensor("q", DIM), tensor("o", OUT)
KEYS, VALUES = tensor("K", N, DIM), tensor("V", N, OUT)
u, a = tensor("u", N), tensor("a", N)
ATTENTION = {u[n]: total(i, KEYS[n, i] * q[i]) / sqrt(DIM),
             a[n]: exp(u[n]) / total(m, exp(u[m])),
             o[c]: total(n, a[n] * VALUES[n, c])}
QUERIES, U, P = tensor("Q", B, DIM), tensor("U", B, N), tensor("P", B, N)
O, R, T = tensor("O", B, OUT), tensor("R", B, OUT), tensor("T", B, N)
ROWS, L = tensor("t", B), scalar("L")
ALL_QUERIES = {
    U[r, n]: total(i, QUERIES[r, i] * KEYS[n, i]) / sqrt(DIM),
    P[r, n]: exp(U[r, n]) / total(m, exp(U[r, m])),
    O[r, c]: total(n, P[r, n] * VALUES[n, c]),
    L: total(r, c, R[r, c] * O[r, c]),
    T[r, n]: total(c, R[r, c] * VALUES[n, c]),
    ROWS[r]: total(n, P[r, n] * T[r, n])}
TO_SCORES = M(P) * M(T) - diag(ROWS) @ M(P)
ABOVE = "R is the gradient by the output"

row = group("Attention")
G = tensor("G", B, N)
SCORES = {U[r, n]: ALL_QUERIES[U[r, n]],
          L: total(r, n, G[r, n] * U[r, n])}


@row("attention scores by the queries, QK^T, scaled dot product",
     "G is the gradient by the scores")
def scores_by_the_queries():
    """Prove grad_Q L = (G K)/sqrt(D)."""
    with Derivation("Attention scores by the queries", SCORES) as d:
        d.start(gradient(L, QUERIES))
        d.eq(M(G) @ M(KEYS) / sqrt(DIM), "a linear layer by its inputs")
    return d.agrees(U, lambda Q, K: Q @ K.T / np.sqrt(Q.shape[1]),
                    QUERIES, KEYS)


@row("attention scores by the keys, QK^T, scaled dot product",
     "G is the gradient by the scores")
def scores_by_the_keys():
    """Prove grad_K L = (G^T Q)/sqrt(D)."""
    with Derivation("Attention scores by the keys", SCORES) as d:
        d.start(gradient(L, KEYS))
        d.eq(M(G).T @ M(QUERIES) / sqrt(DIM),
             "a linear layer by its weight")
    return d


@row("attention of one query, Jacobian")
def attention_in_matrices():
    """Prove do/dq = (V^T (diag(a) - a a^T) K)/sqrt(D)."""
    with Derivation("Attention by its query, as a matrix", ATTENTION) as d:
        d.start(jacobian(o, q))
        d.eq(M(VALUES).T @ jacobian(a, u) @ jacobian(u, q), "chain rule")
        d.eq(M(VALUES).T @ (diag(a) - M(a) @ M(a).T) @ M(KEYS) / sqrt(DIM),
             "softmax Jacobian")
    return d


@row("attention output by the values, backward pass", ABOVE)
def attention_by_the_values():
    """Prove grad_V L = P^T R."""
    with Derivation("Attention by its values", ALL_QUERIES) as d:
        d.start(gradient(L, VALUES))
        d.eq(M(P).T @ gradient(L, O), "chain rule")
        d.eq(M(P).T @ M(R), "the slope of the loss in the output")
    return d.agrees(O, attend, QUERIES, KEYS, VALUES)


def attend(Q, K, V):
    """Return softmax attention, by SciPy.

    Shapes: Q (B, D), K (N, D), V (N, H); the result is (B, H).

    >>> attend(np.zeros((1, 2)), np.ones((2, 2)), np.array([[1.], [3.]]))
    array([[2.]])
    """
    scores = Q @ K.T / np.sqrt(Q.shape[1])                  # (B, N)
    return scipy.special.softmax(scores, axis=1) @ V


@row("attention by all queries, backward pass", ABOVE)
def attention_by_the_queries():
    """Prove grad_Q L = ((P * T - diag(t) P) K)/sqrt(D)."""
    with Derivation("Attention by all its queries", ALL_QUERIES) as d:
        d.start(gradient(L, QUERIES))
        d.eq(gradient(L, U) @ M(KEYS) / sqrt(DIM), "chain rule")
        d.eq(TO_SCORES @ M(KEYS) / sqrt(DIM), "by the scores")
    return d


@row("attention by all keys, backward pass", ABOVE)
def attention_by_the_keys():
    """Prove grad_K L = ((P * T - diag(t) P)^T Q)/sqrt(D)."""
    with Derivation("Attention by its keys", ALL_QUERIES) as d:
        d.start(gradient(L, KEYS))
        d.eq(gradient(L, U).T @ M(QUERIES) / sqrt(DIM), "chain rule")
        d.eq(TO_SCORES.T @ M(QUERIES) / sqrt(DIM), "by the scores")
    return d
