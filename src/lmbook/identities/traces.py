"""Traces, and the gradients that they give; products by their matrices."""

import numpy as np

from ..derivation import (D, Derivation, M, delta, dim, eye, gradient,
                          indices, norm2, tensor, total, trace)
from .row import group

N, K, DIM, H = dim("N"), dim("K"), dim("D"), dim("H")
n, p = indices("n p", N)
k, q = indices("k q", K)
i, l = indices("i l", DIM)
h, m = indices("h m", H)
HERE = "matrix-calculus"

row = group("Traces")
A, B = tensor("A", N, K), tensor("B", H, N)
W, X = tensor("W", N, K), tensor("X", K, H)
S = tensor("S", N, N)


@row("trace, identity matrix")
def trace_alone():
    """Prove grad_S (tr(S)) = I."""
    with Derivation("The gradient of the trace itself") as d:
        d.start(gradient(trace(S), S))
        d.eq(eye(N), "only the diagonal is added")
    return d


@row("trace is cyclic, order of a product under a trace", page=HERE)
def cyclic_trace():
    """Prove tr(A X B) = tr(B A X)."""
    with Derivation("A trace does not see a turn of its product") as d:
        d.start(trace(M(A) @ M(X) @ M(B)))
        d.eq(trace(M(B) @ M(A) @ M(X)), "the same sum, in another order")
    return d


@row("Frobenius norm as a trace")
def norm_as_trace():
    """Prove | A |_F^2 = tr(A^T A)."""
    with Derivation("A squared Frobenius norm is a trace") as d:
        d.start(norm2(A))
        d.eq(trace(M(A).T @ M(A)), "each entry meets itself")
    return d


@row("tr(A^T W), Frobenius inner product, sum of products", page=HERE)
def gradient_of_a_trace():
    """Prove grad_W (tr(A^T W)) = A."""
    with Derivation("The gradient of a trace") as d:
        d.start(gradient(trace(M(A).T @ M(W)), W))
        d.eq(M(A), "a trace of a product is a sum of products")
    return d


@row("tr(AX), trace of a product, by one factor")
def trace_of_a_product():
    """Prove grad_X (tr(G X)) = G^T."""
    G = tensor("G", H, K)
    with Derivation("The trace of a product by its right factor") as d:
        d.start(gradient(trace(M(G) @ M(X)), X))
        d.eq(M(G).T, "entry kh of X meets entry hk of G")
    return d


@row("tr(AXB), trace of a triple product", page=HERE)
def trace_of_three():
    """Prove grad_X (tr(A X B)) = A^T B^T."""
    with Derivation("The trace of three factors by the middle one") as d:
        d.start(gradient(trace(M(A) @ M(X) @ M(B)), X))
        d.eq((M(B) @ M(A)).T, "turn the product: X last")
        d.eq(M(A).T @ M(B).T, "transpose of a product")
    return d


@row("tr(A X^T B), trace with a transposed matrix")
def trace_with_transpose():
    """Prove grad_X (tr(G X^T T)) = T G."""
    G = tensor("G", N, H)
    T = tensor("T", K, N)
    with Derivation("The trace with a transposed factor") as d:
        d.start(gradient(trace(M(G) @ M(X).T @ M(T)), X))
        d.eq(M(T) @ M(G), "turn the product: the transpose last")
    return d


@row("tr(X^T X), sum of squares")
def trace_of_squares():
    """Prove grad_X (tr(X^T X)) = 2 X."""
    with Derivation("The trace of a matrix with itself") as d:
        d.start(gradient(trace(M(X).T @ M(X)), X))
        d.eq(2 * M(X), "each entry stands there twice")
    return d


@row("tr(X^T A X), quadratic form with a matrix", page=HERE)
def trace_quadratic():
    """Prove grad_X (tr(X^T A X)) = (A + A^T) X."""
    G = tensor("A", K, K)
    with Derivation("A quadratic form with a matrix inside") as d:
        d.start(gradient(trace(M(X).T @ M(G) @ M(X)), X))
        d.eq(M(G) @ M(X) + M(G).T @ M(X), "X stands there twice")
        d.eq((M(G) + M(G).T) @ M(X), "take X out")
    return d


@row("tr(A X B X^T), quadratic with two matrices")
def trace_quadratic_with_two():
    """Prove grad_X (tr(A X B X^T)) = A^T X B^T + A X B."""
    G, T = tensor("A", K, K), tensor("B", H, H)
    with Derivation("A quadratic form with two matrices inside") as d:
        d.start(gradient(trace(M(G) @ M(X) @ M(T) @ M(X).T), X))
        d.eq(M(G).T @ M(X) @ M(T).T + M(G) @ M(X) @ M(T),
             "one X moves at a time")
    return d


@row("tr(X^2), trace of a square")
def trace_of_a_square():
    """Prove grad_S (tr(S S)) = 2 S^T."""
    with Derivation("The trace of a square") as d:
        d.start(gradient(trace(M(S) @ M(S)), S))
        d.eq(2 * M(S).T, "entry ij meets entry ji, twice")
    return d


entries = group("Products by a matrix, entry by entry")
V, R = tensor("W", K, DIM), tensor("f", N, K)


@entries("X W^T by W, linear layer, Kronecker product X with I, vec",
         page=HERE)
