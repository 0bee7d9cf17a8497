"""What `test_distributed_torch.py` runs with `torchrun`, in one group.

    torchrun ... -m two_processes data.npz FOLDER
"""

import sys

import numpy as np
import torch

from lmbook.models.fixed_window_torch import FixedWindowLM
from lmbook.scale.distributed_torch import place, process_group, train


def run(data, folder, name, dropout, examples, batch_size, steps=20):
    """Train a small model, save it as `name`, return its weights."""
    torch.manual_seed(0)
    model = FixedWindowLM(50, 3, 16, 32, dropout=dropout)
    torch.manual_seed(1 + place()[0])
    train(model, torch.optim.Adam(model.parameters(), lr=0.01),
          *(torch.as_tensor(part[:examples]) for part in data),
          steps=steps, batch_size=batch_size, every=10,
          checkpoint=folder and f"{folder}/{name}.pt")
    return [p.detach() for p in model.parameters()]


CASES = {"equal": (0.0, 96, 16), "odd batches": (0.0, 103, 17),
         "empty shard": (0.0, 33, 16), "dropout": (0.1, 103, 16)}

if __name__ == "__main__":
    with np.load(sys.argv[1]) as file, process_group():
        for case, options in CASES.items():
            run((file["contexts"], file["targets"]), sys.argv[2], case,
                *options)
