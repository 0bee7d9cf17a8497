"""The checks of the chapter on the masked model: J5 to J8, L5, L6, L20."""

import numpy as np

from ..models.masked import MaskedModel, hide
from .registry import ask, exercise, expect, numbers, require

NAMES = ("dE", "dW", "db", "dQ", "dc")
V, W, D, H, N = 5, 3, 2, 4, 6               # the sizes of the checks


@exercise("J5", "the loss of the masked model, and five gradients")
def j5(loss_and_gradients):
    """Check (ids, targets, E, W, b, Q, c) -> (loss, dE, dW, db, dQ, dc)."""
    for seed in range(3):
        ids, targets, *parameters = _batch(seed)
        got = ask(loss_and_gradients, ids, targets, *parameters)
        require(isinstance(got, (tuple, list)) and len(got) == 6,
                "return six things: loss, dE, dW, db, dQ, dc")
        loss, *right = _gradients(ids, targets, *parameters)
        expect(got[0], loss, "the loss", {
            "this is the sum: divide by the number of windows": N * loss})
        for name, mine, expected in reversed(
                list(zip(NAMES, got[1:], right))):
            expect(mine, expected, name, {
                "divide by the number of windows": N * expected,
                **_likely(name, ids, targets, parameters)})


def _likely(name, ids, targets, parameters):
    """Return {hint: what the gradient `name` is after that mistake}."""
    at = NAMES.index(name) + 1
    flat = _gradients(ids, targets, *parameters, slope=False)[at]
    every = _gradients(ids, targets, *parameters, every=True)[at]
    known = {"only the masked position has a loss: no other pushes": every}
    if name in ("dE", "dW", "db"):
        known["the slope of the logistic unit, a (1 - a), is missing"] = flat
    if name == "dE":
        known["a word that stands twice gets both gradients: `+=` with"
              " repeated ids keeps one (np.add.at, np.bincount)"] = (
            _gradients(ids, targets, *parameters, last=True)[at])
    return known


@exercise("J6", "central differences over every block of parameters")
def j6(failing):
    """Check (loss_and_gradients, parameters) -> wrong blocks, a list."""
    require(callable(failing), "pass failing itself, without calling it")
    ids, targets, *parameters = _batch(0)

    def planted(block, change):
        def loss_and_gradients(*given):
            loss, *found = _gradients(ids, targets, *given)
            if block is not None:
                change(found[block])
            return loss, found
        return loss_and_gradients

    def verdict(*plant):
        got = numbers(ask(lambda *p: failing(planted(*plant), list(p)),
                          *parameters), "the blocks")
        require(got.ndim == 1, "return a list of block numbers, empty if"
                " all gradients are right")
        return sorted(got.astype(int).tolist())

    wrong = verdict(None, None)
    require(not wrong, f"the gradients were right, and blocks {wrong} were"
            " refused: is the step too small, or does a nudge stay?")
    for name, change in PLANTS.items():
        for block, gradient in enumerate(NAMES):
            got = verdict(block, change)
            require(block in got, f"{gradient} (block {block}) is {name},"
                    " and it passed")
            require(got == [block], f"only block {block} is wrong, you"
                    f" report {got}")


def _last_entry(gradient):
    """Move the last number of a gradient."""
    gradient.flat[-1] += 0.01


def _scaled(gradient):
    """Make a gradient too large by a thousandth."""
    gradient *= 1.001


PLANTS = {"wrong in its last number only": _last_entry,
          "too large by one part in a thousand": _scaled}


@exercise("J7", "early stopping, and how far a mask moves it")
def j7(stopped, history, fixed, fresh):
    """Check (losses, patience) -> epoch; a history; epochs over masks."""
    cases = ([5, 4, 3, 4, 4, 1], 2), ([3, 2, 1], 2), ([4, 4, 4, 1], 3), (
        [5, 1, 2, 0.5, 3, 3, 3], 3), ([2.0, 3.0], 1)
    for losses, patience in cases:
        last = _stopping(losses, patience)
        right = int(np.argmin(losses[:last + 1]))
        expect(ask(stopped, list(losses), patience), right,
               f"losses {losses}, patience {patience}", {
                   "training had stopped before that epoch":
                       int(np.argmin(losses)),
                   "this is where training stops; the weights kept are"
                   " those of the lowest loss": last,
                   "epochs count from 0": right + 1})
    train, dev = (numbers(getattr(history, part, None), f"history.{part}")
                  for part in ("train", "validation"))
    require(dev.ndim == 1 and len(dev) > 3 and train.shape == dev.shape,
            "the history needs a training and a validation loss for each"
            " epoch, four at least")
    require(dev.min() < 3.5, f"the validation loss ends at {dev.min():.2f}"
            " nats: train on, to 3.5 at least")
    fixed, fresh = (numbers(epochs, name) for epochs, name in (
        (fixed, "fixed"), (fresh, "fresh")))
    require(min(fixed.size, fresh.size) >= 100, "draw at least 100 masks"
            " for each rule")
    require(fresh.std() > fixed.std(), "the fixed mask should move the rule"
            " less: are the two swapped?")


