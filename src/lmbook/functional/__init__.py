"""The formulas of the book in NumPy, each function beside its vjp.

Two habits hold for every function.  `f` never changes its arguments and
keeps their floating type.  `f_vjp(grad_output, ...)` takes the gradient of
the loss with respect to the output of `f`, then what the forward pass has
to keep, and returns the gradient with respect to the input of `f`.
"""

from .activations import (
    gelu, gelu_vjp, leaky_relu, leaky_relu_vjp, log_sigmoid,
    log_sigmoid_vjp, relu, relu_vjp, sigmoid, sigmoid_vjp, tanh, tanh_vjp)
from .layers import linear, linear_vjp
from .losses import (
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_vjp,
    cross_entropy, cross_entropy_vjp, perplexity, perplexity_vjp)
from .normalisation import layer_norm, layer_norm_vjp
from .probabilities import (
    log_softmax, log_softmax_vjp, logsumexp, logsumexp_vjp, softmax,
    softmax_vjp)

__all__ = [
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_vjp",
    "cross_entropy", "cross_entropy_vjp", "gelu", "gelu_vjp",
    "layer_norm", "layer_norm_vjp", "leaky_relu", "leaky_relu_vjp",
    "linear", "linear_vjp", "log_sigmoid", "log_sigmoid_vjp",
    "log_softmax", "log_softmax_vjp", "logsumexp", "logsumexp_vjp",
    "perplexity", "perplexity_vjp", "relu", "relu_vjp", "sigmoid",
    "sigmoid_vjp", "softmax", "softmax_vjp", "tanh", "tanh_vjp",
]
