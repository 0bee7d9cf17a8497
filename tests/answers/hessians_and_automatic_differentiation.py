"""Answers to D1 to D6 and L3."""

import numpy as np

from lmbook import functional as F
from lmbook.autodiff import Dual, grad, hessian, hvp, jvp

# ------------------------------------------------------------- D1, D2, D4

def gradient(v, x):
    return v * (v @ x)


def outer(v, x):
    return np.outer(v, v)


def explicit(v, u):
    return np.outer(v, v) @ u


def quick(v, u):
    return v * (v @ u)


def slope(sizes, costs):
    return np.polyfit(np.log(sizes), np.log(costs), 1)[0]


def scalar_first(v, y1, y2):
    return np.outer(v, (v @ y1) * y2)


def scalar_then_column(v, y1, y2):
    return np.outer(v * (v @ y1), y2)


def matrix_first(v, y1, y2):
    return np.outer(np.outer(v, v) @ y1, y2)


def costs(n, m):
    return n + m + n * m, 2 * n * n + n * m


# ------------------------------------------------------------------- D3

WAYS = [lambda f, x, u, mode=mode: hvp(f, x, u, mode=mode) for mode in (
    "forward-over-reverse", "reverse-over-forward", "double-reverse")]


def wrong_way(first):
    return (first, *WAYS[1:])


# ------------------------------------------------------------------- D5

class Carrier:
    """A dual number; the rules may be replaced to plant an error."""

    constant, product = 0.0, staticmethod(
        lambda a, b: a.value * b.slope + a.slope * b.value)

    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def lift(self, other):
        return other if isinstance(other, Carrier) else type(self)(
            other, self.constant)

    def __add__(self, other):
        other = self.lift(other)
        return type(self)(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        other = self.lift(other)
        return type(self)(self.value * other.value,
                          self.product(self, other))

    __radd__, __rmul__ = __add__, __mul__


class ProductOfSlopes(Carrier):
    product = staticmethod(lambda a, b: a.slope * b.slope)


class ConstantsMove(Carrier):
    constant = 1.0


class OneSided(Carrier):
    __radd__ = __rmul__ = None


def passes(inputs, outputs):
    return inputs, outputs


# ------------------------------------------------------------------- D6

def of_logits(z):
    return np.diag(F.softmax(z)) - np.outer(F.softmax(z), F.softmax(z))


def of_weights(X, w):
    p = F.sigmoid(X @ w)
    return X.T @ (X * (p * (1 - p))[:, None]) / len(X)


def slopes(X, y, w):
    return X.T @ (F.sigmoid(X @ w) - y) / len(X)


def newton(X, y, w):
    return w - np.linalg.solve(of_weights(X, w), slopes(X, y, w))


RIGHT = {
    "D1": [(gradient, outer)],
    "D2": [(explicit, quick, slope)],
    "D3": [tuple(WAYS)],
    "D4": [(scalar_first, matrix_first, costs),
           (scalar_then_column, matrix_first,
            lambda n, m: (2 * n + n * m, 2 * n * n + n * m))],
    "D5": [(Carrier, passes), (Dual, passes)],
    "D6": [(of_logits, of_weights, newton)],
    "L3": [(lambda n, m: n * m,)],
}

WRONG = [
    ("D1", (lambda v, x: gradient(v, x) / 2, outer), "the half cancels"),
    ("D1", (lambda v, x: v * v * x, outer), "is one number"),
    ("D1", (lambda v, x: v @ x, outer), "inner derivative v is missing"),
    ("D1", (gradient, lambda v, x: v @ v), "is a matrix, v.T v a number"),
    ("D1", (gradient, lambda v, x: np.diag(v * v)), "only the diagonal"),
    ("D1", (gradient, lambda v, x: np.outer(v, x)), "this is v x.T"),
    ("D2", (quick, quick, slope), "form the whole matrix"),
    ("D2", (explicit, explicit, slope), "n = 3 does 18 .* it is one number"),
    ("D2", (lambda v, u: v @ u, quick, slope), "multiply v by it"),
    ("D2", (explicit, quick, lambda n, c: np.polyfit(n, c, 1)[0]),
     "logarithm against logarithm|take the exponent"),
    ("D2", (explicit, quick, lambda n, c: slope(c, n)),
     "not sizes against costs"),
    ("D3", wrong_way(lambda f, x, u: grad(f)(x)), "differentiate once more"),
    ("D3", wrong_way(lambda f, x, u: jvp(f, x, u)[1]), "take its gradient"),
    ("D3", wrong_way(lambda f, x, u: grad(f)(x) * u), "sum, then"),
    ("D3", wrong_way(lambda f, x, u: np.stack([
        hvp(f, x, e) for e in np.eye(3)]) @ u), "do not build the Hessian"),
    ("D3", wrong_way(hessian), "raised TypeError"),
    ("D3", wrong_way(lambda f, x, u: hessian(f, x)), "multiply it by u"),
    ("D4", (lambda v, y1, y2: np.outer(y2, v * (v @ y1)), matrix_first,
            costs), "one row for each entry of v|transposed"),
    ("D4", (matrix_first, matrix_first, costs), "stay with vectors"),
    ("D4", (lambda v, y1, y2: v[:, None] * (v @ np.outer(y1, y2)),
            matrix_first, costs), "stay with vectors|your formula"),
    ("D4", (scalar_first, scalar_first, costs), "v v.T alone has"),
    ("D4", (scalar_first, matrix_first, lambda n, m: (n * m, n * n)),
     "your formula says 1 for scalar_first, and it does 3"),
    ("D5", (ProductOfSlopes, passes), "no product of slopes"),
    ("D5", (ConstantsMove, passes), "has the slope 0, not 1"),
    ("D5", (OneSided, passes), "raised TypeError"),
    ("D5", (lambda value, slope: value, passes), "without value and slope"),
    ("D5", (Carrier, lambda n, m: (m, n)), "one input at a time"),
    ("D6", (lambda z: np.diag(np.diag(of_logits(z))), of_weights, newton),
     "off the diagonal are missing"),
    ("D6", (lambda z: np.diag(np.exp(z) / np.exp(z).sum()), of_weights,
            newton), r"subtract p p"),
    ("D6", (of_logits, lambda X, w: X.T @ X / len(X), newton),
     r"weights p .1 - p. are missing"),
    ("D6", (of_logits, lambda X, w: of_weights(X, w) * len(X), newton),
     "divide by N"),
    ("D6", (of_logits, of_weights, lambda X, y, w: 2 * w - newton(X, y, w)),
     "subtract"),
    ("D6", (of_logits, of_weights, lambda X, y, w: w - slopes(X, y, w)),
     "this is a gradient step"),
    ("L3", (lambda n, m: n * n,), r"n.2 holds only if Y is square"),
    ("L3", (lambda n, m: m * m,), "each has n entries"),
    ("L3", (lambda n, m: n * m + (n - 1) * m,), "multiplications alone"),
    ("L3", (lambda n, m: [n, m],), "returns one number"),
]
