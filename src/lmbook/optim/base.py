"""What every optimiser has in common: one vector, changed in place."""

import numpy as np
from scipy.linalg import blas

from ..nn import Parameters


class Optimizer:
    """Changes parameters in place, by their gradients.

    A subclass names its memories in `memories`, vectors that start at 0,
    and writes `update`, which works in place: a step makes no new array.

    Errors: `ValueError` for a negative option, as PyTorch; for parameters
    that have moved into a larger model since the optimiser was made.
    Source: `torch.optim.Optimizer`, with one group of parameters.

    >>> from lmbook.nn import Parameter
    >>> from lmbook.optim import SGD
    >>> x = Parameter([4.0])
    >>> optimizer = SGD([x], lr=0.25)
    >>> for _ in range(3):          # minimise x^2
    ...     optimizer.zero_grad()
    ...     x.grad += 2 * x.data
    ...     optimizer.step()
    >>> x.data
    array([0.5])
    """

    memories = ()

    def __init__(self, parameters, lr, weight_decay, maximize):
        self.lr = not_negative(lr, "learning rate")
        self.weight_decay = not_negative(weight_decay, "weight_decay")
        self.maximize, self.steps = maximize, 0
        if not isinstance(parameters, Parameters):
            parameters = Parameters(parameters)
        if not parameters.data.size:
            raise ValueError("an optimiser needs at least one parameter")
        self.parameters = parameters
        data = parameters.data
        self.state = {name: np.zeros_like(data) for name in self.memories}
        self._direction, self._out = np.empty_like(data), np.empty_like(data)

    def zero_grad(self):
        """Set every gradient to 0."""
        self.parameters.grad.fill(0)

    def step(self):
        """Change every parameter once, by its gradient."""
        self.parameters.check_in_place()
        self.steps += 1
        theta, g = self.parameters.data, self._gradient()
        self.update(theta, g, *self.state.values(), self._out)

    def _gradient(self):
        """Return g, or -g to maximise, plus weight decay times theta.

        The gradient itself is never changed.
        """
        decay, grad = self.coupled_decay(), self.parameters.grad
        out = self._direction
        if decay == 0:
            return np.negative(grad, out=out) if self.maximize else grad
        np.multiply(self.parameters.data, decay, out=out)
        combine = np.subtract if self.maximize else np.add
        return combine(out, grad, out=out)

    def coupled_decay(self):
        """Return the weight decay that is added to the gradient."""
        return self.weight_decay

    def update(self, theta, g, *others):
        """Change theta in place; `others` are the memories and `out`.

        Shapes: all (P,), P numbers in all.  `out` is spare room.
        """
        raise NotImplementedError(f"{type(self).__name__} has no update")


def add_scaled(target, scale, source):
    """Add scale * source to `target`, in place and in one pass.

    Shapes: both (P,), contiguous, of one floating type.
    Source: axpy, of the Basic Linear Algebra Subprograms.

    >>> theta = np.array([1.0])
    >>> add_scaled(theta, -0.5, np.array([4.0]))
    >>> theta
    array([-1.])
    """
    axpy = blas.daxpy if target.dtype == np.float64 else blas.saxpy
    axpy(source, target, a=scale)


def not_negative(value, name):
    """Return a number, or say that it is negative.

    >>> not_negative(0.1, "momentum")
    0.1
    """
    if not 0 <= value:
        raise ValueError(f"{name} must be at least 0, got {value}")
    return value
