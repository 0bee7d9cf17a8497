"""Reverse mode on single numbers: a `Value` remembers where it came from.

Each operation notes its operands and, for each of them, its slope: the
derivative of the result with respect to that operand.  `backward` walks
from the output to the inputs and applies the chain rule at every node.
"""

import math
import numbers

from .order import topological_order


class Value:
    """A number on the tape.

    `data` is the number, `grad` the derivative of the last output with
    respect to it, `parents` the operands it was computed from, `slopes` its
    derivative with respect to each of them, `op` the operation, as "+" or
    "exp" ("" for an input), `name` a label for drawings.

    Errors: `ValueError` for what is not a real number.
    Source: Linnainmaa (1976); the design of micrograd (Karpathy, 2020),
    with slopes in place of closures and no recursion.

    >>> x, w = Value(2.0, name="x"), Value(3.0, name="w")
    >>> y = (w * x + 1).relu()
    >>> y.backward()
    >>> y.data, w.grad, x.grad
    (7.0, 2.0, 3.0)
    """

    __slots__ = "data", "grad", "parents", "slopes", "op", "name"

    def __init__(self, data, parents=(), slopes=(), op="", *, name=""):
        """Note the number and its origin; an input has no parents."""
        self.data = data if parents else real(data)
        self.grad = 0.0
        self.parents, self.slopes = parents, slopes
        self.op, self.name = op, name

    def __repr__(self):
        """Return the number and its derivative."""
        return f"Value(data={self.data:g}, grad={self.grad:g})"

    def __add__(self, other):
        """Return x + y; the slopes are 1 and 1."""
        y = other if isinstance(other, Value) else Value(other)
        return Value(self.data + y.data, (self, y), (1.0, 1.0), "+")

    def __sub__(self, other):
        """Return x - y; the slopes are 1 and -1."""
        y = other if isinstance(other, Value) else Value(other)
        return Value(self.data - y.data, (self, y), (1.0, -1.0), "-")

    def __mul__(self, other):
        """Return x y; the slopes are y and x."""
        y = other if isinstance(other, Value) else Value(other)
        slopes = y.data, self.data
        return Value(self.data * y.data, (self, y), slopes, "*")

    def __truediv__(self, other):
        """Return x / y; the slopes are 1 / y and -x / y^2."""
        y = other if isinstance(other, Value) else Value(other)
        out = self.data / y.data
        return Value(out, (self, y), (1 / y.data, -out / y.data), "/")

    def __pow__(self, exponent):
        """Return x^n for a number n; the slope is n x^(n - 1)."""
        x, n = self.data, real(exponent)
        if x < 0 and not n.is_integer():
            raise ValueError(f"({x:g}) ** {n:g} is not a real number")
        slope = n * x ** (n - 1) if n else 0.0
        return Value(x ** n, (self,), (slope,), f"**{n:g}")

    def __neg__(self):
        """Return -x; the slope is -1."""
        return Value(-self.data, (self,), (-1.0,), "neg")

    def __radd__(self, other):
        """Return other + x, for a number."""
        return Value(other) + self

    def __rsub__(self, other):
        """Return other - x, for a number."""
        return Value(other) - self

    def __rmul__(self, other):
        """Return other * x, for a number."""
        return Value(other) * self

    def __rtruediv__(self, other):
        """Return other / x, for a number."""
        return Value(other) / self

    def exp(self):
        """Return exp(x); the slope is exp(x) itself."""
        out = math.exp(self.data)
        return Value(out, (self,), (out,), "exp")

    def log(self):
        """Return log(x) for x > 0; the slope is 1 / x."""
        if not self.data > 0:
            raise ValueError(f"log needs a number > 0, got {self.data:g}")
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def tanh(self):
        """Return tanh(x); the slope is 1 - tanh(x)^2."""
        out = math.tanh(self.data)
        return Value(out, (self,), (1 - out * out,), "tanh")

    def relu(self):
        """Return max(x, 0); the slope is 1 if x > 0, else 0."""
        on = 1.0 if self.data > 0 else 0.0
        return Value(max(self.data, 0.0), (self,), (on,), "relu")

    def sigmoid(self):
        """Return s = 1 / (1 + exp(-x)); the slope is s (1 - s)."""
        small = math.exp(-abs(self.data))                 # never overflows
        out = (1.0 if self.data >= 0 else small) / (1 + small)
        return Value(out, (self,), (out * (1 - out),), "sigmoid")

    def backward(self):
        """Set `grad` of every node to d self / d node.

        The gradients of inputs add up over calls, as in PyTorch: set them
        to 0 between two steps of training.
        """
        order = topological_order(self)
        for node in order:
            if node.parents:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


def real(x):
    """Return `x` as a float, or say that it is not a real number.

    >>> real(2)
    2.0
    """
    if not isinstance(x, numbers.Real):
        raise ValueError(f"expected a real number, got {x!r}")
    return float(x)
