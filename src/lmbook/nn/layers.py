"""Layers that learn, and dropout."""

import numpy as np

from .. import functional as F
from ..functional.arguments import as_floats, as_gradient
from .module import Module
from .parameters import Parameter


class Linear(Module):
    """The affine map x W^T + b, with a weight of shape (out, in).

    Weight and bias start uniform in [-1/sqrt(in), 1/sqrt(in)].  For the
    first layer of a network, whose input is data, `input_grad=False`
    saves the work for a gradient that nobody needs.

    Shapes: x (..., in), output (..., out); `weight` (out, in), `bias`
    (out,).
    Errors: `ValueError` for sizes below 1, an input of another width or
    another floating type than the weight.
    Source: `torch.nn.Linear`, whose default type is float32.

    >>> layer = Linear(2, 1, rng=np.random.default_rng(0))
    >>> layer.weight.data, layer.bias.data = [[3.0, 4.0]], [0.5]
    >>> layer(np.array([[1.0, 2.0]]))  # 1*3 + 2*4 + 0.5
    array([[11.5]])
    >>> layer.backward(np.array([[1.0]]))
    array([[3., 4.]])
    >>> layer.weight.grad, layer.bias.grad
    (array([[1., 2.]]), array([1.]))
    """

    def __init__(self, in_features, out_features, bias=True, *, rng,
                 dtype=np.float64, input_grad=True):
        if min(in_features, out_features) < 1:
            raise ValueError("a layer needs at least 1 feature on each side,"
                             f" got {in_features} and {out_features}")
        bound = in_features ** -0.5
        self.weight = Parameter(rng.uniform(
            -bound, bound, (out_features, in_features)).astype(dtype))
        self.bias = Parameter(rng.uniform(
            -bound, bound, out_features).astype(dtype)) if bias else None
        self.input_grad = input_grad

    def forward(self, x):
        """Return x W^T + b."""
        x = _of_type(x, self.weight)
        bias = None if self.bias is None else self.bias.data
        output = F.linear(x, self.weight.data, bias)
        self.keep(x)
        return output

    def backward(self, grad_output):
        """Add dZ^T X and the sum of dZ; return dZ W, or None."""
        dx, dw, db = F.linear_vjp(grad_output, self.kept(),
                                  self.weight.data, self.input_grad)
        self.weight.grad += dw
        if self.bias is not None:
            self.bias.grad += db
        return dx

    def __repr__(self):
        """Return the sizes."""
        outputs, inputs = self.weight.shape
        return f"Linear({inputs}, {outputs})"


class LayerNorm(Module):
    """Each example with mean 0 and variance 1, then scaled and shifted.

    Shapes: x and output (..., D); `weight` (D,), at first ones, and `bias`
    (D,), at first zeros.
    Errors: `ValueError` for an input of another width or type.
    Source: Ba, Kiros and Hinton (2016); `torch.nn.LayerNorm` over the
    last axis.

    >>> norm = LayerNorm(4, eps=0.0)
    >>> norm(np.array([[1.0, 3.0, 1.0, 3.0]]))
    array([[-1.,  1., -1.,  1.]])
    """

    def __init__(self, features, eps=1e-5, *, dtype=np.float64):
        self.weight = Parameter(np.ones(features, dtype))
        self.bias = Parameter(np.zeros(features, dtype))
        self.eps = eps

    def forward(self, x):
        """Return weight * (x - mean) / sqrt(var + eps) + bias."""
        x = _of_type(x, self.weight)
        output = F.layer_norm(
            x, self.weight.data, self.bias.data, self.eps)
        self.keep(x)
        return output

    def backward(self, grad_output):
        """Add to the gradients of weight and bias; return dX."""
        dx, dweight, dbias = F.layer_norm_vjp(
            grad_output, self.kept(), self.weight.data, self.eps)
        self.weight.grad += dweight
        self.bias.grad += dbias
        return dx

    def __repr__(self):
        """Return the width."""
        return f"LayerNorm({self.weight.shape[0]})"


class Dropout(Module):
    """In training each entry is set to 0 with probability p.

    What is left is divided by 1 - p, so that the mean stays.  In
    evaluation the input passes unchanged.

    Errors: `ValueError` unless 0 <= p < 1.
    Source: Srivastava et al. (2014), with the scaling in training as in
    `torch.nn.Dropout`, which also takes p = 1.

    >>> drop = Dropout(0.5, rng=np.random.default_rng(1))
    >>> drop(np.ones(5))
    array([2., 2., 0., 2., 0.])
    >>> drop.eval()(np.ones(5))
    array([1., 1., 1., 1., 1.])
    """

    def __init__(self, p=0.5, *, rng):
        if not 0 <= p < 1:
            raise ValueError(f"p must lie in [0, 1), got {p}")
        self.p, self.rng = p, rng

    def forward(self, x):
        """Return x * mask, the mask being 0 or 1 / (1 - p)."""
        x = as_floats(x)
        mask = np.ones_like(x)
        if self.training:
            mask = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        self.keep(mask.astype(x.dtype))
        return x * self.cache[0]

    def backward(self, grad_output):
        """Return g * mask, with the mask of the forward pass."""
        mask = self.kept()
        return as_gradient(grad_output, like=mask) * mask

    def __repr__(self):
        """Return the probability."""
        return f"Dropout({self.p})"


def _of_type(x, parameter):
    """Return `x` as floats of the parameter's type, or say why not."""
    expected = parameter.data.dtype
    if not isinstance(x, np.ndarray) or x.dtype != expected:
        x = as_floats(x)            # a list, or whole numbers
    if x.dtype != expected:
        raise ValueError(f"x is {x.dtype}, the parameters are"
                         f" {expected}: expected one type")
    return x
