"""Answers to K1, K2, K3 and L4: right ones, and wrong ones with hints."""

import functools

import numpy as np

from lmbook.data.fourgrams import fourgrams
from lmbook.models.glove import (
    cooccurrence, log_counts, losses_by_length, remaining)

SIZES = (1, 2, 5, 8, 10, 32, 64, 128, 256)


def two(logs, W, U, b, t):
    E = W @ U.T + b[:, None] + t - logs
    return 2 * E @ U, 2 * E.T @ W, 2 * E.sum(1), 2 * E.sum(0)


def of_mean(logs, W, U, b, t):
    return two((logs + logs.T) / 2, W, U, b, t)


def turned(logs, W, U, b, t):
    E = W @ U.T + b[:, None] + t - logs
    return 2 * E.T @ U, 2 * E @ W, 2 * E.sum(0), 2 * E.sum(1)


def own_role(logs, W, U, b, t):
    E = W @ U.T + b[:, None] + t - logs
    return 2 * E @ W, 2 * E.T @ U, 2 * E.sum(1), 2 * E.sum(0)


def swapped_biases(logs, *blocks):
    dW, dU, db, dt = two(logs, *blocks)
    return dW, dU, dt, db


def scaled(factor):
    return lambda *point: tuple(factor * slope for slope in two(*point))


def averaged(logs, *blocks):
    return tuple(slope / logs.size for slope in two(logs, *blocks))


def in_place(logs, W, U, b, t):
    logs -= W @ U.T + b[:, None] + t
    return -2 * logs @ U, -2 * logs.T @ W, -2 * logs.sum(1), -2 * logs.sum(0)


def one(logs, W, b):
    E = W @ W.T + b[:, None] + b - logs
    both = 2 * (E + E.T)
    return both @ W, both.sum(1)


def rows_only(logs, W, b):
    E = W @ W.T + b[:, None] + b - logs
    return 2 * E @ W, 2 * E.sum(1)


def columns_only(logs, W, b):
    return rows_only(logs.T, W, b)


def four_times(logs, W, b):
    return tuple(2 * slope for slope in rows_only(logs, W, b))


def without_two(logs, W, b):
    return tuple(slope / 2 for slope in one(logs, W, b))


def loss_of(logs, W, U, b, t):
    return ((W @ U.T + b[:, None] + t - logs)**2).sum()


def other_loss(logs, *blocks):
    return loss_of((logs + logs.T) / 2, *blocks)


def both_orders(logs, *blocks):
    """Another loss with the same gradient: it differs by a constant."""
    return (loss_of(logs, *blocks) + loss_of(logs.T, *blocks)) / 2


def comparable(counts, reference):
    return log_counts(counts, scale=reference.sum() / counts.sum())


@functools.cache
def best_losses():
    data = fourgrams("docs")
    X = {part: cooccurrence(runs, len(data.words)).toarray()
         for part, runs in data.windows.items()}
    logs = log_counts(X["train"])
    new = comparable(X["dev"], X["train"])
    table = {}
    for symmetric in (False, True):
        train = remaining(logs, symmetric=symmetric) / logs.size
        dev = losses_by_length(logs, new, symmetric=symmetric)
        for D in SIZES:
            D_there = min(D, len(logs))
            table[D, symmetric] = train[D_there], dev[D_there]
    return table


def losses(change):
    return {key: change(key, *pair) for key, pair in best_losses().items()}


def same(key, train, dev):
    return train, dev


def nine(*, drop=None):
    return {key: pair for key, pair in losses(same).items() if key != drop}


RIGHT = {
    "K1": [(lambda V, D: 2 * V * (D + 1),)],
    "K2": [(two, one), (lambda *p: list(two(*p)), one)],
    "K3": [(comparable, losses(same)),
           (comparable, losses(lambda key, a, b: (a + 0.01, b)))],
    "L4": [(two, other_loss), (two, both_orders)],
}

WRONG = [
    ("K1", (lambda V, D: 2 * V * D,), "also has two biases"),
    ("K1", (lambda V, D: V * (D + 1),), "two vectors and two biases"),
    ("K1", (lambda V, D: V * (2 * D + 1),), "a bias of its own"),
    ("K1", (lambda V, D: 4 * V * D,), "not one for each number"),
    ("K1", (lambda V, D: 2 * V * D + 2,), "not to the whole model"),
    ("K1", (lambda V, D: 2 * V * (D + 2),), "column of ones"),
    ("K1", (5522,), "without calling"),
    ("K2", (of_mean, one), "gradient of another loss"),
    ("K2", (turned, one), "transpose the errors"),
    ("K2", (own_role, one), "vectors of the other role"),
    ("K2", (swapped_biases, one), "transpose the errors"),
    ("K2", (scaled(0.5), one), "the 2 of the square"),
    ("K2", (scaled(-1), one), "the sign is wrong"),
    ("K2", (averaged, one), "do not average"),
    ("K2", (in_place, one), "changed its argument 0"),
    ("K2", (lambda *p: two(*p)[0], one), "four arrays"),
    ("K2", (two, rows_only), "you have one of the two"),
    ("K2", (two, columns_only), "only the column"),
    ("K2", (two, four_times), "take the mean of both"),
    ("K2", (two, without_two), "the 2 of the square"),
    ("K2", (two, lambda *p: one(*p)[0]), "two arrays"),
    ("K3", (lambda counts, reference: np.log(counts + 1), {}),
     "size of the longer text"),
    ("K3", (lambda counts, reference: np.log(
        counts * counts.sum() / reference.sum() + 1), {}),
     "must be made longer"),
    ("K3", (lambda counts, reference: np.log(
        (counts + 1) * reference.sum() / counts.sum()), {}),
     "and then add 1"),
    ("K3", (lambda counts, reference: np.log(
        counts * reference.sum() / counts.sum() + 1e-300), {}),
     "add the 1"),
    ("K3", (comparable, [1, 2]), "give a dict"),
    ("K3", (comparable, nine(drop=(64, True))), "no losses for"),
    ("K3", (comparable, losses(lambda key, a, b: (251**2 * a, b))),
     "looks like a sum"),
    ("K3", (comparable, losses(lambda key, a, b: (a / 2, b))),
     "the lowest loss there is"),
    ("K3", (comparable, losses(lambda key, a, b: (a + 0.1, b))),
     "train longer"),
    ("K3", (comparable, losses(lambda key, a, b: (a, np.nan))),
     "(training loss, development loss)"),
    ("K3", (comparable, losses(lambda key, a, b: (a, a))),
     "lowest in between"),
    ("K3", (comparable, losses(lambda key, a, b: (
        a, b - 0.3 * key[1]))), "two vectors are better"),
    ("L4", (of_mean, other_loss), "gradient of another loss"),
    ("L4", (scaled(0.5), other_loss), "the 2 of the square"),
    ("L4", (two, loss_of), "the loss of the right gradient"),
    ("L4", (two, lambda *p: other_loss(*p) / 2), "not half of it"),
    ("L4", (two, lambda *p: other_loss(*p) / p[0].size), "do not average"),
    ("L4", (two, lambda *p: 3 * other_loss(*p)), "the slope of your loss"),
    ("L4", (two, lambda logs, W, U, b, t: (
        W @ U.T + b[:, None] + t - (logs + logs.T) / 2)**2),
     "the loss is one number"),
]
