"""Training and measuring the fixed-window language model.

Randomness (order of the minibatches, dropout) comes from PyTorch's own
generator: call `torch.manual_seed` first.
"""

import copy
import math

import numpy as np
import torch
from torch.nn import functional as F

from lmbook.models.fixed_window_torch import EOS
from lmbook.models.images_torch import evaluating


def token_log_probabilities(model, contexts, targets, batch_size=1024):
    """Return the log-probability of each target, in evaluation mode.

    Shapes: contexts (N, w), targets (N,); a NumPy array (N,) of nats.
    Errors: `ValueError` if the lengths differ, or N is 0.

    >>> from lmbook.models.fixed_window_torch import FixedWindowLM
    >>> model = FixedWindowLM(4, 1, 2, 3)
    >>> token_log_probabilities(model, [[1], [2]], [0, 3]).shape
    (2,)
    """
    contexts, targets = _pairs(contexts, targets)
    with evaluating(model):
        found = [model(some).gather(1, wanted[:, None])[:, 0]
                 for some, wanted in zip(contexts.split(batch_size),
                                         targets.split(batch_size))]
    return torch.cat(found).double().numpy()


def mean_loss(model, contexts, targets, batch_size=1024):
    """Return the mean loss over all tokens, in nats, without dropout.

    Every token weighs the same, whatever the batches.

    Shapes: contexts (N, w), targets (N,).

    >>> from lmbook.models.fixed_window_torch import FixedWindowLM
    >>> model = FixedWindowLM(4, 1, 2, 3)
    >>> _ = model.output.weight.data.zero_()        # all words alike
    >>> round(mean_loss(model, [[1], [2]], [0, 3]), 4)
    1.3863
    """
    return -token_log_probabilities(
        model, contexts, targets, batch_size).mean().item()


def perplexity(model, contexts, targets):
    """Return exp(mean loss over all tokens).

    It is not the mean of the perplexities of batches.

    Shapes: contexts (N, w), targets (N,).

    >>> from lmbook.models.fixed_window_torch import FixedWindowLM
    >>> model = FixedWindowLM(4, 1, 2, 3)
    >>> _ = model.output.weight.data.zero_()        # all words alike
    >>> round(perplexity(model, [[1], [2]], [0, 3]), 4)
    4.0
    """
    return math.exp(mean_loss(model, contexts, targets))


def mean_by_sentence(values, targets, eos=EOS):
    """Return the mean over tokens, and its standard error by sentences.

    Tokens of one sentence are not independent, sentences nearly are: the
    error is that of a ratio, sum of the values over number of tokens.

    Shapes: values (N,), targets (N,): each sentence ends with `</s>`.

    >>> mean, error = mean_by_sentence(np.array([1.0, 3.0, 2.0]),
    ...                                np.array([5, 2, 2]))
    >>> float(mean), float(error)
    (2.0, 0.0)
    """
    values, targets = np.asarray(values), np.asarray(targets)
    sentence = np.cumsum(np.append(0, targets[:-1] == eos))
    sums = np.bincount(sentence, values - values.mean())
    return values.mean(), np.sqrt((sums ** 2).sum()) / len(values)


def train_epoch(model, optimizer, contexts, targets, batch_size=64):
    """Visit every window once, in random minibatches; return the loss.

    The loss is the mean over all tokens, each measured with dropout just
    before the step that its minibatch takes, in nats.

    Shapes: contexts (N, w), targets (N,).

    >>> from lmbook.models.fixed_window_torch import FixedWindowLM
    >>> model = FixedWindowLM(4, 1, 2, 3)
    >>> adam = torch.optim.Adam(model.parameters())
    >>> train_epoch(model, adam, [[1], [2], [3]], [2, 3, 0]) > 0
    True
    """
    contexts, targets = _pairs(contexts, targets)
    model.train()
    total = 0.0
    for batch in torch.randperm(len(targets)).split(batch_size):
        optimizer.zero_grad()
        loss = F.nll_loss(model(contexts[batch]), targets[batch])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return total / len(targets)


def fit(model, optimizer, train, dev, *, epochs, batch_size=64,
        patience=None):
    """Train; return the mean losses on train and dev of each epoch.

    The first is that of `train_epoch`, the second that of `mean_loss`.
    The model ends with the weights of the epoch with the lowest loss on
    dev; with `patience`, training stops after so many epochs without a
    lower one. `train` and `dev` are pairs (contexts, targets).

    Shapes: as `train_epoch`; a list of pairs of losses.
    Errors: `ValueError` for epochs or patience below 1, and if the loss
    is no longer a number.

    >>> from lmbook.models.fixed_window_torch import FixedWindowLM
    >>> model = FixedWindowLM(4, 1, 2, 3)
    >>> adam = torch.optim.Adam(model.parameters())
    >>> data = [[1], [2], [3]], [2, 3, 0]
    >>> len(fit(model, adam, data, data, epochs=2))
    2
    """
    for name, value in (("epochs", epochs), ("patience", patience)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    losses, best = [], 0
    for epoch in range(epochs):
        loss = train_epoch(model, optimizer, *train, batch_size)
        losses.append((loss, mean_loss(model, *dev)))
        if not all(map(math.isfinite, losses[-1])):
            raise ValueError(f"the losses became {losses[-1]} in epoch "
                             f"{epoch}: try a smaller learning rate")
        if epoch == 0 or losses[epoch][1] < losses[best][1]:
            best, weights = epoch, copy.deepcopy(model.state_dict())
        if patience is not None and epoch - best >= patience:
            break
    model.load_state_dict(weights)
    return losses


def _pairs(contexts, targets):
    """Return both as tensors of one length, at least 1."""
    contexts, targets = (torch.as_tensor(np.asarray(ids))
                         for ids in (contexts, targets))
    if not 0 < len(contexts) == len(targets):
        raise ValueError(f"{len(contexts)} contexts and {len(targets)} "
                         "targets: expected as many, and at least one")
    return contexts, targets
