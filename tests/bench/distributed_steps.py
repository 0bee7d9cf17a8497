"""Seconds of a training step on one process and on two, taken in turns.

    torchrun --nproc-per-node 2 ... -m distributed_steps RESULT.json

Both ways run in the same two processes: when one works alone, the other
sleeps at a barrier. Wall time, one thread each.
"""

import json
import statistics
import sys
import time

import torch
from torch import distributed as dist
from torch.nn.parallel import DistributedDataParallel

from lmbook.files import save
from lmbook.models.fixed_window_torch import FixedWindowLM
from lmbook.scale.distributed_torch import (
    place, process_group, share_of_loss)

V, WINDOW, D, H = 2000, 5, 64, 128
BATCHES, ROUNDS, SECONDS = (512, 2048), 3, 1.5
SMALL, REPEATS = 256, 40            # numbers in a small all-reduce


def steps(model, batch, world, count):
    """Train for `count` steps; return seconds per step."""
    rank = place()[0] if world > 1 else 0
    torch.manual_seed(rank)
    ids = torch.randint(V, (-(-batch // world), WINDOW + 1))
    optimizer = torch.optim.Adam(model.parameters())
    start = time.perf_counter()
    for _ in range(count):
        optimizer.zero_grad()
        share_of_loss(model(ids[:, :WINDOW]), ids[:, WINDOW], batch,
                      world).backward()
        optimizer.step()
    return (time.perf_counter() - start) / count


def update(model):
    """Return the median seconds of what every process does in full."""
    optimizer, found = torch.optim.Adam(model.parameters()), []
    for _ in range(REPEATS):
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        start = time.perf_counter()
        optimizer.step()
        optimizer.zero_grad()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def all_reduce(size):
    """Return the median seconds of an all-reduce of `size` numbers."""
    numbers, found = torch.ones(size), []
    for _ in range(REPEATS):
        dist.barrier()
        start = time.perf_counter()
        dist.all_reduce(numbers)
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def main(path):
    """Measure everything in turns; rank 0 writes the file."""
    torch.manual_seed(0)
    alone = FixedWindowLM(V, WINDOW, D, H)
    pair = DistributedDataParallel(FixedWindowLM(V, WINDOW, D, H))
    size = sum(p.numel() for p in alone.parameters())
    table = {batch: [] for batch in BATCHES}
    wires, updates = [], []
    for turn in range(ROUNDS + 1):
        for batch in BATCHES:
            count = max(3, round(SECONDS / 1e-4 / batch))
            dist.barrier()
            one = steps(alone, batch, 1, count) if place()[0] == 0 else 0
            dist.barrier()
            two = steps(pair, batch, 2, count)
            if turn:                        # the first warms up
                table[batch].append((one, two))
        wires.append((all_reduce(SMALL), all_reduce(size)))
        updates.append(update(alone) if place()[0] == 0 else 0)
    if place()[0] == 0:
        save(path, json.dumps({"size": size, "steps": table,
                               "all_reduce": wires[1:],
                               "update": updates[1:]}).encode())


if __name__ == "__main__":
    with process_group():
        main(sys.argv[1])
