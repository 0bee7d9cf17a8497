"""Operations entry by entry, each under its derivatives.

The Jacobian of such an operation is diagonal, and a diagonal matrix is its
own transpose: one function of the incoming derivative g serves forward and
reverse mode.  `out` is the result; x and y are the operands, broadcast
against each other.
"""

import numpy as np

from .. import functional
from .box import plain, primitive


def elementwise(label, *slopes):
    """Return a decorator: `slopes[k]` is g times d out / d argument k.

    >>> triple = elementwise("triple", lambda g, out, x: 3 * g)
    >>> triple(lambda x: 3 * x)(np.ones(2))
    array([3., 3.])
    """
    return primitive(label, slopes, slopes)


@elementwise("+", lambda g, out, x, y: g,
             lambda g, out, x, y: g)
def add(x, y):
    """Return x + y.

    >>> add(1.0, 2.0)
    np.float64(3.0)
    """
    return np.add(x, y)


@elementwise("-", lambda g, out, x, y: g,
             lambda g, out, x, y: -g)
def subtract(x, y):
    """Return x - y.

    >>> subtract(1.0, 2.0)
    np.float64(-1.0)
    """
    return np.subtract(x, y)


@elementwise("*", lambda g, out, x, y: g * y,
             lambda g, out, x, y: g * x)
def multiply(x, y):
    """Return x y, entry by entry.

    >>> multiply(3.0, 2.0)
    np.float64(6.0)
    """
    return np.multiply(x, y)


@elementwise("/", lambda g, out, x, y: g / y,
             lambda g, out, x, y: -g * out / y)
def divide(x, y):
    """Return x / y; the slope in y is -x / y^2.

    >>> divide(3.0, 2.0)
    np.float64(1.5)
    """
    return np.divide(x, y)


@elementwise("neg", lambda g, out, x: -g)
def negative(x):
    """Return -x.

    >>> negative(3.0)
    np.float64(-3.0)
    """
    return np.negative(x)


@elementwise("**", lambda g, out, x, y: g * y * x ** (y - (plain(y) != 0)),
             lambda g, out, x, y: g * out * log(where(plain(x) == 0, 1, x)))
def power(x, y):
    """Return x^y; the slopes are y x^(y - 1) and x^y log x.

    For y = 0 the first slope is 0, for x = 0 the second, as in PyTorch.

    >>> power(3.0, 2)
    9.0
    """
    return x ** y


@elementwise("exp", lambda g, out, x: g * out)
def exp(x):
    """Return exp(x), entry by entry; it is its own slope.

    >>> exp(0.0)
    np.float64(1.0)
    """
    return np.exp(x)


@elementwise("log", lambda g, out, x: g / x)
def log(x):
    """Return log(x), entry by entry; the slope is 1 / x.

    >>> log(1.0)
    np.float64(0.0)
    """
    return np.log(x)


@elementwise("sqrt", lambda g, out, x: 0.5 * g / out)
def sqrt(x):
    """Return the square root, entry by entry; the slope is 1 / (2 sqrt x).

    >>> sqrt(4.0)
    np.float64(2.0)
    """
    return np.sqrt(x)


@elementwise("tanh", lambda g, out, x: g * (1 - out * out))
def tanh(x):
    """Return tanh(x), entry by entry; the slope is 1 - tanh(x)^2.

    >>> tanh(0.0)
    np.float64(0.0)
    """
    return np.tanh(x)


@elementwise("sigmoid", lambda g, out, x: g * out * (1 - out))
def sigmoid(x):
    """Return s = 1 / (1 + exp(-x)); the slope is s (1 - s).

    >>> sigmoid(0.0)
    np.float64(0.5)
    """
    return functional.sigmoid(x)


@elementwise("relu", lambda g, out, x: g * (x > 0))
def relu(x):
    """Return max(x, 0); the slope is 1 where x > 0, else 0, also at 0.

    >>> relu(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return np.maximum(x, 0)


@elementwise("where", lambda g, out, mask, x, y: 0 * g,
             lambda g, out, mask, x, y: where(mask, g, 0),
             lambda g, out, mask, x, y: where(mask, 0, g))
def where(mask, x, y):
    """Return x where the mask is true, else y.

    >>> where(np.array([True, False]), 1.0, 2.0)
    array([1., 2.])
    """
    return np.where(mask, x, y)


@elementwise("astype", lambda g, out, x, dtype: g)
def astype(x, dtype):
    """Return `x` with entries of another type.

    >>> astype(np.ones(1), np.float32)
    array([1.], dtype=float32)
    """
    return x.astype(dtype)
