"""A gated network with a skip: a sigmoid branch, a ReLU branch, a mix."""

import numpy as np

from lmbook.derivation import (Derivation, Fact, M, apply, dim, exp, gradient,
                               indices, log, relu, scalar, sigmoid, step,
                               tensor, total)

from .registry import derivation

DIM = dim("D")
i, = indices("i", DIM)
H, G, C = dim("H"), dim("G"), dim("C")
h, = indices("h", H)
g, = indices("g", G)
r, f = indices("r f", C)
x = tensor("x", DIM)
W1, W2, b1, b2 = (tensor("W1", H, DIM), tensor("W2", H, DIM),
                  tensor("b1", H), tensor("b2", H))
a1, a2, c1, c2 = (tensor(name, H) for name in "a1 a2 c1 c2".split())
U1, U2, b3 = tensor("U1", G, H), tensor("U2", G, H), tensor("b3", G)
s, W3, W4 = tensor("s", G), tensor("W3", C, G), tensor("W4", C, DIM)
y, p, t, J = tensor("y", C), tensor("p", C), tensor("t", C), scalar("J")
GATED = {a1[h]: total(i, W1[h, i] * x[i]) + b1[h],
         a2[h]: total(i, W2[h, i] * x[i]) + b2[h],
         c1[h]: sigmoid(a1[h]), c2[h]: relu(a2[h]),
         s[g]: total(h, U1[g, h] * c1[h]) + total(h, U2[g, h] * c2[h])
         + b3[g],
         y[r]: total(g, W3[r, g] * s[g]) + total(i, W4[r, i] * x[i]),
         p[r]: exp(y[r]) / total(f, exp(y[f])),
         J: -total(r, t[r] * log(p[r]))}
TO_Y = M(p) - M(t)
TO_S = M(W3).T @ TO_Y
TO_A1 = (M(U1).T @ M(W3).T @ TO_Y) * (M(c1) - M(c1) * M(c1))
TO_A2 = (M(U2).T @ M(W3).T @ TO_Y) * apply(step, M(a2))


def targets():
    return Fact("the targets sum to one", total(r, t[r]), 1,
                lambda sizes, rng: {t: rng.dirichlet(np.ones(sizes[C]))})


@derivation
def gated_gate():
    with Derivation("Gated network: by the gate", GATED) as d:
        d.start(gradient(J, s))
        d.eq(M(W3).T @ gradient(J, y), "the linear map")
        d.eq(M(W3).T @ (M(p) - M(t)), "softmax and cross-entropy", targets())
    return d


@derivation
def gated_last_weights():
    with Derivation("Gated network: by the last weights", GATED) as d:
        d.start(gradient(J, W3))
        d.eq(gradient(J, y) @ M(s).T, "an outer product")
        d.eq(TO_Y @ M(s).T, "softmax and cross-entropy", targets())
    return d


@derivation
def gated_skip_weights():
    with Derivation("Gated network: by the skip weights", GATED) as d:
        d.start(gradient(J, W4))
        d.eq(TO_Y @ M(x).T, "an outer product", targets())
    return d


@derivation
def gated_sigmoid_branch():
    with Derivation("Gated network: the sigmoid branch", GATED) as d:
        d.start(gradient(J, a1))
        d.eq(gradient(J, c1) * (M(c1) - M(c1) * M(c1)),
             "the slope of the sigmoid")
        d.eq((M(U1).T @ gradient(J, s)) * (M(c1) - M(c1) * M(c1)),
             "the linear map")
        d.eq(TO_A1, "by the gate", targets())
    return d


@derivation
def gated_relu_branch():
    with Derivation("Gated network: the ReLU branch", GATED) as d:
        d.start(gradient(J, a2))
        d.eq((M(U2).T @ gradient(J, s)) * apply(step, M(a2)),
             "the linear map, then ReLU")
        d.eq(TO_A2, "by the gate", targets())
    return d


@derivation
def gated_mixing_weights():
    with Derivation("Gated network: by the mixing weights", GATED) as d:
        d.start(gradient(J, U1))
        d.eq(gradient(J, s) @ M(c1).T, "an outer product")
        d.eq(TO_S @ M(c1).T, "by the gate", targets())
    return d


@derivation
def gated_first_weights():
    with Derivation("Gated network: by the first weights", GATED) as d:
        d.start(gradient(J, W1))
        d.eq(gradient(J, a1) @ M(x).T, "an outer product")
        d.eq(TO_A1 @ M(x).T, "the sigmoid branch", targets())
    return d


@derivation
def gated_input():
    with Derivation("Gated network: by the input, used three times",
                    GATED) as d:
        d.start(gradient(J, x))
        d.eq(M(W1).T @ gradient(J, a1) + M(W2).T @ gradient(J, a2)
             + M(W4).T @ gradient(J, y), "three paths, three terms")
        d.eq(M(W1).T @ TO_A1 + M(W2).T @ TO_A2 + M(W4).T @ TO_Y,
             "each branch", targets())
    return d
