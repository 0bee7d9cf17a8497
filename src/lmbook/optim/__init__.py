"""Optimisers: how a gradient becomes a step, for one long vector.

All of them are PyTorch's, with its names, defaults and order of
operations.  Left out: amsgrad, sparse gradients, several groups of
parameters, and closures.
"""

from .adaptive import AdaGrad, Adam, AdamW, RMSProp
from .base import Optimizer
from .sgd import SGD

__all__ = ["AdaGrad", "Adam", "AdamW", "Optimizer", "RMSProp", "SGD"]
