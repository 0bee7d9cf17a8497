"""The checks of the chapter on GloVe: K1, K2, K3 and L4."""

import numpy as np

from ..data.fourgrams import fourgrams
from ..gradcheck import numerical_jacobian
from ..models.glove import cooccurrence, log_counts, remaining
from .registry import ask, exercise, expect, numbers, require

SIZES = (1, 2, 5, 8, 10, 32, 64, 128, 256)
BLOCKS = ("W", "U", "b", "t")


@exercise("K1", "the number of parameters of GloVe")
def k1(parameters):
    """Check (V, D) -> number of parameters."""
    for V, D in ((7, 3), (251, 10), (5000, 300)):
        expect(ask(parameters, V, D), 2 * V * (D + 1), f"V = {V}, D = {D}", {
            "each word also has two biases": 2 * V * D,
            "there are two vectors and two biases for each word":
                V * (D + 1),
            "each of the two vectors has a bias of its own":
                V * (2 * D + 1),
            "a word has one bias in each role, not one for each number":
                4 * V * D,
            "the biases belong to words, not to the whole model":
                2 * V * D + 2,
            "the column of ones in P and Q is not learnt":
                2 * V * (D + 2)})


@exercise("K2", "all gradients of GloVe, with two vectors and with one")
def k2(two, one):
    """Check (logs, W, U, b, t) -> 4 gradients; (logs, W, b) -> 2."""
    for point in _points():
        _four(two, point)
        logs, W, _, b, _ = point
        got = ask(one, logs, W, b)
        require(isinstance(got, (tuple, list)) and len(got) == 2,
                "one(logs, W, b) returns two arrays: dW, db")
        E = W @ W.T + b[:, None] + b - logs
        both = E + E.T
        for name, mine, right, row, column in zip(
                ("dW", "db"), got, (2 * both @ W, 2 * both.sum(1)),
                (E @ W, E.sum(1)), (E.T @ W, E.sum(0))):
            expect(mine, right, f"one vector, {name}", {
                "it stands in the row and in the column: you have one of"
                " the two": 2 * row, "it stands in the row and in the"
                " column: you have only the column": 2 * column,
                "4 times the error is right only where the log counts are"
                " symmetric: take the mean of both": 4 * row,
                "the 2 of the square is missing": right / 2})


@exercise("K3", "the length of the vectors, on new text")
def k3(comparable, losses):
    """Check (counts, reference) -> logs; {(D, one): (train, dev)}."""
    _comparable(comparable)
    require(isinstance(losses, dict), "give a dict: {(D, symmetric):"
            " (training loss, development loss)}")
    lacking = [(D, one) for one in (False, True) for D in SIZES
               if (D, one) not in losses]
    require(not lacking, f"no losses for {lacking[:4]}")
    data = fourgrams("docs")
    V = len(data.words)
    logs = log_counts(cooccurrence(data.windows["train"], V).toarray())
    for one in (False, True):
        best = remaining(logs, symmetric=one) / V**2
        for D in SIZES:
            _trained(losses[D, one], best[min(D, V)], D, one, V)
    dev = {one: [float(losses[D, one][1]) for D in SIZES]
           for one in (False, True)}
    require(min(dev[False]) < min(dev[True]), "on counts brought to one size"
            " two vectors are better: is yours the development loss?")
    require(0 < np.argmin(dev[False]) < len(SIZES) - 1, "with two vectors"
            " the development loss is lowest in between: did you bring the"
            " counts to one size?")


@exercise("L4", "the gradient of another loss")
def l4(gradient, other_loss):
    """Check the right gradients, and the loss that the wrong ones descend."""
    for point in _points():
        _four(gradient, point)
        logs, *blocks = point
        wrong = _gradients((logs + logs.T) / 2, *blocks)
        right = _gradients(*point)
        for k, name in enumerate(BLOCKS):
            def along(block, k=k, others=blocks, logs=logs):
                moved = [*others[:k], block, *others[k + 1:]]
                return numbers(ask(other_loss, logs, *moved), "the loss")
            require(along(blocks[k]).ndim == 0, "the loss is one number:"
                    " sum over all pairs")
            got = numerical_jacobian(along, blocks[k])
            hints = {"this is the loss of the right gradient": right[k],
                     "the loss is the sum of squares, not half of it":
                         wrong[k] / 2,
                     "sum over all pairs, do not average": wrong[k]
                     / logs.size}
            require(_near(got, wrong[k]), _hint(
                got, hints, f"the slope of your loss in {name} is not the"
                " gradient with the mean of the logs"))


