"""What a box can do: the operators and methods of an array."""

import math

from . import elementwise, probabilities, products, shapes
from .box import Box, plain


class Array(Box):
    """A box with the operators of an array.

    Comparisons give plain arrays of truth values: they have no derivative.
    """

    __slots__ = ()
    __array_ufunc__ = None            # array * box asks the box, not NumPy

    __add__ = elementwise.add
    __sub__ = elementwise.subtract
    __mul__ = elementwise.multiply
    __truediv__ = elementwise.divide
    __pow__ = elementwise.power
    __matmul__ = products.matmul
    __neg__ = elementwise.negative
    __getitem__ = shapes.take
    exp, log = elementwise.exp, elementwise.log
    sqrt, tanh = elementwise.sqrt, elementwise.tanh
    astype = elementwise.astype
    sigmoid, relu = elementwise.sigmoid, elementwise.relu
    softmax = probabilities.softmax
    log_softmax = probabilities.log_softmax
    logsumexp = probabilities.logsumexp
    mean = shapes.mean

    def __radd__(self, other):
        """Return other + self."""
        return elementwise.add(other, self)

    def __rsub__(self, other):
        """Return other - self."""
        return elementwise.subtract(other, self)

    def __rmul__(self, other):
        """Return other * self."""
        return elementwise.multiply(other, self)

    def __rtruediv__(self, other):
        """Return other / self."""
        return elementwise.divide(other, self)

    def __rpow__(self, other):
        """Return other ** self."""
        return elementwise.power(other, self)

    def __rmatmul__(self, other):
        """Return other @ self."""
        return products.matmul(other, self)

    def sum(self, axis=None, keepdims=False):
        """Return the sum along `axis`: an int, a tuple, None for all."""
        return shapes.add_up(self, axis, keepdims)

    def max(self, axis=None, keepdims=False):
        """Return the largest entry along `axis`; ties share the slope."""
        return shapes.largest(self, axis, keepdims)

    def reshape(self, *shape):
        """Return the same entries in another shape; -1 is worked out."""
        return shapes.reshape(self, _one(shape))

    def transpose(self, *axes):
        """Return the axes in the order given, else in reverse."""
        axes = _one(axes) or reversed(range(self.ndim))
        return shapes.transpose(self, tuple(a % self.ndim for a in axes))

    @property
    def T(self):
        """The array with its axes in reverse order."""
        return self.transpose()

    @property
    def mT(self):
        """The array with its last two axes swapped."""
        if self.ndim < 2:
            raise ValueError("mT swaps the last two axes: shape"
                             f" {self.shape} has fewer")
        *batch, rows, columns = range(self.ndim)
        return self.transpose(*batch, columns, rows)

    @property
    def shape(self):
        """The lengths of the axes, a tuple."""
        return self.inside.shape

    @property
    def ndim(self):
        """The number of axes."""
        return len(self.inside.shape)

    @property
    def size(self):
        """The number of entries."""
        return math.prod(self.inside.shape)

    @property
    def dtype(self):
        """The type of the entries."""
        return self.inside.dtype

    def __len__(self):
        """Return the length of the first axis."""
        return len(self.inside)

    def __array__(self, dtype=None, copy=None):
        """Refuse to lose the derivative in a plain array."""
        raise ValueError(f"NumPy cannot follow a {type(self).__name__}: use"
                         " the functions of lmbook.autodiff, or take the"
                         " array out with .data or .value")

    def __lt__(self, other):
        """Return where self < other, a plain array."""
        return plain(self) < plain(other)

    def __gt__(self, other):
        """Return where self > other, a plain array."""
        return plain(self) > plain(other)

    def __le__(self, other):
        """Return where self <= other, a plain array."""
        return plain(self) <= plain(other)

    def __ge__(self, other):
        """Return where self >= other, a plain array."""
        return plain(self) >= plain(other)

    def item(self):
        """Return the one entry as a Python number, without derivative."""
        return plain(self).item()


def _one(numbers):
    """Return (2, 3) for f(2, 3) and for f((2, 3))."""
    if len(numbers) == 1 and isinstance(numbers[0], (tuple, list)):
        return numbers[0]
    return numbers
