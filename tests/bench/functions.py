"""The functions of `lmbook.functional` beside PyTorch."""

import numpy as np
import torch
from timing import medians, row
from torch.nn import functional as library

from lmbook import functional as book

SHAPES = [(32, 10), (256, 1000), (64, 30000)]


def tasks(shape, rng):
    """Pairs of calls that compute the same: name, book, PyTorch."""
    logits = rng.normal(size=shape)
    targets = rng.integers(shape[1], size=shape[0])
    scores, classes = torch.tensor(logits), torch.tensor(targets)
    leaf = scores.clone().requires_grad_()

    def backward():
        loss = library.cross_entropy(leaf, classes)
        return torch.autograd.grad(loss, leaf)[0]

    return [
        ("softmax", lambda: book.softmax(logits),
         lambda: torch.softmax(scores, -1)),
        ("logsumexp", lambda: book.logsumexp(logits),
         lambda: torch.logsumexp(scores, -1)),
        ("cross_entropy", lambda: book.cross_entropy(logits, targets),
         lambda: library.cross_entropy(scores, classes)),
        ("cross_entropy, gradient",
         lambda: book.cross_entropy_vjp(1.0, logits, targets), backward),
    ]


def measure():
    """One row for each function and shape."""
    rows = []
    for shape in SHAPES:
        for name, ours, theirs in tasks(shape, np.random.default_rng(0)):
            np.testing.assert_allclose(
                ours(), theirs().numpy(), 1e-10, 1e-12)
            rows.append(row(name, "x".join(map(str, shape)), "torch",
                            *medians(ours, theirs)))
    return rows
