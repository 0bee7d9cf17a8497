"""Answers to F7 to F10 and L19: right ones, wrong ones with their hint."""

import math

import numpy as np

import lmbook.functional as F


def normalise(x, eps, axis=-1, ddof=0, outside=0.0):
    deviation = x - x.mean(axis, keepdims=True)
    return deviation / (np.sqrt(x.var(axis, ddof=ddof, keepdims=True) + eps)
                        + outside)


def back(g, x, eps, mean=1, along=1, spread=1):
    h = normalise(x, eps)
    s = np.sqrt(x.var(-1, keepdims=True) + eps)
    dx = (g - mean * g.mean(-1, keepdims=True)
          - along * h * (g * h).mean(-1, keepdims=True))
    return dx / s if spread else dx


def by_jacobian(g, x, eps):
    h, s = normalise(x, eps), np.sqrt(x.var(-1) + eps)
    d = x.shape[1]
    return np.stack([(np.eye(d) - 1 / d - np.outer(u, u) / d) @ r / t
                     for r, u, t in zip(g, h, s)])


def summed(g, x, eps):
    h = normalise(x, eps)
    return (g - g.sum(-1, keepdims=True) - h * (g * h).sum(
        -1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)


def dropout(x, p, training, rng):
    return x * (rng.random(x.shape) >= p) / (1 - p) if training else x


def dropout_scaled_later(x, p, training, rng):
    return x * (rng.random(x.shape) >= p) if training else x * (1 - p)


def dropout_unscaled(x, p, training, rng):
    return x * (rng.random(x.shape) >= p) if training else x


def dropout_keeping(x, p, training, rng):
    return x * (rng.random(x.shape) < p) / max(p, 1e-9) if training else x


def dropout_in_evaluation(x, p, training, rng):
    return x if training else dropout(x, p, True, rng)


def dropout_always(x, p, training, rng):
    return dropout(x, p, True, rng)


def dropout_rows(x, p, training, rng):
    mask = rng.random((len(x), 1)) >= p
    return x * mask / (1 - p) if training else x


def dropout_columns(x, p, training, rng):
    mask = rng.random(x.shape[-1]) >= p
    return x * mask / (1 - p) if training else x


def noise(x, p):
    return x**2 * p / (1 - p)


def shift(picture, down, right):
    height, width = picture.shape
    sheet = np.zeros((3 * height, 3 * width))
    sheet[height + down:2 * height + down,
          width + right:2 * width + right] = picture
    return sheet[height:2 * height, width:2 * width]


def stop(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best, epoch + 1


def stop_at_ties(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best, epoch + 1


def stop_late(losses, patience):
    return stop(losses, patience + 1)


def stop_after_rises(losses, patience):
    best = rises = 0
    for epoch in range(1, len(losses)):
        best = epoch if losses[epoch] < losses[best] else best
        rises = rises + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if rises >= patience:
            break
    return best, epoch + 1


LEARNT = ("weights", "biases", "gain of LayerNorm", "shift of LayerNorm")


def hyper(names):
    return set(names) - set(LEARNT)


def distinct(k, dims):
    return k, k**dims


def trials(share, chance):
    return math.ceil(math.log(1 - chance) / math.log(1 - share))


def train_step(net, optimizer, loss, X, y, mode="train"):
    if mode == "train":
        net.train()
    optimizer.zero_grad()
    loss(net(X), y)
    net.backward(loss.backward())
    optimizer.step()


def predict(net, X):
    with net.evaluating():
        return net(X).argmax(1)


def train_step_piling(net, optimizer, loss, X, y):
    loss(net.train()(X), y)
    net.backward(loss.backward())
    optimizer.step()


def predict_and_train(net, X):
    found = net.eval()(X).argmax(1)
    net.train()
    return found


def predict_and_stay(net, X):
    return net.eval()(X).argmax(1)


RIGHT = {
    "F7": [(normalise, back), (lambda x, eps: F.layer_norm(x, eps=eps),
                               by_jacobian)],
    "F8": [(dropout, noise)],
    "F9": [(shift, stop)],
    "F10": [(hyper, distinct, trials)],
    "L19": [(train_step, predict)],
}

WRONG = [
    ("F7", (lambda x, eps: normalise(x, 0, outside=eps), back),
     "eps belongs inside the root"),
    ("F7", (lambda x, eps: normalise(x, 0), back), "eps is missing"),
    ("F7", (lambda x, eps: normalise(x, eps if x.std() > 0 else 0), back),
     "constant input: 0 was divided by 0"),
    ("F7", (lambda x, eps: normalise(x, eps, axis=0), back),
     "each row, not each column"),
    ("F7", (lambda x, eps: normalise(x, eps, ddof=1), back),
     "by D, not by D - 1"),
    ("F7", (lambda x, eps: x / np.sqrt(x.var(-1, keepdims=True) + eps),
            back), "subtract the mean first"),
    ("F7", (lambda x, eps: x - x.mean(-1, keepdims=True), back),
     "this is the deviation"),
    ("F7", (normalise, lambda g, x, eps: back(g, x, eps, along=0)),
     "the spread depends on x too"),
    ("F7", (normalise, lambda g, x, eps: back(g, x, eps, mean=0)),
     "the mean depends on x too"),
    ("F7", (normalise, lambda g, x, eps: back(g, x, eps, 0, 0)),
     "two terms are missing"),
    ("F7", (normalise, lambda g, x, eps: back(g, x, eps, spread=0)),
     "divide by the spread"),
    ("F7", (normalise, summed), "take means"),
    ("F7", (normalise, lambda g, x, eps: back(g, x, eps, -1, -1)),
     "both terms are subtracted"),
    ("F7", (lambda x, eps: normalise(x, eps, axis=None), back),
     "not the whole matrix"),
    ("F7", (lambda x, eps: (x - x.mean(-1, keepdims=True))
            / (x.var(-1, keepdims=True) + eps), back), "by the root"),
    ("F7", (normalise, lambda g, x, eps: (
        back(g, x, eps, along=0) - normalise(x, eps) * (g * x).mean(
            -1, keepdims=True) / np.sqrt(x.var(-1, keepdims=True) + eps))),
     "by h, not by x"),
    ("F7", (normalise, lambda g, x, eps: (
        g - g.mean() - normalise(x, eps) * (g * normalise(x, eps)).mean())
        / np.sqrt(x.var(-1, keepdims=True) + eps)), "means of each row"),
    ("F8", (dropout_columns, noise), "draw a coin for each entry"),
    ("F8", (dropout, lambda x, p: x**2 / (1 - p)), "subtract the squared mean"),
    ("F8", (dropout_scaled_later, noise), "change nothing here"),
    ("F8", (dropout_unscaled, noise), "divide what is left by 1 - p"),
    ("F8", (dropout_keeping, noise), "p is the probability of dropping"),
    ("F8", (dropout_in_evaluation, noise), "p = 0.2, in evaluation"),
    ("F8", (dropout_always, noise), "p = 0.2, in evaluation"),
    ("F8", (lambda x, p, training, rng: x, noise), "nothing was dropped"),
    ("F8", (dropout_rows, noise), "draw a coin for each entry"),
    ("F8", (dropout, lambda x, p: x**2 * p * (1 - p)),
     "without the scaling"),
    ("F8", (dropout, lambda x, p: abs(x) * np.sqrt(p / (1 - p))),
     "standard deviation"),
    ("F8", (dropout, lambda x, p: x * p / (1 - p)), "square the entries"),
    ("F8", (dropout, lambda x, p: x**2 * (1 - p) / p if p else 0 * x),
     "probability of dropping"),
    ("F9", (lambda u, down, right: np.roll(u, (down, right), (0, 1)), stop),
     "may not return on the other"),
    ("F9", (lambda u, down, right: shift(u, -down, -right), stop),
     "the other way"),
    ("F9", (lambda u, down, right: shift(u, right, down), stop),
     "down moves rows"),
    ("F9", (shift, lambda losses, patience: (stop(losses, patience)[1] - 1,
                                             stop(losses, patience)[1])),
     "the best epoch, not the last"),
    ("F9", (shift, lambda losses, patience: (np.argmin(losses),
                                             len(losses))),
     "the later epochs are not known"),
    ("F9", (shift, lambda losses, patience: np.add(
        stop(losses, patience), (1, 0))), "epochs count from 0"),
    ("F9", (shift, lambda losses, patience: np.add(
        stop(losses, patience), (0, 1))), "4 epochs were run, you say 5"),
    ("F9", (shift, lambda losses, patience: stop(losses, patience)[0]),
     "return two numbers"),
    ("F9", (shift, stop_at_ties), "patience 2: .*equal to the best"),
    ("F9", (shift, stop_late), "4 epochs were run, you say 5"),
    ("F9", (shift, stop_after_rises), "nor is lower than the last"),
    ("F10", (lambda names: set(names), distinct, trials),
     "training learns it"),
    ("F10", (lambda names: hyper(names) - {"learning rate"}, distinct,
             trials), "learning rate: training does not set it"),
    ("F10", (hyper, lambda k, dims: (k**dims, k), trials),
     "the grid first"),
    ("F10", (hyper, lambda k, dims: (k**dims, k**dims), trials),
     "on the grid a value returns"),
    ("F10", (hyper, lambda k, dims: (k, k), trials), "as many trials"),
    ("F10", (hyper, distinct, lambda share, chance: math.log(1 - chance)
             / math.log(1 - share)), "round up"),
    ("F10", (hyper, distinct, lambda share, chance: round(1 / share)),
     "this many miss more often"),
    ("F10", (hyper, distinct, lambda share, chance: math.ceil(
        math.log(chance) / math.log(1 - share))), "all trials miss"),
    ("L19", (lambda *a: train_step(*a, mode=""), predict),
     "dropout was off"),
    ("L19", (train_step, lambda net, X: net(X).argmax(1)),
     "dropout was on"),
    ("L19", (train_step, predict_and_stay), "in which it came"),
    ("L19", (train_step, predict_and_train), "came in evaluation mode"),
    ("L19", (train_step_piling, predict), "an old gradient"),
    ("L19", (lambda net, optimizer, loss, X, y: loss(net.train()(X), y),
             predict), "no weight has changed"),
]
