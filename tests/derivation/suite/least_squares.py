"""Least squares, traces, and the log of a sum of exponentials."""

from lmbook.derivation import (D, Derivation, M, delta, dim, exp, gradient,
                               indices, log, norm2, scalar, tensor,
                               total, trace)

from .registry import derivation

N, DIM, K = dim("N"), dim("D"), dim("K")
n, = indices("n", N)
i, = indices("i", DIM)
k, l, m = indices("k l m", K)
X, t, w = tensor("X", N, DIM), tensor("t", N), tensor("w", DIM)
W, A = tensor("W", N, K), tensor("A", N, K)
z, s, F = tensor("z", K), tensor("s", K), scalar("F")
c = scalar("c")


@derivation
def least_squares_gradient():
    define = {F: total(n, (total(i, X[n, i] * w[i]) - t[n])**2)}
    with Derivation("The gradient of least squares", define) as d:
        d.start(gradient(F, w))
        d.eq(2 * (M(X).T @ (M(X) @ M(w) - M(t))), "chain rule")
        d.eq(2 * (M(X).T @ M(X) @ M(w)) - 2 * (M(X).T @ M(t)),
             "multiply out")
    return d.agrees(F, lambda X, w, t: ((X @ w - t)**2).sum(), X, w, t)


@derivation
def weight_decay():
    define = {F: norm2(W).entry() * c / 2}
    with Derivation("The gradient of weight decay", define) as d:
        d.start(gradient(F, W))
        d.eq(c * M(W), "power rule in each entry")
    return d


@derivation
def gradient_of_a_trace():
    define = {F: trace(M(A).T @ M(W)).entry()}
    with Derivation("The gradient of a trace", define) as d:
        d.start(gradient(F, W))
        d.eq(M(A), "a trace of a product is a sum of products")
    return d


@derivation
def log_sum_exp():
    define = {F: log(total(k, exp(z[k]))),
              s[k]: exp(z[k]) / total(m, exp(z[m]))}
    with Derivation("The log of a sum of exponentials", define) as d:
        d.start(D(F, z[k], z[l]))
        d.eq(D(exp(z[k]) / total(m, exp(z[m])), z[l]),
             "the gradient is softmax")
        d.eq(s[k] * (delta(k, l) - s[l]), "softmax Jacobian")
    return d.agrees(F, _log_sum_exp, z)


def _log_sum_exp(z):
    from scipy.special import logsumexp
    return logsumexp(z)
