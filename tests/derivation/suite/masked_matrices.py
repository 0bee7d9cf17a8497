"""The masked-word model in matrices: one position in, one position out.

`R` holds the one-hot words of one position, the other positions give `O`;
`A` and `d` are the output weights of the masked position.
"""

import numpy as np
import scipy.special

from lmbook.derivation import (Derivation, Fact, M, dim, exp, gradient,
                               indices, log, ones, scalar, sigmoid, tensor,
                               total)

from .registry import derivation

N, V, DIM, H = (dim(name) for name in "NVDH")
n, = indices("n", N)
v, l = indices("v l", V)
a, = indices("a", DIM)
h, = indices("h", H)
R, T, E = tensor("R", N, V), tensor("T", N, V), tensor("E", V, DIM)
X, O, U, S = (tensor("X", N, DIM), tensor("O", N, H), tensor("U", N, H),
              tensor("S", N, H))
B, b = tensor("B", H, DIM), tensor("b", H)
A, c = tensor("A", V, H), tensor("c", V)
Z, P, C = tensor("Z", N, V), tensor("P", N, V), scalar("C")
OUTPUT = {Z[n, v]: total(h, S[n, h] * A[v, h]) + c[v],
          P[n, v]: exp(Z[n, v]) / total(l, exp(Z[n, l])),
          C: -total(n, v, T[n, v] * log(P[n, v]))}
MODEL = {X[n, a]: total(v, R[n, v] * E[v, a]),
         U[n, h]: total(a, X[n, a] * B[h, a]) + O[n, h] + b[h],
         S[n, h]: sigmoid(U[n, h]), **OUTPUT}
TO_Z = M(P) - M(T)
TO_U = (TO_Z @ M(A)) * (M(S) - M(S) * M(S))


def targets():
    return Fact("each target is one word", total(v, T[n, v]), 1,
                lambda sizes, rng: {T: np.eye(sizes[V])[
                    rng.integers(sizes[V], size=sizes[N])]})


@derivation
def output_weights():
    with Derivation("Masked model: output weights, in matrices",
                    OUTPUT) as d:
        d.start(gradient(C, A))
        d.eq(gradient(C, Z).T @ M(S), "chain rule")
        d.eq(TO_Z.T @ M(S), "softmax and cross-entropy", targets())
    return d.agrees(P, lambda S, A, c: scipy.special.softmax(
        S @ A.T + c, axis=1), S, A, c)


@derivation
def output_bias():
    with Derivation("Masked model: output bias, in matrices", OUTPUT) as d:
        d.start(gradient(C, c))
        d.eq(TO_Z.T @ ones(N), "a sum over the batch", targets())
    return d


@derivation
def hidden_units():
    with Derivation("Masked model: hidden units, in matrices", MODEL) as d:
        d.start(gradient(C, U))
        d.eq(gradient(C, S) * (M(S) - M(S) * M(S)),
             "the slope of the sigmoid")
        d.eq((gradient(C, Z) @ M(A)) * (M(S) - M(S) * M(S)),
             "a unit acts on every logit")
        d.eq(TO_U, "softmax and cross-entropy", targets())
    return d


@derivation
def hidden_weights():
    with Derivation("Masked model: hidden weights, in matrices",
                    MODEL) as d:
        d.start(gradient(C, B))
        d.eq(gradient(C, U).T @ M(X), "chain rule")
        d.eq(TO_U.T @ M(X), "by the hidden units", targets())
    return d


@derivation
def hidden_bias():
    with Derivation("Masked model: hidden bias, in matrices", MODEL) as d:
        d.start(gradient(C, b))
        d.eq(gradient(C, U).T @ ones(N), "a sum over the batch")
        d.eq(TO_U.T @ ones(N), "by the hidden units", targets())
    return d


@derivation
def embedding():
    with Derivation("Masked model: embedding, in matrices", MODEL) as d:
        d.start(gradient(C, E))
        d.eq(M(R).T @ gradient(C, X), "the words that went in")
        d.eq(M(R).T @ gradient(C, U) @ M(B), "a vector acts on every unit")
        d.eq(M(R).T @ TO_U @ M(B), "by the hidden units", targets())
    return d
