"""Layer normalisation: each example with mean 0 and variance 1."""

import numpy as np

from .arguments import along, as_floats, as_gradient


def layer_norm(x, weight=None, bias=None, eps=1e-5):
    """Return weight * (x - mean) / sqrt(var + eps) + bias, row by row.

    The mean and the variance (divided by D, not D - 1) are those of the
    last axis.  `eps` keeps a constant row from dividing 0 by 0.

    Shapes: `x` and result (..., D); `weight` and `bias` (D,), or None for
    ones and zeros.
    Errors: `ValueError` for a shape that does not fit, an entry that is
    not finite, a negative `eps`, a constant row if `eps` is 0.
    Source: Ba, Kiros and Hinton (2016); `torch.nn.functional.layer_norm`.

    >>> layer_norm([1.0, 3.0, 1.0, 3.0], eps=0)
    array([-1.,  1., -1.,  1.])
    """
    x = _rows(x)
    h, _ = _normalised(x, eps)                              # (..., D)
    if weight is not None:
        h = h * _of_width(weight, x, "weight")
    if bias is not None:
        h = h + _of_width(bias, x, "bias")
    return h.astype(x.dtype)                                # (..., D)


def layer_norm_vjp(grad_output, x, weight=None, eps=1e-5):
    """Return the gradients (dX, dweight, dbias) of layer normalisation.

    Shapes: `grad_output` and `x` (..., D), `weight` (D,) or None; dX is
    shaped like `x`, dweight and dbias are (D,).
    Errors: `ValueError` as in `layer_norm`.
    Source: dX = (a - mean(a) - h mean(a h)) / s, where a = g * weight, h
    is the normalised row and s = sqrt(var + eps).

    >>> dx, dw, db = layer_norm_vjp([1.0, 0.0], [2.0, 4.0], eps=0)
    >>> dx, dw, db
    (array([0., 0.]), array([-1.,  0.]), array([1., 0.]))
    """
    x = _rows(x)
    h, s = _normalised(x, eps)                      # (..., D), (..., 1)
    g = as_gradient(grad_output, like=h.astype(x.dtype)).astype(h.dtype)
    a = g if weight is None else g * _of_width(weight, x, "weight")
    dx = (a - _mean(a) - h * _mean(a * h)) / s              # (..., D)
    rows = (-1, x.shape[-1])
    dweight, dbias = (g * h).reshape(rows).sum(0), g.reshape(rows).sum(0)
    return tuple(d.astype(x.dtype) for d in (dx, dweight, dbias))


def _normalised(x, eps):
    """Return h = (x - mean) / s and s, in float32 at least."""
    if not 0 <= eps < np.inf:
        raise ValueError(f"eps must be finite and at least 0, got {eps}")
    wide = x.astype(np.promote_types(x.dtype, np.float32))
    centred = wide - _mean(wide)                            # (..., D)
    s = np.sqrt(_mean(centred ** 2) + eps)                  # (..., 1)
    if (s == 0).any():
        raise ValueError("x has a constant row, of variance 0: expected a"
                         f" positive eps, got {eps}")
    return centred / s, s


def _mean(x):
    """Return the mean of each row, keeping its axis."""
    return x.mean(-1, keepdims=True)


def _rows(x):
    """Return `x` as finite floats with at least one entry in each row."""
    x = along(as_floats(x), -1)
    if not np.isfinite(x).all():
        raise ValueError("x must be finite, got an infinite entry")
    return x


def _of_width(parameter, x, name):
    """Return a parameter as floats, with one entry for each column."""
    parameter = as_floats(parameter, name)
    if parameter.shape != x.shape[-1:]:
        raise ValueError(f"{name} has shape {parameter.shape}, x has shape"
                         f" {x.shape}: expected {x.shape[-1:]}")
    return parameter
