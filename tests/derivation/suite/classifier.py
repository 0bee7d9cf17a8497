"""A linear classifier on a minibatch, with softmax."""

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, M, delta, dim, exp,
                               gradient, indices, jacobian, log, ones, scalar,
                               tensor, total)

from .registry import derivation

N, C, DIM = dim("N"), dim("C"), dim("D")
n, m = indices("n m", N)
c, k, r = indices("c k r", C)
i, j = indices("i j", DIM)
X, b, L = tensor("X", N, DIM), tensor("b", C), scalar("L")
W = tensor("W", DIM, C)
OUT = tensor("W", C, DIM)               # the layout of PyTorch: (out, in)
Z, P, Y = (tensor(name, N, C) for name in "ZPY")


def model(logit):
    """Return the definitions of a softmax classifier on a minibatch."""
    return {Z[n, c]: logit,
            P[n, c]: exp(Z[n, c]) / total(k, exp(Z[n, k])),
            L: -1 / N * total(n, c, Y[n, c] * log(P[n, c]))}


IN_OUT = model(total(i, X[n, i] * W[i, c]) + b[c])
OUT_IN = model(total(i, X[n, i] * OUT[c, i]) + b[c])


def labels():
    return Fact("each row of labels sums to one", total(c, Y[n, c]), 1,
                lambda sizes, rng: {Y: rng.dirichlet(
                    np.ones(sizes[C]), size=sizes[N])})


def torch_loss(X, W, b, Y):
    import torch
    logits = torch.tensor(X) @ torch.tensor(W) + torch.tensor(b)
    return torch.nn.functional.cross_entropy(
        logits, torch.tensor(Y)).numpy()


def torch_linear(X, W, b):
    import torch
    return torch.nn.functional.linear(*map(torch.tensor, (X, W, b))).numpy()


@derivation
def loss_by_a_logit():
    with Derivation("The minibatch loss by a logit", IN_OUT) as d:
        d.start(D(L, Z[m, r]))
        d.eq(-1 / N * total(n, c, Y[n, c] / P[n, c] * D(P[n, c], Z[m, r])),
             "chain rule")
        d.eq(-1 / N * total(n, c, Y[n, c] * delta(n, m)
                            * (delta(c, r) - P[n, r])),
             "softmax Jacobian, row by row")
        d.eq(-1 / N * total(c, Y[m, c] * (delta(c, r) - P[m, r])),
             "only row m depends on its logits")
        d.eq(1 / N * (P[m, r] - Y[m, r]), "", labels())
    return d.agrees(L, torch_loss, X, W, b, Y)


@derivation
def loss_by_a_weight():
    with Derivation("The minibatch loss by a weight", IN_OUT) as d:
        d.start(D(L, W[j, r]))
        d.eq(total(n, c, D(L, Z[n, c]) * D(Z[n, c], W[j, r])), "chain rule")
        d.eq(total(n, c, D(L, Z[n, c]) * X[n, j] * delta(c, r)),
             "a weight acts on one class")
        d.eq(1 / N * total(n, X[n, j] * (P[n, r] - Y[n, r])),
             "the loss by a logit", labels())
    return d


@derivation
def loss_by_a_bias():
    with Derivation("The minibatch loss by a bias", IN_OUT) as d:
        d.start(D(L, b[r]))
        d.eq(total(n, c, D(L, Z[n, c]) * delta(c, r)), "chain rule")
        d.eq(1 / N * total(n, P[n, r] - Y[n, r]),
             "the loss by a logit; the sum over the batch stays", labels())
    return d


@derivation
def weights_in_out():
    with Derivation("The weight gradient, layout (in, out)", IN_OUT) as d:
        d.start(gradient(L, W))
        d.eq(M(X).T @ gradient(L, Z), "chain rule")
        d.eq(1 / N * (M(X).T @ (M(P) - M(Y))), "", labels())
    return d


@derivation
def weights_out_in():
    with Derivation("The weight gradient, layout (out, in)", OUT_IN) as d:
        d.start(gradient(L, OUT))
        d.eq(gradient(L, Z).T @ M(X), "chain rule")
        d.eq(1 / N * ((M(P) - M(Y)).T @ M(X)), "", labels())
    return d.agrees(Z, torch_linear, X, OUT, b)


@derivation
def bias_in_matrices():
    with Derivation("The bias gradient", OUT_IN) as d:
        d.start(gradient(L, b))
        d.eq(gradient(L, Z).T @ ones(N), "the bias enters every row")
        d.eq(1 / N * ((M(P) - M(Y)).T @ ones(N)), "", labels())
    return d


@derivation
def bias_as_a_row():
    with Derivation("The bias gradient, as a row", IN_OUT) as d:
        d.start(jacobian(L, b))
        d.eq(ones(N).T @ gradient(L, Z), "the bias enters every row")
        d.eq(1 / N * (ones(N).T @ (M(P) - M(Y))),
             "the sum over the batch stays", labels())
    return d


@derivation
def logits_in_matrices():
    with Derivation("The logit gradient of a minibatch", IN_OUT) as d:
        d.start(gradient(L, Z))
        d.eq(1 / N * (M(P) - M(Y)), "softmax and cross-entropy", labels())
    return d
