"""Time training steps on the tapes: forward, backward, gradient descent.

Two networks: the one of micrograd's demonstration (two moons, hinge loss)
and a next-word model (64-128-251, cross-entropy).  Before anything is timed
both sides take three steps from the same start and must agree.
"""

import sys

import numpy as np
import torch
from micrograd_design import Node
from timing import medians, row

from lmbook.autodiff import Tensor, Value, log_softmax, relu

RATE = 0.01


def parameters(sizes, rng):
    """Weights and biases of a network, float32."""
    shapes = list(zip(sizes[1:], sizes))
    return [p for shape in shapes for p in (
        rng.uniform(-1, 1, shape).astype(np.float32) / shape[1] ** 0.5,
        np.zeros(shape[0], np.float32))]


def logits(p, x, relu):
    """Output of the network; one code for tensors of both sides."""
    for weight, bias in zip(p[:-2:2], p[1:-2:2]):
        x = relu(x @ weight.T + bias)
    return x @ p[-2].T + p[-1]


def tape_step(p, loss):
    """One step of gradient descent on our tape."""
    loss(p, relu).backward()
    for w in p:
        w.data = w.data - RATE * w.grad
        w.grad = None


def torch_step(p, loss):
    """The same step in PyTorch, without an optimiser object."""
    loss(p, torch.relu).backward()
    with torch.no_grad():
        for w in p:
            w -= RATE * w.grad
            w.grad = None


def scalar_step(kind, p, rows, labels):
    """The same hinge-loss step on a scalar tape, a number at a time."""
    loss = kind(0.0)
    for x, y in zip(rows, labels):
        for layer in range(0, len(p), 2):
            x = [sum((w * a for w, a in zip(weights, x)), bias)
                 for weights, bias in zip(p[layer], p[layer + 1])]
            if layer < len(p) - 2:
                x = [a.relu() for a in x]
        loss = loss + (1 - y * x[0]).relu()
    (loss * (1 / len(rows))).backward()
    for w in flat(p):
        w.data -= RATE * w.grad
        w.grad = 0.0


def flat(p):
    """The numbers of nested lists, one after the other."""
    for x in p:
        yield from flat(x) if isinstance(x, list) else [x]


def boxed(x, kind):
    """Nested lists of nodes from nested lists of numbers."""
    return [boxed(a, kind) for a in x] if isinstance(x, list) else kind(x)


def agree(ours, theirs):
    """Two lists of parameters must hold the same numbers."""
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def start(rng, sizes, ours, theirs):
    """Both sides' steps, after three of them that agreed."""
    first = parameters(sizes, rng)
    mine = [Tensor(p) for p in first]
    other = [torch.tensor(p, requires_grad=True) for p in first]
    for _ in range(3):
        tape_step(mine, ours)
        torch_step(other, theirs)
    agree([p.data for p in mine], [p.detach().numpy() for p in other])
    return (lambda: tape_step(mine, ours)), (lambda: torch_step(other, theirs))


def moons(rng, count=100):
    """Points in two classes, -1 and 1."""
    x = rng.uniform(-1, 1, (count, 2)).astype(np.float32)
    return x, np.where(x[:, :1] * x[:, 1:] > 0, 1, -1).astype(np.float32)


def against_torch():
    """The array tape beside PyTorch, on both networks."""
    rng = np.random.default_rng(0)
    x, y = moons(rng)
    xt, yt = torch.tensor(x), torch.tensor(y)
    steps = start(
        rng, [2, 16, 16, 1],
        lambda p, relu: relu(1 - y * logits(p, x, relu)).mean(),
        lambda p, relu: relu(1 - yt * logits(p, xt, relu)).mean())
    yield row("array tape, step", "2-16-16-1", "torch", *medians(*steps),
              goal=1.1)
    words = rng.normal(size=(32, 64)).astype(np.float32)
    targets, lines = rng.integers(251, size=32), np.arange(32)
    xw, tw = torch.tensor(words), torch.tensor(targets)
    steps = start(
        rng, [64, 128, 251], lambda p, relu: -log_softmax(
            logits(p, words, relu))[lines, targets].mean(),
        lambda p, relu: torch.nn.functional.cross_entropy(
            logits(p, xw, relu), tw))
    yield row("array tape, step", "64-128-251", "torch", *medians(*steps))


def against_scalars():
    """Both tapes beside the plain scalar design, on the small network."""
    sys.setrecursionlimit(100_000)
    rng = np.random.default_rng(1)
    x, y = moons(rng)
    first = parameters([2, 16, 16, 1], rng)
    sides = {kind: boxed([p.tolist() for p in first], kind)
             for kind in (Value, Node)}
    arrays = [Tensor(p) for p in first]

    def scalar(kind):
        scalar_step(kind, sides[kind], x.tolist(), y[:, 0].tolist())

    def array():
        tape_step(arrays, lambda p, relu: relu(
            1 - y * logits(p, x, relu)).mean())

    for step in (array, lambda: scalar(Value), lambda: scalar(Node)):
        step()
    values, nodes = ([p.data for p in flat(sides[kind])]
                     for kind in (Value, Node))
    np.testing.assert_allclose(values, nodes, rtol=1e-10, atol=1e-12)
    agree([np.concatenate([p.data.ravel() for p in arrays])], [nodes])
    tape, value, node = medians(
        array, lambda: scalar(Value), lambda: scalar(Node), rounds=5)
    yield row("array tape, step", "2-16-16-1", "micrograd design", tape, node,
              goal=round(1 / 4000, 5))
    yield row("Value, step", "2-16-16-1", "micrograd design", value, node,
              goal=1)


def measure():
    """All rows of the tapes."""
    return [*against_torch(), *against_scalars()]
