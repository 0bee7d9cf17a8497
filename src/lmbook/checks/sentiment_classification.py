"""The checks of the chapter on sentiment: G2 to G6, and F12."""

import re

import numpy as np

from ..functional import (
    cross_entropy, cross_entropy_vjp, relu, tanh)
from .registry import ask, exercise, expect, numbers, require

NAMES = ("loss", "dE", "dW", "db")
SIZES = ((), (512,), (512, 512), (512, 512, 512))
ACTIVATIONS = {"Sigmoid", "Tanh", "ReLU", "GELU", "LeakyReLU"}
QUIZ = {        # question: (key, hint)
    "architecture": ("a", "it is decided before any training"),
    "weights": ("b", "they are what a step of descent changes"),
    "model": ("c", "a function needs its form and its numbers"),
    "same architecture": ("b", "run the two networks of the solution"),
    "why then": ("abc", "three of the five had changed by 2012, and"
                 " backpropagation was not among them"),
    "deeper": ("b", "count the kinks of a unit along a line")}


@exercise("G2", "a linear classifier of mean word vectors, by hand")
def g2(loss_and_gradients, step):
    """Check the loss and three gradients, and one step of descent."""
    for R, labels, E, W, b in _batches():
        right = _gradients(R, labels, E, W, b)
        got = ask(loss_and_gradients, R, labels, E, W, b)
        _four(got, right, R, labels, E, W, b)
        lr, (_, *slopes) = 0.5, right
        moved = [p - lr * g for p, g in zip((E, W, b), slopes)]
        require(callable(step), "pass step itself, without calling it")
        got = ask(lambda *p: step(R, labels, p, lr), E, W, b)
        require(isinstance(got, (tuple, list)) and len(got) == 3,
                "step returns three arrays: (E, W, b)")
        late = _gradients(R, labels, E, moved[1], b)[1]
        for name, p, new, g, mine in zip("EWb", (E, W, b), moved, slopes,
                                         got):
            expect(mine, new, f"{name} after a step", {
                "walk downhill: subtract": p + lr * g,
                "multiply the gradient by the learning rate": p - g,
                "this is the change alone": -lr * g,
                "compute every gradient before you move anything":
                    p - lr * (late if name == "E" else g)})


@exercise("G3", "a forward pass for any list of hidden layers")
def g3(forward, runs):
    """Check (R, E, layers, activation) -> logits; a sweep of four sizes."""
    require(callable(forward), "pass forward itself, without calling it")
    rng = np.random.default_rng(3)
    for hidden in ((), (4,), (5, 3), (3, 4, 3)):
        R, _, E, _, _ = next(_batches())
        sizes = (E.shape[1], *hidden, 2)
        layers = [(rng.normal(size=(o, i)), rng.normal(size=o))
                  for i, o in zip(sizes, sizes[1:])]
        for phi in (relu, tanh):
            got = ask(lambda R, E, *flat: forward(
                R, E, list(zip(flat[::2], flat[1::2])), phi),
                R, E, *(array for layer in layers for array in layer))
            right = _scores(R, E, layers, phi)
            expect(got, right, f"hidden {list(hidden)}", {
                "no activation after the last layer": phi(right),
                "an activation follows each hidden layer":
                    _scores(R, E, layers, lambda z: z),
                "the mean of the vectors is not activated":
                    _scores(R, E, layers, phi, first=phi)})
    _sweep(runs, {tuple(size) for size in SIZES})
    for hidden, run in runs.items():
        first, last = np.asarray(run, float)[:, [0, -1], 0].mean(0)
        require(last < first, f"{hidden}: the training loss rose from"
                f" {first:.3f} to {last:.3f}: it did not learn")


@exercise("G4", "five activations: loss and accuracy of one epoch")
def g4(at_best, runs):
    """Check (S, epochs, 3) -> (S, 2) at the lowest dev loss; a sweep."""
    one = np.array([[[.7, .69, .5], [.5, .6, .6], [.3, .66, .8]],
                    [[.7, .66, .7], [.6, .64, .7], [.2, .61, .6]]])
    expect(ask(at_best, one), one[[0, 1], [1, 2], 1:],
           "dev loss and accuracy", {
               "this is the last epoch, not the one of the lowest dev loss":
                   one[:, -1, 1:],
               "take both from one epoch: the highest accuracy belongs to"
               " another": np.stack((one[..., 1].min(1),
                                     one[..., 2].max(1)), 1),
               "choose the epoch by the loss, not by the accuracy":
                   one[[0, 1], [2, 0], 1:],
               "choose an epoch for each seed, not one for all":
                   one[:, one[..., 1].mean(0).argmin(), 1:],
               "drop the training loss": one[[0, 1], [1, 2]]})
    _sweep(runs, ACTIVATIONS)


@exercise("G5", "the best of several learning rates")
def g5(best_rate, losses):
    """Check {lr: dev losses of the seeds} -> (best lr, is it at an edge)."""
    tables = ({.1: [.4, .9], .01: [.6, .6], .001: [.69, .68]},
              {.1: [.5, .6], .01: [.6, .61], .001: [.69, .68]},
              {.1: [np.nan, .4], .001: [.58, .6], .01: [.5, .6]},
              {1.0: [np.inf, .4], .1: [.6, .7], .01: [.65, .8]})
    for table, lr, edge in zip(tables, (.01, .1, .01, .1), (0, 1, 0, 0)):
        got = ask(best_rate, table)
        require(isinstance(got, (tuple, list)) and len(got) == 2,
                "return two things: (best rate, is it at an edge)")
        worst = max(table, key=lambda rate: table[rate][-1])
        lucky = min(table, key=lambda rate: np.nanmin(table[rate]))
        hints = {"compare means over the seeds, not the luckiest run": lucky,
                 "the lowest loss is best": worst}
        if not np.isfinite(list(table.values())).all():
            hints = {"a rate with one run that is not finite cannot be"
                     " best": max(table)}
        expect(got[0], lr, f"the best rate of {table}", hints)
        require(bool(got[1]) == bool(edge), f"for {table} the rate {lr} is"
                f" {'at' if edge else 'not at'} the edge of what was tried")
    require(isinstance(losses, dict) and len(losses) >= 4,
            "try at least four learning rates: {rate: losses}")
    require(min(losses) > 0 and max(losses) >= 30 * min(losses),
            "spread the rates: the largest at least 30 times the smallest")
    for rate, values in losses.items():
        require(np.shape(values) >= (5,), f"rate {rate}: at least five seeds")


