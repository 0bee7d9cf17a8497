"""Attention: of one query, and of all queries at once."""

from lmbook.derivation import D, Derivation, delta, sqrt, total
from lmbook.identities.attention import (ALL_QUERIES, ATTENTION, DIM, KEYS,
                                         L, P, ROWS, T, U, VALUES, a, c, j,
                                         m, n, o, q, r, u)

from .registry import derivation


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
def attention_by_the_scores():
    with Derivation("Attention by its scores", ALL_QUERIES) as d:
        d.start(D(L, U[r, n]))
        d.eq(total(m, D(L, P[r, m]) * D(P[r, m], U[r, n])), "chain rule")
        d.eq(total(m, T[r, m] * P[r, m] * (delta(m, n) - P[r, n])),
             "softmax Jacobian, row by row")
        d.eq(P[r, n] * (T[r, n] - ROWS[r]), "the delta picks one score")
    return d
