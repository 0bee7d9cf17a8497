"""A masked-word model: embeddings, logistic units, a softmax per position.

n counts the examples, p the positions, v the words, a the embedding axes,
h the hidden units.  `R` holds the one-hot words that go in, one of them
masked; `m` is 1 at the masked position; `T` holds the one-hot targets.
"""

import numpy as np
import scipy.special

from lmbook.derivation import (D, Derivation, Fact, delta, dim, exp, indices,
                               log, scalar, sigmoid, tensor, total)

from .registry import derivation

N, POS, V, DIM, H = (dim(name) for name in "NPVDH")
n, k = indices("n k", N)
p, q = indices("p q", POS)
v, w, l = indices("v w l", V)
a, c = indices("a c", DIM)
h, g = indices("h g", H)
R, T, m = tensor("R", N, POS, V), tensor("T", N, POS, V), tensor("m", N, POS)
E, X = tensor("E", V, DIM), tensor("X", N, POS, DIM)
B, b = tensor("B", H, POS, DIM), tensor("b", H)
A, d0 = tensor("A", POS, V, H), tensor("d", POS, V)
u, s = tensor("u", N, H), tensor("s", N, H)
z, S = tensor("z", N, POS, V), tensor("S", N, POS, V)
C = scalar("C")
OUTPUT = {z[n, p, v]: total(h, A[p, v, h] * s[n, h]) + d0[p, v],
          S[n, p, v]: exp(z[n, p, v]) / total(l, exp(z[n, p, l])),
          C: -total(n, p, v, m[n, p] * T[n, p, v] * log(S[n, p, v]))}
MODEL = {X[n, p, a]: total(v, R[n, p, v] * E[v, a]),
         u[n, h]: total(p, a, B[h, p, a] * X[n, p, a]) + b[h],
         s[n, h]: sigmoid(u[n, h]), **OUTPUT}


def targets():
    return Fact("each target is one word", total(v, T[n, p, v]), 1,
                lambda sizes, rng: {T: np.eye(sizes[V])[rng.integers(
                    sizes[V], size=(sizes[N], sizes[POS]))]})


def loss_by_scipy(A, s, d, m, T):
    z = np.einsum("pvh,nh->npv", A, s) + d
    logs = scipy.special.log_softmax(z, axis=-1)
    return -(m * (T * logs).sum(axis=-1)).sum()


def hidden_by_numpy(R, E, B, b):
    x = np.einsum("npv,va->npa", R, E)
    return np.einsum("hpa,npa->nh", B, x) + b


@derivation
def masked_logits():
    with Derivation("Masked model by a logit", OUTPUT) as d:
        d.start(D(C, z[k, q, w]))
        d.eq(-total(n, p, v, m[n, p] * T[n, p, v] / S[n, p, v]
                    * D(S[n, p, v], z[k, q, w])), "chain rule")
        d.eq(-m[k, q] * total(v, T[k, q, v] * (delta(v, w) - S[k, q, w])),
             "softmax Jacobian of one position")
        d.eq(m[k, q] * (S[k, q, w] - T[k, q, w]), "", targets())
    return d.agrees(C, loss_by_scipy, A, s, d0, m, T)


@derivation
def masked_output_weights():
    with Derivation("Masked model by an output weight", OUTPUT) as d:
        d.start(D(C, A[q, w, g]))
        d.eq(total(n, p, v, D(C, z[n, p, v]) * D(z[n, p, v], A[q, w, g])),
             "chain rule")
        d.eq(total(n, D(C, z[n, q, w]) * s[n, g]),
             "a weight acts on one position and one word")
        d.eq(total(n, m[n, q] * (S[n, q, w] - T[n, q, w]) * s[n, g]),
             "by a logit", targets())
    return d


@derivation
def masked_output_bias():
    with Derivation("Masked model by an output bias", OUTPUT) as d:
        d.start(D(C, d0[q, w]))
        d.eq(total(n, D(C, z[n, q, w])), "the bias enters every example")
        d.eq(total(n, m[n, q] * (S[n, q, w] - T[n, q, w])), "by a logit",
             targets())
    return d


@derivation
def masked_hidden_units():
    with Derivation("Masked model by a hidden unit", MODEL) as d:
        d.start(D(C, u[k, g]))
        d.eq(D(C, s[k, g]) * D(s[k, g], u[k, g]), "one unit, one example")
        d.eq(D(C, s[k, g]) * s[k, g] * (1 - s[k, g]),
             "the slope of the sigmoid")
        d.eq(s[k, g] * (1 - s[k, g])
             * total(p, v, D(C, z[k, p, v]) * A[p, v, g]),
             "a unit acts on every logit")
    return d.agrees(u, hidden_by_numpy, R, E, B, b)


@derivation
def masked_hidden_weights():
    with Derivation("Masked model by a hidden weight", MODEL) as d:
        d.start(D(C, B[g, q, c]))
        d.eq(total(n, h, D(C, u[n, h]) * D(u[n, h], B[g, q, c])),
             "chain rule")
        d.eq(total(n, D(C, u[n, g]) * X[n, q, c]),
             "a weight acts on one unit")
    return d


@derivation
def masked_hidden_bias():
    with Derivation("Masked model by a hidden bias", MODEL) as d:
        d.start(D(C, b[g]))
        d.eq(total(n, D(C, u[n, g])), "the bias enters every example")
    return d


@derivation
def masked_embedding():
    with Derivation("Masked model by an embedding", MODEL) as d:
        d.start(D(C, E[w, c]))
        d.eq(total(n, p, a, D(C, X[n, p, a]) * D(X[n, p, a], E[w, c])),
             "chain rule")
        d.eq(total(n, p, D(C, X[n, p, c]) * R[n, p, w]),
             "the words that went in, the mask among them")
        d.eq(total(n, p, R[n, p, w]
                   * total(h, D(C, u[n, h]) * B[h, p, c])),
             "an embedding acts on every unit")
    return d
