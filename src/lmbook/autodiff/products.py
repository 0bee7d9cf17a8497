"""The matrix product under its derivatives.

For Z = X Y the change is dX Y + X dY, and the gradients are G Y^T and
X^T G.  A vector on the left is one row, on the right one column.
"""

import numpy as np

from .box import primitive


def matrices(g, x, y):
    """Return g, x, y with rows and columns in place of vectors.

    >>> [a.shape for a in matrices(np.ones(2), np.ones(3), np.ones((3, 2)))]
    [(1, 2), (1, 3), (3, 2)]
    """
    if len(y.shape) == 1:
        y = y.reshape(y.shape + (1,))
        g = g.reshape(g.shape + (1,))
    if len(x.shape) == 1:
        x = x.reshape((1,) + x.shape)
        g = g.reshape(g.shape[:-1] + (1,) + g.shape[-1:])
    return g, x, y


def gradient_left(g, out, x, y):
    """Return G Y^T, the gradient of the left factor.

    >>> gradient_left(np.ones(2), None, np.ones(3), np.ones((3, 2)))
    array([[2., 2., 2.]])
    """
    g, x, y = matrices(g, x, y)
    return g @ y.mT


def gradient_right(g, out, x, y):
    """Return X^T G, the gradient of the right factor.

    >>> gradient_right(np.ones(2), None, np.ones((2, 3)), np.ones(3))
    array([2., 2., 2.])
    """
    vector = len(y.shape) == 1
    g, x, y = matrices(g, x, y)
    gradient = x.mT @ g
    return gradient.reshape(gradient.shape[:-1]) if vector else gradient


@primitive("@", [gradient_left, gradient_right],
           [lambda v, out, x, y: v @ y,
            lambda v, out, x, y: x @ v])
def matmul(x, y):
    """Return the matrix product, batched over all axes but the last two.

    Shapes: (..., M, K) and (..., K, N) to (..., M, N); either may be a
    vector of length K.
    Errors: `ValueError` naming both shapes.

    >>> matmul(np.ones((2, 3)), np.ones(3))
    array([3., 3.])
    """
    try:
        return np.matmul(x, y)
    except ValueError:
        raise ValueError(f"matmul of shapes {np.shape(x)} and {np.shape(y)}:"
                         " the inner lengths must agree, the batch axes"
                         " broadcast") from None
