"""What the first weights decide: zero and uniform starts."""

import numpy as np

from lmbook.derivation import (D, Derivation, Fact, Function, dim, exp,
                               indices, log, scalar, tanh, tensor, total)

from .registry import derivation

DIM, H, C = dim("D"), dim("H"), dim("C")
i, j = indices("i j", DIM)
h, k = indices("h k", H)
c, r, f = indices("c r f", C)
x, t = tensor("x", DIM), tensor("t", C)
W1, b1, W2, b2 = (tensor("W1", H, DIM), tensor("b1", H),
                  tensor("W2", C, H), tensor("b2", C))
u, z, p, J = tensor("u", H), tensor("z", C), tensor("p", C), scalar("J")


def network(activation):
    """Return the definitions of a network with one hidden layer."""
    return {u[h]: total(i, W1[h, i] * x[i]) + b1[h],
            z[c]: total(h, W2[c, h] * activation(u[h])) + b2[c],
            p[c]: exp(z[c]) / total(f, exp(z[f])),
            J: -total(c, t[c] * log(p[c]))}


def zeros(name, entry):
    return Fact(name, entry, 0, lambda sizes, rng: {
        entry.tensor: np.zeros([sizes[size] for size in entry.dims])})


@derivation
def zero_start_hidden_weights():
    act = Function("f")
    with Derivation("A zero start: the hidden weights", network(act)) as d:
        d.start(D(J, W1[k, j]))
        d.eq(act.d()(u[k]) * x[j] * total(c, D(J, z[c]) * W2[c, k]),
             "chain rule")
        d.eq(0, "", zeros("the output weights are zero", W2[c, h]))
    return d


@derivation
def zero_start_output_weights():
    with Derivation("A zero start: the output weights", network(tanh)) as d:
        d.start(D(J, W2[r, k]))
        d.eq(D(J, z[r]) * tanh(u[k]), "chain rule")
        d.eq(0, "tanh 0 = 0", zeros("the hidden weights are zero", W1[h, i]),
             zeros("the hidden biases are zero", b1[h]))
    return d


@derivation
def zero_start_output_bias():
    with Derivation("A zero start: the output bias learns",
                    network(tanh)) as d:
        d.start(D(J, b2[r]))
        d.eq(D(J, z[r]), "the bias is added")
        d.eq(p[r] * total(c, t[c]) - t[r], "softmax and cross-entropy")
        d.eq(1 / C * total(c, t[c]) - t[r], "all logits are zero",
             zeros("the output weights are zero", W2[c, h]),
             zeros("the output biases are zero", b2[c]))
    return d


def uniform(name, left, value, tensor, axis):
    """Return the fact that a tensor does not depend on the hidden unit."""
    def sample(sizes, rng):
        shape = [sizes[size] for size in tensor.dims]
        one = rng.normal(size=[n if k != axis else 1
                               for k, n in enumerate(shape)])
        return {tensor: np.broadcast_to(one, shape).copy(),
                value.tensor: one.squeeze(axis)}
    return Fact(name, left, value, sample)


@derivation
def uniform_start_keeps_rows_equal():
    act, b = Function("f"), scalar("b")
    w, v = tensor("w", DIM), tensor("v", C)
    rows = uniform("all rows are equal", W1[h, i], w[i], W1, 0)
    biases = uniform("all biases are equal", b1[h], b, b1, 0)
    outputs = uniform("all output columns are equal", W2[c, h], v[c], W2, 1)
    slope = act.d()(total(i, w[i] * x[i]) + b)
    with Derivation("A uniform start: the same step for every unit",
                    network(act)) as d:
        d.start(D(J, W1[k, j]))
        d.eq(act.d()(u[k]) * x[j] * total(c, D(J, z[c]) * W2[c, k]),
             "chain rule")
        d.eq(slope * x[j] * total(c, D(J, z[c]) * v[c]),
             "nothing depends on k", rows, biases, outputs)
    return d
