"""Linear functions of a vector, and quadratic and bilinear forms."""

from ..derivation import (D, Derivation, Function, M, diag, dim, eye,
                          gradient, indices, jacobian, scalar, tensor, total)
from .row import group

DIM, H, N = dim("D"), dim("H"), dim("N")
i, j, l = indices("i j l", DIM)
h, = indices("h", H)
x, c, y, v = (tensor(name, DIM) for name in "xcyv")
w, b = tensor("w", DIM), tensor("b", H)
A, S = tensor("A", DIM, DIM), tensor("S", DIM, DIM)
W, B = tensor("W", H, DIM), tensor("B", H, DIM)
X, L = tensor("X", N, DIM), scalar("L")
HERE = "matrix-calculus"

linear = group("Linear functions of a vector")


@linear("zero, does not depend", page=HERE)
def constant_function():
    """Prove dc/dx_j = 0."""
    value = scalar("c")
    with Derivation("A constant by a vector") as d:
        d.start(D(value, x[j]))
        d.eq(0, "the constant does not move")
    return d


@linear("identity matrix, x by itself", page=HERE)
def vector_by_itself():
    """Prove dx/dx = I."""
    with Derivation("A vector by itself") as d:
        d.start(jacobian(x, x))
        d.eq(eye(DIM), "each entry depends on itself alone")
    return d


@linear("dot product, inner product, scalar product", page=HERE)
def dot_product_in_vectors():
    """Prove d(x^T c)/dx = c^T."""
    with Derivation("A dot product by one of its vectors") as d:
        d.start(jacobian(M(x).T @ M(c), x))
        d.eq(M(c).T, "each entry of x meets one entry of c")
    return d


@linear("matrix times vector", page=HERE)
def linear_map():
    """Prove d(W x)/dx = W."""
    with Derivation("The Jacobian of a linear map") as d:
        d.start(jacobian(M(W) @ M(x), x))
        d.eq(M(W) @ jacobian(x, x), "W does not depend on x")
        d.eq(M(W), "the Jacobian of x by x is the identity")
    return d


@linear("linear layer, weight and bias, Wx + b")
def affine_map():
    """Prove d(W x + b)/dx = W."""
    with Derivation("The Jacobian of an affine map") as d:
        d.start(jacobian(M(W) @ M(x) + M(b), x))
        d.eq(M(W), "the bias does not depend on x")
    return d


@linear("row vector times matrix, transpose")
def transposed_map():
    """Prove d(W^T b)/db = W^T."""
    with Derivation("The Jacobian of a transposed map") as d:
        d.start(jacobian(M(W).T @ M(b), b))
        d.eq(M(W).T, "the matrix in front is the transpose")
    return d


@linear("predictions of all examples, design matrix, Xw", page=HERE)
def predictions_by_weights():
    """Prove d(X w)/dw = X."""
    with Derivation("The Jacobian of all predictions") as d:
        d.start(jacobian(M(X) @ M(w), w))
        d.eq(M(X), "row n belongs to prediction n")
    return d


@linear("two matrices, composition, chain rule")
def composed_maps():
    """Prove d(U (W x))/dx = U W."""
    U = tensor("U", N, H)
    with Derivation("The Jacobian of two maps, one after the other") as d:
        d.start(jacobian(M(U) @ (M(W) @ M(x)), x))
        d.eq(M(U) @ jacobian(M(W) @ M(x), x), "chain rule")
        d.eq(M(U) @ M(W), "outer map first, as it is read")
    return d


@linear("product rule, dot product of two functions, Leibniz",
        "u and r may be any functions of x; here f and g after linear maps")
def product_of_two_functions():
    """Prove d(u^T r)/dx = r^T du/dx + u^T dr/dx."""
    U, u, r = tensor("U", H, DIM), tensor("u", H), tensor("r", H)
    f, g = Function("f"), Function("g")
    define = {u[h]: f(total(i, W[h, i] * x[i])),
              r[h]: g(total(i, U[h, i] * x[i]))}
    with Derivation("The product rule for a dot product", define) as d:
        d.start(jacobian(M(u).T @ M(r), x))
        d.eq(M(r).T @ jacobian(u, x) + M(u).T @ jacobian(r, x),
             "one factor moves at a time")
    return d


forms = group("Bilinear and quadratic forms")


@forms("bilinear form by its left vector, x")
def bilinear_by_left():
    """Prove d(b^T W x)/db = x^T W^T."""
    with Derivation("A bilinear form by its left vector") as d:
        d.start(jacobian(M(b).T @ M(W) @ M(x), b))
        d.eq((M(W) @ M(x)).T, "the rest, as a row")
        d.eq(M(x).T @ M(W).T, "transpose the product")
    return d


@forms("bilinear form by its right vector, y")
def bilinear_by_right():
    """Prove d(b^T W x)/dx = b^T W."""
    with Derivation("A bilinear form by its right vector") as d:
        d.start(jacobian(M(b).T @ M(W) @ M(x), x))
        d.eq(M(b).T @ M(W), "the rest is a row already")
    return d


