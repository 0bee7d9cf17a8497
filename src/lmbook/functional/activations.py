"""Functions applied entry by entry between two layers."""

import numpy as np
from scipy.special import ndtr          # the normal distribution function

from .arguments import as_floats, as_gradient

FAR = 40                    # the normal tail beyond is 0, even in float64


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


def relu(x):
    """Return max(x, 0): negative numbers become 0.

    Shapes: `x` and result of any one shape.
    Errors: `ValueError` for NaN.
    Source: Nair and Hinton (2010); `torch.nn.functional.relu`.

    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.maximum(as_floats(x), 0)


def relu_vjp(grad_output, x):
    """Return g where x > 0, else 0: the gradient with respect to `x`.

    At x = 0 there is no derivative; like torch, this takes 0.

    Shapes: all the same; `x` is the input of `relu`, or its output,
    which is positive exactly where `x` is.
    Errors: `ValueError` for a wrong shape.
    Source: the Jacobian of ReLU is diag(1{x > 0}).

    >>> relu_vjp([5.0, 5.0, 5.0], [-2.0, 0.0, 3.0])
    array([0., 0., 5.])
    """
    x = as_floats(x)
    return np.where(x > 0, as_gradient(grad_output, like=x), 0)


def leaky_relu(x, negative_slope=0.01):
    """Return x where x > 0, else `negative_slope` times x.

    Shapes: `x` and result of any one shape.
    Errors: `ValueError` for NaN and for a slope that is not finite.
    Source: Maas, Hannun and Ng (2013); `torch.nn.functional.leaky_relu`.

    >>> leaky_relu([-2.0, 3.0], 0.5)
    array([-1.,  3.])
    """
    x = as_floats(x)
    return np.where(x > 0, x, x * _as_slope(negative_slope))


def leaky_relu_vjp(grad_output, x, negative_slope=0.01):
    """Return g where x > 0, else g times the slope: the gradient for `x`.

    At x = 0 there is no derivative; like torch, this takes the slope.

    Shapes: all the same; `x` is the input of `leaky_relu`.
    Errors: `ValueError` for a wrong shape; as in `leaky_relu`.
    Source: one slope on each side of 0.

    >>> leaky_relu_vjp([1.0, 1.0, 1.0], [-2.0, 0.0, 3.0], 0.5)
    array([0.5, 0.5, 1. ])
    """
    x, slope = as_floats(x), _as_slope(negative_slope)
    g = as_gradient(grad_output, like=x)
    return np.where(x > 0, g, g * slope)


def tanh(x):
    """Return the hyperbolic tangent, 2 sigmoid(2 x) - 1.

    Shapes: `x` and result of any one shape.
    Errors: `ValueError` for NaN.
    Source: (e^x - e^-x) / (e^x + e^-x); `numpy.tanh`.

    >>> tanh([-1000.0, 0.0, 1000.0])
    array([-1.,  0.,  1.])
    """
    return np.tanh(as_floats(x))


def tanh_vjp(grad_output, output):
    """Return g * (1 - t^2), the gradient with respect to `x`.

    Shapes: all the same; `output` is t, what `tanh` returned.
    Errors: `ValueError` for a wrong shape.
    Source: t' = 1 - t^2, by the quotient rule.

    >>> tanh_vjp([4.0], [0.5])
    array([3.])
    """
    t = as_floats(output, "output")
    return as_gradient(grad_output, like=t) * (1 - t) * (1 + t)


def gelu(x):
    """Return x Phi(x), with Phi the standard normal distribution.

    Left out: torch's `approximate="tanh"`.  The limit at -inf is 0 here,
    where torch gives NaN.

    Shapes: `x` and result of any one shape.
    Errors: `ValueError` for NaN.
    Source: Hendrycks and Gimpel (2016); `torch.nn.functional.gelu`.

    >>> gelu([-1000.0, 0.0, 1000.0])
    array([  -0.,    0., 1000.])
    """
    x = as_floats(x)
    return x.clip(-FAR) * ndtr(x).astype(x.dtype)


def gelu_vjp(grad_output, x):
    """Return g * (Phi(x) + x phi(x)), the gradient with respect to `x`.

    Shapes: all the same; `x` is the input of `gelu`.
    Errors: `ValueError` for a wrong shape.
    Source: the product rule; Phi' = phi, the normal density.

    >>> gelu_vjp([2.0], [0.0])
    array([1.])
    """
    x = as_floats(x)
    near = x.clip(-FAR, FAR).astype(np.float64)     # 40^2 fits any type
    density = np.exp(-near ** 2 / 2) / np.sqrt(2 * np.pi)
    slope = (ndtr(near) + near * density).astype(x.dtype)
    return as_gradient(grad_output, like=x) * slope


def _as_slope(negative_slope):
    """Return the slope of a leaky ReLU as a float; it must be finite."""
    if not np.isfinite(negative_slope):
        raise ValueError("negative_slope must be finite, got"
                         f" {negative_slope}")
    return float(negative_slope)
