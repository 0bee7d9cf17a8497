"""What every optimiser has in common: the walk along the vector."""

import numpy as np

from ..nn import Parameters

BLOCK = 16384       # numbers worked on at a time, so that they stay in cache


class Optimizer:
    """Changes parameters in place, by their gradients.

    A subclass names its memories in `memories`, one number for each
    parameter, all 0 at first, and writes `update`, which treats one block
    of the vector.  Every update can be written as if for one number.

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
        spare = np.empty((2, min(BLOCK, data.size)), data.dtype)
        self.blocks = [self._block(spare, start)
                       for start in range(0, data.size, BLOCK)]

    def _block(self, spare, start):
        """Return the windows of one block, spare room first."""
        window = slice(start, start + BLOCK)
        theta = self.parameters.data[window]
        return [*spare[:, :theta.size], theta, self.parameters.grad[window],
                *(memory[window] for memory in self.state.values())]

    def zero_grad(self):
        """Set every gradient to 0."""
        self.parameters.grad.fill(0)

    def step(self):
        """Change every parameter once, by its gradient."""
        self.parameters.check_in_place()
        self.steps += 1
        for room, out, theta, grad, *memories in self.blocks:
            g = self._direction(theta, grad, room)
            self.update(theta, g, *memories, out)

    def _direction(self, theta, grad, out):
        """Return g, or -g to maximise, plus weight decay times theta.

        The gradient itself is never changed: the result is in `out`.
        """
        decay = self.coupled_decay()
        if decay == 0:
            return np.negative(grad, out=out) if self.maximize else grad
        np.multiply(theta, decay, out=out)
        combine = np.subtract if self.maximize else np.add
        return combine(out, grad, out=out)

    def coupled_decay(self):
        """Return the weight decay that is added to the gradient."""
        return self.weight_decay

    def update(self, theta, g, *others):
        """Change one block in place; `others` are the memories and `out`.

        Shapes: all (P,), P parameters of one block.  `out` is spare room.
        """
        raise NotImplementedError(f"{type(self).__name__} has no update")


def descend(theta, lr, step, out):
    """Subtract lr * step from theta, by way of `out`.

    >>> theta, out = np.array([1.0]), np.empty(1)
    >>> descend(theta, 0.5, np.array([4.0]), out)
    >>> theta
    array([-1.])
    """
    np.multiply(step, lr, out=out)
    theta -= out


def not_negative(value, name):
    """Return a number, or say that it is negative.

    >>> not_negative(0.1, "momentum")
    0.1
    """
    if not 0 <= value:
        raise ValueError(f"{name} must be at least 0, got {value}")
    return value
