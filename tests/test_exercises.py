"""Each check: a right answer, and wrong ones with the hint they get."""

import numpy as np
import pytest

from lmbook import exercises, functional as F
from lmbook.checks.registry import (
    EXERCISES, Exercise, ask, exercise, expect)
from lmbook.exercises import NotYet, check, feedback

from answers import gather


# --------------------------------------------- answers, right and wrong

def naive_softmax(z):
    return np.exp(z) / np.exp(z).sum(-1, keepdims=True)


def stable_by_whole_matrix(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def shifts_in_place(z):
    z -= z.max(-1, keepdims=True)
    return naive_softmax(z)


def argmax_set(z):
    return set(np.flatnonzero(z == z.max()).tolist())


def pairwise(z):
    pairs = F.sigmoid(z[:, None] - z)
    np.fill_diagonal(pairs, 1)
    return pairs


def gap(z):
    return F.softmax(z) - pairwise(z).prod(1)


def gap_with_itself(z):
    return F.softmax(z) - F.sigmoid(z[:, None] - z).prod(1)


def jacobian(z):
    s = F.softmax(z)
    return np.diag(s) - np.outer(s, s)


def properties(z):
    j = jacobian(z)
    return j, j.sum(1), np.linalg.eigvalsh(j)


def gradient(z, y):
    return F.softmax(z) * y.sum() - y


def tempered(z, tau):
    return F.softmax(z, temperature=tau)


def in_tau(z, tau):
    s = tempered(z, tau)
    return -s * (z - s @ z) / tau ** 2


def bias(p, eps):
    return -np.log(p + eps) + np.log(p)


def stable_loss(x, y):
    return max(x, 0) - x * y + np.log1p(np.exp(-abs(x)))


def clipped_loss(x, y):
    p = np.clip(F.sigmoid(x), 1e-12, 1 - 1e-12)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def delta(logits, labels):
    dz = F.softmax(logits)
    dz[np.arange(len(dz)), labels] -= 1
    return dz / len(dz)


def gradients(x, logits, labels):
    dz = delta(logits, labels)
    return dz.T @ x, dz.sum(0)


def bias_step(b, logits, labels, lr):
    return b - lr * delta(logits, labels).sum(0)


RIGHT = {
    "B1": [(F.softmax,)],
    "B2": [(argmax_set,), (lambda z: np.where(z == z.max()),)],
    "B3": [(lambda a, b: F.sigmoid(a - b),),
           (lambda a, b: F.softmax([a, b])[0],)],
    "B4": [(gap,)],
    "B5": [(jacobian,)],
    "B6": [(properties,)],
    "B7": [(gradient,)],
    "B8": [(tempered, in_tau)],
    "B9": [(bias, stable_loss),
           (bias, lambda z, y: np.logaddexp(0, z) - z * y)],
    "B10": [(np.exp, np.exp2, 7.6009, 9.2103),
            (np.exp, np.exp2, np.log(2000), np.log(10000))],
    "B11": [(gradients,)],
    "B12": [(4.6052, 0.01005), (-np.log(0.01), -np.log(0.99))],
    "L1": [(bias_step,)],
    "L8": [(lambda loss, base: loss * np.log(base),)],
}

WRONG = [
    ("B1", (naive_softmax,), "not finite: subtract the largest logit"),
    ("B1", (stable_by_whole_matrix,), "each row, not the whole matrix"),
    ("B1", (shifts_in_place,), "changed its argument 0 in place"),
    ("B1", (lambda z: np.exp(z),), "so that the entries sum to 1"),
    ("B1", (lambda z: F.softmax(z, axis=0),), "each row, not each column"),
    ("B1", (F.softmax(np.ones(2)),), "pass the function itself"),
    ("B1", (lambda z: "text",), "expected numbers, got str"),
    ("B2", (np.argmax,), "there may be ties"),
    ("B2", (lambda z: {int(np.argmax(z))},), "entries that tie belong"),
    ("B2", (lambda z: set(range(len(z))),), r"expected \{2\}"),
    ("B2", (lambda z: set(np.flatnonzero(np.isclose(z, z.max())).tolist()),),
     r"z = \[1.0, 0.999999\] you give \{0, 1\}, expected \{0\}"),
    ("B3", (lambda a, b: F.sigmoid(b - a),), "this is the second class"),
    ("B3", (lambda a, b: 1 / (1 + np.exp(-(a - b))),), "overflow.* small"),
    ("B3", (lambda a, b: F.sigmoid(a),), "the difference of the logits"),
    ("B3", (lambda a, b: np.exp(a - b) / (1 + np.exp(a - b)),), "overflow"),
    ("B4", (gap_with_itself,), "leave j = i out"),
    ("B4", (lambda z: -gap(z),), "is it reversed"),
    ("B4", (lambda z: F.softmax(z) - pairwise(z).prod(0),), "for each i"),
    ("B5", (lambda z: jacobian(z) - np.diag(F.softmax(z)),),
     "where is delta_ij"),
    ("B5", (lambda z: np.diag(np.diag(jacobian(z))),), "only the diagonal"),
    ("B5", (lambda z: -jacobian(z),), "the sign is wrong"),
    ("B5", (lambda z: jacobian(z).sum(),), r"shape is \(\), expected"),
    ("B6", (jacobian,), "return three things"),
    ("B6", (lambda z: (jacobian(z), *properties(z)[:1], 0.0),),
     r"row sums: the shape is"),
    ("B6", (lambda z: (jacobian(z), jacobian(z).sum(1),
                       np.linalg.eigvalsh(jacobian(z))[-1]),),
     "all of them, not the largest alone"),
    ("B6", (lambda z: (*properties(z)[:2], properties(z)[2][0]),),
     "all of them, not the smallest alone"),
    ("B6", (lambda z: (*properties(z)[:2], properties(z)[2][::-1]),),
     "ascending order"),
    ("B7", (lambda z, y: F.softmax(z) - y,), r"uses sum\(y\) = 1"),
    ("B7", (lambda z, y: y - gradient(z, y) - y,), "sign is wrong"),
    ("B7", (lambda z, y: -y / F.softmax(z),), "continue to z"),
    ("B8", (lambda z, t: F.softmax(z * t), in_tau),
     "divide by the temperature"),
    ("B8", (lambda z, t: naive_softmax(z / t), in_tau), "overflow"),
    ("B8", (tempered, lambda z, t: -in_tau(z, t)), "sign is wrong"),
    ("B8", (tempered, lambda z, t: in_tau(z, t) * t ** 2),
     r"is -1/tau\^2"),
    ("B9", (lambda p, eps: -bias(p, eps), stable_loss), "it is negative"),
    ("B9", (lambda p, eps: -np.log(p + eps), stable_loss),
     "subtract the true one"),
    ("B9", (bias, clipped_loss), "an eps or a clip is left"),
    ("B9", (bias, lambda x, y: -np.log(F.sigmoid(x) if y else
                                       F.sigmoid(-x))), "not finite"),
    ("B9", (bias, lambda x, y: stable_loss(x, 1 - y)), "wrong way round"),
    ("B9", (bias, lambda x, y: stable_loss(x, y > 0)), "a soft label"),
    ("B9", (bias, lambda x, y: stable_loss(x, y > 0.5)),
     "label 0.3: entry"),
    ("B10", (np.exp2, np.exp2, 7.6009, 9.2103), "nats need exp"),
    ("B10", (np.exp, np.exp, 7.6009, 9.2103), "bits need a power of 2"),
    ("B10", (np.exp, np.exp2, 3.301, 4.0), "V = 2000: this is to base 10"),
    ("B10", (np.exp, np.exp2, 7.6009, 13.288), "V = 10000: .* in bits"),
    ("B10", (np.exp, np.exp2, 2000, 10000), "this is the perplexity"),
    ("B11", (lambda x, z, t: (delta(z, t).T @ x, delta(z, t)),),
     "db: sum over the batch"),
    ("B11", (lambda x, z, t: (x.T @ delta(z, t), delta(z, t).sum(0)),),
     "weight is .out, in.: transpose it"),
    ("B11", (lambda x, z, t: tuple(len(x) * g
                                   for g in gradients(x, z, t)),),
     "divide by the number of examples"),
    ("B11", (lambda x, z, t: tuple(-g for g in gradients(x, z, t)),),
     "sign is wrong"),
    ("B11", (lambda x, z, t: gradients(x, z, t)[0],),
     "return two arrays"),
    ("B12", (2, 0.01005), "-ln 0.01: .* base 10"),
    ("B12", (4.6052, 0.0044), "-ln 0.99: .* base 10"),
    ("B12", (-4.6052, 0.01005), "sign is wrong"),
    ("B12", (4.5, 0.01005), r"is 4.5, expected 4.60517"),
    ("L1", (lambda b, z, t, lr: b - lr * delta(z, t),),
     "sum over the batch"),
    ("L1", (lambda b, z, t, lr: b + lr * delta(z, t).sum(0),), "descend"),
    ("L1", (lambda b, z, t, lr: b - lr * delta(z, t).mean(0),),
     "already in the loss"),
    ("L1", (lambda b, z, t, lr: delta(z, t).sum(0),), "not the new bias"),
    ("L8", (lambda loss, base: loss,), "the base matters"),
    ("L8", (lambda loss, base: loss / np.log(base),), "do not divide"),
    ("L8", (lambda loss, base: base ** loss,), "this is 1 / p"),
]

OTHERS_RIGHT, OTHERS_WRONG = gather()       # one file for each chapter
RIGHT |= OTHERS_RIGHT
WRONG += OTHERS_WRONG


def test_every_exercise_has_its_answers():
    names = sorted(RIGHT)
    assert names == sorted(EXERCISES)
    for name in names:
        assert sum(wrong[0] == name for wrong in WRONG) >= 2


@pytest.mark.parametrize("name", RIGHT)
def test_right_answer(name):
    for answers in RIGHT[name]:
        assert check(name, *answers).name == name


@pytest.mark.parametrize("name, answers, hint", WRONG)
def test_wrong_answer(name, answers, hint):
    with pytest.raises(NotYet, match=f"{name}, not yet: .*{hint}"):
        check(name, *answers)


# ------------------------------------------------------------ machinery

def test_what_the_reader_sees():
    answer = check("B5", jacobian)
    assert repr(answer) == "✓ B5: the Jacobian of softmax"
    assert answer._repr_html_() == (
        '<p class="exercise-correct"><strong>✓ B5</strong>:'
        " the Jacobian of softmax</p>")
    odd = exercises.Correct("X", "a < b")
    assert "a &lt; b" in odd._repr_html_()


def test_answers_by_name():
    assert check("B12", minus_log_001=4.6052, minus_log_099=0.01005)


def test_unknown_name():
    with pytest.raises(ValueError, match="'B13': did you mean .*B1"):
        check("B13", 1)
    with pytest.raises(ValueError, match=" or ".join(sorted(EXERCISES)[:3])):
        check("nothing", 1)


def test_wrong_number_of_answers():
    with pytest.raises(ValueError, match="B8 asks for .tempered_softmax,"):
        check("B8", tempered)
    with pytest.raises(ValueError, match="unexpected keyword"):
        check("B12", 1, 2, three=3)


@pytest.fixture
def scratch(monkeypatch):
    """A register that a test may write to."""
    fresh = dict(EXERCISES)
    monkeypatch.setattr("lmbook.checks.registry.EXERCISES", fresh)
    monkeypatch.setattr(feedback, "EXERCISES", fresh)
    return fresh


class Derivation:
    """Stands for a derivation: verify() raises if it is wrong."""

    def __init__(self, right, statement):
        self.right, self.statement, self.seen = right, statement, 0

    def verify(self):
        self.seen += 1
        assert self.right, "line 2 is wrong"


def test_derivation_as_answer(scratch):
    def proof(derivation):
        if derivation.statement != "s - y":
            raise NotYet("this proves something else")

    scratch["X"] = Exercise("X", "a proof", lambda a: None, proof)
    good = Derivation(True, "s - y")
    assert check("X", good).name == "X" and good.seen == 1
    with pytest.raises(AssertionError, match="line 2 is wrong"):
        check("X", Derivation(False, "s - y"))
    with pytest.raises(NotYet, match="X, not yet: this proves something"):
        check("X", Derivation(True, "y - s"))


def test_derivation_where_none_is_asked_for():
    with pytest.raises(ValueError, match="does not ask for a derivation"):
        check("B5", Derivation(True, ""))


def test_name_registered_twice(scratch):
    with pytest.raises(ValueError, match="B1 is registered twice"):
        exercise("B1", "again")(lambda a: None)


def test_error_in_the_answer_keeps_its_cause():
    def broken(z):
        return z[99]

    with pytest.raises(NotYet, match="raised IndexError.* shape") as caught:
        check("B1", broken)
    assert isinstance(caught.value.__cause__, IndexError)


def test_forgotten_return():
    with pytest.raises(NotYet, match="is the return missing"):
        ask(lambda z: None, np.ones(2))


def test_expect_names_a_transpose():
    a = np.arange(6.0).reshape(2, 3)
    with pytest.raises(NotYet, match="it is transposed"):
        expect(a.T, a, "A")
    with pytest.raises(NotYet, match=r"entry \(1, 2\) is 6, expected 5"):
        expect(a + (a == 5), a, "A")
    with pytest.raises(NotYet, match="it is not finite"):
        expect(a * np.nan, a, "A")
