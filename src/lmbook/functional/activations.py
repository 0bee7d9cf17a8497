"""Functions applied entry by entry between two layers."""

import numpy as np

from .arguments import as_floats, as_gradient


def sigmoid(x):
    """Return 1 / (1 + exp(-x)), with exp only of numbers <= 0.

    Shapes: `x` and result of any one shape.
    Errors: `ValueError` for NaN.
    Source: the logistic function; for x < 0 written exp(x) / (1 + exp(x)).

    >>> sigmoid([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])
    """
    x = as_floats(x)
    small = np.exp(-np.abs(x))                # in [0, 1]
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_vjp(grad_output, output):
    """Return g * s * (1 - s), the gradient with respect to `x`.

    Shapes: all the same; `output` is s, what `sigmoid` returned.
    Errors: `ValueError` for a wrong shape.
    Source: s' = s (1 - s), by the quotient rule.

    >>> sigmoid_vjp([4.0], [0.5])
    array([1.])
    """
    s = as_floats(output, "output")
    return as_gradient(grad_output, like=s) * s * (1 - s)


def log_sigmoid(x):
    """Return log(sigmoid(x)) = min(x, 0) - log(1 + exp(-|x|)).

    Shapes: `x` and result of any one shape.
    Errors: `ValueError` for NaN.
    Source: log of the two forms in `sigmoid`, joined.

    >>> log_sigmoid([-1000.0, 1000.0])
    array([-1000.,     0.])
    """
    x = as_floats(x)
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def log_sigmoid_vjp(grad_output, x):
    """Return g * sigmoid(-x), the gradient with respect to `x`.

    Shapes: all the same; `x` is the input of `log_sigmoid`.
    Errors: `ValueError` for a wrong shape.
    Source: (log s)' = s' / s = 1 - s = sigmoid(-x).

    >>> log_sigmoid_vjp([2.0], [0.0])
    array([1.])
    """
    x = as_floats(x)
    return as_gradient(grad_output, like=x) * sigmoid(-x)