def _stopping(losses, patience):
    """Return the epoch after which training stops."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch
    return len(losses) - 1


@exercise("J8", "what followed a trigram, and what the model predicts")
def j8(followers, predicted):
    """Check (windows, trigram, V) -> shares; (model, trigram) -> (V,)."""
    windows = np.array([[1, 2, 3, 4], [1, 2, 3, 1], [3, 1, 2, 3],
                        [1, 2, 3, 4], [2, 1, 3, 4]])
    right = np.array([0, 1, 0, 0, 2]) / 3
    expect(ask(followers, windows, (1, 2, 3), 5), right, "followers", {
        "these are counts: divide by their sum": 3 * right,
        "the order of the three words matters":
            np.array([0, 1, 0, 1, 3]) / 5})
    with np.errstate(all="ignore"):
        expect(ask(followers, windows, (4, 4, 4), 5), np.zeros(5),
               "followers of a trigram that never came", {
                   "0 / 0 is not a number: nothing followed, so all shares"
                   " are 0": np.full(5, np.nan)})
    model = MaskedModel(V, 4, D, H, rng=np.random.default_rng(0))
    model.parameters().data[:] *= 4
    got = ask(lambda trigram: predicted(model, trigram), (1, 2, 3))
    expect(got, model.probabilities([1, 2, 3, 0], 3), "the prediction", {
        "hide the fourth word, not the first":
            model.probabilities([0, 1, 2, 3], 0),
        "these are scores: softmax makes them probabilities":
            model(np.array([[1, 2, 3, 0]]))[0]})


@exercise("L5", "the embedding gradient, from the masked ids")
def l5(embedding_gradient):
    """Check (windows, positions, dX, V) -> (V, D)."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        windows = rng.integers(1, V, (N, W))
        positions = rng.integers(W, size=N)
        dX = rng.normal(size=(N, W, D))
        ids, _ = hide(windows, positions)
        right, unmasked = (_summed(i, dX) for i in (ids, windows))
        no_mask = right * (np.arange(V) > 0)[:, None]
        expect(ask(embedding_gradient, windows, positions, dX, V), right,
               "dE", {
                   "the hidden words did not go in: where a word was"
                   " hidden, the mask went in": unmasked,
                   "the mask has a vector too, and it learns": no_mask,
                   "a word that stands twice gets both gradients":
                       _summed(ids, dX, last=True),
                   "this is a mean: add up": right / N})


@exercise("L6", "an indicator matrix that leaves its argument alone")
def l6(indicator):
    """Check (ids, V) -> (N, w V); ask() sees to it that ids stay."""
    for ids in (np.array([[1, 0]]), np.array([[2, 2, 1], [0, 1, 2]])):
        n, w = ids.shape
        right = np.eye(3)[ids].reshape(n, w * 3)
        expect(ask(indicator, ids, 3), right, "the indicator matrix", {
            "all positions share one block: position p starts at p V":
                np.pad(np.eye(3)[ids].max(1), ((0, 0), (0, 3 * w - 3))),
            "flatten it to (N, w V)": np.eye(3)[ids]})


@exercise("L20", "the validation curve on one fixed mask")
def l20(curve):
    """Check (losses (epochs, N, w), rng) -> (epochs,)."""
    require(callable(curve), "pass curve itself, without calling it")
    rng = np.random.default_rng(1)
    same = np.repeat(rng.random((1, 40, 4)), 6, axis=0)
    got = numbers(ask(lambda t: curve(t, np.random.default_rng(0)), same),
                  "the curve")
    require(got.shape == (6,), f"the shape is {got.shape}, expected one"
            " number for each epoch, (6,)")
    require(np.ptp(got) < 1e-12, "the losses are the same in every epoch,"
            " and your curve moves: the mask is drawn again each time")
    require(not np.isclose(got[0], same[0].mean()), "this is the mean over"
            " all positions: one word of each window is hidden")
    found = [numbers(ask(lambda t, s=s: curve(t, np.random.default_rng(s)),
                         same), "the curve")[0] for s in range(8)]
    require(np.ptp(found) > 0, "another rng gives the same curve: draw the"
            " positions with the rng you are given")
    falling = same - np.arange(6)[:, None, None]
    got = ask(lambda t: curve(t, np.random.default_rng(0)), falling)
    expect(got, found[0] - np.arange(6), "a curve that falls by 1")
    one = np.zeros((2, 9, 4))
    one[...] = np.arange(9)[:, None]        # the same at every position
    expect(ask(lambda t: curve(t, np.random.default_rng(0)), one),
           [4.0, 4.0], "the mean over the windows")


def _batch(seed):
    """Return ids with one mask in a row, targets and five arrays."""
    rng = np.random.default_rng(seed)
    ids, targets = hide(rng.integers(1, V, (N, W)),
                        rng.integers(W, size=N))
    shapes = (V, D), (H, W * D), (H,), (W, V, H), (W, V)
    return ids, targets, *(rng.normal(size=shape) for shape in shapes)


def _gradients(ids, targets, E, B, b, Q, c, slope=True, every=False,
               last=False):
    """Return the loss and five gradients, or those of a mistake."""
    x = E[ids].reshape(len(ids), -1)
    a = 1 / (1 + np.exp(-(x @ B.T + b)))                    # (N, H)
    z = np.einsum("pvh,nh->npv", Q, a) + c
    P = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    mask, label = (ids == 0)[:, :, None], np.eye(len(E))[targets][:, None]
    loss = -np.log((P * label).sum(-1))[ids == 0].mean()
    dz = np.where(mask | every, P - label, 0) / len(ids)    # (N, w, V)
    du = np.einsum("npv,pvh->nh", dz, Q) * (a * (1 - a) if slope else 1)
    dX = (du @ B).reshape(*ids.shape, -1)
    return (loss, _summed(ids, dX, last), du.T @ x, du.sum(0),
            np.einsum("npv,nh->pvh", dz, a), dz.sum(0))


def _summed(ids, dX, last=False):
    """Return the gradient of each word vector, or only its last part."""
    dE = np.zeros((V, dX.shape[-1]))
    if last:
        dE[ids] += dX
    else:
        np.add.at(dE, ids, dX)
    return dE
