"""Layers on a batch: linear, two layers, residual, tied weights."""

import numpy as np

from ..derivation import (Derivation, Function, M, apply, diag, dim, eye,
                          gradient, indices, jacobian, ones, relu, scalar,
                          step, tensor, total)
from .row import group

N, DIM, C, H = dim("N"), dim("D"), dim("C"), dim("H")
n, = indices("n", N)
d_, = indices("d", DIM)
c, = indices("c", C)
h, k = indices("h k", H)
X, W, b = tensor("X", N, DIM), tensor("W", C, DIM), tensor("b", C)
Z, R, L = tensor("Z", N, C), tensor("R", N, C), scalar("L")
f = Function("f")
LINEAR = {Z[n, c]: total(d_, X[n, d_] * W[c, d_]) + b[c],
          L: total(n, c, R[n, c] * Z[n, c])}
HERE = "softmax-and-cross-entropy"
ABOVE = "R is the gradient by the output"

row = group("Layers on a batch")


def _linear(W, X, b):
    return X @ W.T + b


@row("linear layer by its weight, fully connected, dense, dW", ABOVE,
     page=HERE)
def layer_by_weight():
    """Prove grad_W L = R^T X."""
    with Derivation("A linear layer on a batch, by its weight",
                    LINEAR) as d:
        d.start(gradient(L, W))
        d.eq(gradient(L, Z).T @ M(X), "chain rule")
        d.eq(M(R).T @ M(X), "errors transposed, times inputs")
    return d.agrees(Z, _linear, W, X, b)


@row("linear layer by its bias, db", ABOVE, page=HERE)
def layer_by_bias():
    """Prove grad_b L = R^T 1."""
    with Derivation("A linear layer on a batch, by its bias", LINEAR) as d:
        d.start(gradient(L, b))
        d.eq(M(R).T @ ones(N), "the sum over the batch")
    return d


@row("linear layer by its inputs, dX", ABOVE, page=HERE)
def layer_by_inputs():
    """Prove grad_X L = R W."""
    with Derivation("A linear layer on a batch, by its inputs",
                    LINEAR) as d:
        d.start(gradient(L, X))
        d.eq(gradient(L, Z) @ M(W), "chain rule")
        d.eq(M(R) @ M(W), "errors, back through the weights")
    return d


U = tensor("U", DIM, C)


@row("linear layer with the weight turned, XU, in by out", ABOVE)
def turned_layer_by_weight():
    """Prove grad_U L = X^T R."""
    define = {Z[n, c]: total(d_, X[n, d_] * U[d_, c]) + b[c],
              L: LINEAR[L]}
    with Derivation("A turned linear layer, by its weight", define) as d:
        d.start(gradient(L, U))
        d.eq(M(X).T @ M(R), "inputs transposed, times errors")
    return d


deep = group("Two layers, shortcuts, shared inputs")
V, A, Y = tensor("V", H, DIM), tensor("A", N, H), tensor("Y", N, H)
Q, O = tensor("W", C, H), tensor("O", N, C)
E = tensor("E", N, H)
MLP = {A[n, h]: total(d_, X[n, d_] * V[h, d_]), Y[n, h]: f(A[n, h]),
       E[n, h]: f.d()(A[n, h]),
       O[n, c]: total(h, Y[n, h] * Q[c, h]),
       L: total(n, c, R[n, c] * O[n, c])}
BACK = (M(R) @ M(Q)) * M(E)


@deep("two-layer network, MLP, output weights, backpropagation", ABOVE)
def mlp_by_output_weights():
    """Prove grad_W L = R^T Y."""
    with Derivation("Two layers, by the output weights", MLP) as d:
        d.start(gradient(L, Q))
        d.eq(M(R).T @ M(Y), "errors transposed, times hidden values")
    return d


@deep("two-layer network, MLP, hidden weights, backpropagation", ABOVE)
def mlp_by_hidden_weights():
    """Prove grad_V L = ((R W) * E)^T X."""
    with Derivation("Two layers, by the hidden weights", MLP) as d:
        d.start(gradient(L, V))
        d.eq(gradient(L, A).T @ M(X), "the hidden layer is linear in V")
        d.eq(BACK.T @ M(X), "back through W and f")
    return d


@deep("two-layer network, MLP, inputs, backpropagation", ABOVE)
def mlp_by_inputs():
    """Prove grad_X L = ((R W) * E) V."""
    with Derivation("Two layers, by the inputs", MLP) as d:
        d.start(gradient(L, X))
        d.eq(gradient(L, A) @ M(V), "the hidden layer is linear in X")
        d.eq(BACK @ M(V), "back through W and f")
    return d


S = tensor("W2", H, H)
z2, h1, h2, h3 = (tensor(name, H) for name in "z2 h1 h2 h3".split())
BLOCK = {z2[h]: total(k, S[h, k] * h1[k]), h2[h]: relu(z2[h]),
         h3[h]: h1[h] + h2[h]}


@deep("residual block, skip connection, shortcut, ResNet")
def residual_block():
    """Prove dh_3/dh_1 = I + diag([z_2 > 0]) W_2."""
    with Derivation("The Jacobian of a residual block", BLOCK) as d:
        d.start(jacobian(h3, h1))
        d.eq(eye(H) + jacobian(h2, z2) @ jacobian(z2, h1), "chain rule")
        d.eq(eye(H) + diag(apply(step, M(z2))) @ M(S),
             "ReLU, then the linear map")
    return d.agrees(h3, lambda x, W: x + np.maximum(W @ x, 0), h1, S)


@deep("an input used twice, two paths, sum over paths")
def input_used_twice():
    """Prove dy/dx = diag(h_2) dh_1/dx + diag(h_1) dh_2/dx."""
    B, x, y = tensor("B", H, H), tensor("x", H), tensor("y", H)
    g = Function("g")
    define = {h1[h]: f(total(k, S[h, k] * x[k])),
              h2[h]: g(total(k, B[h, k] * x[k])), y[h]: h1[h] * h2[h]}
    with Derivation("An input used twice", define) as d:
        d.start(jacobian(y, x))
        d.eq(diag(h2) @ jacobian(h1, x) + diag(h1) @ jacobian(h2, x),
             "one path at a time, then the sum")
    return d


@deep("tied weights, weight sharing, autoencoder, W used twice",
      "r is the gradient by the output")
def tied_weights():
    """Prove grad_W L = v r^T + ((W r) * e) x^T."""
    T = tensor("W", H, DIM)
    x, y, r = (tensor(name, DIM) for name in "xyr")
    z, v, e = (tensor(name, H) for name in "zve")
    define = {z[h]: total(d_, T[h, d_] * x[d_]), v[h]: f(z[h]),
              e[h]: f.d()(z[h]), y[d_]: total(h, v[h] * T[h, d_]),
              L: total(d_, r[d_] * y[d_])}
    with Derivation("A weight used twice", define) as d:
        d.start(gradient(L, T))
        d.eq(M(v) @ M(r).T + ((M(T) @ M(r)) * M(e)) @ M(x).T,
             "as output weight, then as input weight")
    return d
