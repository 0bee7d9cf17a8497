"""Training: minibatches, the loop, and when to stop."""

import dataclasses
import math
import sys

import numpy as np

from .nn import CrossEntropyLoss


@dataclasses.dataclass
class History:
    """What each epoch brought: mean losses, in the units of the loss.

    Shapes: `train` and `validation` one number for each epoch, the
    second empty without validation data; `best` counts from 0 and is the
    epoch of the lowest validation loss, or the last epoch.
    """

    train: list = dataclasses.field(default_factory=list)
    validation: list = dataclasses.field(default_factory=list)

    @property
    def best(self):
        """The epoch whose weights the model has after `fit`."""
        if not self.validation:
            return len(self.train) - 1
        return int(np.argmin(self.validation))


def minibatches(n, batch_size, rng):
    """Yield the numbers 0 .. n-1 in random order, a few at a time.

    Shapes: arrays of shape (batch_size,), the last one shorter if
    `batch_size` does not divide `n`; every number comes exactly once.
    Errors: `ValueError` for sizes that are not whole numbers above 0.
    Source: `torch.utils.data.DataLoader` with `shuffle=True`.

    >>> batches = list(minibatches(5, 2, np.random.default_rng(0)))
    >>> [len(batch) for batch in batches]
    [2, 2, 1]
    >>> sorted(np.concatenate(batches).tolist())
    [0, 1, 2, 3, 4]
    """
    for name, size in (("n", n), ("batch_size", batch_size)):
        if size != int(size) or size < 1:
            raise ValueError(f"{name} must be a whole number above 0,"
                             f" got {size}")
    order = rng.permutation(n)
    return (order[start:start + batch_size]
            for start in range(0, n, batch_size))


def evaluate(model, inputs, targets, loss=None, batch_size=1024):
    """Return the mean loss over all examples, in evaluation mode.

    Every example weighs the same, also in a last batch that is shorter.
    The mode of the model is what it was before.

    Shapes: `inputs` (N, ...), `targets` (N, ...).
    Errors: `ValueError` if their lengths differ, or N is 0.

    >>> from lmbook.nn import Sequential
    >>> round(evaluate(Sequential(), np.zeros((3, 2)), [0, 1, 1]), 4)
    0.6931
    """
    inputs, targets = _pairs(inputs, targets)
    loss, total = loss or CrossEntropyLoss(), 0.0
    with model.evaluating():
        for start in range(0, len(inputs), batch_size):
            some = slice(start, start + batch_size)
            total += len(inputs[some]) * float(
                loss(model(inputs[some]), targets[some]))
    return total / len(inputs)


def fit(model, optimizer, inputs, targets, *, epochs, batch_size, rng,
        loss=None, validation=None, patience=None, progress=True):
    """Train a model and return its `History`.

    With `validation=(inputs, targets)` the model ends with the weights
    of its best epoch; with `patience` as well, training stops after that
    many epochs without a lower validation loss.  The validation data
    stay the same throughout: fresh noise in them would make the lowest
    loss a matter of luck.

    Shapes: `inputs` (N, ...), `targets` (N, ...); `loss` is called as
    loss(outputs, targets) and then `loss.backward()`, cross-entropy if
    None.
    Errors: `ValueError` for lengths that differ, patience without
    validation, `epochs` below 1, and a loss that is not finite.

    >>> from lmbook import nn, optim
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(200, 2))
    >>> model = nn.Sequential(nn.Linear(2, 2, rng=rng))
    >>> sgd = optim.SGD(model.parameters(), lr=0.5)
    >>> history = fit(model, sgd, x, (x[:, 0] > x[:, 1]).astype(int),
    ...               epochs=10, batch_size=20, rng=rng)
    >>> len(history.train), history.train[-1] < 0.2 < history.train[0]
    (10, True)
    """
    inputs, targets = _pairs(inputs, targets)
    if patience is not None and (validation is None or patience < 1):
        raise ValueError("patience needs validation data and at least 1"
                         f" epoch, got patience {patience}")
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    loss, history = loss or CrossEntropyLoss(), History()
    best = optimizer.parameters.data.copy()
    for epoch in range(epochs):
        batches = minibatches(len(inputs), batch_size, rng)
        history.train.append(_epoch(
            model, optimizer, loss, inputs, targets, batches))
        if validation is not None:
            history.validation.append(evaluate(model, *validation, loss))
            if history.best == epoch:
                best[:] = optimizer.parameters.data
        stop = patience is not None and epoch - history.best >= patience
        if progress:
            _report(history, epochs, stop or epoch + 1 == epochs)
        if stop:
            break
    if validation is not None:
        optimizer.parameters.data[:] = best
    return history


def _epoch(model, optimizer, loss, inputs, targets, batches):
    """Take one step for each batch; return the mean loss of examples."""
    model.train()
    total = 0.0
    for batch in batches:
        optimizer.zero_grad()
        value = float(loss(model(inputs[batch]), targets[batch]))
        if not math.isfinite(value):
            raise ValueError(f"the loss became {value}: try a smaller"
                             f" learning rate than {optimizer.lr}")
        model.backward(loss.backward())
        optimizer.step()
        total += len(batch) * value
    return total / len(inputs)


def _pairs(inputs, targets):
    """Return inputs and targets as arrays of one length, at least 1."""
    inputs, targets = np.asarray(inputs), np.asarray(targets)
    if not 0 < len(inputs) == len(targets):
        raise ValueError(f"{len(inputs)} inputs and {len(targets)} targets:"
                         " expected as many, and at least one")
    return inputs, targets


def _report(history, epochs, last):
    """Rewrite one line on a terminal; write nothing to anything else."""
    if not sys.stderr.isatty():
        return
    done = len(history.train)
    bar = "#" * (20 * done // epochs)
    losses = f"train {history.train[-1]:.4f}"
    if history.validation:
        losses += f"  validation {history.validation[-1]:.4f}"
    sys.stderr.write(f"\r[{bar:20}] {done}/{epochs}  {losses}")
    sys.stderr.write("\n" if last else "")
    sys.stderr.flush()
