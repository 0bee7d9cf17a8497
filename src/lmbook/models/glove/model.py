"""The parameters of GloVe, and how they are trained."""

import math

import numpy as np

from ...nn import Parameter, Parameters
from ...optim import Adam


class GloVe:
    """Two vectors and two biases for each word, or one of each.

    Parameters: W and U (V, D), b and t (V,), 2 V (D + 1) numbers.  With
    `symmetric=True` U is W and t is b, V (D + 1) numbers: the score of
    words i and j is then that of j and i.

    They start uniform between -0.5 / D and 0.5 / D, biases too, as in the
    program of the paper.
    Errors: `ValueError` for a size below 1.
    Source: Pennington, Socher and Manning (2014).

    >>> model = GloVe(251, 10, rng=np.random.default_rng(0))
    >>> model.parameters().data.size            # 2 * 251 * 11
    5522
    >>> model.scores().shape
    (251, 251)
    """

    def __init__(self, vocab_size, embedding_dim, *, symmetric=False, rng,
                 dtype=np.float64):
        for name, size in (("vocab_size", vocab_size),
                           ("embedding_dim", embedding_dim)):
            if size != int(size) or size < 1:
                raise ValueError(f"{name} must be a whole number above 0,"
                                 f" got {size}")
        shapes = [(vocab_size, embedding_dim), (vocab_size,)]
        self.symmetric, half = symmetric, 0.5 / embedding_dim
        self._members = []
        for _ in range(1 if symmetric else 2):
            self._members += [
                Parameter(rng.uniform(-half, half, shape).astype(dtype))
                for shape in shapes]
        self._all = Parameters(self._members)

    def parameters(self):
        """Return all parameters, as one vector for an optimiser."""
        return self._all

    @property
    def blocks(self):
        """The arrays W, U, b, t; with one vector per word W, W, b, b."""
        W, b, U, t = (p.data for p in (*self._members, *self._members)[:4])
        return W, U, b, t

    @property
    def vectors(self):
        """One vector for each word, (V, D): W + U, or W alone.

        The paper adds the two (section 4.2).
        """
        W, U, _, _ = self.blocks
        return W.copy() if self.symmetric else W + U

    def scores(self):
        """Return the log counts that the model believes in, (V, V)."""
        W, U, b, t = self.blocks
        return W @ U.T + b[:, None] + t

    def loss(self, targets):
        """Return the sum of (weighted) squared errors."""
        return targets.loss(*self.blocks)

    def loss_and_grad(self, targets):
        """Return the loss and add its gradient to that of the parameters.

        With one vector per word, W is found in two places, and its
        gradient is the sum of both.
        """
        loss, dW, dU, db, dt = targets.gradients(*self.blocks)
        slots = (*self._members, *self._members)[:4]
        for parameter, gradient in zip(slots, (dW, db, dU, dt)):
            parameter.grad += gradient
        return loss


def fit(model, targets, *, epochs, lr=0.05, optimizer=None, validation=None):
    """Train on all pairs at once; return losses per pair after each epoch.

    An epoch is one step.  The optimiser is Adam unless another is given,
    made for `model.parameters()`.

    Shapes: the result is {"train": (epochs,), "validation": (epochs,)},
    the second empty without validation targets; the training loss is that
    before the step, the validation loss that after it.
    Errors: `ValueError` for epochs below 1, targets of another size than
    the model, and a loss that is not finite.

    >>> from lmbook.models.glove import DenseTargets
    >>> logs = np.log([[4.0, 2.0], [2.0, 1.0]])
    >>> model = GloVe(2, 1, rng=np.random.default_rng(0))
    >>> history = fit(model, DenseTargets(logs), epochs=300)
    >>> bool(history["train"][-1] < 1e-6)
    True
    """
    if epochs != int(epochs) or epochs < 1:
        raise ValueError(f"epochs must be a whole number above 0, got"
                         f" {epochs}")
    size = len(model.blocks[0])
    for given in (targets, validation or targets):
        if given.shape != (size, size):
            raise ValueError(f"targets have shape {given.shape}, expected"
                             f" {(size, size)}")
    optimizer = optimizer or Adam(model.parameters(), lr=lr)
    train, held_out = [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        train.append(model.loss_and_grad(targets) / targets.pairs)
        if not math.isfinite(train[-1]):
            raise ValueError(f"the loss became {train[-1]}: try a smaller"
                             f" learning rate than {optimizer.lr}")
        optimizer.step()
        if validation is not None:
            held_out.append(model.loss(validation) / validation.pairs)
    return {"train": np.array(train), "validation": np.array(held_out)}
