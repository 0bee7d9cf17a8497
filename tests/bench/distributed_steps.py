"""Seconds of a training step on one process and on two, taken in turns.

    torchrun --nproc-per-node 2 ... -m distributed_steps RESULT.json

Both ways run in the same two processes: when one works alone, the other
sleeps at a barrier. One thread each; wall time, and the processor time of
the busier process, which other work on the machine disturbs much less.
"""

import json
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
BATCHES, ROUNDS, SECONDS = (512, 2048), 3, 1.0
SMALL, REPEATS = 256, 40            # numbers in a small all-reduce


def clocks(call, count):
    """Return wall and processor seconds of a call, called `count` times."""
    start = time.perf_counter(), time.process_time()
    for _ in range(count):
        call()
    return [(now - then) / count for now, then in zip(
        (time.perf_counter(), time.process_time()), start)]


def steps(model, batch, world, count):
    """Train for `count` steps; return the clocks of one."""
    torch.manual_seed(place()[0] if world > 1 else 0)
    ids = torch.randint(V, (-(-batch // world), WINDOW + 1))
    optimizer = torch.optim.Adam(model.parameters())

    def step():
        optimizer.zero_grad()
        share_of_loss(model(ids[:, :WINDOW]), ids[:, WINDOW], batch,
                      world).backward()
        optimizer.step()
    return clocks(step, count)


def update(model):
    """Return the clocks of what every process does in full."""
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    return clocks(torch.optim.Adam(model.parameters()).step, REPEATS)


def all_reduce(size):
    """Return the clocks of an all-reduce of `size` numbers."""
    numbers = torch.zeros(size)
    dist.barrier()
    return clocks(lambda: dist.all_reduce(numbers), REPEATS)


def busier(found):
    """Return the larger of the clocks of the two processes, each."""
    both = torch.tensor(found, dtype=torch.float64)
    dist.all_reduce(both, dist.ReduceOp.MAX)
    return both.tolist()


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
            two = busier(steps(pair, batch, 2, count))
            if turn:                        # the first warms up
                table[batch].append((one, two))
        wires.append([busier(all_reduce(n)) for n in (SMALL, size)])
        updates.append(update(alone) if place()[0] == 0 else 0)
    if place()[0] == 0:
        save(path, json.dumps({"size": size, "steps": table,
                               "all_reduce": wires[1:],
                               "update": updates[1:]}).encode())


if __name__ == "__main__":
    with process_group():
        main(sys.argv[1])