@forms("bilinear form by its matrix, outer product", page=HERE)
def bilinear_by_matrix():
    """Prove grad_W (b^T W x) = b x^T."""
    with Derivation("A bilinear form by its matrix") as d:
        d.start(gradient(M(b).T @ M(W) @ M(x), W))
        d.eq(M(b) @ M(x).T, "each entry meets one product")
    return d


@forms("x^T A x, xAx, quadratic form, 2Ax if symmetric", page=HERE)
def quadratic_form_in_matrices():
    """Prove d(x^T A x)/dx = x^T (A + A^T)."""
    with Derivation("The gradient of a quadratic form, as a row") as d:
        d.start(jacobian(M(x).T @ M(A) @ M(x), x))
        d.eq((M(A) @ M(x) + M(A).T @ M(x)).T, "product rule")
        d.eq(M(x).T @ (M(A) + M(A).T), "transpose each product")
    return d


@forms("x^T S x, symmetric, twice, 2Ax", "S is symmetric, as defined here")
def symmetric_quadratic_form():
    """Prove d(x^T S x)/dx = 2 x^T S."""
    define = {S[i, j]: (A[i, j] + A[j, i]) / 2}
    with Derivation("A symmetric quadratic form", define) as d:
        d.start(jacobian(M(x).T @ M(S) @ M(x), x))
        d.eq(M(x).T @ (M(S) + M(S).T), "quadratic form")
        d.eq(2 * (M(x).T @ M(S)), "the matrix is its own transpose")
    return d


@forms("x^T A x by A, outer product of a vector with itself")
def quadratic_by_matrix():
    """Prove grad_A (x^T A x) = x x^T."""
    with Derivation("A quadratic form by its matrix") as d:
        d.start(gradient(M(x).T @ M(A) @ M(x), A))
        d.eq(M(x) @ M(x).T, "each entry meets one product")
    return d


@forms("product of two linear maps, dot product")
def product_of_maps():
    """Prove d((W x)^T (B x))/dx = x^T (B^T W + W^T B)."""
    with Derivation("A dot product of two linear maps") as d:
        d.start(jacobian((M(W) @ M(x)).T @ (M(B) @ M(x)), x))
        d.eq((M(B) @ M(x)).T @ M(W) + (M(W) @ M(x)).T @ M(B),
             "product rule")
        d.eq(M(x).T @ (M(B).T @ M(W) + M(W).T @ M(B)),
             "take the row x out")
    return d


HALF_SQUARE = {L: total(i, v[i] * x[i])**2 / 2}


@forms("half a square, rank one, v v^T", page=HERE)
def gradient_of_half_a_square():
    """Prove grad_x L = v v^T x."""
    with Derivation("The gradient of half a square", HALF_SQUARE) as d:
        d.start(gradient(L, x))
        d.eq((M(v).T @ M(x)) * M(v), "chain rule")
        d.eq(M(v) @ M(v).T @ M(x), "move the number to the right")
    return d.agrees(L, lambda v, x: (v @ x)**2 / 2, v, x)


elementwise = group("Functions of each entry")
f = Function("f")


@elementwise("elementwise function, activation, diagonal matrix")
def function_of_each_entry():
    """Prove dz/dx = diag(e)."""
    z, e = tensor("z", DIM), tensor("e", DIM)
    with Derivation("A function of each entry", {
            z[i]: f(x[i]), e[i]: f.d()(x[i])}) as d:
        d.start(jacobian(z, x))
        d.eq(diag(e), "each entry moves its own output")
    return d


@elementwise("elementwise function after a linear map, layer, activation")
def function_of_a_layer():
    """Prove du/dx = diag(e) W."""
    z, u, e = tensor("z", H), tensor("u", H), tensor("e", H)
    with Derivation("A function after a linear map", {
            z[h]: total(i, W[h, i] * x[i]), u[h]: f(z[h]),
            e[h]: f.d()(z[h])}) as d:
        d.start(jacobian(u, x))
        d.eq(jacobian(u, z) @ jacobian(z, x), "chain rule")
        d.eq(diag(e) @ M(W), "each entry, then the linear map")
    return d


@elementwise("Hadamard product with a constant vector, mask, dropout")
def hadamard_with_constant():
    """Prove d(c * x)/dx = diag(c)."""
    with Derivation("A product entry by entry with a constant") as d:
        d.start(jacobian(M(c) * M(x), x))
        d.eq(diag(c), "each entry is scaled")
    return d


@elementwise("Hadamard product of two functions of x, gate, gating")
def hadamard_of_functions():
    """Prove d(x * (A x))/dx = diag(A x) + diag(x) A."""
    with Derivation("A product entry by entry of two functions") as d:
        d.start(jacobian(M(x) * (M(A) @ M(x)), x))
        d.eq(diag(M(A) @ M(x)) + diag(x) @ M(A),
             "one factor moves at a time")
    return d


@elementwise("Hadamard product as a diagonal matrix times a vector")
def hadamard_as_diagonal():
    """Prove c * x = diag(c) x."""
    with Derivation("A product entry by entry as a matrix product") as d:
        d.start(M(c) * M(x))
        d.eq(diag(c) @ M(x), "row i of diag(c) has one entry")
    return d
