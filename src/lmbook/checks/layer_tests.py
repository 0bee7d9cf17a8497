"""The values of the six functions of F1, and the mistakes they show.

The first case is square, so that a wrong transpose still has a shape
that fits and can be told by its value.
"""

import numpy as np

from ..functional import linear_vjp, relu, relu_vjp, softmax, softmax_vjp
from .graded import (
    Mistake, compare, in_order, is_close, must_be_array, several)
from .layer_functions import (
    RIGHT, agrees_with_differences, backward, backward_changes_nothing,
    copies, draw, forward, forward_changes_nothing, test)

SQUARE, OBLONG = (3, 3, 3), (5, 4, 2)               # (N, D, C)
SMALLEST = (1, 1, 1), (1, 3, 2), (4, 1, 2), (4, 3, 1)
FAR = np.array([[1000.0, 1001, 999], [0, 1, 2], [-1000, -1001, -999]])
GRADIENTS = "dX", "dW", "db"


def _smallest(test, functions):
    """Test the smallest sizes; name what fails there on a larger case."""
    try:
        test(functions, SMALLEST)
    except Mistake:
        test(functions, (SQUARE,))
        raise


def _linear_forward(functions, sizes):
    """Test the affine map for some sizes."""
    for size in sizes:
        (X, W, b), _ = draw("linear", size)
        Z, _ = forward(functions, "linear", copies((X, W, b)))
        known = [("bias-forgotten", X @ W.T)]
        if W.shape[0] == W.shape[1]:
            known += [("weight-not-transposed", X @ W + b)]
        compare(Z, X @ W.T + b, "Z of linear_forward", known)


@test("linear_forward", "values", 5)
def _(functions):
    _linear_forward(functions, (SQUARE, OBLONG))


@test("linear_forward", "smallest sizes", 2)
def _(functions):
    _smallest(_linear_forward, functions)


def _linear_backward(functions, sizes, wanted=GRADIENTS):
    """Test some gradients of the affine map for some sizes."""
    for size in sizes:
        (X, W, b), dZ = draw("linear", size)
        result = several(
            backward(functions, "linear", (X, W, b), dZ.copy()),
            GRADIENTS, "linear_backward")
        expected = linear_vjp(dZ, X, W)
        in_order(result, expected, GRADIENTS, "linear_backward")
        known = _known_linear(X, W, dZ)
        for name, got, right in zip(GRADIENTS, result, expected):
            if name in wanted:
                compare(got, right, f"{name} of linear_backward", known[name]
                        + [("mean-over-batch", right / len(X))])


def _known_linear(X, W, dZ):
    """Return the known mistakes for each gradient."""
    square = W.shape[0] == W.shape[1]
    return {
        "dX": [("weight-transposed-in-dX", dZ @ W.T)] if square else [],
        "dW": [("wrong-transpose-in-dW", X.T @ dZ),
               ("wrong-transpose-in-dW", X.T @ dZ / len(X))],
        "db": [("batch-sum-forgotten", dZ),
               ("wrong-sum", dZ.sum(1)),
               ("batch-axis-kept", dZ.sum(0, keepdims=True))]}


@test("linear_backward", "dX", 7)
def _(functions):
    _linear_backward(functions, (SQUARE, OBLONG), ("dX",))


@test("linear_backward", "dW", 7)
def _(functions):
    _linear_backward(functions, (SQUARE, OBLONG), ("dW",))


@test("linear_backward", "db", 7)
def _(functions):
    _linear_backward(functions, (SQUARE, OBLONG), ("db",))


@test("linear_backward", "smallest sizes", 3)
def _(functions):
    _smallest(_linear_backward, functions)


@test("relu_forward", "values", 5)
def _(functions):
    for size in (SQUARE, OBLONG):
        (Z,), _ = draw("relu", size)
        H, _ = forward(functions, "relu", [Z.copy()])
        compare(H, relu(Z), "H of relu_forward", [("gate-only", Z > 0)])


@test("relu_forward", "zeros", 2)
def _(functions):
    Z = np.array([[0.0, -0.0, 1.0, -1.0]])
    H, _ = forward(functions, "relu", [Z.copy()])
    compare(H, relu(Z), "H of relu_forward at (0, -0, 1, -1)", [])


@test("relu_backward", "values", 5)
def _(functions):
    for size in (SQUARE, OBLONG):
        (Z,), dH = draw("relu", size)
        right = relu_vjp(dH, Z)
        compare(backward(functions, "relu", [Z], dH.copy()), right,
                "dZ of relu_backward", [
                    ("gate-from-gradient", dH * (dH > 0)),
                    ("gate-missing", dH), ("gate-only", Z > 0),
                    ("value-for-slope", dH * relu(Z)),
                    ("mean-over-batch", right / len(Z))])


