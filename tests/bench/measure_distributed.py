"""Two training processes against one, and what a message costs.

`measure()` asserts that a killed process changes nothing, then times
steps at two batch sizes in turns and gives the constants of the chapter's
model of a step: the time of an update, which every process does in full,
and of an all-reduce, for each message and for each number. The constants are
processor time.
"""

import json
import os
import tempfile
from pathlib import Path

import numpy as np
import torch

from lmbook.scale.launch import torchrun

from distributed_steps import ROUNDS, SMALL

GOAL = 0.65                             # two processes over one, B = 2,048


def recovered(folder):
    """Kill a process for real; assert that the weights do not change."""
    contexts = np.random.default_rng(0).integers(0, 50, (500, 3))
    np.savez(folder / "data.npz", contexts=contexts,
             targets=contexts[:, -1])
    for name, kill in (("whole", -1), ("killed", 27)):
        torchrun("lmbook.scale.distributed_torch", folder / "data.npz",
                 "--checkpoint", folder / name, "--steps", 40,
                 "--dropout", 0.1, "--kill-rank", 1, "--kill-at", kill,
                 restarts=1, timeout=100)
    whole, killed = (torch.load(folder / name, weights_only=True)["weights"]
                     for name in ("whole", "killed"))
    assert all(torch.equal(whole[name], killed[name]) for name in whole)
    return {"kill_at": 27, "restart_at": 20, "steps": 40,
            "weights_equal": True}


def timed(folder):
    """Return what `distributed_steps` found."""
    here = str(Path(__file__).parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [here, os.environ.get("PYTHONPATH", "")])
    torchrun("distributed_steps", folder / "steps.json", timeout=110)
    return json.loads((folder / "steps.json").read_text())


def measure():
    """Assert what must hold; return what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        found, killed = timed(Path(folder)), recovered(Path(folder))
    speed = {}
    for batch, rows in found["steps"].items():
        wall, cpu = np.array(rows).transpose(2, 0, 1)   # (rounds, one-two)
        speed[batch] = {"load_average": round(os.getloadavg()[0], 1)}
        for name, times in (("wall", wall), ("cpu", cpu)):
            one, two = 1e3 * np.median(times, 0)
            ratio = np.median(times[:, 1] / times[:, 0])
            speed[batch] |= {f"{name}_one_ms": round(one, 2),
                             f"{name}_two_ms": round(two, 2),
                             f"{name}_ratio": round(ratio, 3)}
    brief, whole = np.median(np.array(found["all_reduce"])[:, :, 1], 0)
    update = np.median(np.array(found["update"])[:, 1])
    number = (whole - brief) / (found["size"] - SMALL)
    return {"parameters": found["size"], "rounds": ROUNDS, "speed": speed,
            "goal_2048": GOAL, "killed": killed, "torch": torch.__version__,
            "constants": {"update_ms": round(1e3 * update, 2),
                          "message_us": round(1e6 * brief / 2, 1),
                          "number_ns": round(1e9 * number, 2)}}
