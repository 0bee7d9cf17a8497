"""Layers without parameters: activations, and the softmax."""

from .. import functional as F
from .module import Module


class ReLU(Module):
    """max(x, 0), entry by entry; its slope at 0 is taken to be 0.

    Source: `lmbook.functional.relu`, `torch.nn.ReLU`.

    >>> layer = ReLU()
    >>> layer([-1.0, 2.0]), layer.backward([5.0, 5.0])
    (array([0., 2.]), array([0., 5.]))
    """

    def forward(self, x):
        """Return max(x, 0)."""
        output = F.relu(x)
        self.keep(x)
        return output

    def backward(self, grad_output):
        """Return g where x > 0, else 0."""
        return F.relu_vjp(grad_output, self.kept())


class LeakyReLU(Module):
    """x where x > 0, else x times a small slope.

    Source: `lmbook.functional.leaky_relu`, `torch.nn.LeakyReLU`.

    >>> layer = LeakyReLU(0.5)
    >>> layer([-1.0, 2.0]), layer.backward([5.0, 5.0])
    (array([-0.5,  2. ]), array([2.5, 5. ]))
    """

    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, x):
        """Return x where x > 0, else slope * x."""
        output = F.leaky_relu(x, self.negative_slope)
        self.keep(x)
        return output

    def backward(self, grad_output):
        """Return g where x > 0, else slope * g."""
        return F.leaky_relu_vjp(grad_output, self.kept(),
                                self.negative_slope)


class GELU(Module):
    """x times the normal distribution function of x.

    Source: `lmbook.functional.gelu`, `torch.nn.GELU` in its exact form.

    >>> layer = GELU()
    >>> layer([0.0]), layer.backward([1.0])
    (array([0.]), array([0.5]))
    """

    def forward(self, x):
        """Return x Phi(x)."""
        output = F.gelu(x)
        self.keep(x)
        return output

    def backward(self, grad_output):
        """Return g * (Phi(x) + x phi(x))."""
        return F.gelu_vjp(grad_output, self.kept())


class Tanh(Module):
    """The hyperbolic tangent t, which keeps its output: t' = 1 - t^2.

    Source: `lmbook.functional.tanh`, `torch.nn.Tanh`.

    >>> layer = Tanh()
    >>> layer([0.0]), layer.backward([4.0])
    (array([0.]), array([4.]))
    """

    def forward(self, x):
        """Return tanh(x)."""
        output = F.tanh(x)
        self.keep(output)
        return output

    def backward(self, grad_output):
        """Return g * (1 - t^2)."""
        return F.tanh_vjp(grad_output, self.kept())


class Sigmoid(Module):
    """1 / (1 + exp(-x)) = s, which keeps its output: s' = s (1 - s).

    Source: `lmbook.functional.sigmoid`, `torch.nn.Sigmoid`.

    >>> layer = Sigmoid()
    >>> layer([0.0]), layer.backward([4.0])
    (array([0.5]), array([1.]))
    """

    def forward(self, x):
        """Return 1 / (1 + exp(-x))."""
        output = F.sigmoid(x)
        self.keep(output)
        return output

    def backward(self, grad_output):
        """Return g * s * (1 - s)."""
        return F.sigmoid_vjp(grad_output, self.kept())


class Softmax(Module):
    """exp(x_k) / sum of exp(x_j) along an axis.

    For a loss, give the logits to `CrossEntropyLoss` instead: it needs
    the logarithm, which must not be taken of a rounded 0.

    Source: `lmbook.functional.softmax`, `torch.nn.Softmax`, where the
    axis is called `dim`.

    >>> layer = Softmax()
    >>> layer([0.0, 0.0]), layer.backward([1.0, 0.0])
    (array([0.5, 0.5]), array([ 0.25, -0.25]))
    """

    def __init__(self, axis=-1):
        self.axis = axis

    def forward(self, x):
        """Return the softmax along the axis."""
        output = F.softmax(x, self.axis)
        self.keep(output)
        return output

    def backward(self, grad_output):
        """Return s * (g - sum of g * s)."""
        return F.softmax_vjp(grad_output, self.kept(), self.axis)
