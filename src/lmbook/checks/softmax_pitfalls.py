"""The checks of two mistakes around cross-entropy, L1 and L8."""

import numpy as np

from ..functional import cross_entropy_vjp
from .registry import ask, exercise, expect


@exercise("L1", "the bias keeps its shape when it learns from a batch")
def l1(bias_step):
    """Check (b, logits, labels, lr) -> the bias after one step."""
    rng = np.random.default_rng(0)
    for n, c in ((1, 2), (4, 3), (3, 3)):
        b, logits = rng.normal(size=c), rng.normal(size=(n, c))
        labels, lr = rng.integers(c, size=n), 0.5
        dz = cross_entropy_vjp(1.0, logits, labels)         # (N, c)
        expect(ask(bias_step, b, logits, labels, lr), b - lr * dz.sum(0),
               f"the bias for a batch of {n}", {
                   "each example now has a bias of its own: sum over the"
                   " batch": b - lr * dz,
                   "descend: subtract the gradient": b + lr * dz.sum(0),
                   "divide by the number of examples once":
                       b - lr * n * dz.sum(0),
                   "the mean over the batch is already in the loss":
                       b - lr * dz.mean(0),
                   "this is the gradient, not the new bias": dz.sum(0)})


@exercise("L8", "a loss in any base, turned into nats")
def l8(to_nats):
    """Check (loss, base) -> the same loss with the natural logarithm."""
    for loss, base in ((2.0, 10), (1.0, 2), (3.5, np.e), (0.0, 10)):
        expect(ask(to_nats, loss, base), loss * np.log(base),
               f"a loss of {loss:g} to base {base:.4g}", {
                   "multiply by the logarithm of the base, do not divide":
                       loss / np.log(base),
                   "this is unchanged: the base matters": loss,
                   "this is 1 / p, not its natural logarithm":
                       base ** loss})
