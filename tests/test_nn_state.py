"""Weights in files: whole, without pickle, or refused."""

import os

import numpy as np
import pytest

from lmbook import nn


def network(seed=0, width=3):
    """A small network with its own weights."""
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(2, width, rng=rng), nn.Tanh(),
                         nn.Residual(nn.LayerNorm(width)))


def test_round_trip(tmp_path):
    first, second = network(0), network(1)
    optimised = second.parameters()         # its memory stays in place
    first.save(tmp_path / "new" / "net.npz")
    second.load_state(tmp_path / "new" / "net.npz")
    np.testing.assert_array_equal(optimised.data, first.parameters().data)
    assert os.listdir(tmp_path / "new") == ["net.npz"]
    assert sorted(np.load(tmp_path / "new" / "net.npz")) == [
        "0.bias", "0.weight", "2.0.bias", "2.0.weight"]


def test_the_same_weights_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        network().save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_copy_of_the_state_does_not_follow():
    net = network()
    state = net.state_dict()
    net.parameters().data[:] = 0
    net.load_state_dict(state)
    np.testing.assert_array_equal(
        net.parameters().data, network().parameters().data)


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "net.npz"
    network(0).save(path)

    def fail(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        network(1).save(path)
    net = network(1)
    net.load_state(path)
    np.testing.assert_array_equal(
        net.parameters().data, network(0).parameters().data)
    assert os.listdir(tmp_path) == ["net.npz"]


def changed(**arrays):
    """The state of a network with some arrays replaced, None to drop."""
    state = network().state_dict() | arrays
    return {name: a for name, a in state.items() if a is not None}


BAD = {
    r"missing keys \['0.bias'\], unknown keys \[\]":
        changed(**{"0.bias": None}),
    r"missing keys \[\], unknown keys \['3.weight'\]":
        changed(**{"3.weight": np.ones(2)}),
    r"0.weight has shape \(3, 3\), expected \(3, 2\)":
        changed(**{"0.weight": np.ones((3, 3))}),
    "2.0.bias holds NaN": changed(**{"2.0.bias": np.full(3, np.nan)}),
    "0.bias must hold real numbers": changed(**{"0.bias": np.ones(3) * 1j}),
}


@pytest.mark.parametrize("message", BAD)
def test_a_wrong_state_is_refused_and_changes_nothing(message, tmp_path):
    net = network(1)
    np.savez(tmp_path / "net.npz", **BAD[message])
    for call in (lambda: net.load_state_dict(BAD[message]),
                 lambda: net.load_state(tmp_path / "net.npz")):
        with pytest.raises(ValueError, match=message):
            call()
    np.testing.assert_array_equal(
        net.parameters().data, network(1).parameters().data)


def test_what_is_no_file_of_arrays_is_refused(tmp_path):
    (tmp_path / "text").write_text("weights")
    (tmp_path / "empty").write_bytes(b"")
    np.save(tmp_path / "one.npy", np.ones(3))
    np.savez(tmp_path / "pickled.npz", a=np.array([{}], dtype=object))
    network().save(tmp_path / "cut.npz")
    whole = (tmp_path / "cut.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[:len(whole) // 2])
    for name in ("text", "empty", "one.npy", "pickled.npz", "cut.npz"):
        with pytest.raises(ValueError, match=f"{name} is not a .npz file"):
            network().load_state(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        network().load_state(tmp_path / "nowhere.npz")
