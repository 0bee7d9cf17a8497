"""Which examples a process works on, and how processes add gradients.

Everything here is a function of a seed and a step: no process has to ask
another which examples it should take.
"""

import functools

import numpy as np


@functools.lru_cache(maxsize=2)
def epoch_order(examples, seed, epoch):
    """Return the order of the examples in one epoch, read only.

    It is the same in every process, and another one in the next epoch.

    Shapes: (N,), N the number of examples.

    >>> epoch_order(5, seed=0, epoch=0), epoch_order(5, seed=0, epoch=1)
    (array([2, 4, 3, 0, 1]), array([1, 4, 3, 0, 2]))
    """
    order = np.random.default_rng([seed, epoch]).permutation(examples)
    order.flags.writeable = False
    return order


def global_batch(step, examples, batch_size, seed=0):
    """Return the examples that all processes together use in a step.

    Steps count from 0. The last batch of an epoch has what is left, so
    every example is used exactly once in an epoch.

    Shapes: (B,), or fewer at the end of an epoch.
    Errors: `ValueError` for no examples, a batch below 1, a step below 0.

    >>> [global_batch(step, 5, 2).tolist() for step in range(4)]
    [[2, 4], [3, 0], [1], [1, 4]]
    """
    for name, value, least in (("examples", examples, 1), ("step", step, 0),
                               ("batch_size", batch_size, 1)):
        if value < least:
            raise ValueError(f"{name} must be at least {least}, got {value}")
    epoch, place = divmod(step, -(-examples // batch_size))
    return epoch_order(examples, seed, epoch)[
        place * batch_size:(place + 1) * batch_size]


def shard(batch, rank, world):
    """Return the part of a batch that one process works on.

    The parts of all processes together are the batch. Their lengths
    differ by one at most, and one may be empty.

    Shapes: batch (B,); rank in 0 .. world-1.
    Errors: `ValueError` for a rank that is not one of the processes.

    >>> [shard(np.array([7, 8, 9]), rank, 2).tolist() for rank in (0, 1)]
    [[7, 9], [8]]
    """
    if not 0 <= rank < world:
        raise ValueError(f"rank must be from 0 to {world - 1}, got {rank}")
    return batch[rank::world]


def ring_all_reduce(arrays):
    """Return (sums, sent): each process ends with the sum of all arrays.

    Every array is cut in R chunks. In round t of 2 (R - 1) process r
    hands chunk r - t (modulo R) to process r + 1. In the first half the
    chunk is added there, and each process ends up with one finished
    chunk; in the second half finished chunks replace unfinished ones.

    Shapes: `arrays` R arrays (D,); sums the same; sent (R,), how many
    numbers each process has sent.
    Errors: `ValueError` for no arrays, or arrays of different shapes.
    Source: Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms
    for clusters of workstations" (2009).

    >>> ring_all_reduce([np.array([1, 2]), np.array([10, 20])])
    ([array([11, 22]), array([11, 22])], array([2, 2]))
    """
    shapes = {np.shape(array) for array in arrays}
    if len(shapes) != 1 or len(min(shapes)) != 1:
        raise ValueError("expected one or more arrays of one shape (D,), "
                         f"got shapes {sorted(shapes)}")
    R, sums = len(arrays), [np.array(array) for array in arrays]
    chunks = [np.array_split(array, R) for array in sums]   # views
    sent = np.zeros(R, dtype=int)
    for t in range(2 * (R - 1)):
        wire = [chunks[r][(r - t) % R].copy() for r in range(R)]
        for r, message in enumerate(wire):
            there = chunks[(r + 1) % R][(r - t) % R]
            there[:] = there + message if t < R - 1 else message
            sent[r] += len(message)
    return sums, sent
