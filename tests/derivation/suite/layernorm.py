"""Layer normalisation: forward and backward at every width."""

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, M, delta, dim,
                               gradient, indices, scalar, sqrt, tensor,
                               total)
from lmbook.identities.normalisation import (DIM, LOSS, NORM, L, b, eps, g,
                                             h, i, j, mean, r, s, var, x, y)

from .registry import derivation


def by_torch(x, gamma, beta, eps):
    import torch
    x, gamma, beta = map(torch.tensor, (x, gamma, beta))
    return torch.nn.functional.layer_norm(
        x, x.shape, gamma, beta, float(eps)).numpy()


@derivation
def sum_of_normalised():
    with Derivation("The normalised values sum to zero", NORM) as d:
        d.start(total(i, h[i]))
        d.eq((total(i, x[i]) - DIM * mean) / s, "take 1/s out")
        d.eq(0, "D times the mean is the sum")
    return d.agrees(y, by_torch, x, g, b, eps)


@derivation
def length_of_normalised():
    with Derivation("The squares of the normalised values", NORM) as d:
        d.start(total(i, h[i]**2))
        d.eq(DIM * var / s**2, "D times the variance")
        d.eq(DIM * var / (var + eps), "the square of the root")
    return d


@derivation
def slope_of_the_spread():
    with Derivation("The slope of the spread", NORM) as d:
        d.start(D(s, x[j]))
        d.eq(1 / (2 * s) * D(var, x[j]), "the slope of the root")
        d.eq(1 / (DIM * s) * total(i, (x[i] - mean)
                                   * (delta(i, j) - 1 / DIM)),
             "chain rule")
        d.eq(1 / (DIM * s) * (x[j] - mean), "the deviations sum to zero")
        d.eq(h[j] / DIM, "divide by the spread")
    return d


@derivation
def slope_of_the_normalised():
    with Derivation("The Jacobian of the normalisation", NORM) as d:
        d.start(D(h[i], x[j]))
        d.eq((delta(i, j) - 1 / DIM) / s
             - (x[i] - mean) / s**2 * D(s, x[j]), "quotient rule")
        d.eq(1 / s * (delta(i, j) - 1 / DIM - h[i] * h[j] / DIM),
             "the slope of the spread")
    return d


@derivation
def loss_by_the_input():
    with Derivation("Layer normalisation, backwards", LOSS) as d:
        d.start(D(L, x[j]))
        d.eq(total(i, D(L, h[i]) * D(h[i], x[j])), "chain rule")
        d.eq(total(i, r[i] * g[i] / s
                   * (delta(i, j) - 1 / DIM - h[i] * h[j] / DIM)),
             "the Jacobian of the normalisation")
        d.eq(1 / s * (r[j] * g[j] - 1 / DIM * total(i, r[i] * g[i])
                      - h[j] / DIM * total(i, r[i] * g[i] * h[i])),
             "sum each term")
    return d


@derivation
def loss_by_the_gain():
    with Derivation("Layer normalisation by its gain", LOSS) as d:
        d.start(gradient(L, g))
        d.eq(gradient(L, y) * M(h), "the gain scales h")
        d.eq(M(r) * M(h), "the slope of the loss in y")
    return d


@derivation
def loss_by_the_shift():
    with Derivation("Layer normalisation by its shift", LOSS) as d:
        d.start(D(L, b[j]))
        d.eq(total(i, D(L, y[i]) * delta(i, j)), "the shift is added")
        d.eq(r[j], "the slope of the loss in y")
    return d


@derivation
def constant_input():
    flat = Fact("all inputs are equal", x[i], scalar("c"),
                lambda sizes, rng: {x: np.full(sizes[DIM], 1.5), "c": 1.5})
    with Derivation("Layer normalisation of a constant", NORM) as d:
        d.start(y[i])
        d.eq(g[i] * (scalar("c") - scalar("c")) / sqrt(eps) + b[i],
             "the variance is zero", flat)
        d.eq(b[i], "only the shift is left")
    return d


@derivation
def batch_of_rows():
    N = dim("N")
    n, m = indices("n m", N)
    X, H, R = (tensor(name, N, DIM) for name in "XHR")
    c, e, t = tensor("c", N), tensor("e", N), tensor("t", N)
    define = {c[n]: 1 / DIM * total(i, X[n, i]),
              e[n]: 1 / DIM * total(i, (X[n, i] - c[n])**2),
              t[n]: sqrt(e[n] + eps), H[n, i]: (X[n, i] - c[n]) / t[n],
              L: total(n, i, R[n, i] * (g[i] * H[n, i] + b[i]))}
    with Derivation("Layer normalisation of a batch, backwards",
                    define) as d:
        d.start(D(L, X[m, j]))
        d.eq(total(i, R[m, i] * g[i] * D(H[m, i], X[m, j])),
             "rows do not meet")
        d.eq(1 / t[m] * (R[m, j] * g[j] - 1 / DIM * total(i, R[m, i] * g[i])
                         - H[m, j] / DIM * total(i, R[m, i] * g[i]
                                                 * H[m, i])),
             "one row, as before")
    return d
