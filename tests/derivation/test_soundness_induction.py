"""Attacks on proofs by induction: each claims something false."""

import pytest

from lmbook.derivation import (Induction, Verdict, dim, index, indices,
                               latest, scalar, tensor, total)
from lmbook.derivation.language import expr

t, K = dim("t"), dim("K")
i, = indices("i", K)
k, new = index("k", t), latest(tensor("h", t)).indices[0]
m, v, a = map(scalar, "mva")
x = scalar("x", nonneg=True)
W = tensor("W", t, K)
REFUSED = (Verdict, ValueError)


def test_a_history_keeps_its_other_axes():
    square = total(i, W[new, i])**2
    with pytest.raises(REFUSED):
        Induction("axes", t, first={m: 0}, rule={m: m + square},
                  claim={m: K * total(k, total(i, W[k, i]**2))})


def test_two_histories_of_one_name_are_refused():
    short = tensor("W", t)
    with pytest.raises(REFUSED):
        Induction("names", t, first={m: 0},
                  rule={m: m + K * latest(short)**2},
                  claim={m: total(k, total(i, W[k, i]**2))})


def test_a_closed_form_contains_no_state():
    with pytest.raises(REFUSED):
        Induction("states", t, first={m: v + 1, v: 0},
                  rule={m: m, v: v + 1}, claim={m: v + 1, v: t})


def test_the_first_value_is_the_claim_after_no_step():
    with pytest.raises(REFUSED):
        Induction("first", t, first={m: 1}, rule={m: m + a},
                  claim={m: t * a})


def test_one_step_must_lead_to_the_next_claim():
    with pytest.raises(REFUSED):
        Induction("step", t, first={m: 0}, rule={m: m + a * t},
                  claim={m: a * t * (t + 1) / 2})
    proof = Induction("step", t, first={m: 0}, rule={m: m + a * t},
                      claim={m: a * t * (t - 1) / 2})
    assert str(proof.statement()).startswith("m_{t} =")


def test_a_slack_is_no_variable_of_the_rule():
    two = expr(0) - 2
    proof = Induction("slack", t, first={m: 0}, rule={m: 3*x - 2*m},
                      claim={m: x * (1 - two**t)})
    with pytest.raises(REFUSED):
        proof.bound(m, 0, x, x)         # m is 0, 3 x, -3 x, ...


def test_a_bound_needs_its_start_and_its_step():
    r = scalar("r", nonneg=True)
    proof = Induction("bound", t, first={m: 0}, rule={m: m + a**2},
                      claim={m: t * a**2})
    for left, right, slack, remainder in (
            (m, 1, r, r + a**2), (m, 0, r, a**2 - r), (m, a, r, r + a**2)):
        with pytest.raises(REFUSED):
            proof.bound(left, right, slack, remainder)
    assert proof.bound(m, 0, r, r + a**2).bounds


def test_the_number_of_steps_in_a_bound_grows_too():
    r = scalar("r", nonneg=True)
    proof = Induction("steps", t, first={m: 0}, rule={m: m}, claim={m: 0*t})
    with pytest.raises(REFUSED):
        proof.bound(m, t, r, r)         # 0 >= t holds at t = 0 alone
