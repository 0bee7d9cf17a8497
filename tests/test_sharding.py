"""Which process works on what, and the sum that goes round a ring."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from lmbook.scale.sharding import (
    epoch_order, global_batch, ring_all_reduce, shard)


def test_ring_of_three_by_hand():
    # Arrays (1, 2, 3), (10, 20, 30), (100, 200, 300), chunks of one.
    # Each process sends 2 (3 - 1) = 4 numbers; the sums are 111, 222, 333.
    sums, sent = ring_all_reduce(
        [np.array([1, 2, 3]) * 10 ** r for r in range(3)])
    assert all(s.tolist() == [111, 222, 333] for s in sums)
    assert sent.tolist() == [4, 4, 4]


@given(st.integers(1, 7), st.integers(0, 20), st.integers(0, 99))
def test_ring_adds_exactly(world, size, seed):
    arrays = list(np.random.default_rng(seed).integers(-99, 99,
                                                       (world, size)))
    before = np.copy(arrays)
    sums, sent = ring_all_reduce(arrays)
    assert all((s == before.sum(0)).all() for s in sums)
    assert (np.array(arrays) == before).all()       # inputs untouched
    assert sent.sum() == 2 * (world - 1) * size
    if size % world == 0:
        assert (sent * world == 2 * (world - 1) * size).all()


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 5))
def test_an_epoch_uses_every_example_once(examples, batch_size, world):
    steps = -(-examples // batch_size)
    for epoch in (0, 1):
        seen = [int(i) for step in range(steps) for rank in range(world)
                for i in shard(global_batch(
                    step + epoch * steps, examples, batch_size), rank, world)]
        assert sorted(seen) == list(range(examples))


@given(st.integers(1, 40), st.integers(1, 9))
def test_parts_differ_by_one_at_most(size, world):
    parts = [len(shard(np.arange(size), r, world)) for r in range(world)]
    assert max(parts) - min(parts) <= 1 and sum(parts) == size


def test_epochs_and_seeds_have_their_own_order():
    orders = [tuple(epoch_order(20, *key)) for key in
              ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert len(set(orders)) == 4
    with pytest.raises(ValueError, match="read-only"):
        epoch_order(20, 0, 0)[0] = 1


@pytest.mark.parametrize("bad, message", [
    ((-1, 5, 2), "step must be at least 0, got -1"),
    ((0, 0, 2), "examples must be at least 1, got 0"),
    ((0, 5, 0), "batch_size must be at least 1, got 0")])
def test_bad_batches(bad, message):
    with pytest.raises(ValueError, match=message):
        global_batch(*bad)


@pytest.mark.parametrize("arrays", [[], [np.ones(2), np.ones(3)],
                                    [np.ones((2, 2))]])
def test_bad_rings(arrays):
    with pytest.raises(ValueError, match="one or more arrays of one shape"):
        ring_all_reduce(arrays)
