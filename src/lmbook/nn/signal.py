"""How large a signal is in each layer, forward and backward."""

import numpy as np


def forward_spread(net, x):
    """Return the root mean square of the output of each layer.

    Shapes: `x` as `net` takes it; result one number for each layer of the
    `Sequential`, the first layer first.
    Errors: those of the layers.
    Source: Glorot and Bengio (2010), who plot it over training.

    >>> from lmbook.nn import ReLU, Sequential
    >>> forward_spread(Sequential(ReLU()), [3.0, -4.0, 0.0, -1.0])
    array([1.5])
    """
    found = []
    for layer in net.layers:
        x = layer(x)
        found.append(_root_mean_square(x))
    return np.array(found)


def backward_spread(net, grad_output):
    """Return the root mean square of the slope at the input of each layer.

    Needs a forward pass before; adds to the gradients of the parameters,
    as every backward pass does.

    Shapes: `grad_output` as the output; result one number for each layer
    of the `Sequential`, the first layer first.
    Errors: those of the layers.
    Source: Glorot and Bengio (2010), section 4.2.

    >>> from lmbook.nn import ReLU, Sequential
    >>> net = Sequential(ReLU())
    >>> _ = net([3.0, -4.0])
    >>> backward_spread(net, [2.0, 5.0])  # sqrt((4 + 0) / 2)
    array([1.41421356])
    """
    found = []
    for layer in reversed(net.layers):
        grad_output = layer.backward(grad_output)
        found.append(_root_mean_square(grad_output))
    return np.array(found[::-1])


def _root_mean_square(x):
    """Return the root of the mean of all squares."""
    return np.sqrt(np.mean(np.square(x)))
