"""Answers to A2, A5, A6, A7, L2: right ones, and wrong ones with a hint."""

import numpy as np


def dot(x, c):
    return c


def square(x):
    return 2 * x


def linear(A, x):
    return A


def quadratic(A, x):
    return x @ (A + A.T)


def jacobians(w, X):
    d = len(w)
    return (np.zeros((1, d)), 2 * w[None], X[:1], X, np.eye(d),
            2 * np.diag(w))


def replaced(place, value):
    """Return `jacobians` with one of its six arrays wrong."""
    def wrong(w, X):
        found = list(jacobians(w, X))
        found[place] = value(w, X)
        return found
    return wrong


def four_axes(X, W):
    return np.einsum("jl,im->ijlm", np.eye(len(W)), X)


def as_matrix(X, W):
    return four_axes(X, W).reshape(len(X) * len(W), W.size)


def chain(A, B, x):
    return A @ np.diag(1 - np.tanh(B @ x) ** 2) @ B


def product(A, B, x):
    return (B @ x) @ A + (A @ x) @ B


def transposed_if_square(A, B, x):
    return A @ np.diag(1 - np.tanh(B @ x) ** 2) @ (
        B.T if len(B) == len(x) else B)


def gradient(v, x):
    return v * (v @ x)


def hessian(v):
    return np.outer(v, v)


RIGHT = {
    "A2": [(dot, square, linear, quadratic),
           (lambda x, c: c[None], lambda x: 2 * x[None], linear, quadratic)],
    "A5": [(jacobians,)],
    "A6": [(four_axes, as_matrix)],
    "A7": [(chain, product)],
    "L2": [(gradient, hessian)],
}

WRONG = [
    ("A2", (lambda x, c: x, square, linear, quadratic), "derivative by c"),
    ("A2", (lambda x, c: c[:, None], square, linear, quadratic),
     "denominator layout"),
    ("A2", (dot, lambda x: x, linear, quadratic), "a factor 2"),
    ("A2", (dot, square, lambda A, x: A.T, quadratic),
     "denominator layout"),
    ("A2", (dot, square, lambda A, x: A @ x, quadratic), "the value"),
    ("A2", (dot, square, linear, lambda A, x: 2 * A @ x),
     "needs a symmetric A"),
    ("A2", (dot, square, linear, lambda A, x: A @ x), "two terms"),
    ("A2", (dot, square, linear, lambda A, x: x @ A), "the other x counts"),
    ("A5", (lambda w, X: jacobians(w, X)[:5],), "return six arrays"),
    ("A5", (replaced(0, lambda w, X: np.zeros(len(w))),), "makes a row"),
    ("A5", (replaced(1, lambda w, X: w[None]),), "factor 2 is missing"),
    ("A5", (replaced(3, lambda w, X: X.T),), "denominator layout"),
    ("A5", (replaced(4, lambda w, X: np.ones((len(w), len(w)))),),
     "w, d = 3, n = 4: entry"),
    ("A5", (replaced(5, lambda w, X: 2 * w),), "on a diagonal"),
    ("A6", (lambda X, W: four_axes(X, W).swapaxes(2, 3), as_matrix),
     "l, then m"),
    ("A6", (lambda X, W: np.ones_like(four_axes(X, W))
            * X[:, None, None], as_matrix), "does not see the weights"),
    ("A6", (four_axes, lambda X, W: np.kron(X, np.eye(len(W)))),
     "W row by row"),
    ("A6", (four_axes, lambda X, W: np.kron(np.eye(len(W)), X)),
     "row by row: the example"),
    ("A6", (four_axes, four_axes), "four axes still"),
    ("A7", (transposed_if_square, product), "fits only if it is square"),
    ("A7", (lambda A, B, x: A @ np.diag(1 - np.tanh(B @ x) ** 2) @ B.T,
            product), "B is transposed: its shape fits only"),
    ("A7", (lambda A, B, x: chain(A, B, x).T, product),
     "denominator layout"),
    ("A7", (chain, lambda A, B, x: (A @ x) @ A + (B @ x) @ B),
     "goes with the other factor"),
    ("A7", (lambda A, B, x: A @ B, product), "slopes of tanh"),
    ("A7", (chain, lambda A, B, x: (A @ x) @ B), "this is one term"),
    ("A7", (chain, lambda A, B, x: (B @ x) @ A), "this is the other"),
    ("L2", (lambda v, x: (np.outer(v, v) + v @ v) @ x, hessian),
     "is a number, not a matrix"),
    ("L2", (lambda v, x: 2 * gradient(v, x), hessian), "half is missing"),
    ("L2", (gradient, lambda v: np.outer(v, v) + v @ v),
     "was added to every entry"),
    ("L2", (gradient, lambda v: (np.outer(v, v) + v @ v) / 2),
     "half of it"),
]
