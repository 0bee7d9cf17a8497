"""The checks of the chapter on regularisation: F7 to F10 and L19."""

import math

import numpy as np

from .. import nn, optim
from ..functional import layer_norm, layer_norm_vjp
from .registry import ask, exercise, expect, numbers, require

HYPER = {"layer size", "number of layers", "learning rate",
         "number of epochs", "dropout probability", "weight decay",
         "batch size"}
LEARNT = {"weights", "biases", "gain of LayerNorm", "shift of LayerNorm"}


@exercise("F7", "layer normalisation, forwards and backwards")
def f7(normalise, back):
    """Check (x, eps) -> h, row by row, and (g, x, eps) -> dX."""
    rng = np.random.default_rng(7)
    small = 1e-3 * rng.normal(size=(2, 4))
    for x in (rng.normal(size=(3, 5)) + 2, small, np.full((2, 3), 4.0)):
        what = f"the normalised rows of shape {x.shape}"
        if np.ptp(x) == 0:
            what = "the normalised rows of a constant input"
        got = numbers(ask(normalise, x, 1e-5), what)
        require(not np.isnan(got).any(), f"{what}: 0 was divided by 0:"
                " add eps to the variance")
        expect(got, layer_norm(x), what, _slips(x, 1e-5))
        g = rng.normal(size=x.shape)
        expect(ask(back, g, x, 1e-5), layer_norm_vjp(g, x)[0],
               f"the gradient for rows of shape {x.shape}",
               _slips_back(g, x, 1e-5))


def _slips(x, eps):
    """Return what known mistakes make of the rows of x."""
    def by(x, axis=-1, ddof=0, inside=eps, outside=0.0):
        deviation = x - x.mean(axis, keepdims=True)
        root = np.sqrt(x.var(axis, ddof=ddof, keepdims=True) + inside)
        return deviation / np.maximum(root + outside, 1e-300)
    return {"eps belongs inside the root, added to the variance":
                by(x, inside=0.0, outside=eps),
            "eps is missing": by(x, inside=0.0),
            "normalise each row, not each column": by(x, axis=0),
            "normalise each row, not the whole matrix": by(x, axis=None),
            "divide by the root of the variance, not by the variance":
                by(x) / np.sqrt(x.var(-1, keepdims=True) + eps),
            "divide the variance by D, not by D - 1": by(x, ddof=1),
            "subtract the mean first": x / np.sqrt(
                x.var(-1, keepdims=True) + eps),
            "this is the deviation: divide it by the spread":
                x - x.mean(-1, keepdims=True)}


def _slips_back(g, x, eps):
    """Return what known mistakes make of the gradient."""
    h = layer_norm(x, eps=eps)
    s = np.sqrt(x.var(-1, keepdims=True) + eps)
    mean, along = (v.mean(-1, keepdims=True) for v in (g, g * h))
    return {"the spread depends on x too: subtract the part along h":
                (g - mean) / s,
            "the mean depends on x too: subtract the mean of g":
                (g - h * along) / s,
            "mean and spread depend on x: two terms are missing": g / s,
            "divide by the spread": g - mean - h * along,
            "multiply g by h, not by x":
                (g - mean - h * (g * x).mean(-1, keepdims=True)) / s,
            "take the means of each row, not of the whole matrix":
                (g - g.mean() - h * (g * h).mean()) / s,
            "these are sums: take means": (
                g - g.sum(-1, keepdims=True)
                - h * (g * h).sum(-1, keepdims=True)) / s,
            "both terms are subtracted": (g + mean + h * along) / s}


