"""Training steps and optimisers beside PyTorch's: results equal, then time.

    python tests/bench/networks.py

Each task is a function and PyTorch's counterpart, both in float32 on one
thread.  What they compute is compared before either is timed; they then
run in turn, and the median over the rounds counts.
"""

import statistics
import time

import numpy as np
import torch
from torch.nn import functional as library

from lmbook import nn, optim

# name: examples in a batch, inputs, hidden units, classes
NETWORKS = {"tiny": (8, 4, 8, 3), "64-128-251": (64, 64, 128, 251),
            "784-256-10": (64, 784, 256, 10)}
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
GOALS = {"tiny": 0.9, "64-128-251": 0.9, "SGD": 0.75, "SGD, momentum": 0.75,
         "Adam": 0.9, "AdamW": 0.9}
ROUNDS, SECONDS = 25, 0.01


def step_task(shape, rng):
    """One step, forward, loss and backward: ours, PyTorch's, gradients."""
    batch, *widths = shape
    ours, theirs = twins(widths, rng)
    x = rng.normal(size=(batch, widths[0])).astype(np.float32)
    y = rng.integers(widths[-1], size=batch)
    inputs, classes = torch.tensor(x), torch.tensor(y)
    loss, parameters = nn.CrossEntropyLoss(), ours.parameters()

    def book():
        parameters.grad.fill(0)
        loss(ours(x), y)
        ours.backward(loss.backward())

    def reference():
        theirs.zero_grad()
        library.cross_entropy(theirs(inputs), classes).backward()

    def compare():
        book()
        reference()
        return parameters.grad, np.concatenate(
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
    """Yield (name, what, task) for every row of the table."""
    for name, shape in NETWORKS.items():
        yield f"step {name}", GOALS.get(name), step_task(shape, rng)
    for rule, (ours, theirs, options) in OPTIMISERS.items():
        for name, widths in WIDTHS.items():
            yield f"{rule} {name}", GOALS[rule], optimiser_task(
                widths, ours, theirs, options, rng)


def seconds(call, repeats):
    """Time of one call, averaged over `repeats`."""
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def measure():
    """One row for each task: median microseconds of both, and the ratio."""
    torch.set_num_threads(1)
    rows = []
    for name, goal, (book, reference, compare) in tasks(
            np.random.default_rng(0)):
        np.testing.assert_allclose(*compare(), rtol=1e-4, atol=1e-6)
        repeats = max(1, int(SECONDS / seconds(reference, 3)))
        rounds = [(seconds(book, repeats), seconds(reference, repeats))
                  for _ in range(ROUNDS)]
        mine, theirs = (statistics.median(c) for c in zip(*rounds))
        rows.append({"function": name, "book_us": round(1e6 * mine, 1),
                     "torch_us": round(1e6 * theirs, 1),
                     "ratio": round(mine / theirs, 2), "goal": goal})
    return rows


def table(rows):
    """The rows as lines of text."""
    yield f"{'function':28}{'book µs':>10}{'torch µs':>10}{'ratio':>8}  goal"
    for row in rows:
        yield (f"{row['function']:28}{row['book_us']:10}"
               f"{row['torch_us']:10}{row['ratio']:8}  {row['goal'] or ''}")


if __name__ == "__main__":
    print("\n".join(table(measure())))
