"""Logits to probabilities: logsumexp, softmax and log-softmax."""

import numpy as np

from .arguments import (
    along, as_floats, as_gradient, as_logits, as_temperature)


def logsumexp(x, axis=-1):
    """Return log(sum_k exp(x_k)) along `axis`, without overflow.

    Shapes: `x` of shape (..., K); the result loses `axis`.
    Errors: `ValueError` for NaN and for a missing or empty `axis`.
    Source: Blanchard, Higham and Higham (2021), the shifted formula.

    >>> float(logsumexp([1000.0, 1000.0]).round(4))  # 1000 + log 2
    1000.6931
    """
    x = along(as_floats(x), axis)                           # (..., K)
    top = x.max(axis, keepdims=True)                        # (..., 1)
    top = np.where(np.isfinite(top), top, 0)                # inf - inf is NaN
    with np.errstate(divide="ignore", over="ignore"):       # log 0 = -inf
        return np.log(np.exp(x - top).sum(axis)) + top.squeeze(axis)


def logsumexp_vjp(grad_output, x, axis=-1):
    """Return the gradient with respect to `x`: g times softmax(x).

    Shapes: `grad_output` like the output (...); `x` and result (..., K).
    Errors: `ValueError` for a wrong shape and as in `softmax`.
    Source: the derivative of log(sum exp) is exp(x_i) / sum exp.

    >>> logsumexp_vjp(2.0, [0.0, 0.0])
    array([1., 1.])
    """
    s = softmax(x, axis)                                    # (..., K)
    g = as_gradient(grad_output, like=s.sum(axis))          # (...)
    return np.expand_dims(g, axis) * s


def softmax(x, axis=-1, temperature=1.0):
    """Return s_i = exp(x_i / tau) / sum_k exp(x_k / tau) along `axis`.

    The largest entry is subtracted first: it cancels, and no exponential
    overflows.  An entry of -inf has probability 0.

    Shapes: `x` and result (..., K).
    Errors: `ValueError` for NaN, +inf, a missing or empty `axis`, a
    temperature that is not positive.
    Source: Bridle (1990); Goodfellow et al. (2016), equation (6.29).

    >>> softmax([1001.0, 1002.0]).round(8)
    array([0.26894142, 0.73105858])
    """
    z = _centred(x, axis, temperature)              # (..., K), <= 0
    exps = np.exp(z)                                # (..., K)
    return exps / exps.sum(axis, keepdims=True)


def softmax_vjp(grad_output, output, axis=-1, temperature=1.0):
    """Return s * (g - sum_k g_k s_k) / tau, the gradient for `x`.

    Shapes: all (..., K); `output` is s, what `softmax` returned.
    Errors: `ValueError` for a wrong shape or temperature.
    Source: the Jacobian diag(s) - s s^T, applied without forming it.

    >>> softmax_vjp([1.0, 0.0], [0.5, 0.5])
    array([ 0.25, -0.25])
    """
    s = along(as_floats(output, "output"), axis)            # (..., K)
    g = as_gradient(grad_output, like=s)                    # (..., K)
    inner = (g * s).sum(axis, keepdims=True)                # (..., 1)
    return s * (g - inner) / as_temperature(temperature)


def log_softmax(x, axis=-1, temperature=1.0):
    """Return log(softmax(x / tau)) along `axis`, without log(0).

    Shapes, errors and source: as `softmax`.

    >>> log_softmax([0.0, -1000.0])
    array([    0., -1000.])
    """
    z = _centred(x, axis, temperature)              # (..., K), <= 0
    return z - np.log(np.exp(z).sum(axis, keepdims=True))


def log_softmax_vjp(grad_output, output, axis=-1, temperature=1.0):
    """Return (g - s * sum_k g_k) / tau, the gradient for `x`.

    Shapes: all (..., K); `output` is log s, what `log_softmax` returned.
    Errors: `ValueError` for a wrong shape or temperature.
    Source: the Jacobian of log s is I - 1 s^T.

    >>> log_softmax_vjp([1.0, 0.0], np.log([0.5, 0.5]))
    array([ 0.5, -0.5])
    """
    log_s = along(as_floats(output, "output"), axis)        # (..., K)
    g = as_gradient(grad_output, like=log_s)                # (..., K)
    total = g.sum(axis, keepdims=True)                      # (..., 1)
    return (g - np.exp(log_s) * total) / as_temperature(temperature)


def _centred(x, axis, temperature):
    """Return (x - max x) / tau: the largest entry along `axis` is 0.

    A difference too large for the type becomes -inf, whose exp is 0.
    """
    x, tau = as_logits(x, axis), as_temperature(temperature)
    with np.errstate(over="ignore"):
        return (x - x.max(axis, keepdims=True)) / tau