def linear_map_by_its_matrix():
    """Prove df_nk/dW_ql = delta_kq X_nl."""
    data = tensor("X", N, DIM)
    define = {R[n, k]: total(i, data[n, i] * V[k, i])}
    with Derivation("A linear layer by its weights", define) as d:
        d.start(D(R[n, k], V[q, l]))
        d.eq(total(i, data[n, i] * delta(k, q) * delta(i, l)),
             "an entry depends on itself alone")
        d.eq(delta(k, q) * data[n, l], "one delta picks a term of the sum")
    return d.agrees(R, lambda X, W: X @ W.T, data, V)


@entries("X W^T by X, Kronecker product I with W, vec")
def linear_map_by_its_input():
    """Prove df_nk/dX_pl = delta_np W_kl."""
    data = tensor("X", N, DIM)
    define = {R[n, k]: total(i, data[n, i] * V[k, i])}
    with Derivation("A linear layer by its inputs", define) as d:
        d.start(D(R[n, k], data[p, l]))
        d.eq(delta(n, p) * V[k, l], "a row depends on its own input")
    return d


@entries("AXB, Kronecker product, vec, vec(AXB), middle factor")
def triple_product_by_the_middle():
    """Prove df_ni/dX_qm = A_nq B_mi."""
    G, T, f = tensor("A", N, K), tensor("B", H, DIM), tensor("f", N, DIM)
    define = {f[n, i]: total(k, h, G[n, k] * X[k, h] * T[h, i])}
    with Derivation("A product of three by the middle one", define) as d:
        d.start(D(f[n, i], X[q, m]))
        d.eq(G[n, q] * T[m, i], "the deltas pick one term")
    return d.agrees(f, lambda A, X, B: A @ X @ B, G, X, T)


@entries("outer product of two vectors, rank one")
def outer_product_by_left():
    """Prove d(x_n y_k)/dx_p = delta_np y_k."""
    x, y = tensor("x", N), tensor("y", K)
    with Derivation("An outer product by its left vector") as d:
        d.start(D(x[n] * y[k], x[p]))
        d.eq(delta(n, p) * y[k], "row n depends on x_n alone")
    return d


@entries("transpose by the matrix itself, commutation matrix")
def transpose_by_the_matrix():
    """Prove df_kn/dW_pq = delta_np delta_kq."""
    f = tensor("f", K, N)
    with Derivation("A transpose by its matrix", {f[k, n]: W[n, k]}) as d:
        d.start(D(f[k, n], W[p, q]))
        d.eq(delta(n, p) * delta(k, q), "entry kn comes from entry nk")
    return d


kron = group("Kronecker products, in entries")
P = tensor("P", N, H, K, DIM)
BIG = tensor("B", H, DIM)
LEFT = tensor("A", N, K)
PRODUCT = {P[n, h, k, i]: LEFT[n, k] * BIG[h, i]}


def _kron(A, B):
    """Return the Kronecker product with its four axes kept apart."""
    shape = A.shape[0], B.shape[0], A.shape[1], B.shape[1]
    return np.kron(A, B).reshape(shape)


@kron("vec trick, vec(A X B^T), Kronecker product times a vector",
      "P is A ⊗ B: rows (n, h), columns (k, i)", page=HERE)
def vec_of_a_product():
    """Prove the row 'A Kronecker product times vec X'."""
    Y = tensor("X", K, DIM)
    with Derivation("A Kronecker product times vec X", PRODUCT) as d:
        d.start(total(k, i, P[n, h, k, i] * Y[k, i]))
        d.eq(total(k, LEFT[n, k] * total(i, Y[k, i] * BIG[h, i])),
             "this is entry nh of A X B^T")
    return d.agrees(P, _kron, LEFT, BIG)


@kron("mixed product of Kronecker products",
      "P is A ⊗ B: rows (n, h), columns (k, i); G and T are square here")
def mixed_product():
    """Prove the row 'The mixed product of Kronecker'."""
    G, T = tensor("G", K, K), tensor("T", DIM, DIM)
    with Derivation("The mixed product of Kronecker", PRODUCT) as d:
        d.start(total(k, i, P[n, h, k, i] * (G[k, q] * T[i, l])))
        d.eq(total(k, LEFT[n, k] * G[k, q])
             * total(i, BIG[h, i] * T[i, l]),
             "(A ⊗ B)(G ⊗ T) = AG ⊗ BT")
    return d


@kron("Jacobian of a layer as a Kronecker product, vec of X W^T",
      "J is X ⊗ I: rows (n, k), columns (l, q)", page=HERE)
def layer_as_kronecker():
    """Prove J_nkql = delta_kq X_nl."""
    data, J = tensor("X", N, DIM), tensor("J", N, K, K, DIM)
    define = {R[n, k]: total(i, data[n, i] * V[k, i]),
              J[n, k, q, l]: D(R[n, k], V[q, l])}
    with Derivation("The Jacobian of a layer", define) as d:
        d.start(J[n, k, q, l])
        d.eq(delta(k, q) * data[n, l], "a linear layer by its weights")
    return d.agrees(J, _identity_kron, data, V)


def _identity_kron(X, W):
    """Return the (n, k, q, l) view of X ⊗ I, by NumPy."""
    (n, size), k = X.shape, len(W)
    return np.kron(X, np.eye(k)).reshape(n, k, size, k).swapaxes(2, 3)
