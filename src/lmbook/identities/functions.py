"""Known functions of each entry of a vector."""

import numpy as np
import scipy.special

from ..derivation import (Derivation, M, apply, diag, dim, exp, eye, indices,
                          jacobian, log, relu, sigmoid, sqrt, step, tanh,
                          tensor)
from .row import group

DIM, H = dim("D"), dim("H")
i, = indices("i", DIM)
a, = indices("a", H)
x, w, y = tensor("x", DIM), tensor("w", DIM), tensor("y", DIM)
positive = tensor("x", DIM, positive=True)

row = group("Known functions of each entry")


@row("elementwise square, power", page="matrix-calculus")
def elementwise_square():
    """Prove d(w^2)/dw = 2 diag(w)."""
    with Derivation("The Jacobian of an elementwise square") as d:
        d.start(jacobian(M(w)**2, w))
        d.eq(diag(2 * M(w)), "each entry depends on its own weight")
        d.eq(2 * diag(w), "take the number out")
    return d


@row("exponential, exp")
def exponential():
    """Prove d(exp(x))/dx = diag(exp(x))."""
    with Derivation("The Jacobian of the exponential") as d:
        d.start(jacobian(apply(exp, M(x)), x))
        d.eq(diag(apply(exp, M(x))), "the exponential is its own slope")
    return d


@row("logarithm, log, reciprocal")
def logarithm():
    """Prove d(log x)/dx = diag(x^-1)."""
    with Derivation("The Jacobian of the logarithm") as d:
        d.start(jacobian(apply(log, M(positive)), positive))
        d.eq(diag(M(positive)**-1), "one over the entry")
    return d


@row("reciprocal, one over x, inverse of each entry")
def reciprocal():
    """Prove d(x^-1)/dx = -diag(x^-2)."""
    with Derivation("The Jacobian of the reciprocal") as d:
        d.start(jacobian(M(positive)**-1, positive))
        d.eq(-diag(M(positive)**-2), "power rule")
    return d


@row("square root, sqrt")
def square_root():
    """Prove dy/dx = diag(y^-1)/2."""
    with Derivation("The Jacobian of the square root", {
            y[i]: sqrt(positive[i])}) as d:
        d.start(jacobian(y, positive))
        d.eq(diag(M(y)**-1) / 2, "one over twice the root")
    return d.agrees(y, np.sqrt, positive)


@row("sigmoid, logistic function, activation")
def sigmoid_of_each():
    """Prove dy/dx = diag(y - y * y)."""
    with Derivation("The Jacobian of the sigmoid", {
            y[i]: sigmoid(x[i])}) as d:
        d.start(jacobian(y, x))
        d.eq(diag(y) @ (eye(DIM) - diag(y)), "y (1 - y) in each entry")
        d.eq(diag(M(y) - M(y) * M(y)), "on the diagonal")
    return d.agrees(y, scipy.special.expit, x)


@row("tanh, hyperbolic tangent, activation")
def tanh_of_each():
    """Prove dy/dx = I - diag(y * y)."""
    with Derivation("The Jacobian of tanh", {y[i]: tanh(x[i])}) as d:
        d.start(jacobian(y, x))
        d.eq(eye(DIM) - diag(M(y) * M(y)), "1 - y^2 in each entry")
    return d.agrees(y, np.tanh, x)


@row("ReLU, rectifier, gate, indicator, activation", "no entry is 0, or the "
     "slope there is taken to be 0")
def relu_slope():
    """Prove dh/dz = diag([z > 0])."""
    z, h = tensor("z", H), tensor("h", H)
    with Derivation("The Jacobian of ReLU", {h[a]: relu(z[a])}) as d:
        d.start(jacobian(h, z))
        d.eq(diag(apply(step, M(z))), "each entry depends on its own input")
    return d


@row("softplus, smooth ReLU, log one plus exp")
def softplus():
    """Prove dy/dx = diag(sigma(x))."""
    with Derivation("The Jacobian of softplus", {
            y[i]: log(1 + exp(x[i]))}) as d:
        d.start(jacobian(y, x))
        d.eq(diag(apply(sigmoid, M(x))), "the slope is the sigmoid")
    return d.agrees(y, lambda x: np.logaddexp(0, x), x)


@row("SiLU, swish, activation, x times sigmoid")
def silu():
    """Prove dy/dx = diag(s + y - y * s)."""
    s = tensor("s", DIM)
    with Derivation("The Jacobian of SiLU", {
            s[i]: sigmoid(x[i]), y[i]: x[i] * s[i]}) as d:
        d.start(jacobian(y, x))
        d.eq(diag(M(s) + M(x) * jacobian_diagonal(s)), "product rule")
        d.eq(diag(M(s) + M(y) - M(y) * M(s)), "x s is y")
    return d.agrees(y, lambda x: x * scipy.special.expit(x), x)


def jacobian_diagonal(s):
    """Return s (1 - s), the slopes of the sigmoid, as a vector.

    >>> jacobian_diagonal(tensor("s", DIM))
    (s + -(s * s))
    """
    return M(s) - M(s) * M(s)
