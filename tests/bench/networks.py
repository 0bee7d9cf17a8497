"""Training steps and optimisers beside PyTorch's, in float32.

Gradients are forward, loss and backward of linear-ReLU-linear, softmax
and cross-entropy; the optimisers change one vector, PyTorch's a list of
tensors (foreach).  Goals, as ratios: gradients 0.9 up to 251 wide, SGD
0.75, Adam 0.9.  The lead is overhead and shrinks as networks grow.
"""

import numpy as np
import torch
from timing import medians, row
from torch.nn import functional as library

from lmbook import nn, optim

# name: examples in a batch, inputs, hidden units, classes
NETWORKS = {"tiny": (8, 4, 8, 3), "64-128-251": (64, 64, 128, 251),
            "784-256-10": (64, 784, 256, 10)}
# the ratios to reach
GOALS = {("gradients and SGD", "tiny"): 0.9,
         ("gradients and SGD", "64-128-251"): 0.9,
         **{("SGD", widths): 0.75 for widths in (
             "tiny", "64-128-251", "784-256-10", "8 x 256")},
         **{("Adam", widths): 0.9 for widths in (
             "tiny", "64-128-251", "784-256-10", "8 x 256")}}
# the widths whose parameters an optimiser changes
WIDTHS = {"tiny": (4, 8, 3), "64-128-251": (64, 128, 251),
          "784-256-10": (784, 256, 10), "8 x 256": (256,) * 9}
OPTIMISERS = {
    "SGD": (optim.SGD, torch.optim.SGD, {"lr": 1e-3}),
    "SGD, momentum": (optim.SGD, torch.optim.SGD,
                      {"lr": 1e-3, "momentum": 0.9}),
    "Adam": (optim.Adam, torch.optim.Adam, {"lr": 1e-3}),
    "AdamW": (optim.AdamW, torch.optim.AdamW, {"lr": 1e-3}),
}


def step_task(shape, rng, lr=None):
    """All gradients of one batch, and with `lr` a step of SGD along them."""
    batch, *widths = shape
    ours, theirs = twins(widths, rng)
    x = rng.normal(size=(batch, widths[0])).astype(np.float32)
    y = rng.integers(widths[-1], size=batch)
    inputs, classes = torch.tensor(x), torch.tensor(y)
    loss, sgd = nn.CrossEntropyLoss(), optim.SGD(ours.parameters(), lr=lr or 0)
    peer = torch.optim.SGD(theirs.parameters(), lr=lr or 0)

    def book():
        sgd.zero_grad()
        loss(ours(x), y)
        ours.backward(loss.backward())
        if lr:
            sgd.step()

    def reference():
        peer.zero_grad()
        library.cross_entropy(theirs(inputs), classes).backward()
        if lr:
            peer.step()

    def compare():
        book()
        reference()
        return sgd.parameters.grad, np.concatenate(
            [p.grad.numpy().ravel() for p in theirs.parameters()])

    return book, reference, compare


def optimiser_task(widths, ours, theirs, options, rng):
    """One step of an optimiser: ours, PyTorch's, parameters after it."""
    mine, reference = twins(widths, rng)
    parameters = mine.parameters()
    parameters.grad[:] = rng.normal(size=parameters.grad.size)
    for p, q in zip(parameters, reference.parameters()):
        q.grad = torch.tensor(p.grad)
    a = ours(parameters, **options)
    b = theirs(reference.parameters(), foreach=True, **options)

    def compare():
        a.step()
        b.step()
        return parameters.data, np.concatenate(
            [p.detach().numpy().ravel() for p in reference.parameters()])

    return a.step, b.step, compare


def twins(widths, rng):
    """Two networks of linear layers and ReLU with the same weights."""
    ours, theirs = [], []
    for inputs, outputs in zip(widths, widths[1:]):
        ours += [nn.Linear(inputs, outputs, rng=rng, dtype=np.float32,
                           input_grad=bool(ours)), nn.ReLU()]
        theirs += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    ours, theirs = nn.Sequential(*ours[:-1]), torch.nn.Sequential(*theirs[:-1])
    theirs.load_state_dict({name: torch.tensor(array) for name, array
                            in ours.state_dict().items()})
    return ours, theirs


def tasks(rng):
    """Yield (function, shape, task) for every row of the table."""
    for name, shape in NETWORKS.items():
        yield "gradients", name, step_task(shape, rng)
        yield "gradients and SGD", name, step_task(shape, rng, lr=1e-3)
    for rule, (ours, theirs, options) in OPTIMISERS.items():
        for name, widths in WIDTHS.items():
            yield rule, name, optimiser_task(
                widths, ours, theirs, options, rng)


def measure():
    """One row for each task; both sides are compared before the clock."""
    rows = []
    for name, shape, (book, reference, compare) in tasks(
            np.random.default_rng(0)):
        np.testing.assert_allclose(*compare(), rtol=1e-4, atol=1e-6)
        peer = "torch foreach" if name in OPTIMISERS else "torch autograd"
        goal = {"goal": GOALS[name, shape]} if (name, shape) in GOALS else {}
        rows.append(row(name, shape, peer, *medians(book, reference),
                        **goal))
    return rows
