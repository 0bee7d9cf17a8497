"""Networks with ReLU: one layer, a residual block, a residual network."""

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, M, apply, delta, diag,
                               dim, exp, eye, gradient, indices, jacobian,
                               log, relu, scalar, step, tensor, total)

from .registry import derivation

H, DIM = dim("H"), dim("D")
a, b, c, e, f = indices("a b c e f", H)
i, = indices("i", DIM)
x, y, p = tensor("x", DIM), tensor("y", H), tensor("p", H)
W1, W2 = tensor("W1", H, DIM), tensor("W2", H, H)
z1, z2, h1, h2, h3 = (tensor(name, H) for name in "z1 z2 h1 h2 h3".split())
J = scalar("J")
BLOCK = {z2[a]: total(c, W2[a, c] * h1[c]), h2[a]: relu(z2[a]),
         h3[a]: h1[a] + h2[a]}
NETWORK = {z1[a]: total(i, W1[a, i] * x[i]), h1[a]: relu(z1[a]), **BLOCK,
           p[a]: exp(h3[a]) / total(c, exp(h3[c])),
           J: -total(a, y[a] * log(p[a]))}
GATE1, GATE2 = apply(step, M(z1)), apply(step, M(z2))


def labels():
    return Fact("the labels sum to one", total(a, y[a]), 1,
                lambda sizes, rng: {y: rng.dirichlet(np.ones(sizes[H]))})


def forward(x, W1, W2):
    """Return h3 of the residual network, by torch."""
    import torch
    x, W1, W2 = map(torch.tensor, (x, W1, W2))
    h1 = torch.relu(W1 @ x)
    return (h1 + torch.relu(W2 @ h1)).numpy()


def residual(h1, W2):
    return h1 + np.maximum(W2 @ h1, 0)


@derivation
def residual_block_by_entries():
    with Derivation("The Jacobian of a residual block, by entries",
                    BLOCK) as d:
        d.start(D(h3[a], h1[b]))
        d.eq(delta(a, b) + D(relu(z2[a]), h1[b]), "the sum rule")
        d.eq(delta(a, b) + step(z2[a]) * D(z2[a], h1[b]), "chain rule")
        d.eq(delta(a, b) + step(z2[a]) * W2[a, b], "the linear map")
    return d


@derivation
def loss_by_h3():
    with Derivation("Residual network: by h3", NETWORK) as d:
        d.start(jacobian(J, h3))
        d.eq((M(p) - M(y)).T, "softmax and cross-entropy", labels())
    return d.agrees(h3, forward, x, W1, W2)


@derivation
def loss_by_h2():
    with Derivation("Residual network: by h2", NETWORK) as d:
        d.start(jacobian(J, h2))
        d.eq(jacobian(J, h3) @ jacobian(h3, h2), "chain rule")
        d.eq(jacobian(J, h3), "h2 enters h3 by the identity")
    return d


@derivation
def loss_by_z2():
    with Derivation("Residual network: by z2", NETWORK) as d:
        d.start(jacobian(J, z2))
        d.eq(jacobian(J, h2) @ diag(GATE2), "ReLU")
        d.eq(((M(p) - M(y)) * GATE2).T, "by h2", labels())
    return d


@derivation
def loss_by_h1():
    with Derivation("Residual network: by h1", NETWORK) as d:
        d.start(jacobian(J, h1))
        d.eq(jacobian(J, h3) + jacobian(J, z2) @ M(W2),
             "two paths: the skip and the layer")
        d.eq(jacobian(J, h3) @ (eye(H) + diag(GATE2) @ M(W2)),
             "the Jacobian of the block")
    return d


@derivation
def loss_by_z1():
    with Derivation("Residual network: by z1", NETWORK) as d:
        d.start(jacobian(J, z1))
        d.eq(jacobian(J, h1) @ diag(GATE1), "ReLU")
        d.eq((M(p) - M(y)).T @ (eye(H) + diag(GATE2) @ M(W2)) @ diag(GATE1),
             "by h1", labels())
    return d


@derivation
def loss_by_x():
    with Derivation("Residual network: by the input", NETWORK) as d:
        d.start(jacobian(J, x))
        d.eq(jacobian(J, z1) @ M(W1), "the linear map")
        d.eq((M(p) - M(y)).T @ (eye(H) + diag(GATE2) @ M(W2))
             @ diag(GATE1) @ M(W1), "by z1", labels())
    return d


@derivation
def loss_by_w2():
    with Derivation("Residual network: by the second weights",
                    NETWORK) as d:
        d.start(gradient(J, W2))
        d.eq(gradient(J, z2) @ M(h1).T, "an outer product")
        d.eq(((M(p) - M(y)) * GATE2) @ M(h1).T, "by z2", labels())
    return d


@derivation
def loss_by_w2_entries():
    with Derivation("Residual network: by one second weight",
                    NETWORK) as d:
        d.start(D(J, W2[e, f]))
        d.eq(total(a, D(J, z2[a]) * D(z2[a], W2[e, f])), "chain rule")
        d.eq(total(a, D(J, z2[a]) * delta(a, e) * h1[f]),
             "a weight acts on one unit")
        d.eq((p[e] - y[e]) * step(z2[e]) * h1[f], "by z2", labels())
    return d


@derivation
def loss_by_w1():
    with Derivation("Residual network: by the first weights",
                    NETWORK) as d:
        d.start(gradient(J, W1))
        d.eq(gradient(J, z1) @ M(x).T, "an outer product")
        d.eq(((eye(H) + diag(GATE2) @ M(W2)).T @ (M(p) - M(y)) * GATE1)
             @ M(x).T, "by z1", labels())
    return d
