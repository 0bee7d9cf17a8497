"""Layers as plain functions: the affine map."""

import numpy as np

from .arguments import as_floats, as_gradient


def linear(x, weight, bias=None):
    """Return x W^T + b, the affine map with a weight of shape (out, in).

    Shapes: `x` (..., in), `weight` (out, in), `bias` (out,) or None for
    no bias; the result is (..., out).  Rows of `x` are examples.
    Errors: `ValueError` naming the shapes that do not fit; for NaN.
    Source: `torch.nn.functional.linear`.

    >>> linear([[1.0, 2.0]], [[3.0, 4.0]], [0.5])  # 1*3 + 2*4 + 0.5
    array([[11.5]])
    """
    x, weight = _fitting(x, weight)
    z = x @ weight.T                                        # (..., out)
    if bias is None:
        return z
    bias = as_floats(bias, "bias")
    if bias.shape != weight.shape[:1]:
        raise ValueError(f"bias has shape {bias.shape}, weight has shape"
                         f" {weight.shape}: expected ({len(weight)},)")
    z += bias
    return z


def linear_vjp(grad_output, x, weight, input_grad=True):
    """Return the gradients (dX, dW, db) of the affine map.

    Shapes: `grad_output` dZ (..., out), `x` (..., in), `weight`
    (out, in); dX is shaped like `x`, dW like `weight`, db is (out,).
    With `input_grad=False` dX is None, and a third of the work is saved.
    Errors: `ValueError` naming the shapes that do not fit; for NaN.
    Source: dX = dZ W, dW = dZ^T X, db = sum of dZ over the batch.

    >>> dx, dw, db = linear_vjp([[1.0], [1.0]], [[2.0], [3.0]], [[5.0]])
    >>> dx.tolist(), dw.tolist(), db.tolist()
    ([[5.0], [5.0]], [[5.0]], [2.0])
    """
    x, weight = _fitting(x, weight)
    output = np.empty(x.shape[:-1] + weight.shape[:1],
                      np.result_type(x, weight))    # shape and type only
    dz = as_gradient(grad_output, like=output)
    dz = dz.reshape(-1, weight.shape[0])                    # (N, out)
    rows = x.reshape(-1, weight.shape[1])                   # (N, in)
    dx = (dz @ weight).reshape(x.shape) if input_grad else None
    return dx, dz.T @ rows, dz.sum(0)


def _fitting(x, weight):
    """Return `x` (..., in) and `weight` (out, in), or say why not."""
    x, weight = as_floats(x), as_floats(weight, "weight")
    if weight.ndim != 2 or x.shape[-1:] != weight.shape[1:]:
        raise ValueError(f"x has shape {x.shape}, weight has shape"
                         f" {weight.shape}: expected (..., in), (out, in)")
    return x, weight
