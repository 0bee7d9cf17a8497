"""Training on several processes: shards, gradients, kills, checkpoints."""

import os
import pathlib
import pickle

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from lmbook.models.fixed_window_torch import FixedWindowLM
from lmbook.scale.distributed_torch import (
    keep, main, restore, share_of_loss, train)
from lmbook.scale.launch import torchrun
from lmbook.scale.sharding import shard

from two_processes import CASES, run

PROGRAM = "lmbook.scale.distributed_torch"


def examples(n):
    contexts = np.random.default_rng(0).integers(0, 50, (n, 3))
    contexts[0, 0] = 49                         # the vocabulary is 50
    return contexts, contexts[:, -1].copy()


def gradient(model, loss):
    return torch.cat([g.flatten() for g in torch.autograd.grad(
        loss, list(model.parameters()))])


# ------------------------------------------------------------- gradients

def test_two_processes_three_examples_by_hand():
    # Losses are (a - x)^2 / 2 at a = 0, gradients -x: x = 3, 6 | 12.
    # All together -(3 + 6 + 12) / 3 = -7; of the shards -4.5 and -12.
    # Their plain mean is -8.25, weighted 2/3 (-4.5) + 1/3 (-12) = -7.
    # As in `share_of_loss`, sums times R / B: -9 (2/3), -12 (2/3): mean -7.
    sums = np.array([-9, -12]) * 2 / 3
    assert sums.mean() == -7 != np.mean([-4.5, -12])


@pytest.mark.parametrize("sizes, weighted", [
    ((4, 4), False), ((4, 4), True), ((7, 1), True), ((8, 0), True),
    ((3, 3, 2), True)])
def test_mean_over_shards_is_the_gradient(sizes, weighted):
    torch.manual_seed(0)
    model = FixedWindowLM(50, 3, 4, 8, dropout=0.0).double()
    contexts, targets = map(torch.as_tensor, examples(8))
    whole = gradient(model, F.nll_loss(model(contexts), targets))
    losses = [share_of_loss(model(x), y, 8, len(sizes)) if weighted
              else F.nll_loss(model(x), y)
              for x, y in zip(contexts.split(sizes), targets.split(sizes))]
    mean = sum(gradient(model, loss) for loss in losses) / len(sizes)
    assert torch.allclose(mean, whole, rtol=1e-10, atol=1e-13)


def test_plain_mean_over_unequal_shards_is_wrong():
    torch.manual_seed(0)
    model = FixedWindowLM(50, 3, 4, 8, dropout=0.0).double()
    contexts, targets = map(torch.as_tensor, examples(8))
    whole = gradient(model, F.nll_loss(model(contexts), targets))
    mean = sum(gradient(model, F.nll_loss(model(x), y)) / 2 for x, y in zip(
        contexts.split((7, 1)), targets.split((7, 1))))
    assert (mean - whole).norm() > 0.1 * whole.norm()


# --------------------------------------------- really several processes

