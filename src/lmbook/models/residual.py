"""A deep network of ReLU layers, with or without residual connections."""

from ..functional import linear, relu, relu_vjp


def forward(x, weights, skip=True):
    """Return the output of the network and a cache for the way back.

    The first weight is a layer, h = ReLU(W x).  Each further one is a
    block, h + ReLU(W h), or ReLU(W h) without the skip.

    Shapes: `x` (N, D); `weights` a list of (H, D), then (H, H) for
    each block; output (N, H); the cache has (input, scores) for each.
    Errors: `ValueError` naming the shapes that do not fit.
    Source: He et al. (2016), without biases and normalisation.

    >>> weights = [[[1, 0], [0, 1]], [[1, -1], [2, 1]]]
    >>> forward([[1.0, 2.0]], weights)[0]       # (1, 2) + (0, 4)
    array([[1., 6.]])
    """
    h, cache = x, []
    for layer, weight in enumerate(weights):
        z = linear(h, weight)                       # (N, H)
        if skip and layer and z.shape != h.shape:
            raise ValueError(
                f"block {layer} turns shape {h.shape} into {z.shape}:"
                " a skip needs equal shapes")
        cache.append((h, z))
        h = relu(z) + (h if skip and layer else 0)
    return h, cache


def backward(grad_output, weights, cache, skip=True):
    """Return the gradients (dX, [dW of each layer]) of the network.

    Shapes: `grad_output` (N, H), of the loss by the output;
    `weights`, `cache`, `skip` as in `forward`.
    Errors: `ValueError` for a `grad_output` of another shape.
    Source: dh = dz W, plus dh where the skip copies it; dW = dz^T h.

    >>> import numpy as np
    >>> weights = [np.eye(2), np.array([[1.0, -1.0], [2.0, 1.0]])]
    >>> h, cache = forward(np.array([[1.0, 2.0]]), weights)
    >>> backward(np.array([[0.0, 1.0]]), weights, cache)[0]
    array([[2., 2.]])
    """
    dh, gradients = grad_output, []
    for layer in reversed(range(len(weights))):
        h, z = cache[layer]
        dz = relu_vjp(dh, z)                    # through the gate
        gradients.append(dz.T @ h)              # error times input
        around = dh if skip and layer else 0    # along the skip
        dh = dz @ weights[layer] + around
    return dh, gradients[::-1]
