"""Second derivatives: Hessians and their products with a vector."""

from lmbook.derivation import (D, Derivation, Function, M, delta, dim, exp,
                               hessian, indices, log, tensor, total)
from lmbook.identities.hessians import LOGISTIC, X, n, p, t, w
from lmbook.identities.vectors import DIM, HALF_SQUARE, L, i, j, l, v, x, y

from . import softmax as so
from .registry import derivation

k, = indices("k", DIM)
u, g = tensor("u", DIM), tensor("g", DIM)


@derivation
def hessian_entries():
    with Derivation("The Hessian of half a square, by entries",
                    HALF_SQUARE) as d:
        d.start(D(L, x[k], x[l]))
        d.eq(D(v[k] * total(i, v[i] * x[i]), x[l]), "first derivative")
        d.eq(v[k] * total(i, v[i] * delta(i, l)), "the sum is linear in x")
        d.eq(v[k] * v[l], "the delta picks one term")
    return d


@derivation
def hessian_times_a_vector():
    with Derivation("The Hessian times a vector", HALF_SQUARE) as d:
        d.start(hessian(L, x) @ M(y))
        d.eq((M(v) @ M(v).T) @ M(y), "the Hessian")
        d.eq((M(v).T @ M(y)) * M(v), "one dot product, one scaling")
    return d


@derivation
def reverse_over_reverse():
    define = {**HALF_SQUARE, g[i]: D(L, x[i])}
    with Derivation("The slope of the gradient along y", define) as d:
        d.start(D(total(i, g[i] * y[i]), x[j]))
        d.eq(total(i, D(L, x[i], x[j]) * y[i]), "y does not depend on x")
        d.eq(total(i, v[i] * v[j] * y[i]), "the Hessian")
        d.eq(v[j] * total(i, v[i] * y[i]), "take the constant out")
    return d


@derivation
def cross_entropy_hessian():
    with Derivation("The Hessian of cross-entropy", so.LOSS) as d:
        d.start(D(so.L, so.z[so.i], so.z[so.j]))
        d.eq(D(so.s[so.i] * total(so.l, so.y[so.l]) - so.y[so.i],
               so.z[so.j]), "the gradient")
        d.eq(D(so.s[so.i], so.z[so.j]), "", so.labels_sum_to_one())
        d.eq(so.s[so.i] * (delta(so.i, so.j) - so.s[so.j]),
             "softmax Jacobian")
    return d


@derivation
def cross_entropy_is_convex():
    s, z, v, i, j = so.s, so.z, so.v, so.i, so.j
    variance = total(i, s[i] * (v[i] - total(j, s[j] * v[j]))**2)
    with Derivation("Cross-entropy is convex in the logits", so.LOSS) as d:
        d.start(total(i, j, v[i] * D(so.L, z[i], z[j]) * v[j]))
        d.eq(variance, "the variance of v under s", so.labels_sum_to_one())
        d.ge(0, "a sum of squares", variance)
    return d


@derivation
def logistic_hessian_entries():
    with Derivation("The Hessian of logistic regression, by entries",
                    LOGISTIC) as d:
        d.start(D(L, w[i], w[j]))
        d.eq(D(total(n, (p[n] - t[n]) * X[n, i]), w[j]), "gradient")
        d.eq(total(n, D(p[n], w[j]) * X[n, i]), "labels are constant")
        d.eq(total(n, p[n] * (1 - p[n]) * X[n, i] * X[n, j]),
             "the slope of the sigmoid")
    return d


@derivation
def softmax_regression_hessian():
    K = dim("K")
    p, q, r = indices("p q r", K)
    W, z, s, t = tensor("W", K, DIM), *(tensor(n, K) for n in "zst")
    define = {z[p]: total(i, W[p, i] * x[i]),
              s[p]: exp(z[p]) / total(r, exp(z[r])),
              L: log(total(p, exp(z[p]))) - total(p, t[p] * z[p])}
    with Derivation("The Hessian of softmax regression", define) as d:
        d.start(D(L, W[p, k], W[q, l]))
        d.eq(D((s[p] - t[p]) * x[k], W[q, l]), "the gradient")
        d.eq(D(s[p], z[q]) * x[k] * x[l], "chain rule, labels are constant")
        d.eq(s[p] * (delta(p, q) - s[q]) * x[k] * x[l], "softmax Jacobian")
    return d


@derivation
def gauss_newton_keeps_one_term():
    f = Function("f")
    define = {g[i]: f(u[i]), L: total(i, (g[i] - v[i])**2) / 2}
    with Derivation("What Gauss-Newton leaves out", define) as d:
        d.start(D(L, u[k], u[l]))
        d.eq(D((g[k] - v[k]) * f.d()(u[k]), u[l]), "the gradient")
        d.eq(delta(k, l) * (f.d()(u[k])**2
                            + (g[k] - v[k]) * f.d().d()(u[k])),
             "Gauss-Newton keeps the square of the slope")
    return d


@derivation
def gauss_newton():
    K = dim("K")
    n, = indices("n", K)
    A, r, t = tensor("A", K, DIM), tensor("r", K), tensor("t", K)
    define = {r[n]: total(i, A[n, i] * x[i]) - t[n],
              L: total(n, r[n]**2) / 2}
    with Derivation("Gauss-Newton is exact for linear residuals",
                    define) as d:
        d.start(hessian(L, x))
        d.eq(M(A).T @ hessian(L, r) @ M(A), "chain rule, r is linear")
        d.eq(M(A).T @ M(A), "half a square has the Hessian I")
    return d
