"""The checks of the chapter on Hessians, D1, D2, D4 and L3."""

from collections import Counter

import numpy as np

from ..autodiff import counted
from .registry import ask, exercise, expect, numbers, require

GRID = ((1, 1), (3, 3), (2, 5), (5, 2), (4, 1), (1, 6))


@exercise("D1", "half a square: its gradient and its Hessian")
def d1(gradient, hessian):
    """Check (v, x) -> v v^T x, and (v, x) -> v v^T, at every size."""
    rng = np.random.default_rng(0)
    pairs = [(np.array([3.0, 1, 4]), np.array([2.0, 1, 3]))]
    pairs += [(rng.normal(size=n), rng.normal(size=n)) for n in (1, 2, 5)]
    for v, x in pairs:
        dot, n = v @ x, len(v)
        expect(ask(gradient, v, x), dot * v, f"the gradient for n = {n}", {
            "the half cancels the 2 of the square": dot * v / 2,
            "one half times two is one, not two": 2 * dot * v,
            "v^T x is one number: multiply v by it": v * v * x,
            "this is v^T x, the inner derivative v is missing": dot,
            "the inner derivative is v, not x": dot * x})
        expect(ask(hessian, v, x), np.outer(v, v), f"the Hessian for n = {n}",
               {"v v^T is a matrix, v^T v a number": v @ v,
                "only the diagonal is there: every slope depends on every"
                " x_j": np.diag(v * v),
                "one half times two is one, not two": 2 * np.outer(v, v),
                "the Hessian of half a square does not depend on x":
                    np.outer(x, x),
                "this is v x^T": np.outer(v, x),
                "this is the gradient": dot * v})


@exercise("D2", "a Hessian has n^2 entries, its product with u costs n")
def d2(explicit, quick, slope):
    """Check two (v, u) -> v v^T u, and (sizes, costs) -> a fitted slope."""
    for n in (1, 3, 6):
        v, u = np.arange(1.0, n + 1), np.linspace(-1, 2, n)
        for function, what in ((explicit, "explicit"), (quick, "quick")):
            product, cost = _counted(function, v, u)
            expect(product, v * (v @ u), f"{what}(v, u) for n = {n}", {
                "this is v v^T v": v * (v @ v),
                "this is v^T u alone: multiply v by it": v @ u,
                "this is the Hessian: multiply it by u": np.outer(v, v)})
            dear = cost > 2 * n
            require(n == 1 or dear == (what == "explicit"),
                    f"{what}(v, u) for n = {n} does {cost} multiplications:"
                    + (" form v^T u first, it is one number" if dear else
                       " form the whole matrix v v^T first"))
    for power in (1, 2, 0.5):
        sizes = np.array([1.0, 10, 100, 1000])
        expect(ask(slope, sizes, 7 * sizes ** power), power,
               f"the slope for costs that grow like n^{power:g}", {
                   "this is the factor: take the exponent": 7.0,
                   "fit logarithm against logarithm": np.polyfit(
                       sizes, 7 * sizes ** power, 1)[0],
                   "costs against sizes, not sizes against costs":
                       1 / power})


@exercise("D4", "four factors, two ways to set brackets: what each costs")
def d4(scalar_first, matrix_first, costs):
    """Check two (v, y1, y2) -> v v^T y1 y2^T, and (n, m) -> their costs."""
    for n, m in GRID:
        rng = np.random.default_rng(n + m)
        v, y1, y2 = rng.normal(size=n), rng.normal(size=n), rng.normal(size=m)
        found = []
        for function, what in ((scalar_first, "scalar_first"),
                               (matrix_first, "matrix_first")):
            product, cost = _counted(function, v, y1, y2)
            expect(product, (v @ y1) * np.outer(v, y2),
                   f"{what} for n = {n}, m = {m}", {
                       "this is y2 v^T: one row for each entry of v":
                           (v @ y1) * np.outer(y2, v),
                       "the number v^T y1 is missing": np.outer(v, y2)})
            found.append(cost)
        require(found[0] <= n * m + 2 * n + m, f"scalar_first for n = {n},"
                f" m = {m} does {found[0]} multiplications: form v^T y1"
                " first, then stay with vectors")
        require(found[1] >= n * n + n * m, f"matrix_first for n = {n},"
                f" m = {m} does {found[1]} multiplications: v v^T alone"
                f" has {n * n} entries")
        said = numbers(ask(costs, n, m), "costs(n, m)")
        require(said.shape == (2,), "costs(n, m) returns two numbers")
        for name, says, does in zip(("scalar_first", "matrix_first"), said,
                                    found):
            require(says == does, f"for n = {n}, m = {m} your formula says"
                    f" {says:g} for {name}, and it does {does}")


@exercise("L3", "a row times a matrix costs n m, not n^2")
def l3(cost):
    """Check (n, m) -> the multiplications of v^T Y, with Y of (n, m)."""
    for n, m in GRID:
        _, does = _counted(lambda v, Y: v @ Y, np.ones(n), np.ones((n, m)))
        said = numbers(ask(cost, n, m), "cost(n, m)")
        hint = {n * n * m: "each entry of Y is used once",
                n * m + (n - 1) * m: "count multiplications alone",
                m * m: "m columns, and each has n entries",
                n * n: "n^2 holds only if Y is square"}
        require(said.shape == (), "cost(n, m) returns one number")
        said = float(said)
        require(said == does, f"for n = {n}, m = {m} you say {said:g},"
                f" counted are {does}:"
                f" {hint.get(said, 'there are m dot products of length n')}")


def _counted(function, *arrays):
    """Return the value of a function as floats, and its multiplications."""
    tally = Counter()
    marked = [counted(a, tally) for a in arrays]
    product = numbers(ask(lambda: function(*marked)), "the product")
    return product, tally["*"]
