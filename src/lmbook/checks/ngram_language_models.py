"""The checks of the chapter on n-gram models: H1, H2 and H6."""

from fractions import Fraction

import numpy as np

from .ngram_counting import TEXT, give, ngrams_of
from .registry import ask, exercise, expect, numbers, require

OTHER = [s.split() for s in ("<s> a b c </s>", "c", "<s> b a b a c </s>")]
COUNTS = np.array([[3.0, 0, 1, 0], [2, 2, 0, 2], [0, 0, 0, 0], [0, 1, 0, 0]])


@exercise("H1", "counting six sentences by hand")
def h1(rabbit_of_all, rabbit, rabbit_after_roger, end_after_rabbit):
    """Check four probabilities of the six sentences."""
    words_only = {"the end of a sentence is counted too: the model"
                  " predicts it": Fraction(3, 17)}
    expect(rabbit_of_all, 3 / 29, "P(rabbit) with both marks counted",
           words_only | {"this counts the ends but not the starts": 3 / 23})
    expect(rabbit, 3 / 23, "P(rabbit) without the starts", words_only | {
        "the starts are still counted; they are never predicted": 3 / 29})
    expect(rabbit_after_roger, 1 / 2, "P(rabbit | roger)", {
        "divide by the count of roger, the last word of a sentence too:"
        " </s> follows it": 2 / 3,
        "this is P(roger rabbit), not given roger": 2 / 23})
    expect(end_after_rabbit, 1, "P(</s> | rabbit)", {
        "divide by the count of rabbit, not by the sentences": 1 / 2})


@exercise("H2", "unseen n-grams, and four ways to smooth")
def h2(unseen, add_k, interpolate, kneser_ney, stupid_backoff):
    """Check a share, and four functions of a (U, V) matrix of counts."""
    for n in (1, 2, 3):
        seen, new = set(ngrams_of(TEXT, n)), list(ngrams_of(OTHER, n))
        share = np.mean([gram not in seen for gram in new])
        expect(give(unseen, TEXT, OTHER, n), share, f"unseen, n = {n}", {
            "this is the share of the seen ones": 1 - share,
            "count every place of the new text, not every different"
            " n-gram": np.mean([g not in seen for g in set(new)])})
    for value in (0.5, 0.75):
        _smoothed(value, add_k, interpolate, kneser_ney, stupid_backoff)


@exercise("H6", "what an n-gram model cannot tell apart")
def h6(cannot_tell, information):
    """Check (n, one, other) -> bool; counts (U, V) -> nats."""
    cases = ((3, "the cat of the dogs", "all of the dogs", True),
             (3, "the dogs", "all of the dogs", True),
             (4, "one of the dogs", "cat of the dogs", True),
             (4, "cat near the dogs", "cat of the dogs", False),
             (2, "dogs", "the dogs", True), (3, "dogs", "the dogs", False),
             (3, "dogs", "cats", False), (1, "dogs", "the cats", True))
    for n, one, other, right in cases:
        got = give(cannot_tell, n, one.split(), other.split())
        require(bool(got) == right, f"for n = {n}, {one!r} and {other!r}"
                f" the answer is {right}: compare the last n - 1 tokens,"
                " with <s> in front of a short sentence")
    for table in (COUNTS, np.ones((2, 3)), np.eye(3), np.diag([3.0, 1, 0])):
        joint = table / table.sum()
        outer = np.outer(joint.sum(1), joint.sum(0))
        safe = np.where(joint > 0, joint, 1)
        log_ratio = np.log(safe / np.where(joint > 0, outer, 1))
        expect(ask(information, table), (joint * log_ratio).sum(),
               "the information", {
            "in nats: the natural logarithm":
                (joint * log_ratio).sum() / np.log(2),
            "divide by the product of the two shares":
                (joint * np.log(safe)).sum(),
            "weight each logarithm by its share": log_ratio.sum()})


def _smoothed(value, add_k, interpolate, kneser_ney, stupid_backoff):
    """Compare four matrices of scores, naming the likely mistakes."""
    words = COUNTS.sum(0) / COUNTS.sum()
    empty = COUNTS.sum(1, keepdims=True) == 0
    _matrix(add_k, _add_k(value), value, "add_k", {
        "divide by N + k V, not by N + k": (COUNTS + value)
        / (COUNTS.sum(1, keepdims=True) + value),
        "it sums to 1 over the contexts, not over the words":
            (COUNTS + value) / (COUNTS + value).sum(0),
        "the formula serves an empty row too: k / (k V)":
            np.where(empty, words, _add_k(value))})
    _matrix(interpolate, _interpolate(value), value, "interpolate", {
        "the weight belongs to the longer context":
            _interpolate(1 - value)})
    _matrix(kneser_ney, _discounted(value, _continuation()), value,
            "kneser_ney", {
        "the lower model counts contexts, not occurrences:"
        " (C > 0).sum(0)": _discounted(value, words),
        "give the saved mass to the lower model":
            _discounted(value, 0 * words)})
    _matrix(stupid_backoff, _stupid(value), value, "stupid_backoff", {
        "only unseen words back off: no mixing": _stupid(value)
        + (COUNTS > 0) * value * words,
        "in an empty row every word is unseen: the factor stays":
            np.where(empty, words, _stupid(value))})


def _matrix(function, right, value, name, mistakes):
    """Compare a (U, V) matrix of smoothed shares."""
    got = numbers(give(function, COUNTS, value), name)
    empty = COUNTS.sum(1) == 0
    require(got.shape != right.shape or np.isfinite(got[empty]).all(),
            f"{name}: a context never seen has N = 0: leave it to the lower"
            " model, do not divide 0 by 0")
    expect(got, right, name, mistakes)


def _shares():
    """Return relative frequencies, a row of zeros where N is zero."""
    return COUNTS / np.maximum(COUNTS.sum(1, keepdims=True), 1)


def _add_k(k):
    """Return (c + k) / (N + k V) for every context and word."""
    raised = COUNTS + k
    return raised / raised.sum(1, keepdims=True)


def _interpolate(weight):
    """Return the mixture with the words alone; they alone if N is 0."""
    weights = weight * (COUNTS.sum(1, keepdims=True) > 0)
    return weights * _shares() + (1 - weights) * (
        COUNTS.sum(0) / COUNTS.sum())


def _continuation():
    """Return the shares of the contexts that each word follows."""
    return (COUNTS > 0).sum(0) / (COUNTS > 0).sum()


def _discounted(discount, lower):
    """Return discounted shares, the saved mass given to a lower model."""
    kept = _shares() - discount * (COUNTS > 0) / np.maximum(
        COUNTS.sum(1, keepdims=True), 1)
    saved = 1 - kept.sum(1, keepdims=True)
    return kept + saved * lower


def _stupid(factor):
    """Return shares where seen, else the factor times the words alone."""
    words = COUNTS.sum(0) / COUNTS.sum()
    return np.where(COUNTS > 0, _shares(), factor * words)
