"""A seeded sample of the kernel fuzz; `make mutants` runs it in full."""

import fuzz
import numpy as np
import pytest
from normal_value import value

from lmbook.derivation import dim, exp, index, relu, tensor, total
from lmbook.derivation.kernel import Definitions
from lmbook.derivation.worlds import World


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_true_lines_in_disguise_are_proved(start):
    for number in range(start, start + 100):
        proved, left, right, _ = fuzz.true_case(number)
        assert proved, f"case {number}: {left} = {right}"


def test_a_disguise_changes_the_line():
    cases = [fuzz.true_case(n) for n in range(100)]
    assert sum(str(left) != str(right) for _, left, right, _ in cases) > 95
    assert sum(bool(table) for *_, table in cases) > 20


def test_disguised_lines_have_the_same_value():
    for number in range(40):
        _, left, right, table = fuzz.true_case(number)
        rng = np.random.default_rng(number)
        assert not fuzz.refuted(left, right, rng, table)


def test_wrong_lines_are_not_accepted():
    refuted = 0
    for number in range(100):
        for no, yes, left, mutant in fuzz.wrong_cases(number):
            assert not (no and yes), f"case {number}: {left} = {mutant}"
            refuted += no
    assert refuted > 180


def test_slopes_agree_with_autograd():
    steep = 0
    for number in range(100):
        ours, theirs = fuzz.slope_case(number)
        assert fuzz.close(ours, theirs), number
        steep += theirs != 0
    assert steep > 10


def test_a_fact_keeps_the_value_of_what_it_is_used_in():
    uses = 0
    for number in range(150):
        before, after, used = fuzz.fact_case(number)
        assert fuzz.close(before, after), number
        uses += used
    assert uses > 10


def test_the_value_of_a_normal_form_by_hand():
    K = dim("K")
    i, z = index("i", K), tensor("z", K)
    world = World({K: 2}, {z: [1.0, -2.0]})
    form = Definitions().lower(total(i, relu(z[i]) * i) + K * exp(z[i]))
    for place, expected in (1, 1 + 2*np.e), (2, 1 + 2*np.exp(-2)):
        found = value(form, world, {"i@K": place})
        assert abs(found - expected) < 1e-12
