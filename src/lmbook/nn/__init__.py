"""Layers with a forward and a backward pass, both written by hand.

`forward(x)` computes the output and keeps what the way back needs.
`backward(grad_output)` takes the gradient of the loss with respect to
that output, adds to the gradient of every parameter, and returns the
gradient with respect to `x`.  Names and meanings are PyTorch's.
"""

from .activations import (
    GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh)
from .checking import check_dropout, check_module
from .containers import Residual, Sequential
from .initialisation import initialise, kaiming_normal, xavier_normal
from .layers import Dropout, LayerNorm, Linear
from .losses import CrossEntropyLoss, Loss
from .module import Module
from .parameters import Parameter, Parameters
from .signal import backward_spread, forward_spread

__all__ = [
    "CrossEntropyLoss", "Dropout", "GELU", "LayerNorm", "LeakyReLU",
    "Linear", "Loss", "Module", "Parameter", "Parameters", "ReLU",
    "Residual", "Sequential", "Sigmoid", "Softmax", "Tanh",
    "backward_spread", "check_dropout", "check_module", "forward_spread",
    "initialise", "kaiming_normal", "xavier_normal",
]
