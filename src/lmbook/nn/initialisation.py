"""Random first weights whose size keeps the spread of the signal."""

import numpy as np

from .layers import Linear


def xavier_normal(out_features, in_features, gain=1.0, *, rng):
    """Return weights of variance gain^2 * 2 / (in + out), with mean 0.

    A compromise between 1 / in, which keeps the mean square of a linear
    layer on the way forward, and 1 / out, which keeps it on the way back.

    Shapes: result (out_features, in_features), as `Linear` stores it.
    Errors: `ValueError` for sizes below 1 and a gain that is not >= 0.
    Source: Glorot and Bengio (2010), equation 12, here with normal
    numbers; `torch.nn.init.xavier_normal_`.

    >>> W = xavier_normal(300, 100, rng=np.random.default_rng(0))
    >>> W.shape, round(float(W.var() * (300 + 100) / 2), 1)
    ((300, 100), 1.0)
    """
    _check(out_features, in_features)
    if not gain >= 0:
        raise ValueError(f"gain must be at least 0, got {gain}")
    std = gain * np.sqrt(2 / (in_features + out_features))
    return rng.normal(scale=std, size=(out_features, in_features))


def kaiming_normal(out_features, in_features, negative_slope=0.0, *, rng):
    """Return weights of variance 2 / (in * (1 + slope^2)), with mean 0.

    Before a ReLU (slope 0) that is 2 / in: twice as much as without it,
    since a ReLU halves the mean square.  Slope 1 gives 1 / in, for no
    activation at all.

    Shapes: result (out_features, in_features), as `Linear` stores it.
    Errors: `ValueError` for sizes below 1 and a slope that is not finite.
    Source: He et al. (2015), equations 10 and 15;
    `torch.nn.init.kaiming_normal_` with `mode="fan_in"`, whose default
    slope is 0 as well.

    >>> W = kaiming_normal(300, 100, rng=np.random.default_rng(0))
    >>> W.shape, round(float(W.var() * 100 / 2), 1)
    ((300, 100), 1.0)
    """
    _check(out_features, in_features)
    if not np.isfinite(negative_slope):
        raise ValueError("negative_slope must be finite, got"
                         f" {negative_slope}")
    std = np.sqrt(2 / (in_features * (1 + negative_slope**2)))
    return rng.normal(scale=std, size=(out_features, in_features))


def initialise(net, weights, *, rng):
    """Give every `Linear` of a network first weights, and biases of 0.

    `weights(out_features, in_features, rng=rng)` draws one weight matrix,
    as `kaiming_normal` does.  Returns the network itself.

    Shapes: `weights` returns (out_features, in_features).
    Errors: `ValueError` for another shape.
    Source: `torch.nn.Module.apply` with a function from `torch.nn.init`.

    >>> rng = np.random.default_rng(0)
    >>> layer = initialise(Linear(100, 50, rng=rng), kaiming_normal, rng=rng)
    >>> round(float(layer.weight.data.std()), 2), layer.bias.data.any()
    (0.14, np.False_)
    """
    for layer in net.modules():
        if isinstance(layer, Linear):
            layer.weight.data = weights(*layer.weight.shape, rng=rng)
            if layer.bias is not None:
                layer.bias.data = np.zeros(layer.bias.shape)
    return net


def _check(out_features, in_features):
    """Both sizes must be at least 1."""
    if min(out_features, in_features) < 1:
        raise ValueError("a layer needs at least 1 feature on each side,"
                         f" got {in_features} and {out_features}")
