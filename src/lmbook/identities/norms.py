"""Lengths, distances, cosines and least squares."""

import numpy as np

from ..derivation import (Derivation, M, dim, eye, gradient, indices,
                          jacobian, norm2, scalar, sqrt, tensor, total)
from .row import group

DIM, N, C = dim("D"), dim("N"), dim("C")
i, = indices("i", DIM)
n, = indices("n", N)
x, c, u, v = (tensor(name, DIM) for name in "xcuv")
X, W, t, w = (tensor("X", N, DIM), tensor("W", C, DIM), tensor("t", N),
              tensor("w", DIM))
Y, r, F = tensor("Y", N, C), scalar("r"), scalar("F")
lam = scalar("lambda")

row = group("Norms and distances")


@row("squared length, Euclidean norm, L2, ||x||^2", page="matrix-calculus")
def squared_length():
    """Prove d(| x |^2)/dx = 2 x^T."""
    with Derivation("The Jacobian of a squared length") as d:
        d.start(jacobian(norm2(x), x))
        d.eq(2 * M(x).T, "power rule in each entry")
    return d


@row("length, Euclidean norm, L2, ||x||", "x is not zero")
def length():
    """Prove dr/dx = x^T/r."""
    with Derivation("The Jacobian of a length", {
            r: sqrt(total(i, x[i]**2))}) as d:
        d.start(jacobian(r, x))
        d.eq(1 / (2 * r) * jacobian(norm2(x), x), "slope of the root")
        d.eq(M(x).T / r, "squared length")
    return d.agrees(r, np.linalg.norm, x)


@row("unit vector, normalised vector, direction", "x is not zero")
def unit_vector():
    """Prove du/dx = (I - u u^T)/r."""
    with Derivation("The Jacobian of a unit vector", {
            r: sqrt(total(i, x[i]**2)), u[i]: x[i] / r}) as d:
        d.start(jacobian(u, x))
        d.eq(eye(DIM) / r - M(x) @ M(x).T / r**3, "quotient rule")
        d.eq((eye(DIM) - M(u) @ M(u).T) / r, "x over r is u")
    return d


@row("squared distance to a point, Euclidean")
def squared_distance():
    """Prove d(| x - c |^2)/dx = 2 (x - c)^T."""
    with Derivation("The Jacobian of a squared distance") as d:
        d.start(jacobian(norm2(M(x) - M(c)), x))
        d.eq(2 * (M(x) - M(c)).T, "chain rule")
    return d


@row("cosine similarity, angle between vectors", "neither vector is zero")
def cosine_in_vectors():
    """Prove dF/du = ((v/s - (F u)/r)^T)/r."""
    a, b = scalar("r"), scalar("s")
    define = {a: sqrt(total(i, u[i]**2)), b: sqrt(total(i, v[i]**2)),
              F: total(i, u[i] * v[i]) / (a * b)}
    with Derivation("The Jacobian of cosine similarity", define) as d:
        d.start(jacobian(F, u))
        d.eq((M(v) / b - F * M(u) / a).T / a,
             "the part of v that is not along u")
    return d.agrees(F, _cosine, u, v)


def _cosine(u, v):
    return u @ v / np.linalg.norm(u) / np.linalg.norm(v)


@row("least squares, linear regression, squared error, mse, residuals")
def least_squares_gradient():
    """Prove grad_w F = 2 X^T X w - 2 X^T t."""
    define = {F: total(n, (total(i, X[n, i] * w[i]) - t[n])**2)}
    with Derivation("The gradient of least squares", define) as d:
        d.start(gradient(F, w))
        d.eq(2 * (M(X).T @ (M(X) @ M(w) - M(t))), "chain rule")
        d.eq(2 * (M(X).T @ M(X) @ M(w)) - 2 * (M(X).T @ M(t)),
             "multiply out")
    return d.agrees(F, lambda X, w, t: ((X @ w - t)**2).sum(), X, w, t)


@row("least squares as a row, squared error, mse, norm of Ax - b")
def least_squares_as_a_row():
    """Prove d(| X w - t |^2)/dw = 2 (X w - t)^T X."""
    with Derivation("Least squares, as a row") as d:
        d.start(jacobian(norm2(M(X) @ M(w) - M(t)), w))
        d.eq(2 * ((M(X) @ M(w) - M(t)).T @ jacobian(M(X) @ M(w), w)),
             "chain rule")
        d.eq(2 * ((M(X) @ M(w) - M(t)).T @ M(X)), "linear map")
    return d


@row("weighted least squares, Mahalanobis, generalised")
def weighted_least_squares():
    """Prove d((X w - t)^T A (X w - t))/dw = (X w - t)^T (A + A^T) X."""
    A = tensor("A", N, N)
    e = M(X) @ M(w) - M(t)
    with Derivation("Weighted least squares, as a row") as d:
        d.start(jacobian(e.T @ M(A) @ e, w))
        d.eq(e.T @ (M(A) + M(A).T) @ M(X), "quadratic form, chain rule")
    return d


@row("Frobenius norm, squared, of a matrix")
def frobenius_norm():
    """Prove grad_W (| W |_F^2) = 2 W."""
    with Derivation("The gradient of a squared Frobenius norm") as d:
        d.start(gradient(norm2(W), W))
        d.eq(2 * M(W), "power rule in each entry")
    return d


@row("weight decay, L2 regularisation, ridge penalty")
def weight_decay():
    """Prove grad_W (lambda/2 | W |_F^2) = lambda W."""
    with Derivation("The gradient of weight decay") as d:
        d.start(gradient(lam / 2 * norm2(W), W))
        d.eq(lam * M(W), "power rule in each entry")
    return d


@row("multivariate regression, squared error of a linear layer, mse, by W")
def matrix_least_squares():
    """Prove grad_W (| X W^T - Y |_F^2) = 2 (X W^T - Y)^T X."""
    error = M(X) @ M(W).T - M(Y)
    with Derivation("Least squares of a layer, by its weight") as d:
        d.start(gradient(norm2(error), W))
        d.eq(2 * (error.T @ M(X)), "errors transposed, times inputs")
    return d


@row("squared error of a linear layer, by its inputs X")
def matrix_least_squares_by_inputs():
    """Prove grad_X (| X W^T - Y |_F^2) = 2 (X W^T - Y) W."""
    error = M(X) @ M(W).T - M(Y)
    with Derivation("Least squares of a layer, by its inputs") as d:
        d.start(gradient(norm2(error), X))
        d.eq(2 * (error @ M(W)), "errors, back through the weights")
    return d
