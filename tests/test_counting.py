"""Numbers that count: what each product of arrays costs."""

import numpy as np
import pytest

from lmbook.counting import Counted, Tally


def counted(work, *arrays):
    tally = Tally()
    work(*(tally(a) for a in arrays))
    return tally


# ------------------------------------------------- by hand: count on paper

def test_a_dot_product():
    # 3*4 + 1*5 + 4*6: three products, two additions
    tally = Tally()
    result = tally([3, 1, 4]) @ tally([4, 5, 6])
    assert float(result) == 41
    assert (tally.multiplications, tally.additions) == (3, 2)


@pytest.mark.parametrize("rows, inner, columns", [
    (1, 1, 1), (2, 3, 4), (5, 1, 2), (3, 4, 1)])
def test_a_matrix_product(rows, inner, columns):
    a, b = np.ones((rows, inner)), np.ones((inner, columns))
    tally = counted(lambda a, b: a @ b, a, b)
    assert tally.multiplications == rows * inner * columns
    assert tally.additions == rows * (inner - 1) * columns


def test_an_outer_product():
    tally = counted(np.outer, np.ones(3), np.ones(5))
    assert (tally.multiplications, tally.additions) == (15, 0)


def test_a_plain_number_beside_a_counted_one():
    tally = Tally()
    x = tally([2.0, 5.0])
    got = (3 * x - 1, 1 - x, x / 2, 10 / x, -x)
    wanted = ([5, 14], [-1, -4], [1, 2.5], [5, 2], [-2, -5])
    for a, b in zip(got, wanted):
        assert a.astype(float).tolist() == b
    assert (tally.multiplications, tally.additions) == (6, 4)


# ----------------------------------------------------------------- values

def test_the_values_are_those_of_numpy():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    tally = Tally()
    assert np.allclose((tally(a) @ tally(b)).astype(float), a @ b)


def test_two_tallies_do_not_mix():
    one, two = Tally(), Tally()
    one([1.0]) * one([2.0])
    assert two.multiplications == 0 and one.multiplications == 1


# ----------------------------------------------------------- what is wrong

def test_words_are_refused():
    with pytest.raises(ValueError, match="real numbers, got 'ten'"):
        Tally()("ten")
    with pytest.raises(TypeError):
        Counted(1.0, Tally()) * "ten"


def test_how_it_shows():
    tally = Tally()
    tally([2.0]) * 3
    assert repr(tally) == "Tally(multiplications=1, additions=0)"
    assert repr(tally([2.0])[0]) == "Counted(2)"