@exercise("G6", "a mean with its standard error, and a paired difference")
def g6(summary, difference):
    """Check values -> (mean, error); (a, b) of the same seeds -> same."""
    for values in ([.7, .6, .65], [.69, .7, .71, .68, .72]):
        values = np.array(values)
        _mean_error(ask(summary, values), values, "the summary")
    a, b = np.array([.70, .61, .66, .72]), np.array([.69, .59, .66, .69])
    got = ask(difference, a, b)
    apart = np.hypot(a.std(ddof=1), b.std(ddof=1)) / 2
    _mean_error(got, a - b, "the difference", {
        "the runs share their seeds: take the error of the differences,"
        " one for each seed": apart})


@exercise("F12", "model, architecture, weights, and why networks took off")
def f12(answers):
    """Check a dict from question to letters."""
    require(isinstance(answers, dict), "answer with a dict:"
            " {'architecture': 'a', ...}")
    missing = [question for question in QUIZ if question not in answers]
    require(not missing, f"still to answer: {', '.join(missing)}")
    for question, (key, hint) in QUIZ.items():
        letters = re.findall(r"\b[a-e]+\b", str(answers[question]).lower())
        given = "".join(sorted(set("".join(letters))))
        require(given == key, f"{question!r}: not {given!r}; {hint}")


def _batches():
    """Yield (R, labels, E, W, b) of several sizes."""
    rng = np.random.default_rng(2)
    for n, v, d, k in ((4, 6, 3, 2), (1, 4, 2, 3), (5, 5, 5, 5)):
        counts = rng.integers(0, 3, size=(n, v))
        counts[:, 0] = 2                        # a word that stands twice
        yield (counts / counts.sum(1, keepdims=True),
               rng.integers(k, size=n), rng.normal(size=(v, d)),
               rng.normal(size=(k, d)), rng.normal(size=k))


def _gradients(R, labels, E, W, b):
    """Return loss, dE, dW, db of the linear classifier."""
    H = R @ E
    Z = H @ W.T + b
    dZ = cross_entropy_vjp(1.0, Z, labels)
    return cross_entropy(Z, labels), R.T @ dZ @ W, dZ.T @ H, dZ.sum(0)


def _four(got, right, R, labels, E, W, b):
    """Compare loss, dE, dW and db, naming the likely mistakes."""
    require(isinstance(got, (tuple, list)) and len(got) == 4,
            "return four things: (loss, dE, dW, db)")
    dH = cross_entropy_vjp(1.0, R @ E @ W.T + b, labels) @ W    # (N, D)
    for name, mine, value in zip(NAMES, got, right):
        expect(mine, value, name, {
            "divide by the number of sentences": len(R) * value} | (
            {"a word gets its share of the error, not all of it":
                (R > 0).T @ dH,
             "these are the gradients of the means: hand each to the words"
             " of its sentence": dH} if name == "dE" else {}))


def _scores(R, E, layers, phi, first=lambda z: z):
    """Return the logits of a network on mean word vectors."""
    h = first(R @ E)
    for W, b in layers[:-1]:
        h = phi(h @ W.T + b)
    W, b = layers[-1]
    return h @ W.T + b


def _sweep(runs, wanted):
    """Ask for curves (S, epochs, 3) of all that is wanted, S >= 5."""
    require(isinstance(runs, dict), "give a dict: {name: curves}")
    lacking = sorted(map(str, wanted - set(runs)))
    require(not lacking, f"no runs for {', '.join(lacking)}")
    for name, run in runs.items():
        run = numbers(run, f"the runs of {name}")
        require(run.ndim == 3 and run.shape[2] == 3, f"{name}: the shape is"
                f" {run.shape}, expected (seeds, epochs, 3)")
        require(len(run) >= 5, f"{name}: {len(run)} seeds; one run proves"
                " nothing, take five")
        require((np.isfinite(run).all() and (run >= 0).all()
                 and (run[..., 2] <= 1).all()),
                f"{name}: losses are finite and not negative, an accuracy"
                " is between 0 and 1")
        require(len(np.unique(run[:, 0, 0])) == len(run),
                f"{name}: two runs are the same: did you change the seed?")


def _mean_error(got, values, what, mistakes=None):
    """Compare a mean and its standard error."""
    require(isinstance(got, (tuple, list)) and len(got) == 2,
            f"{what}: return two numbers, (mean, standard error)")
    n, spread = len(values), values.std(ddof=1)
    expect(got[0], values.mean(), f"{what}, mean")
    expect(got[1], spread / np.sqrt(n), f"{what}, standard error", {
        "this is the deviation of one run: the mean of n wobbles less, by"
        " the root of n": spread,
        "divide the squares by n - 1, not by n (ddof=1)":
            values.std() / np.sqrt(n),
        "this is the variance of the mean: take the root":
            spread ** 2 / n, **(mistakes or {})})