@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where two processes left their checkpoints, one of each case."""
    folder = tmp_path_factory.mktemp("runs")
    contexts, targets = examples(103)
    np.savez(folder / "data.npz", contexts=contexts, targets=targets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(
            [str(pathlib.Path(__file__).parent),
             os.environ.get("PYTHONPATH", "")]))
        torchrun("two_processes", folder / "data.npz", folder, timeout=100)
    return folder


def stored(path):
    return torch.load(path, weights_only=True)


@pytest.mark.parametrize("case", ["equal", "odd batches", "empty shard"])
def test_two_processes_give_the_weights_of_one(folder, case):
    alone = run(examples(103), None, case, *CASES[case])
    together = stored(folder / f"{case}.pt")["weights"].values()
    for mine, theirs in zip(alone, together, strict=True):
        assert torch.allclose(mine, theirs, rtol=0, atol=1e-6)


def test_processes_draw_their_own_dropout(folder):
    states = stored(folder / "dropout.pt")["random"]
    assert len(states) == 2 and not torch.equal(*states)


def test_killed_process_changes_nothing(folder, tmp_path):
    # SIGKILL hits rank 1 after step 18; the last checkpoint is step 10.
    file = tmp_path / "killed.pt"
    options = ["--checkpoint", file, "--steps", 20, "--batch-size", 16,
               "--dropout", 0.1, "--kill-rank", 1, "--kill-at", 18]
    with pytest.raises(RuntimeError, match="SIGKILL|exitcode: -9"):
        torchrun(PROGRAM, folder / "data.npz", *options, timeout=100)
    assert stored(file)["step"] == 10
    torchrun(PROGRAM, folder / "data.npz", *options[:-4], timeout=100)
    killed, whole = stored(file), stored(folder / "dropout.pt")
    assert killed["step"] == whole["step"] == 20
    assert torch.equal(killed["random"], whole["random"])
    for name, weight in whole["weights"].items():
        assert torch.equal(killed["weights"][name], weight)
    for index, state in whole["optimizer"]["state"].items():
        for name, value in state.items():
            assert torch.equal(
                killed["optimizer"]["state"][index][name], value)


# ----------------------------------------------------------- one process

@pytest.fixture
def small():
    torch.manual_seed(0)
    model = FixedWindowLM(50, 3, 4, 8)
    return model, torch.optim.Adam(model.parameters())


def test_program_continues_where_it_stopped(tmp_path):
    contexts, targets = examples(40)
    np.savez(tmp_path / "data.npz", contexts=contexts, targets=targets)
    for name, stops in (("once", (9,)), ("twice", (4, 9))):
        for steps in stops:
            main([str(tmp_path / "data.npz"), "--steps", str(steps),
                  "--checkpoint", str(tmp_path / name), "--dropout", "0.5",
                  "--batch-size", "7"])
    once, twice = (stored(tmp_path / name)["weights"]
                   for name in ("once", "twice"))
    assert all(torch.equal(once[name], twice[name]) for name in once)


def test_every_example_is_used_once_in_an_epoch(small):
    model, optimizer = small
    contexts, targets = map(torch.as_tensor, examples(40))
    seen = []
    hook = model.register_forward_pre_hook(
        lambda model, inputs: seen.append(inputs[0]))
    train(model, optimizer, contexts, targets, steps=6, batch_size=7)
    hook.remove()
    assert sorted(torch.cat(seen).tolist()) == sorted(contexts.tolist())


def test_half_written_checkpoint_is_never_seen(small, tmp_path, monkeypatch):
    model, optimizer = small
    keep(tmp_path / "a.pt", model, optimizer, {}, step=1)
    monkeypatch.setattr("os.replace", lambda *names: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        keep(tmp_path / "a.pt", model, optimizer, {}, step=2)
    assert restore(tmp_path / "a.pt", model, optimizer, {}) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["a.pt"]


def test_checkpoint_cannot_run_a_program(small, tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "made"),)
    torch.save({"run": Evil()}, tmp_path / "a.pt")
    with pytest.raises(pickle.UnpicklingError):
        restore(tmp_path / "a.pt", *small, {})
    assert not (tmp_path / "made").exists()


def test_bad_input(small, tmp_path):
    model, optimizer = small
    contexts, targets = map(torch.as_tensor, examples(5))
    go = dict(steps=1, batch_size=2)
    with pytest.raises(ValueError, match="5 contexts, 4 targets"):
        train(model, optimizer, contexts, targets[1:], **go)
    with pytest.raises(ValueError, match="every 0"):
        train(model, optimizer, contexts, targets, every=0, **go)
    with pytest.raises(ValueError, match="batch_size must be .* got 0"):
        train(model, optimizer, contexts, targets, steps=1, batch_size=0)
    file = tmp_path / "a.pt"
    train(model, optimizer, contexts, targets, checkpoint=file, **go)
    with pytest.raises(ValueError, match="checkpoint of .*'batch_size': 2"):
        train(model, optimizer, contexts, targets, checkpoint=file,
              steps=2, batch_size=3)
    with pytest.raises(ValueError, match="rank must be from 0 to 1, got 2"):
        shard(np.arange(4), 2, 2)
