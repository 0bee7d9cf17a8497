"""Answers to P1 to P4: right ones, and wrong ones with their hint."""

import numpy as np

from lmbook.scale.sharding import epoch_order, shard


def combine(gradients, counts):
    return np.average(gradients, axis=0, weights=counts)


def indices(examples, rank, world, epoch):
    return shard(epoch_order(examples, 0, epoch), rank, world)


def blocks(examples, rank, world, epoch):
    return np.array_split(epoch_order(examples, 1, epoch), world)[rank]


def drops_tail(examples, rank, world, epoch):
    order = epoch_order(examples, 0, epoch)
    return order[:examples // world * world][rank::world]


def own_shuffle(examples, rank, world, epoch):
    order = np.random.default_rng([rank, epoch]).permutation(examples)
    return order[rank::world]


def long_first(examples, rank, world, epoch):
    order = epoch_order(examples, 0, epoch)
    size = -(-examples // world)
    return np.append(order, [])[rank * size:(rank + 1) * size].astype(int) \
        if world < 3 else np.split(order, [7, 9])[rank]


def seconds(R, a, s, v):
    return a / R + s + 2 * (R - 1) / R * v


RIGHT = {
    "P1": [(combine,), (lambda g, c: (c / c.sum()) @ g,)],
    "P2": [(indices,), (blocks,)],
    "P3": [(lambda r, t, R: (r - t) % R,)],
    "P4": [(lambda R, *k: seconds(1, *k) / seconds(R, *k),)],
}

WRONG = [
    ("P1", (lambda g, c: g.mean(0),), "plain mean gives a short shard"),
    ("P1", (lambda g, c: c @ g,), "divide by the number of all"),
    ("P1", (lambda g, c: g.sum(0),), "sums of means"),
    ("P1", (lambda g, c: g,), r"shape is \(2, 4\)"),
    ("P2", (lambda n, r, R, e: epoch_order(n, 0, e),), "is used 2 times"),
    ("P2", (own_shuffle,), "all processes must shuffle alike"),
    ("P2", (drops_tail,), "is never used: mind the end"),
    ("P2", (lambda n, r, R, e: np.arange(r, n, R),), "not shuffled"),
    ("P2", (lambda n, r, R, e: indices(n, r, R, 0),), "part of the seed"),
    ("P2", (lambda n, r, R, e: 1 + indices(n, r, R, e),), "is no example 12"),
    ("P2", (long_first,), r"shards of \[7, 2, 2\]"),
    ("P3", (lambda r, t, R: (r + t) % R,), "pass on the chunk that has"),
    ("P3", (lambda r, t, R: r,), "which chunk has just been finished"),
    ("P3", (lambda r, t, R: r - t,), "modulo 2"),
    ("P3", (lambda r, t, R: (r - t) % R if t < R - 1 else (r + 2) % R,),
     "at the end some sum"),
    ("P4", (lambda R, a, s, v: (a + s) / (a / R + s),), "messages take"),
    ("P4", (lambda R, a, s, v: (a + s) / seconds(R, a + s, 0, v),),
     "does the fixed part itself"),
    ("P4", (lambda R, a, s, v: (a + s) / (a / R + s + v),),
     "not one"),
    ("P4", (seconds,), "the time, not the ratio"),
    ("P4", (lambda R, *k: seconds(R, *k) / seconds(1, *k),), "upside down"),
]
