"""Train the fixed-window model on several processes, and survive a kill.

    torchrun --nproc-per-node 2 -m lmbook.scale.distributed_torch \
        data.npz --checkpoint run.pt --steps 100

`data.npz` holds `contexts` (N, w) and `targets` (N,). With GPUs each
process takes one and gradients travel by NCCL, else by Gloo. Started by
`python -m` instead of `torchrun`, the same program is one process. It
continues from the checkpoint if there is one.

Source: Li et al., "PyTorch Distributed" (2020).
"""

import argparse
import contextlib
import io
import os
import pathlib
import signal

import numpy as np
import torch
from torch import distributed as dist
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

from lmbook.files import save
from lmbook.models.fixed_window_torch import FixedWindowLM
from lmbook.scale.sharding import global_batch, shard


def place():
    """Return (rank, world): who we are, and of how many processes.

    >>> place()
    (0, 1)
    """
    if not dist.is_initialized():
        return 0, 1
    return dist.get_rank(), dist.get_world_size()


@contextlib.contextmanager
def process_group():
    """Join the processes started by `torchrun`; give the device to use.

    >>> with process_group() as device:
    ...     place()
    (0, 1)
    """
    gpu = torch.cuda.is_available()
    device = torch.device(
        f"cuda:{os.environ.get('LOCAL_RANK', 0)}" if gpu else "cpu")
    if gpu:
        torch.cuda.set_device(device)
    if "RANK" in os.environ:
        dist.init_process_group("nccl" if gpu else "gloo")
    try:
        yield device
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


def share_of_loss(log_probabilities, targets, batch_size, world):
    """Return the loss whose mean over the processes is the mean loss.

    DistributedDataParallel takes the plain mean of the gradients. A sum
    over our part, times R / B, makes that mean the sum over the whole
    batch divided by B, however long the parts are.

    Shapes: log_probabilities (n, V), targets (n,), n may be 0.

    >>> uniform = torch.full((1, 4), 0.25).log()
    >>> share_of_loss(uniform, torch.tensor([2]), 3, 2)     # log(4) 2/3
    tensor(0.9242)
    """
    total = F.nll_loss(log_probabilities, targets, reduction="sum")
    return total * world / batch_size


def train(model, optimizer, contexts, targets, *, steps, batch_size, seed=0,
          checkpoint=None, every=10, on_step=None):
    """Train up to step `steps`, each process on its part of each batch.

    All processes end with the same weights. With a path `checkpoint`,
    training continues from that file if it exists, and is saved there
    after every `every` steps and at the end. `on_step(step)` is called
    after each step.

    Shapes: contexts (N, w), targets (N,), tensors on the model's device.
    Errors: `ValueError` for a batch or an interval below 1, lengths that
    differ, and a checkpoint of another run.

    >>> model = FixedWindowLM(4, 1, 2, 3)
    >>> sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> data = torch.tensor([[1], [2], [3]]), torch.tensor([2, 3, 0])
    >>> train(model, sgd, *data, steps=5, batch_size=2)
    5
    """
    if len(contexts) != len(targets) or every < 1:
        raise ValueError(f"{len(contexts)} contexts, {len(targets)} targets,"
                         f" every {every}: expected as many, every >= 1")
    rank, world = place()
    run = {"examples": len(targets), "batch_size": batch_size, "seed": seed,
           "world": world}
    step = restore(checkpoint, model, optimizer, run)
    parallel = DistributedDataParallel(model) if world > 1 else model
    parallel.train()
    while step < steps:
        batch = global_batch(step, len(targets), batch_size, seed)
        mine = torch.as_tensor(shard(batch, rank, world).copy(),
                               device=targets.device)
        optimizer.zero_grad()
        share_of_loss(parallel(contexts[mine]), targets[mine], len(batch),
                      world).backward()         # the gradients travel here
        optimizer.step()
        step += 1
        if checkpoint and (step % every == 0 or step == steps):
            keep(checkpoint, model, optimizer, run, step)
        if on_step:
            on_step(step)
    return step


