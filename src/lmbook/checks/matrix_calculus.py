"""The checks of the chapter on matrix calculus: A2, A5, A6, A7 and L2."""

import numpy as np

from .registry import ask, exercise, expect, numbers, require

LAYOUT = "this is the denominator layout: outputs are rows here"


@exercise("A2", "four Jacobians by a vector, in numerator layout")
def a2(dot, square, linear, quadratic):
    """Check the Jacobians of x^T c, |x|^2, A x and x^T A x by x.

    `dot(x, c)`, `square(x)`, `linear(A, x)` and `quadratic(A, x)` return
    arrays; a row of a single output may be flat.
    """
    rng = np.random.default_rng(2)
    for d, h in ((2, 3), (3, 3), (4, 2), (1, 1)):
        x, c, a = rng.normal(size=d), rng.normal(size=d), rng.normal(
            size=(h, d))
        q, size = rng.normal(size=(d, d)), f"for {d} inputs"
        _row(ask(dot, x, c), c, f"x^T c {size}", {
            "this is the derivative by c": x,
            "one slope for each entry of x, not their sum": c.sum()})
        _row(ask(square, x), 2 * x, f"the squared length {size}", {
            "the power rule gives a factor 2": x,
            "this is the squared length itself": x @ x})
        expect(ask(linear, a, x), a, f"A x {size}", {LAYOUT: a.T,
               "this is the value, not the Jacobian": a @ x})
        _row(ask(quadratic, q, x), x @ (q + q.T), f"x^T A x {size}", {
            "x stands there twice: two terms": q @ x,
            "the other x counts too": x @ q,
            "2 A x needs a symmetric A": 2 * q @ x,
            "2 x^T A needs a symmetric A": 2 * x @ q,
            "x^T A x is the value": x @ q @ x})


@exercise("A5", "six Jacobians by the weights: shapes and values")
def a5(jacobians):
    """Check (w, X) -> the six Jacobians, as arrays with two axes.

    In the order of the exercise: a constant, the squared length, the
    prediction of the first row of X, X w, w, and w squared entry by entry.
    """
    rng = np.random.default_rng(5)
    for n, d in ((4, 3), (3, 3), (1, 1)):
        w, x = rng.normal(size=d), rng.normal(size=(n, d))
        got = ask(jacobians, w, x)
        require(isinstance(got, (tuple, list)) and len(got) == 6,
                "return six arrays, in the order of the exercise")
        right = (np.zeros((1, d)), 2 * w[None], x[:1], x, np.eye(d),
                 2 * np.diag(w))
        names = ("a constant", "the squared length", "w^T x",
                 "X w", "w", "w squared")
        for value, expected, name in zip(got, right, names):
            expect(value, expected, f"{name}, d = {d}, n = {n}", {
                "a single output makes a row of shape (1, d)": expected[0],
                LAYOUT: expected.T,
                "the factor 2 is missing": expected / 2,
                "put the slopes on a diagonal": 2 * w,
                "an entry moves its own output only":
                    np.broadcast_to(2 * w, expected.shape)
                    if name == "w squared" else expected + 1})


@exercise("A6", "the Jacobian of X W^T by W: four axes, and a matrix")
def a6(jacobian, matrix):
    """Check (X, W) -> shape (n, k, k, d), and its (n k, k d) matrix."""
    rng = np.random.default_rng(6)
    for n, k, d in ((2, 3, 4), (1, 2, 1), (3, 3, 3)):
        x, w = rng.normal(size=(n, d)), rng.normal(size=(k, d))
        right = np.einsum("jl,im->ijlm", np.eye(k), x)
        what = f"for n = {n}, k = {k}, d = {d}"
        expect(ask(jacobian, x, w), right, f"the Jacobian {what}", {
            "an output does not see the weights of another: delta_jl":
                np.broadcast_to(x[:, None, None], right.shape),
            "the axes of W come last, in the order of W: l, then m":
                right.swapaxes(2, 3),
            "the axes of the output come first": right.transpose(2, 3, 0, 1)})
        expect(ask(matrix, x, w), np.kron(x, np.eye(k)).reshape(
            n * k, d, k).swapaxes(1, 2).reshape(n * k, k * d),
            f"the matrix {what}", {
                "the columns follow W row by row: the class changes slowest":
                    np.kron(x, np.eye(k)),
                "the rows follow X W^T row by row: the example changes"
                " slowest": np.kron(np.eye(k), x),
                "this has four axes still": right})


@exercise("A7", "chain rule and product rule with the right transposes")
def a7(chain, product):
    """Check (A, B, x) -> the Jacobians of A tanh(B x) and (A x)^T (B x)."""
    rng = np.random.default_rng(7)
    for o, h, d in ((3, 3, 3), (3, 2, 3), (2, 4, 1)):
        a, b = rng.normal(size=(o, h)), rng.normal(size=(h, d))
        x = rng.normal(size=d)
        slope = 1 - np.tanh(b @ x) ** 2                     # (h,)
        what = f"for B of shape ({h}, {d})"
        wrong = {"B is transposed: its shape fits only if it is square":
                 a @ np.diag(slope) @ b.T,
                 "A is transposed: its shape fits only if it is square":
                 a.T @ np.diag(slope) @ b} if o == h == d else {}
        expect(ask(chain, a, b, x), a @ np.diag(slope) @ b,
               f"A tanh(B x) {what}", {
                   "the slopes of tanh are missing": a @ b,
                   LAYOUT: (a @ np.diag(slope) @ b).T, **wrong})
        c = rng.normal(size=(h, d))
        right = (c @ x) @ b + (b @ x) @ c
        _row(ask(product, c, b, x), right, f"(A x)^T (B x) {what}", {
            "both factors move: this is one term": (c @ x) @ b,
            "both factors move: this is the other term": (b @ x) @ c,
            "both terms are the same here": 2 * (c @ x) @ b,
            "each Jacobian goes with the other factor":
                (c @ x) @ c + (b @ x) @ b})


@exercise("L2", "half a square: c c^T plus its transpose, not c^T c")
def l2(gradient, hessian):
    """Check (c, x) -> the gradient of (c^T x)^2 / 2, and c -> its Hessian."""
    rng = np.random.default_rng(22)
    for d in (2, 4, 1):
        c, x = rng.normal(size=d), rng.normal(size=d)
        outer, number = np.outer(c, c), c @ c
        expect(ask(gradient, c, x), outer @ x, f"the gradient, d = {d}", {
            "c^T c is a number, not a matrix: the transpose of c c^T is"
            " c c^T": (outer + number) @ x,
            "half of it, with c^T c for the transpose":
                (outer + number) @ x / 2,
            "one half is missing": 2 * outer @ x,
            "c^T x is a number: it scales c": number * x,
            "this is the derivative by c": (c @ x) * x})
        expect(ask(hessian, c), outer, f"the Hessian, d = {d}", {
            "c^T c is a number, and was added to every entry":
                outer + number,
            "half of it, with c^T c for the transpose":
                (outer + number) / 2,
            "one half is missing": 2 * outer,
            "this is c^T c, a number": number})


def _row(got, expected, what, mistakes):
    """Like `expect`, for a row that may be flat or of shape (1, d)."""
    got = numbers(got, what)
    flat = got[0] if got.ndim == 2 and got.shape[0] == 1 else got
    if got.ndim == 2 and got.shape == (len(expected), 1) != (1, 1):
        require(False, f"{what}: {LAYOUT}")
    expect(flat, expected, what, mistakes)