@exercise("F8", "dropout, and the noise it adds")
def f8(dropout, noise):
    """Check (x, p, training, rng) -> output, and (x, p) -> variance."""
    x = np.tile([1.0, -2.0, 3.0], (4000, 1))
    for p in (0.0, 0.2, 0.5):
        rng = np.random.default_rng(8)
        quiet = ask(dropout, x[:5], p, False, rng)
        expect(quiet, x[:5], f"p = {p}, in evaluation", {
            "the scaling belongs to training: change nothing here":
                x[:5] * (1 - p), "divide in training only": x[:5] / (1 - p)})
        got = numbers(ask(dropout, x, p, True, rng), "the output")
        require(got.shape == x.shape, f"the shape is {got.shape}, expected"
                f" {x.shape}")
        _in_training(got / x, p)
        expect(ask(noise, x[0], p), x[0]**2 * p / (1 - p),
               f"the variance for p = {p}", {
                   "this is without the scaling": x[0]**2 * p * (1 - p),
                   "this is the standard deviation":
                       np.abs(x[0]) * np.sqrt(p / (1 - p)),
                   "p is the probability of dropping":
                       x[0]**2 * (1 - p) / (p or 0.5),
                   "subtract the squared mean": x[0]**2 / (1 - p),
                   "square the entries": x[0] * p / (1 - p)})


def _in_training(factors, p):
    """Ask whether entries were multiplied by 0 or 1 / (1 - p)."""
    dropped = (factors == 0).mean()
    left = factors[factors != 0]
    where = f"p = {p}, in training"
    rows = np.unique(factors.round(6), axis=0)
    require(p == 0 or len(rows) > 1 or dropped == 0 and (factors == 1).all(),
            f"{where}: draw a coin for each entry, not one for a row or a"
            " column")
    require(p == 0 or dropped > 0, f"{where}: nothing was dropped")
    require(abs(dropped - p) < 0.05, f"{where}: the share {dropped:.2f} of"
            " the entries was dropped: p is the probability of dropping")
    require(not np.allclose(left, 1) or p == 0, f"{where}: divide what is"
            " left by 1 - p, so that the mean stays")
    require(np.allclose(left, 1 / (1 - p)), f"{where}: what is left is"
            f" multiplied by {left[0]:.3g}, expected {1 / (1 - p):.3g}")
    require(p == 0 or len(rows) == 8, f"{where}: draw a coin for each entry,"
            " not one for a row or a column")


@exercise("F9", "pictures shifted, and training stopped")
def f9(shift, stop):
    """Check (picture, down, right) -> picture; (losses, patience)."""
    picture = np.arange(1.0, 13).reshape(3, 4)
    for down, right in ((0, 0), (1, 0), (0, 1), (-1, 2), (2, -1)):
        right_one = _shifted(picture, down, right)
        expect(ask(shift, picture, down, right), right_one,
               f"{down} down and {right} to the right", {
                   "what leaves on one side may not return on the other":
                       np.roll(picture, (down, right), (0, 1)),
                   "the other way": _shifted(picture, -down, -right),
                   "down moves rows, right moves columns":
                       _shifted(picture, right, down)})
    _stops(stop)


def _stops(stop):
    """Ask where training stops, for four patiences."""
    losses = [3.0, 2.0, 2.5, 2.0, 2.1, 1.9, 2.1, 2.2, 1.8, 1.7]
    for patience, best, run in ((2, 1, 4), (1, 1, 3), (4, 9, 10), (20, 9, 10)):
        got = numbers(ask(stop, np.array(losses), patience), "the answer")
        require(got.shape == (2,), "return two numbers: the best epoch, and"
                " how many epochs were run")
        what = f"patience {patience}"
        require(got[0] != run - 1 or best == run - 1, f"{what}: keep the"
                " best epoch, not the last one")
        require(patience > 4 or got[0] != 9 or best == 9, f"{what}: the"
                " later epochs are not known when training stops")
        require(got[0] != best + 1, f"{what}: epochs count from 0")
        require(got[0] == best, f"{what}: the best epoch is {best}, you say"
                f" {got[0]:g}; equal to the best is not better, nor is"
                " lower than the last")
        require(got[1] == run, f"{what}: {run} epochs were run, you say"
                f" {got[1]:g}")


