"""Means, variances and the normalisations made of them."""

import numpy as np

from ..derivation import (Derivation, M, delta, dim, eye, gradient, indices,
                          jacobian, ones, scalar, sqrt, tensor, total)
from .row import group

DIM = dim("D")
i, j = indices("i j", DIM)
x, y, r = tensor("x", DIM), tensor("y", DIM), tensor("r", DIM)
g, b, h = tensor("gamma", DIM), tensor("beta", DIM), tensor("h", DIM)
mean, var, s = scalar("mu"), scalar("v"), scalar("s")
eps, L = scalar("epsilon", positive=True), scalar("L")
MEAN = {mean: 1 / DIM * total(i, x[i])}
NORM = {**MEAN, var: 1 / DIM * total(i, (x[i] - mean)**2),
        s: sqrt(var + eps), h[i]: (x[i] - mean) / s,
        y[i]: g[i] * h[i] + b[i]}
LOSS = {**NORM, L: total(i, r[i] * y[i])}
PLAIN = {key: NORM[key] for key in list(NORM)[:4]}
CENTRE = eye(DIM) - ones(DIM) @ ones(DIM).T / DIM

row = group("Mean, variance and normalisation")


@row("mean, average")
def mean_of_entries():
    """Prove dmu/dx = 1^T/D."""
    with Derivation("The Jacobian of a mean", MEAN) as d:
        d.start(jacobian(mean, x))
        d.eq(ones(DIM).T / DIM, "each entry has the same share")
    return d.agrees(mean, np.mean, x)


@row("variance, spread")
def variance_of_entries():
    """Prove dv/dx = 2/D (x - mu 1)^T."""
    define = {**MEAN, var: NORM[var]}
    with Derivation("The Jacobian of a variance", define) as d:
        d.start(jacobian(var, x))
        d.eq(2 / DIM * (M(x) - mean * ones(DIM)).T,
             "the deviations sum to zero")
    return d.agrees(var, np.var, x)


@row("centring matrix, subtract the mean")
def centring():
    """Prove dy/dx = I - (1 1^T)/D."""
    with Derivation("Subtracting the mean", {
            **MEAN, y[i]: x[i] - mean}) as d:
        d.start(jacobian(y, x))
        d.eq(CENTRE, "all but the mean")
    return d


@row("centring matrix, projection, idempotent")
def centring_twice():
    """Prove C C = C."""
    C = tensor("C", DIM, DIM)
    with Derivation("Centring twice is centring once", {
            C[i, j]: delta(i, j) - 1 / DIM}) as d:
        d.start(M(C) @ M(C))
        d.eq(M(C), "the deviations have the mean zero")
    return d


@row("layer normalisation, LayerNorm, standardise", page="")
def layer_norm_jacobian():
    """Prove dh/dx = (I - (1 1^T)/D - (h h^T)/D)/s."""
    with Derivation("The Jacobian of layer normalisation", PLAIN) as d:
        d.start(jacobian(h, x))
        d.eq((CENTRE - M(h) @ M(h).T / DIM) / s,
             "without the mean and the part along h")
    return d.agrees(h, _standardise, x, eps)


def _standardise(x, eps):
    """Return deviations over the spread, by NumPy."""
    return (x - x.mean()) / np.sqrt(x.var() + eps)


@row("layer normalisation, LayerNorm, backward pass, vjp")
def loss_by_the_input_in_vectors():
    """Prove grad_x L = (a - m 1 - c h)/s."""
    a, m, c = tensor("a", DIM), scalar("m"), scalar("c")
    means = {a[i]: r[i] * g[i], m: 1 / DIM * total(i, a[i]),
             c: 1 / DIM * total(i, a[i] * h[i])}
    with Derivation("Layer normalisation, backwards, as a vector",
                    {**LOSS, **means}) as d:
        d.start(gradient(L, x))
        d.eq((M(a) - m * ones(DIM) - c * M(h)) / s,
             "subtract the mean and the part along h")
    return d


@row("RMSNorm, root mean square normalisation")
def rms_norm_jacobian():
    """Prove dh/dx = (I - (h h^T)/D)/s."""
    define = {s: sqrt(1 / DIM * total(i, x[i]**2) + eps), h[i]: x[i] / s}
    with Derivation("The Jacobian of RMSNorm", define) as d:
        d.start(jacobian(h, x))
        d.eq((eye(DIM) - M(h) @ M(h).T / DIM) / s,
             "without the part along h")
    return d.agrees(h, lambda x, eps: x / np.sqrt((x**2).mean() + eps),
                    x, eps)
