"""Parameters: arrays with gradients, side by side in one long vector.

An optimiser treats every number alike, so all parameters of a model lie
in one vector and each is a window into it.  One step of an optimiser is
then a few operations on one array, however many layers there are.
"""

import numpy as np

from ..functional.arguments import as_floats


class _Vector:
    """The memory that parameters share: numbers and their gradients."""

    def __init__(self, size, dtype):
        self.data, self.grad = np.zeros(size, dtype), np.zeros(size, dtype)
        self.moved = False      # whether a parameter has left


class Parameter:
    """An array to be learnt, `data`, and its gradient, `grad`.

    Shapes: `data` and `grad` alike.  Setting either copies the numbers
    into place, so that the array stays where the optimiser sees it.
    Errors: `ValueError` for a type other than float32 and float64, for
    NaN, and for a new value of another shape.
    Source: `torch.nn.Parameter`; here `grad` starts at 0, not at None.

    >>> p = Parameter([1.0, 2.0])
    >>> p.grad += 3
    >>> p.data, p.grad
    (array([1., 2.]), array([3., 3.]))
    """

    __slots__ = ("_data", "_grad", "vector", "start")

    def __init__(self, data):
        data = as_floats(data, "parameter")
        if data.dtype not in (np.float32, np.float64):
            raise ValueError("parameter must be float32 or float64, got"
                             f" {data.dtype}")
        self.place(_Vector(data.size, data.dtype), 0, data.shape)
        self.data = data

    @property
    def data(self):
        """The array itself; setting it copies numbers into it."""
        return self._data

    @data.setter
    def data(self, value):
        """Copy numbers into the array."""
        _copy(value, self._data, "data")

    @property
    def grad(self):
        """The gradient, to which every backward pass adds."""
        return self._grad

    @grad.setter
    def grad(self, value):
        """Copy numbers into the gradient."""
        _copy(value, self._grad, "grad")

    @property
    def shape(self):
        """The shape of the array and of its gradient."""
        return self._data.shape

    def place(self, vector, start, shape):
        """Make this parameter a window into `vector`, from `start` on."""
        self.vector, self.start = vector, start
        window = slice(start, start + int(np.prod(shape)))
        self._data = vector.data[window].reshape(shape)
        self._grad = vector.grad[window].reshape(shape)

    def __deepcopy__(self, memo):
        """Return a copy with memory of its own."""
        copied = Parameter(self.data)
        copied.grad = self.grad
        return copied

    def __repr__(self):
        """Return the shape and the type."""
        return f"Parameter(shape={self.shape}, dtype={self.data.dtype})"


class Parameters:
    """Several parameters as one vector: `data` and `grad`, in order.

    Parameters that already lie side by side stay where they are: asking
    a model for its parameters twice gives the same memory, and a layer's
    are a part of the model's.  Others are moved to a new vector.

    Shapes: `data` and `grad` (P,), P numbers in all.
    Errors: `ValueError` for a parameter given twice and for mixed types.

    >>> weight, bias = Parameter([[1.0, 2.0]]), Parameter([3.0])
    >>> both = Parameters([weight, bias])
    >>> both.data *= 10
    >>> both.data, bias.data
    (array([10., 20., 30.]), array([30.]))
    """

    def __init__(self, members):
        self.members = tuple(members)
        if len({id(p) for p in self.members}) < len(self.members):
            raise ValueError("one parameter is given twice")
        types = {str(p.data.dtype) for p in self.members}
        if len(types) > 1:
            raise ValueError("parameters must be of one type, got "
                             + " and ".join(sorted(types)))
        if not self._side_by_side():
            self._gather(types)
        self.vector = (self.members[0].vector if self.members
                       else _Vector(0, np.float64))
        start = self.members[0].start if self.members else 0
        window = slice(start, start + sum(p.data.size for p in self.members))
        self.data = self.vector.data[window]
        self.grad = self.vector.grad[window]

    def _side_by_side(self):
        """Return whether each member follows the one before it."""
        return all(p.vector is q.vector and p.start + p.data.size == q.start
                   for p, q in zip(self.members, self.members[1:]))

    def _gather(self, types):
        """Move all members to a new vector."""
        vector = _Vector(sum(p.data.size for p in self.members), *types)
        start = 0
        for p in self.members:
            data, grad, p.vector.moved = p.data, p.grad, True
            p.place(vector, start, data.shape)
            p.data, p.grad, start = data, grad, start + data.size

    def check_in_place(self):
        """Raise `ValueError` if a member has moved to another vector."""
        if self.vector.moved:
            raise ValueError("parameters have moved into a larger model:"
                             " ask that model for its parameters()")

    def __iter__(self):
        """Yield the parameters in order."""
        return iter(self.members)

    def __len__(self):
        """Return how many parameters (arrays) there are."""
        return len(self.members)

    def __getitem__(self, index):
        """Return one parameter, or several of them as one vector."""
        members = self.members[index]
        return Parameters(members) if isinstance(index, slice) else members

    def __repr__(self):
        """Return how many arrays and how many numbers there are."""
        return f"Parameters({len(self)} arrays, {self.data.size} numbers)"


def _copy(value, target, name):
    """Copy numbers into place; they may not broadcast."""
    if value is not target:
        value = np.asarray(value)
        if value.shape != target.shape:
            raise ValueError(f"{name} has shape {value.shape}, expected"
                             f" {target.shape}")
        target[...] = value
