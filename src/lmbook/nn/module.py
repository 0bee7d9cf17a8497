"""What every layer and every network has in common."""

import contextlib

from .parameters import Parameter, Parameters
from .state import read_state, write_state


class Module:
    """A function with parameters, and its derivative.

    A subclass sets `Parameter`s and other modules as attributes in its
    `__init__` and writes `forward` and `backward`.  What backward needs,
    `forward` gives to `keep`, and `backward` takes with `kept`: each
    forward pass serves one backward pass.

    Source: `torch.nn.Module`, without hooks, buffers and devices.

    >>> class Square(Module):
    ...     def forward(self, x):
    ...         self.keep(x)
    ...         return x ** 2
    ...     def backward(self, grad_output):
    ...         return grad_output * 2 * self.kept()
    >>> square = Square()
    >>> square(3.0), square.backward(1.0)
    (9.0, 6.0)
    >>> square.backward(1.0)
    Traceback (most recent call last):
    ValueError: Square(): backward needs a forward pass before it
    """

    training = True
    cache = None

    def forward(self, x):
        """Return the output for `x`, keeping what backward needs."""
        raise NotImplementedError(f"{self} has no forward pass")

    def backward(self, grad_output):
        """Add to the parameters' gradients; return the one for `x`.

        Shapes: `grad_output` like the output, the result like `x`.
        """
        raise NotImplementedError(f"{self} has no backward pass")

    def __call__(self, x):
        """Return `forward(x)`."""
        return self.forward(x)

    def keep(self, *values):
        """Keep values until `backward` asks for them."""
        self.cache = values

    def kept(self):
        """Return what the last forward pass kept, once.

        Errors: `ValueError` if no forward pass has gone before.
        """
        values, self.cache = self.cache, None
        if values is None:
            raise ValueError(
                f"{self}: backward needs a forward pass before it")
        return values[0] if len(values) == 1 else values

    def children(self):
        """Yield (name, module) for the modules directly inside."""
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield name, value

    def modules(self):
        """Yield this module and all modules inside it."""
        yield self
        for _, child in self.children():
            yield from child.modules()

    def named_parameters(self):
        """Yield (name, parameter), with names such as '0.weight'."""
        for name, value in vars(self).items():
            if isinstance(value, Parameter):
                yield name, value
        for name, child in self.children():
            for inner, parameter in child.named_parameters():
                yield f"{name}.{inner}", parameter

    def parameters(self):
        """Return all parameters as one vector with one gradient."""
        return Parameters(p for _, p in self.named_parameters())

    def zero_grad(self):
        """Set every gradient to 0, as each step of training begins."""
        self.parameters().grad.fill(0)

    def train(self, mode=True):
        """Switch to training, where dropout is on; return the module."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self):
        """Switch to evaluation, where dropout is off; return the module."""
        return self.train(False)

    @contextlib.contextmanager
    def evaluating(self):
        """Evaluate inside a `with` block, then go back as it was.

        >>> module = Module()
        >>> with module.evaluating():
        ...     module.training
        False
        >>> module.training
        True
        """
        before = [(module, module.training) for module in self.modules()]
        self.eval()
        try:
            yield self
        finally:
            for module, mode in before:
                module.training = mode

    def state_dict(self):
        """Return {name: copy of the array} for every parameter."""
        return {name: p.data.copy() for name, p in self.named_parameters()}

    def load_state_dict(self, state):
        """Set every parameter from {name: array}, all of them or none.

        Errors: `ValueError` naming the keys that are missing or unknown,
        an array of the wrong shape, or one with NaN.
        """
        read_state(dict(self.named_parameters()), state)

    def save(self, path):
        """Write every parameter to a .npz file, whole or not at all."""
        write_state(path, self.state_dict())

    def load_state(self, path):
        """Set every parameter from a file that `save` wrote.

        Errors: `FileNotFoundError`; `ValueError` naming the file if it is
        not a .npz file of arrays, and as `load_state_dict`.
        """
        read_state(dict(self.named_parameters()), path)

    def __repr__(self):
        """Return the name of the class."""
        return f"{type(self).__name__}()"
