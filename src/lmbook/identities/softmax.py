"""Softmax, log-sum-exp and the losses that stand on them."""

import numpy as np
import scipy.special

from ..derivation import (D, Derivation, Fact, M, diag, dim, exp, eye,
                          gradient, hessian, indices, jacobian, log, ones,
                          scalar, sigmoid, tensor, total)
from .row import group

K, N, C = dim("K"), dim("N"), dim("C")
i, j, l = indices("i j l", K)
n, = indices("n", N)
c, k = indices("c k", C)
z, y, s, r = (tensor(name, K) for name in "zysr")
L, tau = scalar("L"), scalar("tau", positive=True)
SOFTMAX = {s[i]: exp(z[i]) / total(l, exp(z[l]))}
LOSS = {**SOFTMAX, L: -total(l, y[l] * log(s[l]))}
HERE = "softmax-and-cross-entropy"

row = group("Softmax and its losses")


def labels_sum_to_one():
    """Return the fact that the labels of one example sum to one.

    >>> labels_sum_to_one()
    the labels sum to one
    """
    return Fact("the labels sum to one", total(l, y[l]), 1,
                lambda sizes, rng: {y: rng.dirichlet(np.ones(sizes[K]))})


@row("softmax, probabilities, logits", upto=1, page=HERE)
def softmax_jacobian_in_matrices():
    """Prove ds/dz = diag(s) - s s^T."""
    with Derivation("Softmax Jacobian, as a matrix", SOFTMAX) as d:
        d.start(jacobian(s, z))
        d.eq(diag(s) - M(s) @ M(s).T, "by entries")
        d.eq(diag(s) @ (eye(K) - ones(K) @ M(s).T), "take diag(s) out")
        d.eq((diag(s) - M(s) @ M(s).T).T, "the matrix is symmetric")
    return d


@row("vector-Jacobian product of softmax, vjp, backward pass", page=HERE)
def softmax_vjp():
    """Prove grad_z L = s * (r - (s^T r) 1)."""
    with Derivation("Softmax, backwards", {
            **SOFTMAX, L: total(l, r[l] * s[l])}) as d:
        d.start(gradient(L, z))
        d.eq(jacobian(s, z).T @ M(r), "chain rule")
        d.eq(M(s) * (M(r) - (M(s).T @ M(r)) * ones(K)),
             "subtract the mean under s")
    return d


@row("softmax with temperature, sharpness", page=HERE)
def softmax_with_temperature():
    """Prove ds/dz = (diag(s) - s s^T)/tau."""
    define = {s[i]: exp(z[i] / tau) / total(l, exp(z[l] / tau))}
    with Derivation("Softmax with a temperature, by its scores",
                    define) as d:
        d.start(jacobian(s, z))
        d.eq((diag(s) - M(s) @ M(s).T) / tau, "softmax, then chain rule")
    return d.agrees(s, lambda z, t: scipy.special.softmax(z / t), z, tau)


@row("log-softmax, log probabilities")
def log_softmax():
    """Prove dq/dz = I - 1 s^T."""
    q = tensor("q", K)
    with Derivation("The Jacobian of log-softmax", {
            **SOFTMAX, q[i]: log(s[i])}) as d:
        d.start(jacobian(q, z))
        d.eq(eye(K) - ones(K) @ M(s).T, "log of a quotient")
    return d.agrees(q, scipy.special.log_softmax, z)


@row("log-sum-exp, logsumexp, smooth maximum, normaliser")
def log_sum_exp_in_vectors():
    """Prove dL/dz = s^T."""
    with Derivation("The Jacobian of log-sum-exp", {
            **SOFTMAX, L: log(total(l, exp(z[l])))}) as d:
        d.start(jacobian(L, z))
        d.eq(M(s).T, "the slope of the log is softmax")
    return d.agrees(L, scipy.special.logsumexp, z)


