"""The checks of three tools for second derivatives, D3, D5 and D6."""

import numpy as np

from ..functional import sigmoid, softmax
from .registry import ask, exercise, expect, numbers, require


def half_square(x):
    """Return half the square of v^T x for v = (4, 2, 1).

    >>> half_square(np.array([2.0, 2.0, 1.0]))
    np.float64(84.5)
    """
    dot = (np.array([4.0, 2.0, 1.0]) * x).sum()
    return dot * dot / 2


def bent(x):
    """Return the cubes of x, summed, plus the square of the sum of x.

    >>> bent(np.array([1.0, 2.0, 3.0]))
    np.float64(72.0)
    """
    total = x.sum()
    return (x * x * x).sum() + total * total


BENT = np.array([1.0, -2.0, 0.5])
PRODUCT = "the slope of a product is no product of slopes"
CONSTANT = "a plain number has the slope 0, not 1"
DUALS = (                                   # at a = 2 + 5 eps, b = 3 + 7 eps
    ("a * b", lambda a, b: a * b, 6.0, 29.0, {PRODUCT: 35.0}),
    ("a + b", lambda a, b: a + b, 5.0, 12.0, {}),
    ("a * a * b", lambda a, b: a * a * b, 12.0, 88.0, {PRODUCT: 175.0}),
    ("3 * a + b * 4", lambda a, b: 3 * a + b * 4, 18.0, 43.0,
     {CONSTANT: 48.0, PRODUCT: 0.0}),
    ("1 + a * (b + 2)", lambda a, b: 1 + a * (b + 2), 11.0, 39.0,
     {CONSTANT: 42.0}))


@exercise("D3", "the Hessian times a vector, in three ways")
def d3(forward_over_reverse, reverse_over_forward, double_reverse):
    """Check three functions (f, x, u) -> the Hessian of f at x, times u."""
    ways = {"forward over reverse": forward_over_reverse,
            "reverse over forward": reverse_over_forward,
            "double reverse": double_reverse}
    v, u = np.array([4.0, 2.0, 1.0]), np.array([2.0, 2.0, 1.0])
    x = np.array([1.0, 0.0, 2.0])
    for name, way in ways.items():
        _product(name, way, half_square, x, u, np.outer(v, v), (v @ x) * v)
        _product(name, way, bent, BENT, u, np.diag(6 * BENT) + 2,
                 3 * BENT ** 2 + 2 * BENT.sum())


def _product(name, way, f, x, u, hessian, slopes):
    """Check one product of one function, and how often that is run."""
    seen = []

    def watched(z):
        seen.append(type(z))
        return f(z)

    expect(ask(way, watched, x, u), hessian @ u, f"{name}, {f.__name__}", {
        "this is the gradient: differentiate once more": slopes,
        "this is the slope along u, one number: take its gradient":
            slopes @ u,
        "this is gradient times u entry by entry: sum, then differentiate":
            slopes * u,
        "this is the Hessian: multiply it by u": hessian,
        "one more product with u: this is u^T H u": u @ hessian @ u})
    require(len(seen) <= 2, f"{name} runs the function {len(seen)} times"
            " for one product: do not build the Hessian")


@exercise("D5", "numbers that carry their slope, and how many passes")
def d5(dual, passes):
    """Check a class dual(value, slope), and (inputs, outputs) -> passes."""
    for name, f, value, slope, mistakes in DUALS:
        got = ask(lambda: f(dual(2.0, 5.0), dual(3.0, 7.0)))
        require(hasattr(got, "value") and hasattr(got, "slope"),
                f"{name} gives a {type(got).__name__} without value and"
                " slope: return a dual number")
        where = f"{name} at a = 2 + 5 eps, b = 3 + 7 eps"
        expect(got.value, value, f"the value of {where}")
        expect(got.slope, slope, f"the slope of {where}", mistakes)
    for inputs, outputs in ((1, 1), (1, 9), (9, 1), (5, 3)):
        got = numbers(ask(passes, inputs, outputs), "passes")
        require(got.shape == (2,), "return two numbers of passes:"
                " (forward, reverse)")
        expect(got, [inputs, outputs], f"the passes for {inputs} inputs and"
               f" {outputs} outputs", {
                   "forward mode takes one input at a time, reverse mode"
                   " one output": [outputs, inputs]})


@exercise("D6", "two Hessians, and Newton's step")
def d6(of_logits, of_weights, newton):
    """Check z -> Hessian, (X, w) -> Hessian, (X, y, w) -> new weights."""
    for z in (np.zeros(2), np.array([0.3, -1.2, 2.0, 0.3])):
        s = softmax(z)
        matrix = np.diag(s) - np.outer(s, s)
        expect(ask(of_logits, z), matrix, f"the Hessian for K = {len(z)}", {
            "the entries off the diagonal are missing": np.diag(s * (1 - s)),
            "the diagonal diag(p) is missing": -np.outer(s, s),
            "subtract p p^T": np.diag(s),
            "p p^T is a matrix, p^T p a number": np.diag(s) - s @ s})
    rng = np.random.default_rng(0)
    for n, columns in ((3, 1), (6, 2), (8, 4)):
        X, w = rng.normal(size=(n, columns)), rng.normal(size=columns)
        y = (np.arange(n) % 2).astype(float)
        _logistic(of_weights, newton, X, y, w)


def _logistic(of_weights, newton, X, y, w):
    """Check the Hessian and the step of logistic regression on one batch."""
    p, n = sigmoid(X @ w), len(X)
    hessian = X.T @ (X * (p * (1 - p))[:, None]) / n
    slopes = X.T @ (p - y) / n
    step = np.linalg.solve(hessian, slopes)
    expect(ask(of_weights, X, w), hessian,
           f"the Hessian for X of shape {X.shape}", {
               "the loss is a mean: divide by N": hessian * n,
               "the weights p (1 - p) are missing": X.T @ X / n,
               "the weights are p (1 - p), not p":
                   X.T @ (X * p[:, None]) / n})
    expect(ask(newton, X, y, w), w - step,
           f"the new weights for X of shape {X.shape}", {
               "step against the slope: subtract": w + step,
               "this is the step: add it to w": -step,
               "this is a gradient step: solve with the Hessian first":
                   w - slopes,
               "solve with the Hessian, do not multiply by it":
                   w - hessian @ slopes})
