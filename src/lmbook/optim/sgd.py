"""Stochastic gradient descent, with everything PyTorch adds to it."""

import numpy as np

from .base import Optimizer, add_scaled, not_negative


class SGD(Optimizer):
    """theta = theta - lr * g, or with a moving average in place of g.

    With momentum mu and dampening d the velocity is v = mu v + (1 - d) g,
    but v = g in the first step; the step is along v, with Nesterov along
    g + mu v.  Weight decay adds weight_decay * theta to g before that.

    Errors: `ValueError` for a negative option; Nesterov without momentum
    or with dampening.
    Source: `torch.optim.SGD`; Sutskever et al. (2013), with the learning
    rate outside the velocity.

    >>> from lmbook.nn import Parameter
    >>> x = Parameter([0.0])
    >>> optimizer, path = SGD([x], lr=1.0, momentum=0.5), []
    >>> for _ in range(3):
    ...     x.grad = [-1.0]
    ...     optimizer.step()
    ...     path.append(x.data.item())
    >>> path                        # steps of 1, 1.5 and 1.75
    [1.0, 2.5, 4.25]
    """

    memories = ("velocity",)

    def __init__(self, parameters, lr=1e-3, momentum=0.0, dampening=0.0,
                 weight_decay=0.0, nesterov=False, *, maximize=False):
        self.momentum = not_negative(momentum, "momentum")
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "Nesterov needs momentum above 0 and dampening 0, got"
                f" momentum {momentum} and dampening {dampening}")
        self.dampening, self.nesterov = dampening, nesterov
        super().__init__(parameters, lr, weight_decay, maximize)

    def update(self, theta, g, velocity, out):
        """Change theta, and the velocity."""
        if self.momentum != 0:
            g = self._moving(g, velocity, out)
        add_scaled(theta, -self.lr, g)

    def _moving(self, g, velocity, out):
        """Return the velocity, or with Nesterov a look ahead along it."""
        if self.steps == 1:
            velocity[:] = g                     # undamped, as in PyTorch
        else:
            velocity *= self.momentum
            add_scaled(velocity, 1 - self.dampening, g)
        if not self.nesterov:
            return velocity
        np.multiply(velocity, self.momentum, out=out)
        return np.add(out, g, out=out)
