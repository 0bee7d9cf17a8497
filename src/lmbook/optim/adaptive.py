"""Optimisers that give every parameter a step size of its own."""

import numpy as np

from .base import Optimizer, add_scaled, not_negative


class AdaGrad(Optimizer):
    """Divide each step by the root of all squared gradients so far.

    A parameter with rare gradients keeps a large step.

    Errors: `ValueError` for a negative option.
    Source: Duchi, Hazan and Singer (2011); `torch.optim.Adagrad`.

    >>> from lmbook.nn import Parameter
    >>> x = Parameter([0.0, 0.0])
    >>> optimizer = AdaGrad([x], lr=1.0)
    >>> for g in ([3.0, 0.0], [4.0, 4.0]):
    ...     x.grad = g
    ...     optimizer.step()
    >>> x.data                      # -3/3 - 4/5, and 0 - 4/4
    array([-1.8, -1. ])
    """

    memories = ("total",)

    def __init__(self, parameters, lr=1e-2, lr_decay=0.0, weight_decay=0.0,
                 initial_accumulator_value=0.0, eps=1e-10, *,
                 maximize=False):
        self.lr_decay = not_negative(lr_decay, "lr_decay")
        self.eps = not_negative(eps, "eps")
        start = not_negative(initial_accumulator_value,
                             "initial_accumulator_value")
        super().__init__(parameters, lr, weight_decay, maximize)
        self.state["total"] += start

    def update(self, theta, g, total, out):
        """Change theta, and the sum of squares."""
        total += np.multiply(g, g, out=out)
        root = np.sqrt(total, out=out)
        root += self.eps
        lr = self.lr / (1 + (self.steps - 1) * self.lr_decay)
        add_scaled(theta, -lr, np.divide(g, root, out=out))


class RMSProp(Optimizer):
    """Divide each step by the root of a moving average of squares.

    `centered` subtracts the squared moving average of g, so that the
    root is a standard deviation; where rounding makes that variance
    negative it is 0 here, NaN in PyTorch.

    Errors: `ValueError` for a negative option.
    Source: Hinton's lecture 6e (2012); `torch.optim.RMSprop`.

    >>> from lmbook.nn import Parameter
    >>> x = Parameter([0.0])
    >>> optimizer = RMSProp([x], lr=0.1, alpha=0.75, eps=0.0)
    >>> x.grad = [8.0]
    >>> optimizer.step()            # 0.1 * 8 / sqrt(0.25 * 64)
    >>> x.data
    array([-0.2])
    """

    memories = ("square", "mean", "velocity")

    def __init__(self, parameters, lr=1e-2, alpha=0.99, eps=1e-8,
                 weight_decay=0.0, momentum=0.0, centered=False, *,
                 maximize=False):
        self.alpha = not_negative(alpha, "alpha")
        self.eps = not_negative(eps, "eps")
        self.momentum = not_negative(momentum, "momentum")
        self.centered = centered
        super().__init__(parameters, lr, weight_decay, maximize)

    def update(self, theta, g, square, mean, velocity, out):
        """Change theta, and the moving averages."""
        _average_square(square, g, self.alpha, out)
        if self.centered:
            _average(mean, g, self.alpha)
            np.multiply(mean, mean, out=out)
            np.subtract(square, out, out=out)
            root = np.sqrt(np.maximum(out, 0, out=out), out=out)
        else:
            root = np.sqrt(square, out=out)
        root += self.eps
        step = np.divide(g, root, out=out)
        if self.momentum != 0:
            velocity *= self.momentum
            velocity += step
            step = velocity
        add_scaled(theta, -self.lr, step)


class Adam(Optimizer):
    """Moving averages of g and of g^2, both freed of their start at 0.

    After t steps an average that began at 0 has weights which sum to
    1 - beta^t: dividing by it makes them sum to 1.  The step is
    lr * m / (sqrt(v) + eps) with the corrected averages m and v.

    Errors: `ValueError` for a negative option and a beta outside [0, 1).
    Source: Kingma and Ba (2015), algorithm 1; `torch.optim.Adam`,
    without amsgrad.

    >>> from lmbook.nn import Parameter
    >>> x = Parameter([0.0, 0.0])
    >>> optimizer = Adam([x], lr=0.1, eps=0.0)
    >>> x.grad = [5.0, -0.001]
    >>> optimizer.step()            # the first step has size lr
    >>> x.data.round(12)
    array([-0.1,  0.1])
    """

    memories = ("mean", "square")

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.0, *, maximize=False):
        for k, beta in enumerate(betas):
            if not 0 <= beta < 1:
                raise ValueError(f"beta {k + 1} must lie in [0, 1),"
                                 f" got {beta}")
        self.betas, self.eps = betas, not_negative(eps, "eps")
        super().__init__(parameters, lr, weight_decay, maximize)

    def update(self, theta, g, mean, square, out):
        """Change theta, and the moving averages."""
        beta1, beta2 = self.betas
        _average(mean, g, beta1)
        _average_square(square, g, beta2, out)
        # sqrt(v) = sqrt(square) / c: multiply above and below by c
        c = (1 - beta2 ** self.steps) ** 0.5
        root = np.sqrt(square, out=out)
        root += self.eps * c
        step = np.divide(mean, root, out=out)
        add_scaled(theta, -self.lr * c / (1 - beta1 ** self.steps), step)


class AdamW(Adam):
    """Adam, with weight decay applied to the parameters themselves.

    theta is first multiplied by 1 - lr * weight_decay.  Added to the
    gradient, as in `Adam`, the decay would be divided by the root too,
    and parameters with large gradients would decay less.

    Errors: as `Adam`.
    Source: Loshchilov and Hutter (2019), algorithm 2; `torch.optim.AdamW`,
    without amsgrad.

    >>> from lmbook.nn import Parameter
    >>> x = Parameter([1.0])
    >>> AdamW([x], lr=0.1, weight_decay=0.5).step()     # g = 0
    >>> x.data
    array([0.95])
    """

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=1e-2, *, maximize=False):
        super().__init__(parameters, lr, betas, eps, weight_decay,
                         maximize=maximize)

    def coupled_decay(self):
        """Return 0: nothing is added to the gradient."""
        return 0

    def update(self, theta, g, *others):
        """Shrink theta, then change it as Adam does."""
        theta *= 1 - self.lr * self.weight_decay
        super().update(theta, g, *others)


def _average(mean, g, beta):
    """Set `mean` to beta * mean + (1 - beta) * g."""
    mean *= beta
    add_scaled(mean, 1 - beta, g)


def _average_square(square, g, beta, out):
    """Set `square` to beta * square + (1 - beta) * g^2."""
    square *= beta
    add_scaled(square, 1 - beta, np.multiply(g, g, out=out))
