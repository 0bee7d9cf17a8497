"""Where an optimiser goes on a function whose slopes are known."""

import numpy as np

from ..nn import Parameter


def walk(rule, start, slopes, steps, **options):
    """Return the places an optimiser visits, the start first.

    `rule` is called as rule([parameter], **options), and slopes(theta)
    returns the gradient at theta.

    Shapes: `start` and theta (D,); the result (steps + 1, D).
    Errors: `ValueError` for a negative number of steps.

    >>> from lmbook.optim import SGD
    >>> walk(SGD, [8.0], lambda theta: theta, 3, lr=0.5)[:, 0]
    array([8., 4., 2., 1.])
    """
    if steps < 0:
        raise ValueError(f"steps must be at least 0, got {steps}")
    x = Parameter(start)
    optimizer, path = rule([x], **options), [x.data.copy()]
    for _ in range(steps):
        x.grad = slopes(x.data.copy())
        optimizer.step()
        path.append(x.data.copy())
    return np.array(path)