def random_states(device):
    """Return the state of every process's random numbers, (R, n) bytes.

    >>> random_states(torch.device("cpu")).dtype
    torch.uint8
    """
    gpu = device.type == "cuda"
    mine = torch.cuda.get_rng_state() if gpu else torch.get_rng_state()
    if place()[1] == 1:
        return mine[None]
    states = [torch.empty_like(mine, device=device)
              for _ in range(place()[1])]
    dist.all_gather(states, mine.to(device))
    return torch.stack(states).cpu()


def keep(path, model, optimizer, run, step):
    """Write a checkpoint, all or nothing; only rank 0 writes.

    Every process must call it: each hands in its random state. `run` is
    plain data which tells this run from others.

    >>> import tempfile
    >>> model = FixedWindowLM(4, 1, 2, 3)
    >>> adam = torch.optim.Adam(model.parameters())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     keep(folder + "/a.pt", model, adam, {"seed": 0}, step=3)
    ...     restore(folder + "/a.pt", model, adam, {"seed": 0})
    3
    """
    states = random_states(next(model.parameters()).device)
    if place()[0] == 0:
        buffer = io.BytesIO()
        torch.save({"run": run, "step": step, "random": states,
                    "weights": model.state_dict(),
                    "optimizer": optimizer.state_dict()}, buffer)
        save(path, buffer.getvalue())


def restore(path, model, optimizer, run):
    """Take everything back from a checkpoint; return its step.

    Without a file the step is 0 and nothing changes. Only tensors and
    plain data are loaded, so a file cannot run a program.

    Errors: `ValueError` for a checkpoint of another run;
    `pickle.UnpicklingError` for a file that holds anything else.

    >>> restore("no/such/file.pt", None, None, {})
    0
    """
    if path is None or not pathlib.Path(path).exists():
        return 0
    device = next(model.parameters()).device
    stored = torch.load(path, map_location="cpu", weights_only=True)
    if stored["run"] != run:
        raise ValueError(f"{path} is a checkpoint of {stored['run']}, "
                         f"expected {run}")
    model.load_state_dict(stored["weights"])
    optimizer.load_state_dict(stored["optimizer"])
    state = stored["random"][place()[0]].clone()    # no view: it crashes
    (torch.cuda.set_rng_state if device.type == "cuda"
     else torch.set_rng_state)(state)
    return stored["step"]


def kill_once(rank, at):
    """Return an `on_step` that kills process `rank` after step `at`.

    It happens in the first life only: `torchrun` counts its restarts.

    >>> kill_once(1, at=7)(7)           # we are rank 0, and live on
    """
    def on_step(step):
        first_life = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") == "0"
        if step == at and place()[0] == rank and first_life:
            os.kill(os.getpid(), signal.SIGKILL)
    return on_step


def main(arguments=None):
    """Run the program of this file; see its first lines.

    >>> main(["none.npz", "--checkpoint", "a.pt", "--steps", "x"])
    Traceback (most recent call last):
    SystemExit: 2
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--checkpoint", required=True)
    for name, value in dict(steps=100, batch_size=64, every=10, seed=0,
                            embedding_dim=16, hidden_dim=32, dropout=0.0,
                            lr=0.01, kill_rank=-1, kill_at=-1).items():
        parser.add_argument("--" + name.replace("_", "-"), default=value,
                            type=type(value))
    options = parser.parse_args(arguments)
    with np.load(options.data) as file, process_group() as device:
        contexts, targets = (torch.as_tensor(file[name], device=device)
                             for name in ("contexts", "targets"))
        torch.manual_seed(options.seed)         # the same first weights
        model = FixedWindowLM(
            int(max(contexts.max(), targets.max())) + 1, contexts.shape[1],
            options.embedding_dim, options.hidden_dim,
            dropout=options.dropout).to(device)
        torch.manual_seed(options.seed + 1 + place()[0])    # own dropout
        train(model, torch.optim.Adam(model.parameters(), lr=options.lr),
              contexts, targets, steps=options.steps, seed=options.seed,
              batch_size=options.batch_size, every=options.every,
              checkpoint=options.checkpoint,
              on_step=kill_once(options.kill_rank, options.kill_at))


if __name__ == "__main__":
    main()
