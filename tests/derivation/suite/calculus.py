"""Gradients and Jacobians: partial derivatives, layouts, the chain rule."""

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, Function, M, cos, delta,
                               dim, exp, eye, diag, indices, jacobian, norm2,
                               pi, scalar, sin, tensor, total)

from .registry import derivation

N, K, DIM = dim("N"), dim("K"), dim("D")
i, j, l, m = indices("i j l m", DIM)
x, c, w = tensor("x", DIM), tensor("c", DIM), tensor("w", DIM)
A = tensor("A", DIM, DIM)
a, b, t = scalar("x"), scalar("y"), scalar("z")


def at(**values):
    """Return the sample of a fact that fixes some scalars."""
    return lambda sizes, rng: values


@derivation
def partial_x():
    point = Fact("at x = 3", a, 3, at(x=3.0))
    height = Fact("at y = pi/2", b, pi / 2, at(y=np.pi / 2))
    with Derivation("The slope in x") as d:
        d.start(D(a**2 * b + sin(t + 6 * b), a))
        d.eq(2 * a * b, "power rule; the sine does not depend on x")
        d.eq(3 * pi, "put the point in", point, height)
    return d


@derivation
def partial_y():
    half_turns = Fact("three half turns", cos(t + 6 * b), -1,
                      at(y=np.pi / 2, z=0.0))
    point = Fact("at x = 3", a, 3, at(x=3.0))
    with Derivation("The slope in y") as d:
        d.start(D(a**2 * b + sin(t + 6 * b), b))
        d.eq(a**2 + cos(t + 6 * b) * D(t + 6 * b, b), "sum and chain rule")
        d.eq(a**2 + 6 * cos(t + 6 * b), "the inner slope is 6")
        d.eq(3, "put the point in", point, half_turns)
    return d


@derivation
def gradient_of_a_quadratic_form():
    with Derivation("The gradient of a quadratic form, by entries") as d:
        d.start(D(total(i, l, x[i] * A[i, l] * x[l]), x[j]))
        d.eq(total(i, l, delta(i, j) * A[i, l] * x[l]
                   + x[i] * A[i, l] * delta(l, j)), "product rule")
        d.eq(total(l, A[j, l] * x[l]) + total(i, x[i] * A[i, j]),
             "each delta removes one sum")
        d.eq(total(i, x[i] * (A[i, j] + A[j, i])), "rename l as i")
    return d


@derivation
def quadratic_form_in_matrices():
    with Derivation("The gradient of a quadratic form, as a row") as d:
        d.start(jacobian(M(x).T @ M(A) @ M(x), x))
        d.eq((M(A) @ M(x) + M(A).T @ M(x)).T, "product rule")
        d.eq(M(x).T @ (M(A) + M(A).T), "transpose each product")
    return d
