"""Losses: `forward(outputs, targets)`, then `backward()`."""

import numpy as np

from .. import functional as F
from ..functional.arguments import as_logits
from .module import Module


class CrossEntropyLoss(Module):
    """The mean of -log softmax(logits)[target], in nats.

    Forward and backward share one exp: it keeps the softmax, and the
    gradient is the softmax less 1 at the target, over N.

    Shapes: `logits` (N, K), `targets` (N,) whole numbers in 0 .. K-1.
    Errors: `ValueError` as `lmbook.functional.cross_entropy`, which also
    takes soft targets; NaN in the logits is found here.
    Source: `torch.nn.CrossEntropyLoss` with classes as targets.

    >>> loss = CrossEntropyLoss()
    >>> loss([[0.0, 0.0]], [1]).round(4)
    np.float64(0.6931)
    >>> loss.backward()
    array([[ 0.5, -0.5]])
    """

    def forward(self, logits, targets):
        """Return the mean loss of a batch."""
        logits = as_logits(logits, name="logits")
        targets = _classes(targets, logits)
        z = logits - logits.max(-1, keepdims=True)          # (N, K), <= 0
        at = np.arange(len(z)), targets
        own = z[at]                                         # (N,)
        p = np.exp(z, out=z)
        total = p.sum(-1)                                   # (N,)
        p /= total[:, None]
        self.keep(p, at)
        return (np.log(total) - own).mean()

    def backward(self):
        """Return (softmax - target) / N, the gradient for the logits."""
        grad, at = self.kept()
        grad[at] -= 1
        grad /= len(grad)
        return grad

    def __call__(self, logits, targets):
        """Return `forward(logits, targets)`."""
        return self.forward(logits, targets)


class Loss(Module):
    """Any loss of `lmbook.functional`, from the function and its vjp.

    Shapes and errors: those of the two functions.

    >>> loss = Loss(F.binary_cross_entropy_with_logits,
    ...             F.binary_cross_entropy_with_logits_vjp)
    >>> loss([0.0], [1]).round(4), loss.backward()
    (np.float64(0.6931), array([-0.5]))
    """

    def __init__(self, function, vjp):
        self.function, self.vjp = function, vjp

    def forward(self, outputs, targets):
        """Return the loss of a batch."""
        self.keep(outputs, targets)
        return self.function(outputs, targets)

    def backward(self):
        """Return the gradient with respect to the outputs."""
        return self.vjp(1.0, *self.kept())

    def __call__(self, outputs, targets):
        """Return `forward(outputs, targets)`."""
        return self.forward(outputs, targets)


def _classes(targets, logits):
    """Return targets as an array of classes, or say why they are none."""
    targets = np.asarray(targets)
    if logits.ndim != 2 or targets.shape != logits.shape[:1] or (
            targets.dtype.kind not in "iu") or not targets.size:
        raise ValueError(
            f"targets ({targets.dtype}) have shape {targets.shape}, logits"
            f" {logits.shape}: expected classes (N,) and (N, K), N >= 1")
    wrong = targets[(targets < 0) | (targets >= logits.shape[1])]
    if wrong.size:
        raise ValueError(f"target {wrong[0]} is not a class: expected"
                         f" 0 .. {logits.shape[1] - 1}")
    return targets
