"""Reverse mode on arrays: a `Tensor` remembers where it came from."""

import numpy as np

from .array import Array
from .box import Box, as_inside, level_of
from .order import topological_order
from .shapes import sum_to


class Tensor(Array):
    """An array on the tape.

    `data` is the array, `grad` the derivative of the last output with
    respect to it, of the same shape (None before), `parents` the tensors it
    was computed from (numbers and arrays are constants), `op` the
    operation, as "+" or "exp" ("" for an input), `name` a label for
    drawings and messages.

    Arrays are handed out read-only.  `x.data = new` gives an input other
    values; `backward` then refuses what was computed from the old ones.

    Errors: `ValueError` for what does not hold real numbers.
    Source: Baydin et al. (2018), section 3.2.

    >>> W, x = Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([1.0, -1.0])
    >>> loss = (W @ x).sum()
    >>> loss.backward()
    >>> x.grad
    array([4., 6.])
    """

    __slots__ = ("inside", "level", "gradient", "parents", "positions",
                 "rule", "args", "name")

    def __init__(self, data, *, name="", level=None):
        """Copy the data; a box inside is kept, and lies one level lower."""
        self.inside = as_inside(data)
        self.level = level_of(data) + 1 if level is None else level
        self.gradient, self.name = None, name
        self.parents, self.positions = (), ()
        self.rule, self.args = None, ()

    @classmethod
    def close(cls, rule, operands, own, args):
        """Return the node of rule(*args); `own` are the places of tensors."""
        node = cls.__new__(cls)
        node.inside = rule(*args)
        node.level = operands[own[0]].level
        node.gradient, node.name = None, ""
        node.parents = tuple([operands[k] for k in own])
        node.positions, node.rule = own, rule
        if len(own) < len(args):             # constants may change: copy
            args = [x if k in own else _kept(x) for k, x in enumerate(args)]
        node.args = args
        return node

    def backward(self, grad=None):
        """Set `grad` of every node to its part in the change of self.

        `grad`, of the shape of self, says how much each entry counts; a
        single number counts 1.  The gradients of inputs add up over calls:
        set them to None between two steps of training.

        Errors: `ValueError` for an output of many entries without `grad`,
        a `grad` of another shape, an input changed since the forward pass.
        """
        order = topological_order(self)
        for node in order:
            if node.parents:
                node.gradient = None
        _add(self, _seed(self, grad))
        for node in reversed(order):
            if node.parents:
                _push(node)

    @property
    def data(self):
        """The array, read-only; assign to it to give an input new values."""
        return _read_only(self.inside)

    @data.setter
    def data(self, new):
        """Give an input new values, of the same shape."""
        if self.parents:
            raise ValueError(f"this tensor was computed by {self.op!r}: only"
                             " an input can be given new values")
        if isinstance(new, Box):
            raise ValueError("new values must be an array, got a"
                             f" {type(new).__name__}: take its data")
        new = _shaped_like(self, new, "new values")
        self.inside = new.astype(self.dtype, copy=False)

    @property
    def grad(self):
        """The gradient, read-only, or None; may be set."""
        return _read_only(self.gradient)

    @grad.setter
    def grad(self, new):
        """Set the gradient; None forgets it."""
        self.gradient = None if new is None else _shaped_like(
            self, new, "grad")

    @property
    def op(self):
        """The label of the operation, "" for an input."""
        return self.rule.label if self.rule else ""

    def __repr__(self):
        """Return the data."""
        data = self.inside
        text = (np.array2string(data, separator=", ", prefix="Tensor(")
                if isinstance(data, np.ndarray) else str(data))
        return f"Tensor({text})"


def _push(node):
    """Pass the gradient of a node on to its parents."""
    rule, args, g, out = node.rule, node.args, node.gradient, node.inside
    for k, parent in zip(node.positions, node.parents):
        x = args[k]
        if parent.inside is not x:
            raise ValueError(_changed(node, k, parent))
        _add(parent, rule.vjps[k](g, out, *args))


def _add(node, g):
    """Add `g` to the gradient of a node."""
    x = node.inside
    if g.shape != x.shape:
        g = sum_to(g, x.shape)
    if g.dtype != x.dtype != object:
        g = g.astype(x.dtype)
    node.gradient = g if node.gradient is None else node.gradient + g


def _seed(output, grad):
    """Return the gradient that `backward` starts from."""
    shape = output.shape
    if grad is None:
        if output.size != 1:
            raise ValueError(f"backward of an output of shape {shape} needs"
                             " grad, an array of that shape")
        return np.ones(shape)
    return _shaped_like(output, grad, "grad")


def _shaped_like(tensor, new, what):
    """Return `new` as an array, or say that its shape is another."""
    new = as_inside(new)
    if new.shape != tensor.shape:
        raise ValueError(f"{what} of shape {new.shape} for a tensor of shape"
                         f" {tensor.shape}")
    return new


def _changed(node, k, parent):
    """Say which input of which operation was changed."""
    shapes = ", ".join(str(x.shape) for x in node.args if hasattr(x, "shape"))
    name = f" {parent.name!r}" if parent.name else ""
    return (f"backward through {node.op!r} of shapes {shapes}: its argument"
            f" {k},{name} of shape {parent.shape}, was given new values after"
            " the forward pass; compute the output again")


def _read_only(x):
    """Return an array that refuses to be changed in place."""
    if isinstance(x, np.ndarray):
        x.flags.writeable = False
    return x


def _kept(x):
    """Return a copy of what the caller could change later."""
    if isinstance(x, Box):
        return x.reshape(x.shape)            # a node with the values of now
    if isinstance(x, list) or isinstance(x, np.ndarray) and x.flags.writeable:
        return np.array(x, subok=True)
    return tuple(_kept(i) for i in x) if isinstance(x, tuple) else x