def _points():
    """Yield (logs, W, U, b, t) of several sizes; logs not symmetric."""
    rng = np.random.default_rng(4)
    for V, D in ((4, 3), (2, 1), (3, 3)):
        yield (rng.normal(size=(V, V)), rng.normal(size=(V, D)),
               rng.normal(size=(V, D)), rng.normal(size=V),
               rng.normal(size=V))


def _gradients(logs, W, U, b, t):
    """Return dW, dU, db, dt."""
    E = W @ U.T + b[:, None] + t - logs
    return 2 * E @ U, 2 * E.T @ W, 2 * E.sum(1), 2 * E.sum(0)


def _four(function, point):
    """Compare four gradients, naming the likely mistakes."""
    logs, W, U, b, t = point
    got = ask(function, *point)
    require(isinstance(got, (tuple, list)) and len(got) == 4,
            "return four arrays: dW, dU, db, dt")
    E = W @ U.T + b[:, None] + t - logs
    mean = _gradients((logs + logs.T) / 2, W, U, b, t)
    turned = 2 * E.T @ U, 2 * E @ W, 2 * E.sum(0), 2 * E.sum(1)
    for name, mine, right, of_mean, other in zip(
            BLOCKS, got, _gradients(*point), mean, turned):
        expect(mine, right, f"d{name}", {
            "the 2 of the square is missing": right / 2,
            "this is the gradient of another loss: with two vectors the"
            " log count itself belongs here, not the mean with its"
            " transpose": of_mean,
            "rows belong to words, columns to contexts: transpose the"
            " errors": other,
            "sum over all pairs, do not average": right / logs.size,
            "the errors meet the vectors of the other role":
                {"W": 2 * E @ W, "U": 2 * E.T @ U}.get(name, other)})


def _comparable(comparable):
    """A text and its double have the same targets; 1 is added."""
    counts = np.array([[0.0, 1], [3, 4]])
    for ratio in (2, 8):
        got = ask(comparable, counts, ratio * counts)
        expect(got, np.log(ratio * counts + 1),
               f"a text and one {ratio} times as long", {
                   "bring the counts to the size of the longer text first":
                       np.log(counts + 1),
                   "it is the short text that must be made longer":
                       np.log(counts / ratio + 1),
                   "multiply the counts, and then add 1":
                       np.log(ratio * (counts + 1)),
                   "add the 1 that keeps zeros finite":
                       np.log(ratio * counts + 1e-300)})


def _trained(pair, best, D, one, V):
    """Ask that a training loss is close to the best possible one."""
    pair = numbers(pair, f"the losses for {(D, one)}")
    require(pair.shape == (2,) and np.isfinite(pair).all(), "each entry is"
            f" (training loss, development loss): look at {(D, one)}")
    require(pair[0] < best * V + 0.1, f"{(D, one)}: {pair[0]:.4g} looks"
            " like a sum: divide by the number of pairs")
    require(pair[0] > best - 1e-4, f"{(D, one)}: {pair[0]:.4g} is below"
            f" {best:.4g}, the lowest loss there is: is it the mean over"
            " all pairs, and of the right model?")
    require(pair[0] < best + 0.02, f"{(D, one)}: the training loss is"
            f" {pair[0]:.4g}, and {best:.4g} is possible: train longer")


def _near(a, b):
    """Return whether numeric slopes are those of a formula."""
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-5)


def _hint(got, hints, otherwise):
    """Return the hint whose value these slopes are."""
    return next((hint for hint, value in hints.items()
                 if _near(got, value)), otherwise)