def _shifted(picture, down, right):
    """Return the picture moved, with zeros where nothing comes in."""
    moved = np.zeros_like(picture)
    height, width = picture.shape
    for row in range(height):
        for column in range(width):
            if 0 <= row - down < height and 0 <= column - right < width:
                moved[row, column] = picture[row - down, column - right]
    return moved


@exercise("F10", "hyperparameters, on a grid and at random")
def f10(hyper, distinct, trials):
    """Check a function of names, (k, dims) -> two, (share, chance) -> n."""
    names = sorted(HYPER | LEARNT)
    got = ask(hyper, names)
    require(isinstance(got, (set, frozenset, list, tuple)),
            f"return a set of names, got {type(got).__name__}")
    for name in names:
        say = ("training does not set it, so it is a hyperparameter"
               if name in HYPER else "training learns it")
        require((name in got) == (name in HYPER), f"{name}: {say}")
    for k, dims in ((3, 2), (2, 3), (10, 1)):
        expect(ask(distinct, k, dims), [k, k**dims],
               f"{k} values for each of {dims} quantities", {
                   "the grid first, then at random": [k**dims, k],
                   "on the grid a value returns": [k**dims, k**dims],
                   "as many trials in both searches": [k, k]})
    for share, chance in ((0.05, 0.95), (0.1, 0.9), (0.5, 0.5)):
        right = math.ceil(math.log(1 - chance) / math.log(1 - share))
        expect(ask(trials, share, chance), right,
               f"the top {share} with probability {chance}", {
                   "round up: a part of a trial is none":
                       math.log(1 - chance) / math.log(1 - share),
                   "this is one too few": right - 1,
                   "this many miss more often": math.ceil(1 / share),
                   "all trials miss with probability 1 - chance":
                       math.ceil(math.log(chance) / math.log(1 - share))})


@exercise("L19", "dropout on in training, off in evaluation")
def l19(train_step, predict):
    """Check (net, optimizer, loss, X, y), and (net, X) -> classes."""
    rng = np.random.default_rng(19)
    x, y = rng.normal(size=(30, 6)), rng.integers(0, 3, 30)
    spy = _Spy(0.5, rng=rng)
    net = nn.Sequential(nn.Linear(6, 40, rng=rng), spy,
                        nn.Linear(40, 3, rng=rng))
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    for _ in range(2):
        net.eval()
        before = net.parameters().data.copy()
        net.parameters().grad[:] = 1e6
        _call(train_step, net, optimizer, nn.CrossEntropyLoss(), x, y)
        require(spy.modes and all(spy.modes), "train_step: dropout was off;"
                " it belongs to training: call net.train() first")
        require((net.parameters().data != before).any(),
                "train_step: no weight has changed")
        require(np.abs(net.parameters().data - before).max() < 1e3,
                "train_step: an old gradient took part: zero_grad() first")
        spy.modes.clear()
        _predicts(predict, net.train(), spy, x)
        spy.modes.clear()


def _predicts(predict, net, spy, x):
    """Ask for classes without dropout, and for the mode given back."""
    got = numbers(_call(predict, net, x), "the classes")
    require(spy.modes and not any(spy.modes), "predict: dropout was on;"
            " in evaluation every unit works: use net.evaluating()")
    require(net.training, "predict: give the net back in the mode in"
            " which it came")
    _call(predict, net.eval(), x)
    require(not net.training, "predict: the net came in evaluation mode")
    expect(got, net(x).argmax(1), "the classes")


class _Spy(nn.Dropout):
    """Dropout that notes whether it was on."""

    def __init__(self, p, *, rng):
        super().__init__(p, rng=rng)
        self.modes = []

    def forward(self, x):
        """Return what dropout gives, and note the mode."""
        self.modes.append(self.training)
        return super().forward(x)


def _call(function, *arguments):
    """Call the reader's function on the net itself; None is an answer."""
    return ask(lambda: (function(*arguments),))[0]
