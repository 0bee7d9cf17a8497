"""Second derivatives: Hessians of the functions above."""

import scipy.special

from ..derivation import (Derivation, M, apply, diag, dim, eye, gradient,
                          hessian, indices, log, norm2, sigmoid, tensor,
                          total)
from .row import group
from .vectors import DIM, HALF_SQUARE, A, L, i, v, x

N = dim("N")
n, = indices("n", N)
X, w, t = tensor("X", N, DIM), tensor("w", DIM), tensor("t", N)
u, p = tensor("u", N), tensor("p", N)
LOGISTIC = {u[n]: total(i, X[n, i] * w[i]), p[n]: sigmoid(u[n]),
            L: -total(n, t[n] * log(p[n]) + (1 - t[n]) * log(1 - p[n]))}

row = group("Hessians")


@row("squared length, second derivative, curvature")
def hessian_of_squared_length():
    """Prove hess_x (| x |^2) = 2 I."""
    with Derivation("The Hessian of a squared length") as d:
        d.start(hessian(norm2(x), x))
        d.eq(2 * eye(DIM), "the same curve in every direction")
    return d


@row("x^T A x, second derivative, symmetric part", page="matrix-calculus")
def hessian_of_a_quadratic_form():
    """Prove hess_x (x^T A x) = A + A^T."""
    with Derivation("The Hessian of a quadratic form") as d:
        d.start(hessian(M(x).T @ M(A) @ M(x), x))
        d.eq(M(A) + M(A).T, "the gradient is linear")
    return d


@row("rank one, outer product, v v^T", page="matrix-calculus")
def hessian_of_half_a_square():
    """Prove hess_x L = v v^T."""
    with Derivation("The Hessian of half a square", HALF_SQUARE) as d:
        d.start(hessian(L, x))
        d.eq((M(v) @ M(v).T + (M(v) @ M(v).T).T) / 2,
             "half the matrix and its transpose")
        d.eq(M(v) @ M(v).T, "the matrix is symmetric")
    return d


@row("least squares, Gauss-Newton, normal equations")
def hessian_of_least_squares():
    """Prove hess_w (| X w - t |^2) = 2 X^T X."""
    with Derivation("The Hessian of least squares") as d:
        d.start(hessian(norm2(M(X) @ M(w) - M(t)), w))
        d.eq(2 * (M(X).T @ M(X)), "the residuals are linear")
    return d


@row("logistic regression, gradient, binary cross-entropy of a batch")
def logistic_gradient():
    """Prove grad_w L = X^T (p - t)."""
    with Derivation("The gradient of logistic regression", LOGISTIC) as d:
        d.start(gradient(L, w))
        d.eq(M(X).T @ gradient(L, u), "chain rule")
        d.eq(M(X).T @ (apply(sigmoid, M(u)) - M(t)),
             "binary cross-entropy")
        d.eq(M(X).T @ (M(p) - M(t)), "the model's probabilities")
    return d.agrees(L, _logistic, X, w, t)


@row("logistic regression, convex, iteratively reweighted least squares")
def logistic_hessian():
    """Prove hess_w L = X^T diag(p - p * p) X."""
    with Derivation("The Hessian of logistic regression", LOGISTIC) as d:
        d.start(hessian(L, w))
        d.eq(M(X).T @ hessian(L, u) @ M(X), "chain rule, u is linear")
        d.eq(M(X).T @ diag(M(p) - M(p) * M(p)) @ M(X),
             "the slope of the sigmoid")
    return d


def _logistic(X, w, t):
    """Return the loss, by SciPy's logarithm of a sigmoid."""
    logs = scipy.special.log_expit
    return -(t * logs(X @ w) + (1 - t) * logs(-X @ w)).sum()
