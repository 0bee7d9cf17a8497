r"""Matrix lines that read like PyTorch: what their author writes.

    1/N * (M(X).T @ (M(P) - M(Y)))

Numerator layout: `jacobian(y, x)` has a row for each entry of y, a column
for each entry of x.  `gradient(L, W)` has the shape of W.
"""

from ..language import Call, scalar
from .algebra import M, Scalar
from .calculus import (Apply, Diag, Eye, Gradient, Hessian, Jacobian, Norm2,
                       Ones, Trace)


def ones(size):
    """Return the column of ones.

    >>> from lmbook.derivation.language import dim, index
    >>> N = dim("N"); ones(N).entry(index("n", N))
    Num(1)
    """
    return Ones(size)


def eye(size):
    r"""Return the identity matrix.

    >>> from lmbook.derivation.language import dim, indices
    >>> K = dim("K"); i, j = indices("i j", K)
    >>> print(eye(K).entry(i, j))
    \delta_{ij}
    """
    return Eye(size)


def diag(vector):
    r"""Return the diagonal matrix of a vector.

    >>> from lmbook.derivation.language import dim, indices, tensor
    >>> K = dim("K"); i, j = indices("i j", K); s = tensor("s", K)
    >>> print((diag(s) - M(s) @ M(s).T).entry(i, j))
    \delta_{ij} s_{i} - s_{i} s_{j}
    """
    return Diag(M(vector))


def trace(matrix):
    r"""Return the trace of a square matrix.

    >>> from lmbook.derivation.language import dim, tensor
    >>> A = tensor("A", dim("K"), dim("K")); print(trace(A).entry())
    \sum_{k_{1}=1}^{K} A_{k_{1},k_{1}}
    """
    return Trace(M(matrix))


def norm2(matrix):
    r"""Return the sum of the squared entries of a vector or a matrix.

    >>> from lmbook.derivation.language import dim, tensor
    >>> print(norm2(tensor("x", dim("D"))).entry())
    \sum_{k_{1}=1}^{D} x_{k_{1}}^{2}
    """
    return Norm2(M(matrix))


def apply(function, matrix):
    r"""Return a function of one argument applied to each entry.

    >>> from lmbook.derivation.language import dim, index, relu, tensor
    >>> K = dim("K"); print(apply(relu, tensor("z", K)).entry(index("i", K)))
    \operatorname{ReLU}(z_{i})
    """
    probe, matrix = scalar("probe"), M(matrix)
    call = function(probe)
    if not isinstance(call, Call) or call.args != (probe,):
        raise ValueError(f"{function!r} is not a single function; expected "
                         "one such as exp, or Function(name)")
    if isinstance(matrix, Scalar):
        return Scalar(function(matrix.value))
    return Apply(call.name, call.orders, matrix)


def jacobian(y, x):
    r"""Return dy/dx, of shape (size of y, size of x); a row for a scalar.

    >>> from lmbook.derivation.language import dim, indices, tensor
    >>> K = dim("K"); i, j = indices("i j", K)
    >>> print(jacobian(tensor("s", K), tensor("z", K)).entry(i, j))
    \frac{\partial s_{i}}{\partial z_{j}}
    """
    return Jacobian(M(y), M(x))


def gradient(value, matrix):
    r"""Return the gradient of a scalar, in the shape of `matrix`.

    >>> from lmbook.derivation.language import dim, index, scalar, tensor
    >>> H, D = dim("H"), dim("D"); L = scalar("L"); W = tensor("W", H, D)
    >>> print(gradient(L, W).entry(index("h", H), index("d", D)))
    \frac{\partial L}{\partial W_{hd}}
    """
    return Gradient(M(value), M(matrix))


def hessian(value, vector):
    r"""Return the second derivatives of a scalar: entry D(L, x_p, x_q).

    >>> from lmbook.derivation.language import dim, indices, scalar, tensor
    >>> K = dim("K"); i, j = indices("i j", K)
    >>> print(hessian(scalar("L"), tensor("x", K)).entry(i, j))
    \frac{\partial^{2} L}{\partial x_{i} \partial x_{j}}
    """
    return Hessian(M(value), M(vector))
