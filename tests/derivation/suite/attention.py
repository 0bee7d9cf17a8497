"""Attention: of one query, and of all queries at once."""

from lmbook.derivation import (D, Derivation, M, delta, diag, dim, exp,
                               gradient, indices, jacobian, scalar,
                               sqrt, tensor, total)

from .registry import derivation

N, DIM, OUT = dim("N"), dim("D"), dim("H")
n, m = indices("n m", N)
i, j = indices("i j", DIM)
c, = indices("c", OUT)
q, o = tensor("q", DIM), tensor("o", OUT)
KEYS, VALUES = tensor("K", N, DIM), tensor("V", N, OUT)
u, a = tensor("u", N), tensor("a", N)
ATTENTION = {u[n]: total(i, KEYS[n, i] * q[i]) / sqrt(DIM),
             a[n]: exp(u[n]) / total(m, exp(u[m])),
             o[c]: total(n, a[n] * VALUES[n, c])}


def by_torch(q, K, V):
    import torch
    q, K, V = (torch.tensor(t)[None] for t in (q[None], K, V))
    attend = torch.nn.functional.scaled_dot_product_attention
    return attend(q, K, V)[0, 0].numpy()


@derivation
def attention_by_the_query():
    with Derivation("Attention by its query", ATTENTION) as d:
        d.start(D(o[c], q[j]))
        d.eq(total(n, m, D(o[c], a[n]) * D(a[n], u[m]) * D(u[m], q[j])),
             "chain rule")
        d.eq(total(n, m, VALUES[n, c] * a[n] * (delta(n, m) - a[m])
                   * KEYS[m, j] / sqrt(DIM)), "softmax Jacobian")
        d.eq(1 / sqrt(DIM) * total(n, a[n] * (VALUES[n, c] - o[c])
                                   * KEYS[n, j]),
             "the output is the mean of the values")
    return d.agrees(o, by_torch, q, KEYS, VALUES)


@derivation
def attention_in_matrices():
    with Derivation("Attention by its query, as a matrix", ATTENTION) as d:
        d.start(jacobian(o, q))
        d.eq(M(VALUES).T @ jacobian(a, u) @ jacobian(u, q), "chain rule")
        d.eq(M(VALUES).T @ (diag(a) - M(a) @ M(a).T) @ M(KEYS) / sqrt(DIM),
             "softmax Jacobian")
    return d


B = dim("B")
r, = indices("r", B)
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


@derivation
def attention_by_the_values():
    with Derivation("Attention by its values", ALL_QUERIES) as d:
        d.start(gradient(L, VALUES))
        d.eq(M(P).T @ gradient(L, O), "chain rule")
        d.eq(M(P).T @ M(R), "the slope of the loss in the output")
    return d.agrees(O, all_by_torch, QUERIES, KEYS, VALUES)


def all_by_torch(Q, K, V):
    import torch
    attend = torch.nn.functional.scaled_dot_product_attention
    return attend(*(torch.tensor(t)[None] for t in (Q, K, V)))[0].numpy()


@derivation
def attention_by_the_scores():
    with Derivation("Attention by its scores", ALL_QUERIES) as d:
        d.start(D(L, U[r, n]))
        d.eq(total(m, D(L, P[r, m]) * D(P[r, m], U[r, n])), "chain rule")
        d.eq(total(m, T[r, m] * P[r, m] * (delta(m, n) - P[r, n])),
             "softmax Jacobian, row by row")
        d.eq(P[r, n] * (T[r, n] - ROWS[r]), "the delta picks one score")
    return d


@derivation
def attention_by_the_queries():
    with Derivation("Attention by all its queries", ALL_QUERIES) as d:
        d.start(gradient(L, QUERIES))
        d.eq(gradient(L, U) @ M(KEYS) / sqrt(DIM), "chain rule")
        d.eq(TO_SCORES @ M(KEYS) / sqrt(DIM), "by the scores")
    return d


@derivation
def attention_by_the_keys():
    with Derivation("Attention by its keys", ALL_QUERIES) as d:
        d.start(gradient(L, KEYS))
        d.eq(gradient(L, U).T @ M(QUERIES) / sqrt(DIM), "chain rule")
        d.eq(TO_SCORES.T @ M(QUERIES) / sqrt(DIM), "by the scores")
    return d
