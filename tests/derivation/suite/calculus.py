"""Gradients and Jacobians: partial derivatives, layouts, the chain rule."""

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, Function, M, cos, delta,
                               dim, exp, eye, indices, jacobian, log, pi,
                               scalar, sin, tensor, total)

from .registry import derivation

N, K, DIM = dim("N"), dim("K"), dim("D")
n, = indices("n", N)
i, j, l = indices("i j l", DIM)
p, q = indices("p q", K)
x, c, w = tensor("x", DIM), tensor("c", DIM), tensor("w", DIM)
A, X = tensor("A", DIM, DIM), tensor("X", N, DIM)
x1, x2, x3 = scalar("x1"), scalar("x2"), scalar("x3")
a, b, t = scalar("x", positive=True), scalar("y"), scalar("z")


def point(name, left, right, **values):
    """Return the fact that some scalars have given values."""
    return Fact(name, left, right, lambda sizes, rng: values)


@derivation
def partial_x():
    here = point("x = 3", a, 3, x=3.0)
    height = point("y = pi/2", b, pi / 2, y=np.pi / 2)
    with Derivation("The slope in x") as d:
        d.start(D(a**2 * b + sin(t + 6 * b), a))
        d.eq(2 * a * b, "power rule; the sine does not depend on x")
        d.eq(3 * pi, "put the point in", here, height)
    return d


@derivation
def partial_y():
    half_turns = point("6 y is three half turns", cos(t + 6 * b), -1,
                       y=np.pi / 2, z=0.0)
    here = point("x = 3", a, 3, x=3.0)
    with Derivation("The slope in y") as d:
        d.start(D(a**2 * b + sin(t + 6 * b), b))
        d.eq(a**2 + cos(t + 6 * b) * D(t + 6 * b, b), "sum and chain rule")
        d.eq(a**2 + 6 * cos(t + 6 * b), "the inner slope is 6")
        d.eq(3, "put the point in", here, half_turns)
    return d


@derivation
def partial_z():
    half_turns = point("6 y is three half turns", cos(t + 6 * b), -1,
                       y=np.pi / 2, z=0.0)
    with Derivation("The slope in z") as d:
        d.start(D(a**2 * b + sin(t + 6 * b), t))
        d.eq(cos(t + 6 * b), "chain rule, the inner slope is 1")
        d.eq(-1, "put the point in", half_turns)
    return d


@derivation
def dot_product():
    with Derivation("The Jacobian of a dot product") as d:
        d.start(D(total(i, x[i] * c[i]), x[j]))
        d.eq(total(i, delta(i, j) * c[i]), "the sum goes by terms")
        d.eq(c[j], "the delta picks one term")
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
def three_outputs_first():
    values = {"x1": 1.0, "x2": np.pi, "x3": 0.0}
    full = point("cos 0 = 1", cos(x1 * x2 * x3), 1, **values)
    one = point("x1 = 1", x1, 1, **values)
    height = point("x2 = pi", x2, pi, **values)
    with Derivation("The slope of sin(x1 x2 x3) in x3") as d:
        d.start(D(sin(x1 * x2 * x3), x3))
        d.eq(cos(x1 * x2 * x3) * x1 * x2, "chain rule")
        d.eq(pi, "put the point in", full, one, height)
    return d


@derivation
def three_outputs_second():
    half_turn = point("sin pi = 0", sin(x2 + x3), 0, x2=np.pi, x3=0.0)
    with Derivation("The slope of cos(x2 + x3) in x2") as d:
        d.start(D(cos(x2 + x3), x2))
        d.eq(-sin(x2 + x3) * D(x2 + x3, x2), "chain rule")
        d.eq(-sin(x2 + x3), "the inner slope is 1")
        d.eq(0, "put the point in", half_turn)
    return d


@derivation
def three_outputs_third():
    zero = point("x3 = 0", x3, 0, x3=0.0)
    with Derivation("The slope of exp(-x3^2 / 2)") as d:
        d.start(D(exp(-x3**2 / 2), x3))
        d.eq(-x3 * exp(-x3**2 / 2), "chain rule")
        d.eq(0, "put the point in", zero)
    return d


@derivation
def one_prediction():
    with Derivation("The slope of one prediction in a weight") as d:
        d.start(D(total(i, w[i] * X[n, i]), w[j]))
        d.eq(total(i, delta(i, j) * X[n, i]), "the sum goes by terms")
        d.eq(X[n, j], "the delta picks one term")
    return d


@derivation
def shapes_of_jacobians():
    with Derivation("The Jacobian of the predictions by the weights") as d:
        d.start(jacobian(M(X) @ M(w), w))
        d.eq(M(X) @ eye(DIM), "the Jacobian of w by w is the identity")
        d.eq(M(X), "multiply by the identity")
    return d


@derivation
def chain_rule():
    f, g = Function("f"), Function("g")
    with Derivation("The chain rule, twice") as d:
        d.start(D(f(g(a)), a, a))
        d.eq(D(f.d()(g(a)) * g.d()(a), a), "chain rule")
        d.eq(f.d().d()(g(a)) * g.d()(a)**2 + f.d()(g(a)) * g.d().d()(a),
             "product rule, then the chain rule again")
    return d


@derivation
def product_rule():
    f, g = Function("f"), Function("g")
    with Derivation("The product rule by the logarithm") as d:
        d.start(D(f(a) * g(a), a))
        d.eq(f.d()(a) * g(a) + f(a) * g.d()(a), "product rule")
        d.eq(f(a) * g(a) * (f.d()(a) / f(a) + g.d()(a) / g(a)),
             "relative slopes add")
    return d


@derivation
def chain_rule_of_a_layer():
    W, y = tensor("W", K, DIM), tensor("y", K)
    z, f = tensor("z", K), Function("f")
    define = {z[p]: total(l, W[p, l] * x[l]), y[p]: f(z[p])}
    with Derivation("The chain rule of a layer", define) as d:
        d.start(D(y[p], x[j]))
        d.eq(total(q, D(y[p], z[q]) * D(z[q], x[j])), "chain rule")
        d.eq(total(q, delta(p, q) * f.d()(z[p]) * W[q, j]),
             "each output depends on its own input")
        d.eq(f.d()(z[p]) * W[p, j], "the delta picks one term")
    return d


@derivation
def chain_rule_of_two_arguments():
    f, g, h = Function("f"), Function("g"), Function("h", arity=2)
    with Derivation("The chain rule of two arguments") as d:
        d.start(D(h(f(a), g(a)), a))
        d.eq(h.d(1)(f(a), g(a)) * f.d()(a)
             + h.d(2)(f(a), g(a)) * g.d()(a), "one term per argument")
    return d


@derivation
def small_graph():
    f, g = scalar("f"), scalar("g")
    define = {g: exp(b), f: log(a) + g * t}
    with Derivation("The small graph, backwards", define) as d:
        d.start(D(f, b))
        d.eq(D(f, g) * D(g, b), "chain rule along the one path")
        d.eq(t * D(g, b), "local slope of the product")
        d.eq(t * exp(b), "local slope of the exponential")
        d.eq(2 * exp(3), "put the point in",
             point("y = 3", b, 3, y=3.0), point("z = 2", t, 2, z=2.0))
    return d


@derivation
def small_graph_other_inputs():
    f = scalar("f")
    with Derivation("The small graph, both other inputs",
                    {f: log(a) + exp(b) * t}) as d:
        d.start(D(f, a) + D(f, t))
        d.eq(1 / a + exp(b), "each input has one path")
        d.eq(1 / a + exp(3), "put the point in",
             point("y = 3", b, 3, y=3.0))
    return d
