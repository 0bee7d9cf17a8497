"""Softmax and its logarithm along an axis, each under its derivatives.

The formulas are those of `lmbook.functional`; here they join the tape.
The Jacobian of softmax, diag(s) - s s^T, is symmetric.
"""

from .. import functional
from .box import primitive
from .elementwise import exp
from .shapes import kept


def softmax_slope(g, out, x, axis=-1):
    """Return s * (g - sum_k g_k s_k), in both modes.

    >>> import numpy as np
    >>> softmax_slope(np.array([1.0, 0.0]), np.array([0.5, 0.5]), None)
    array([ 0.25, -0.25])
    """
    return out * (g - (g * out).sum(axis, keepdims=True))


@primitive("softmax", [softmax_slope], [softmax_slope])
def softmax(x, axis=-1):
    """Return exp(x_i) / sum_k exp(x_k) along `axis`.

    >>> softmax([0.0, 0.0])
    array([0.5, 0.5])
    """
    return functional.softmax(x, axis)


@primitive("log_softmax", [lambda g, out, x, axis=-1:
                           g - exp(out) * g.sum(axis, keepdims=True)],
           [lambda v, out, x, axis=-1:
            v - (exp(out) * v).sum(axis, keepdims=True)])
def log_softmax(x, axis=-1):
    """Return log(softmax(x)) along `axis`, without log 0.

    >>> log_softmax([0.0, -1000.0])
    array([    0., -1000.])
    """
    return functional.log_softmax(x, axis)


@primitive("logsumexp", [lambda g, out, x, axis=-1:
                         g.reshape(kept(x.shape, axis)) * softmax(x, axis)],
           [lambda v, out, x, axis=-1: (v * softmax(x, axis)).sum(axis)])
def logsumexp(x, axis=-1):
    """Return log(sum_k exp(x_k)) along `axis`, without overflow.

    >>> logsumexp([0.0, 0.0]).round(4)  # log 2
    np.float64(0.6931)
    """
    return functional.logsumexp(x, axis)