@test("relu_backward", "slope at zero", 4)
def _(functions):
    Z, dH = np.array([[0.0, 2.0, -1.0]]), np.array([[3.0, -4.0, 5.0]])
    compare(backward(functions, "relu", [Z], dH.copy()), relu_vjp(dH, Z),
            "dZ of relu_backward at (0, 2, -1)", [
                ("slope-one-at-zero", dH * (Z >= 0)),
                ("slope-half-at-zero", dH * np.heaviside(Z, 0.5)),
                ("gate-from-gradient", dH * (dH > 0)),
                ("gate-missing", dH)])


@test("softmax_forward", "values", 4)
def _(functions):
    for size in (SQUARE, OBLONG):
        (Z,), _ = draw("softmax", size)
        powers, rows = np.exp(Z), np.exp(Z - Z.max(1, keepdims=True))
        P, cache = forward(functions, "softmax", [Z.copy()])
        swapped = [("wrong-return-order", P)] * is_close(cache, softmax(Z))
        compare(P, softmax(Z), "P of softmax_forward", [
            ("wrong-axis", softmax(Z, axis=0)),
            ("wrong-axis", rows / rows.sum(0)),
            ("shift-of-columns", softmax(Z - Z.max(0))),
            ("whole-matrix", powers / powers.sum()),
            ("not-normalised", powers),
            ("not-normalised", rows),
            ("log-softmax", np.log(softmax(Z)))] + swapped)


@test("softmax_forward", "large scores", 4)
def _(functions):
    P, _ = forward(functions, "softmax", [FAR.copy()])
    what = "P of softmax_forward at scores near 1000 and -1000"
    must_be_array(P, what)
    if P.shape == FAR.shape:
        broken = ~np.isfinite(P.astype(float)).all(1)
        if broken.any():
            raise Mistake("overflow" if broken[0] else "shift-of-columns"
                          if np.allclose(P[0], 1 / 3) else
                          "shift-of-whole-matrix", what)
    compare(P, softmax(FAR), what, [("wrong-axis", softmax(FAR, axis=0))])


@test("softmax_forward", "laws", 4)
def _(functions):
    (Z,), _ = draw("softmax", (6, 1, 4), seed=3)
    P, _ = forward(functions, "softmax", [Z.copy()])
    shifted, _ = forward(functions, "softmax", [Z + 5.0])
    axis = [("wrong-axis", softmax(Z, axis=0).sum(1))]
    compare(_row_sums(P), np.ones(6), "the row sums of softmax_forward",
            axis)
    compare(shifted, np.asarray(P), "softmax_forward after adding 5", [])
    one, _ = forward(functions, "softmax", [Z[:, :1].copy()])
    compare(one, np.ones((6, 1)), "softmax_forward of a single class",
            [("wrong-axis", softmax(Z[:, :1], axis=0))])


def _row_sums(P):
    """Return the sum of each row, or `P` itself if it has no rows."""
    return P.sum(1) if getattr(P, "ndim", 0) == 2 else P


def _known_softmax(Z, dP):
    """Return the known mistakes of the backward pass of softmax."""
    s, down = softmax(Z), softmax(Z, axis=0)
    return [
        ("diagonal-only", dP * s * (1 - s)), ("diagonal-only", s * (1 - s)),
        ("share-missing", dP - (dP * s).sum(1, keepdims=True)),
        ("share-missing", dP * s - (dP * s).sum(1, keepdims=True)),
        ("wrong-axis", s * (dP - (dP * s).sum(0))),
        ("wrong-axis", down * (dP - (dP * down).sum(0))),
        ("whole-matrix", s * (dP - (dP * s).sum())),
        ("loss-folded-in", s - dP),
        ("loss-folded-in", (s - dP) / len(Z)),
        ("mean-over-batch", softmax_vjp(dP, s) / len(Z))]


@test("softmax_backward", "values", 8)
def _(functions):
    for size in (SQUARE, OBLONG):
        (Z,), dP = draw("softmax", size)
        compare(backward(functions, "softmax", [Z], dP.copy()),
                softmax_vjp(dP, softmax(Z)), "dZ of softmax_backward",
                _known_softmax(Z, dP))


@test("softmax_backward", "large scores", 3)
def _(functions):
    dP = draw("softmax")[1]
    compare(backward(functions, "softmax", [FAR], dP.copy()),
            softmax_vjp(dP, softmax(FAR)),
            "dZ of softmax_backward at scores near 1000 and -1000",
            _known_softmax(FAR, dP))


@test("softmax_backward", "laws", 3)
def _(functions):
    (Z,), dP = draw("softmax", (6, 1, 4), seed=3)
    dZ = backward(functions, "softmax", [Z], dP.copy())
    compare(_row_sums(dZ), np.zeros(6),
            "the row sums of dZ of softmax_backward", [])
    lifted = backward(functions, "softmax", [Z], dP + 5.0)
    compare(lifted, np.asarray(dZ),
            "softmax_backward after adding 5 to dP", [])


for _layer in RIGHT:
    test(f"{_layer}_forward", "changes nothing", 3)(
        forward_changes_nothing(_layer))
    test(f"{_layer}_backward", "changes nothing", 3)(
        backward_changes_nothing(_layer))
    test(f"{_layer}_backward", "central differences", 3)(
        agrees_with_differences(_layer))
