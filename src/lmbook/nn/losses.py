"""Losses: `forward(outputs, targets)`, then `backward()`."""

import numpy as np

from .. import functional as F
from .module import Module


class CrossEntropyLoss(Module):
    """The mean of -log softmax(logits)[target], in nats.

    It keeps the log-probabilities, so that backward takes one exp: the
    softmax, less 1 at the target, over N.

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
        log_p = F.log_softmax(logits)                       # (N, K)
        targets = np.asarray(targets)
        if log_p.ndim != 2 or targets.shape != log_p.shape[:1] or (
                targets.dtype.kind not in "iu"):
            raise ValueError(
                f"targets ({targets.dtype}) have shape {targets.shape},"
                f" logits {log_p.shape}: expected classes (N,), (N, K)")
        if targets.min() < 0 or targets.max() >= log_p.shape[1]:
            raise ValueError("targets must lie in 0 .."
                             f" {log_p.shape[1] - 1}, got"
                             f" {targets.min()} .. {targets.max()}")
        at = np.arange(len(targets)), targets
        self.keep(log_p, at)
        return -log_p[at].mean()

    def backward(self):
        """Return (softmax - target) / N, the gradient for the logits."""
        log_p, at = self.kept()
        grad = np.exp(log_p)                                # (N, K)
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
