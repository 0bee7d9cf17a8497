"""Checks of the chapter on training on several processes: P1 to P4."""

import numpy as np

from .registry import ask, exercise, expect, require


@exercise("P1", "one gradient from unequal shards")
def shards_combined(combine):
    """Ask for `combine(gradients, counts)`: (R, D) and (R,) to (D,)."""
    for counts in ((2, 1), (4, 4), (5, 0, 3)):
        rng = np.random.default_rng(len(counts))
        gradients = rng.normal(size=(len(counts), 4))
        gradients[np.array(counts) == 0] = 0
        weights = np.array(counts) / sum(counts)
        expect(ask(combine, gradients, np.array(counts)),
               weights @ gradients, f"shards of {counts}", {
                   "the plain mean gives a short shard too much say":
                       gradients.mean(0),
                   "divide by the number of all examples":
                       np.array(counts) @ gradients,
                   "these are sums of means: weigh each by its examples":
                       gradients.sum(0)})


@exercise("P2", "every example once in an epoch")
def sampler(indices):
    """Ask for `indices(examples, rank, world, epoch)`: what a rank uses."""
    for examples, world in ((12, 2), (11, 3), (5, 1)):
        parts = [np.asarray(ask(indices, examples, rank, world, 4))
                 for rank in range(world)]
        counts = np.bincount(np.concatenate(parts).astype(int),
                             minlength=examples)
        case = f"{examples} examples, {world} processes"
        require(len(counts) == examples, f"{case}: there is no example"
                f" {len(counts) - 1}")
        require(counts.max() < 2, f"{case}: example {counts.argmax()} is"
                f" used {counts.max()} times: all processes must shuffle"
                " alike, and then share")
        require(counts.min() > 0, f"{case}: example {counts.argmin()} is"
                " never used: mind the end")
        sizes = [len(part) for part in parts]
        require(max(sizes) - min(sizes) < 2, f"{case}: shards of {sizes}:"
                " their lengths may differ by one")
    first, again, second = (list(ask(indices, 40, 0, 2, epoch))
                            for epoch in (0, 0, 1))
    require(first == again, "the same epoch has another order the second"
            " time: a restart could not continue")
    require(first != sorted(first), "the examples are not shuffled")
    require(first != second, "epoch 1 repeats the order of epoch 0: the"
            " epoch must be part of the seed")


@exercise("P3", "which chunk travels in which round")
def ring_route(chunk):
    """Ask for `chunk(rank, round, world)`: the chunk a rank sends."""
    for world in (2, 3, 5):
        held = np.eye(world, dtype=int)[:, None] * np.ones(
            (world, 1), int)                    # (rank, chunk, from whom)
        for t in range(2 * (world - 1)):
            moves = [int(ask(chunk, r, t, world)) for r in range(world)]
            require(all(0 <= k < world for k in moves),
                    f"{world} processes, round {t}: chunk {moves}: count"
                    f" from 0 to {world - 1}, modulo {world}")
            wire = [held[r, k].copy() for r, k in enumerate(moves)]
            for r, k in enumerate(moves):
                there = held[(r + 1) % world, k]
                there[:] = wire[r] + there if t < world - 1 else wire[r]
            require(t != world - 2 or (held == 1).all(2).any(1).all(),
                    f"{world} processes: after {world - 1} rounds not every"
                    " process has a finished chunk: pass on the chunk that"
                    " has just arrived")
        require((held == 1).all(), f"{world} processes: at the end some sum"
                " is not complete: which chunk has just been finished?")


@exercise("P4", "how much faster")
def speedup(ratio):
    """Ask for `ratio(R, a, s, v)`: the time of one process over R."""
    for R, a, s, v in ((1, 9, 1, 5), (2, 80, 4, 3), (16, 80, 4, 3.0)):
        one = a + s

        def over(seconds):
            return one / seconds
        expect(ask(ratio, R, a, s, v),
               over(a / R + s + 2 * (R - 1) / R * v),
               f"R = {R}, a = {a}, s = {s}, v = {v}", {
                   "the messages take time": over(a / R + s),
                   "every process does the fixed part itself":
                       over(one / R + 2 * (R - 1) / R * v),
                   "the ring sends 2 (R - 1) / R gradients, not one":
                       over(a / R + s + v),
                   "this is the time, not the ratio":
                       a / R + s + 2 * (R - 1) / R * v,
                   "one process sends nothing":
                       (one + v) / (a / R + s + 2 * (R - 1) / R * v),
                   "it is upside down":
                       (a / R + s + 2 * (R - 1) / R * v) / one})
