"""Digits on sheets: by hand, laws, and wrong arguments refused."""

import numpy as np
import pytest

from lmbook.models.digits import (
    RandomShift, digit_network, digit_sheets, draw, shifted)


def test_a_shift_by_hand():
    picture = np.array([[[1, 2, 3], [4, 5, 6]]])
    up_right = shifted(picture, np.array([-1]), np.array([1]))
    assert up_right.tolist() == [[[0, 4, 5], [0, 0, 0]]]


def test_there_and_back_loses_the_border_only():
    pictures = np.random.default_rng(0).random((20, 6, 6))
    down, right = np.random.default_rng(1).integers(-1, 2, (2, 20))
    back = shifted(shifted(pictures, down, right), -down, -right)
    assert np.array_equal(back[:, 1:-1, 1:-1], pictures[:, 1:-1, 1:-1])


def test_a_long_way_is_refused():
    with pytest.raises(ValueError, match="-1, 0 or 1 pixel, got 2"):
        shifted(np.zeros((1, 3, 3)), np.array([2]), np.array([0]))


def test_random_shifts_are_all_nine_and_only_in_training():
    dot = np.zeros((900, 10, 10))
    dot[:, 4, 4] = 1
    layer = RandomShift(rng=np.random.default_rng(0))
    x = dot.reshape(900, 100)
    seen = np.bincount(layer(x).argmax(1), minlength=100).reshape(10, 10)
    assert (seen[3:6, 3:6] > 60).all() and seen.sum() == 900
    assert seen[3:6, 3:6].sum() == 900
    assert layer.eval()(x) is x


def test_no_ink_is_lost_on_a_sheet():
    middle, classes = digit_sheets()
    moved, same = digit_sheets(np.random.default_rng(0))
    assert np.allclose(middle.sum(1), moved.sum(1))
    assert np.array_equal(classes, same) and middle.max() == 1


def test_the_parts_of_a_draw_are_all_and_apart():
    numbers = np.arange(200)
    parts = [inputs for inputs, _ in draw(numbers, numbers, 3, 40)]
    assert [len(part) for part in parts] == [40, 100, 60]
    assert np.array_equal(np.sort(np.concatenate(parts)), numbers)
    for n in (0, 100):
        with pytest.raises(ValueError, match="between 1 and 99"):
            draw(numbers, numbers, 3, n)


def test_the_network_trains_behind_a_shift():
    rng = np.random.default_rng(0)
    net = digit_network(RandomShift(rng=rng), rng=rng)
    assert net(np.ones((2, 100))).shape == (2, 10)
    assert net.backward(np.ones((2, 10))) is None
    assert net.parameters().grad.any()
