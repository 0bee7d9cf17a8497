"""One training step of the masked-word model, three ways.

    python tests/bench/masked.py

writes `book/masked_steps.json` for the chapter on the model: steps per
second, and the losses of a longer training run in float32.

The naive form computes the scores of all four positions with one-hot
matrices in float64, and throws three quarters of them away; autograd
computes the same scores as the book and finds the gradients by itself.
"""

import json
import pathlib

import numpy as np
import timing
import torch

from lmbook import files
from lmbook.data.fourgrams import fourgrams
from lmbook.models.masked import MaskedModel, hide, hide_random
from lmbook.nn import CrossEntropyLoss
from lmbook.optim import SGD
from lmbook.training import History, evaluate, fit

BATCH, OPTIONS = 100, {"lr": 0.1, "momentum": 0.9}
EPOCHS = 60
FILE = pathlib.Path(__file__).parents[2] / "book" / "masked_steps.json"


def batch():
    """Return ids, targets and the number of words, from the docs."""
    data, rng = fourgrams("docs"), np.random.default_rng(0)
    windows = data.windows["train"]
    some = rng.choice(len(windows), BATCH, replace=False)
    return *hide_random(windows[some], rng=rng), len(data.words)


def naive_gradients(ids, targets, E, W, b, U, c):
    """Return the loss and five gradients of the form with 4V outputs."""
    (V, D), w, H = E.shape, len(U), len(W)
    one_hot = np.eye(V)[ids]                                # (N, w, V)
    mask = np.repeat(ids == 0, V, axis=1)                   # (N, w V)
    labels = np.tile(np.eye(V)[targets], w)                 # (N, w V)
    x = (one_hot.reshape(-1, V) @ E).reshape(len(ids), -1)
    s = 1 / (1 + np.exp(-(x @ W.T + b)))                    # (N, H)
    z = s @ U.reshape(-1, H).T + c.ravel()                  # (N, w V)
    z = z.reshape(-1, w, V)
    z = z - z.max(-1, keepdims=True)
    p = np.exp(z)
    p = (p / p.sum(-1, keepdims=True)).reshape(len(ids), -1)
    loss = -(mask * labels * np.log(p + 1e-300)).sum() / len(ids)
    dz = mask * (p - labels) / len(ids)                     # (N, w V)
    du = dz @ U.reshape(-1, H) * s * (1 - s)
    dx = (du @ W).reshape(-1, D)
    return loss, (one_hot.reshape(-1, V).T @ dx, du.T @ x, du.sum(0),
                  (dz.T @ s).reshape(U.shape), dz.sum(0).reshape(c.shape))


def naive_step(ids, targets, parameters, velocities):
    """Take one step with momentum; the lists change in place."""
    loss, gradients = naive_gradients(ids, targets, *parameters)
    for p, v, g in zip(parameters, velocities, gradients):
        v *= OPTIONS["momentum"]
        v += g
        p -= OPTIONS["lr"] * v
    return loss


def torch_loss(ids, targets, E, W, b, U, c):
    """Return the same loss as the book, for autograd."""
    s = torch.sigmoid(E[ids].reshape(len(ids), -1) @ W.T + b)
    rows = [torch.nonzero(column).ravel() for column in (ids == 0).T]
    z = torch.cat([s[some] @ U[p].T + c[p] for p, some in enumerate(rows)])
    return torch.nn.functional.cross_entropy(z, targets[torch.cat(rows)])


def book(ids, targets, size, dtype):
    """Return (model, step) of the book."""
    model = MaskedModel(size, rng=np.random.default_rng(0), dtype=dtype)
    loss, sgd = CrossEntropyLoss(), SGD(model.parameters(), **OPTIONS)

    def step():
        sgd.zero_grad()
        value = loss(model(ids), targets)
        model.backward(loss.backward())
        sgd.step()
        return value

    return model, step


def by_torch(ids, targets, parameters):
    """Return (parameters, step) of PyTorch, from the same start."""
    ids, targets = torch.tensor(ids), torch.tensor(targets)
    theirs = [torch.tensor(p, requires_grad=True) for p in parameters]
    sgd = torch.optim.SGD(theirs, **OPTIONS)

    def step():
        sgd.zero_grad()
        loss = torch_loss(ids, targets, *theirs)
        loss.backward()
        sgd.step()
        return loss.item()

    return theirs, step


def contestants(dtype):
    """Return (book, naive, torch) steps, after ten that must agree."""
    ids, targets, size = batch()
    model, step = book(ids, targets, size, dtype)
    start = [p.data.copy() for p in model.parameters()]
    theirs, torch_step = by_torch(ids, targets, start)
    plain = [p.astype(np.float64) for p in start]
    speeds = [np.zeros_like(p) for p in plain]

    def naive():
        return naive_step(ids, targets, plain, speeds)

    for _ in range(10):
        step(), torch_step(), naive()
    close = 1e-10 if dtype == np.float64 else 2e-5
    for p, q, r in zip(model.parameters(), theirs, plain):
        np.testing.assert_allclose(p.data, q.detach(), close, close)
        np.testing.assert_allclose(p.data, r, close, close)
    return step, naive, torch_step


def rows_for(dtype, naive_goal):
    """Measure one type of floats."""
    mine, naive, torches = timing.medians(*contestants(dtype))
    shape = f"{BATCH} x 4, V 251, {np.dtype(dtype)}"
    return [timing.row("masked-word model, a step", shape,
                       "4V, one-hot, float64", mine, naive,
                       goal=naive_goal),
            timing.row("masked-word model, a step", shape,
                       "torch autograd", mine, torches, goal=0.6)]


def measure():
    """Rows for float32 and float64."""
    return rows_for(np.float32, 0.2) + rows_for(np.float64, 0.37)


def steps_per_second():
    """Return {who: steps in a second}, from the fastest of many steps.

    The fastest is what is left when other programs do not interfere.
    """
    (single, naive, torches), (double, *_) = (
        contestants(dtype) for dtype in (np.float32, np.float64))
    steps = {"book, float32": single, "book, float64": double,
             "4V and one-hot, float64": naive,
             "torch autograd, float32": torches}
    best = {name: min(timing.seconds(step, 1) for _ in range(200))
            for name, step in steps.items()}
    return {name: float(f"{1 / time:.2g}") for name, time in best.items()}


def long_run():
    """Train with new holes in each epoch; the losses of the best one.

    The holes of the development and test words are those of the chapter.
    """
    windows, rng = fourgrams("docs").windows, np.random.default_rng(0)
    dev, test = (hide(windows[part], np.random.default_rng(seed).integers(
        4, size=len(windows[part]))) for part, seed in (
            ("dev", 1), ("test", 2)))
    model = MaskedModel(251, rng=rng)
    sgd, history = SGD(model.parameters(), **OPTIONS), History()
    for epoch in range(EPOCHS):
        hidden = hide_random(windows["train"], rng=rng)
        history.train += fit(model, sgd, *hidden, epochs=1,
                             batch_size=BATCH, rng=rng).train
        history.validation.append(evaluate(model, *dev))
        if history.best == epoch:
            best = evaluate(model, *test)
    return {"epochs": EPOCHS, "best epoch": history.best + 1,
            "dev": round(min(history.validation), 3),
            "test": round(best, 3)}


def main():
    """Write steps per second and the long run for the chapter."""
    torch.set_num_threads(1)
    files.save(FILE, (json.dumps({
        "steps_per_second": steps_per_second(),
        "long run": long_run()}, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()
