"""Derivatives by program: reverse mode on a tape, forward mode on duals."""

from .counting import counted, values
from .derivatives import (
    grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp)
from .dual import Dual
from .elementwise import exp, log, relu, sigmoid, sqrt, tanh, where
from .order import topological_order
from .probabilities import log_softmax, logsumexp, softmax
from .shapes import concatenate, stack
from .tensor import Tensor
from .value import Value

__all__ = [
    "Dual", "Tensor", "Value", "concatenate", "counted", "exp", "grad",
    "hessian", "hvp", "jacobian", "jvp", "log", "log_softmax", "logsumexp",
    "relu", "sigmoid", "softmax", "sqrt", "stack", "tanh",
    "topological_order", "value_and_grad", "values", "vjp", "where",
]