@row("cross-entropy by the logits, prediction minus target, loss", page=HERE)
def cross_entropy_gradient_in_vectors():
    """Prove grad_z L = s - y."""
    with Derivation("Cross-entropy gradient, as a vector", LOSS) as d:
        d.start(gradient(L, z))
        d.eq(-(jacobian(s, z).T @ (M(y) * M(s)**-1)), "chain rule")
        d.eq(M(s) - M(y), "softmax Jacobian", labels_sum_to_one())
    return d


@row("cross-entropy, labels of any sum, class weights", page=HERE)
def cross_entropy_any_labels():
    """Prove grad_z L = (y^T 1) s - y."""
    with Derivation("Cross-entropy with any weights", LOSS) as d:
        d.start(gradient(L, z))
        d.eq((M(y).T @ ones(K)) * M(s) - M(y),
             "the sum of the labels stays")
    return d.agrees(L, lambda z, y: -y @ scipy.special.log_softmax(z), z, y)


@row("mean cross-entropy of a batch by its logits", page=HERE)
def batch_cross_entropy():
    """Prove grad_Z L = (P - Y)/N."""
    Z, P, Y = (tensor(name, N, C) for name in "ZPY")
    rows = Fact("each row of labels sums to one", total(c, Y[n, c]), 1,
                lambda sizes, rng: {Y: rng.dirichlet(
                    np.ones(sizes[C]), size=sizes[N])})
    define = {P[n, c]: exp(Z[n, c]) / total(k, exp(Z[n, k])),
              L: -1 / N * total(n, c, Y[n, c] * log(P[n, c]))}
    with Derivation("Cross-entropy of a batch by its logits", define) as d:
        d.start(gradient(L, Z))
        d.eq((M(P) - M(Y)) / N, "row by row", rows)
    return d.agrees(P, lambda Z: scipy.special.softmax(Z, axis=1), Z)


@row("squared error after softmax, Brier score", page=HERE)
def squared_error_after_softmax():
    """Prove grad_z L = s * (s - y - (s^T (s - y)) 1)."""
    define = {**SOFTMAX, L: total(l, (s[l] - y[l])**2) / 2}
    e = M(s) - M(y)
    with Derivation("Squared error after softmax, as a vector",
                    define) as d:
        d.start(gradient(L, z))
        d.eq(jacobian(s, z).T @ e, "chain rule")
        d.eq(M(s) * (e - (M(s).T @ e) * ones(K)), "softmax, backwards")
    return d


@row("binary cross-entropy, BCE, sigmoid, logistic loss", page=HERE)
def binary_cross_entropy():
    """Prove dL/da = p - t."""
    a, t, p = scalar("a"), scalar("t"), scalar("p")
    binary = {L: -t * log(sigmoid(a)) - (1 - t) * log(1 - sigmoid(a))}
    with Derivation("Binary cross-entropy gradient",
                    {**binary, p: sigmoid(a)}) as d:
        d.start(D(L, a))
        d.eq(-t / p * D(p, a) + (1 - t) / (1 - p) * D(p, a), "chain rule")
        d.eq(-t * (1 - p) + (1 - t) * p, "the slope is p (1 - p)")
        d.eq(p - t, "the products cancel")
    return d.agrees(L, _binary, a, t)


def _binary(a, t):
    """Return the loss of SciPy's log of a sigmoid."""
    return (-t * scipy.special.log_expit(a)
            - (1 - t) * scipy.special.log_expit(-a))


@row("Hessian of log-sum-exp, second derivative, convex")
def log_sum_exp_hessian():
    """Prove hess_z L = diag(s) - s s^T."""
    with Derivation("The Hessian of log-sum-exp", {
            **SOFTMAX, L: log(total(l, exp(z[l])))}) as d:
        d.start(hessian(L, z))
        d.eq(diag(s) - M(s) @ M(s).T, "softmax, once more derived")
    return d


@row("Hessian of cross-entropy by the logits", page=HERE)
def cross_entropy_hessian_in_matrices():
    """Prove hess_z L = diag(s) - s s^T."""
    with Derivation("The Hessian of cross-entropy, as a matrix",
                    LOSS) as d:
        d.start(hessian(L, z))
        d.eq(diag(s) - M(s) @ M(s).T, "", labels_sum_to_one())
    return d
