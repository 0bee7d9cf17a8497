"""n-gram models: by hand, published numbers, laws, nltk, mistakes."""

import itertools
import math

import nltk.lm
import numpy as np
import pytest
from hypothesis import given, strategies as st

from lmbook.models.ngram import (
    AddK, Interpolated, KneserNey, MaximumLikelihood, ModifiedKneserNey,
    NgramModel, StupidBackoff, tuned)
from lmbook.models.ngram.kneser_ney import chen_goodman
from lmbook.models.ngram.tuning import relative_frequencies
from lmbook.vocabulary import BOS, EOS, UNK, Vocabulary

SIX = [line.split() for line in (
    "who", "who framed roger", "roger rabbit", "who framed roger rabbit",
    "roger framed who", "who framed the rabbit")]
SAM = [line.split() for line in (
    "I am Sam", "Sam I am", "I do not like green eggs and ham")]
NORMALISED = [MaximumLikelihood(), AddK(0.3), Interpolated(), KneserNey(),
              KneserNey(0.0), ModifiedKneserNey()]
EVERY = [*NORMALISED, StupidBackoff()]
TEXTS = st.lists(st.lists(st.sampled_from("abcd"), max_size=6),
                 min_size=1, max_size=8)
CONTEXTS = st.lists(st.sampled_from([*"abcdz", BOS, EOS]), max_size=5)
ORDERS, STARTS = st.integers(1, 4), st.integers(1, 3)


def fitted(sentences, order, smoothing=None, starts=1):
    """Return a model of the sentences over their own vocabulary."""
    return NgramModel(Vocabulary.build(sentences), order, smoothing,
                      starts).fit(sentences)


def long_text():
    """Return 400 sentences of the letters a to p, always the same."""
    state, sentences = 1, []
    for _ in range(400):
        sentences.append([])
        while True:
            state = state * 1103515245 + 12345 & 0x7FFFFFFF
            draw = state >> 16 & 255
            if draw < 30:
                break
            sentences[-1].append("abcdefghijklmnop"[draw ** 3 >> 20])
    return sentences


# ---------------------------------------------------------------- by hand

@pytest.mark.parametrize("smoothing, token, context, expected", [
    # 23 tokens are predicted, 3 of them rabbit; roger comes 4 times,
    # followed by rabbit twice
    (MaximumLikelihood(), "rabbit", [], 3 / 23),
    (MaximumLikelihood(), "rabbit", ["roger"], 1 / 2),
    (MaximumLikelihood(), EOS, ["rabbit"], 1),
    (MaximumLikelihood(), "who", [BOS], 4 / 6),
    (MaximumLikelihood(), "the", ["roger"], 0),
    # V = 8, and all but <s> can follow: 4 + 7k in all
    (AddK(1), "rabbit", ["roger"], 3 / 11),
    (AddK(0.5), "the", ["roger"], 0.5 / 7.5),
    (AddK(1), UNK, [], 1 / 30),
    (Interpolated([0.25, 0.75]), "rabbit", ["roger"],
     0.75 / 2 + 0.25 * 3 / 23),
    (Interpolated([0.25, 0.75]), "the", ["roger"], 0.25 / 23),
    (StupidBackoff(0.4), "rabbit", ["roger"], 1 / 2),
    (StupidBackoff(0.4), "the", ["roger"], 0.4 / 23),
    # 12 different bigrams; rabbit stands after roger and the, so 2 of 12;
    # after roger 3 different tokens lose 0.5 of 4 counts
    (KneserNey(0.5), "rabbit", [], 2 / 12),
    (KneserNey(0.5), "rabbit", ["roger"], 1.5 / 4 + 1.5 / 4 * 2 / 12),
    (KneserNey(0.5), "the", ["roger"], 1.5 / 4 * 1 / 12),
])
def test_bigrams_by_hand(smoothing, token, context, expected):
    score = fitted(SIX, 2, smoothing).score(token, context)
    assert score == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("token, context, expected", [
    # after (framed, roger): </s> and rabbit, once each
    ("rabbit", ["framed", "roger"], 1 / 2),
    ("framed", ["framed", "roger"], 0.4 * 1 / 4),
    ("the", ["framed", "roger"], 0.4 * 0.4 * 1 / 23),
    # (the, roger) was never seen, (roger) was
    ("rabbit", ["the", "roger"], 0.4 * 1 / 2),
    ("rabbit", ["zebra", "zebra"], 0.4 * 0.4 * 3 / 23),
    ("rabbit", [BOS, "who", "framed", "roger"], 1 / 2),
])
def test_stupid_backoff_by_hand(token, context, expected):
    score = fitted(SIX, 3, StupidBackoff()).score(token, context)
    assert score == pytest.approx(expected, rel=1e-14)


def test_interpolation_shares_the_weight_of_an_unseen_context():
    model = fitted(SIX, 3, Interpolated([0.2, 0.3, 0.5]))
    assert model.score("rabbit", ["the", "roger"]) == pytest.approx(
        (0.3 * 1 / 2 + 0.2 * 3 / 23) / 0.5)
    assert model.score("rabbit", ["framed", "roger"]) == pytest.approx(
        0.5 * 1 / 2 + 0.3 * 1 / 2 + 0.2 * 3 / 23)


def test_perplexity_by_hand():
    # P(roger | <s>) = 2/6, P(rabbit | roger) = 1/2, P(</s> | rabbit) = 1
    model = fitted(SIX, 2)
    assert model.perplexity([["roger", "rabbit"]]) == pytest.approx(
        6 ** (1 / 3))
    assert model.perplexity([["roger", "the"]]) == math.inf


def test_all_tokens_equally_likely():
    # one count each for a, b, c, </s>: perplexity 4
    assert fitted([["a", "b", "c"]], 1).perplexity(
        [["c", "c"], []]) == pytest.approx(4)


def test_best_and_candidates_with_ties_by_the_alphabet():
    model = fitted(SIX, 2)
    assert model.candidates(["roger"]) == [
        ("rabbit", 2), (EOS, 1), ("framed", 1)]
    assert model.most_probable(["roger"], 3) == [
        ("rabbit", 0.5), (EOS, 0.25), ("framed", 0.25)]
    assert [t for t, _ in model.most_probable(["roger"], 99)[3:]] == [
        BOS, UNK, "rabbit", "the", "who"][0:2] + ["roger", "the", "who"]
    assert model.most_probable(k=1) == [(EOS, 6 / 23)]
    assert model.candidates(["zebra"]) == []
    assert model.candidates(["roger", "rabbit"]) == []
    assert model.count(["roger", "rabbit"]) == 2
    assert model.count(["rabbit", "roger"]) == 0
    assert (model.count([BOS]), model.count(["zebra"])) == (6, 0)


# -------------------------------------------------------------- published

@pytest.mark.parametrize("token, context, expected", [
    ("I", BOS, 0.67), ("Sam", BOS, 0.33), ("am", "I", 0.67),
    (EOS, "Sam", 0.5), ("Sam", "am", 0.5), ("do", "I", 0.33)])
def test_jurafsky_and_martin(token, context, expected):
    # "Speech and Language Processing", third edition, chapter 3
    score = fitted(SAM, 2).score(token, [context])
    assert round(score, 2) == expected


@pytest.mark.parametrize("line, expected", [
    ("who framed roger rabbit",
     [-0.3251192, -0.6624266, -0.3138593, -0.4321122, -0.0981916]),
    ("the rabbit framed",
     [-1.0740416, -0.245938, -1.3160166, -1.19278]),
    ("zebra", [-1.2719612, -0.89175])])
def test_kenlm_on_six_sentences(line, expected):
    # lmplz -o 3 --discount_fallback, and its own scores (float32)
    model = fitted(SIX, 3, ModifiedKneserNey())
    np.testing.assert_allclose(
        np.log10(model.token_scores([line.split()])), expected, atol=2e-7)


@pytest.mark.parametrize("order, expected, discounts", [
    (2, -3533.31986, (0.282051, 1.09341, 1.87179)),
    (3, -3190.00905, (0.634425, 1.2149, 1.462)),
    (4, -2697.10227, (0.831835, 1.21265, 2.21046))])
def test_kenlm_on_a_longer_text(order, expected, discounts):
    # lmplz prints the discounts of the last order with six digits
    text = long_text()
    model = fitted(text, order, ModifiedKneserNey())
    total = np.log10(model.token_scores(text)).sum()
    assert total == pytest.approx(expected, abs=2e-3)
    np.testing.assert_allclose(
        chen_goodman(model.tables[-1].counts), discounts, rtol=5e-6)


# -------------------------------------------------- nltk, in all contexts

def nltk_model(model, sentences, order):
    """Fit a model of nltk.lm on the n-grams that end in a real token."""
    grams = []
    for sentence in sentences:
        tokens = [BOS] * (order - 1) + sentence + [EOS]
        grams.append([tuple(tokens[i - n + 1:i + 1])
                      for i in range(order - 1, len(tokens))
                      for n in range(1, order + 1)])
    model.fit(grams, [t for s in sentences for t in s] + [EOS])
    return model


def contexts_of(letters, order):
    """Yield contexts of n - 1 tokens as they can stand in a sentence."""
    for context in itertools.product([BOS, *letters], repeat=order - 1):
        tail = list(itertools.dropwhile(lambda t: t == BOS, context))
        if BOS not in tail:
            yield context


@pytest.mark.parametrize("order", [2, 3, 4])
@pytest.mark.parametrize("ours, theirs", [
    (KneserNey(0.75), lambda n: nltk.lm.KneserNeyInterpolated(n, 0.75)),
    (KneserNey(0.1), lambda n: nltk.lm.KneserNeyInterpolated(n, 0.1)),
    (StupidBackoff(0.4), lambda n: nltk.lm.StupidBackoff(0.4, n)),
    (AddK(0.5), lambda n: nltk.lm.Lidstone(0.5, n)),
    (MaximumLikelihood(), nltk.lm.MLE)], ids=repr)
def test_nltk(ours, theirs, order):
    text = [sentence[:5] for sentence in long_text()[:40]]
    model = fitted(text, order, ours, starts=order - 1)
    peer = nltk_model(theirs(order), text, order)
    compared = 0
    for context in contexts_of("abcp", order):
        seen = peer.context_counts(context).N() > 0
        if not seen and isinstance(ours, (AddK, MaximumLikelihood)) and (
                not isinstance(ours, (KneserNey, StupidBackoff))):
            continue        # nltk answers with 1/V or 0, the book backs off
        compared += 1
        scores = model.scores(context)
        for token in [*"abcdefghijklmnop", EOS]:
            assert scores[model.vocabulary.id(token)] == pytest.approx(
                peer.score(token, context), rel=1e-12, abs=1e-300)
    assert compared > 3


# ------------------------------------------------------------------- laws

@pytest.mark.parametrize("smoothing", NORMALISED, ids=repr)
@given(TEXTS, ORDERS, STARTS, CONTEXTS)
def test_every_context_sums_to_one(smoothing, text, order, starts, context):
    scores = fitted(text, order, smoothing, starts).scores(context)
    assert (scores >= 0).all() and scores[1] == 0         # never <s>
    assert scores.sum() == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("smoothing", EVERY, ids=repr)
@given(TEXTS, TEXTS, ORDERS, STARTS)
def test_a_whole_text_as_token_by_token(smoothing, text, other, order,
                                        starts):
    model = fitted(text, order, smoothing, starts)
    expected = []
    for sentence in other:
        tokens = [BOS] * starts + sentence + [EOS]
        expected += [model.score(tokens[i], tokens[:i])
                     for i in range(starts, len(tokens))]
    np.testing.assert_allclose(model.token_scores(other), expected, 1e-13)


@pytest.mark.parametrize("smoothing", EVERY, ids=repr)
@given(TEXTS, ORDERS, CONTEXTS)
def test_logits_are_logs_of_scores(smoothing, text, order, context):
    model = fitted(text, order, smoothing)
    logits = model.next_logits(model.vocabulary.encode(context))
    assert logits.shape == (len(model.vocabulary),)
    np.testing.assert_allclose(np.exp(logits), model.scores(context), 1e-12)
    # only the last n - 1 tokens matter
    cut = context[max(0, len(context) - order + 1):]
    np.testing.assert_array_equal(model.scores(cut), model.scores(context))


@given(TEXTS, ORDERS)
def test_the_maximum_is_the_maximum(text, order):
    # on its own text nothing beats the relative frequencies
    best = fitted(text, order).perplexity(text)
    for smoothing in NORMALISED[1:]:
        assert best <= fitted(text, order, smoothing).perplexity(
            text) * (1 + 1e-12)


@given(TEXTS, ORDERS)
def test_with_how_many_starts_does_not_matter_to_frequencies(text, order):
    for smoothing in (MaximumLikelihood(), AddK(0.3)):
        np.testing.assert_allclose(
            fitted(text, order, smoothing, 1).token_scores(text),
            fitted(text, order, smoothing, 3).token_scores(text), 1e-13)


def test_modified_discounts_on_a_text_that_has_them():
    model = fitted(long_text(), 3, ModifiedKneserNey())
    for context in itertools.product("abp", repeat=2):
        assert model.scores(context).sum() == pytest.approx(1, rel=1e-12)
    assert model.scores(["z", "p"])[0] > 0          # even for <unk>


# ----------------------------------------------------------------- tuning

def habits(text):
    """Return a text in which the last two letters matter.

    Each letter becomes one of three, chosen by the two before it: one as
    a rule, the others now and then.
    """
    changed = []
    for sentence in text:
        before = [0, 0]
        for letter in sentence:
            draw = ord(letter) - ord("a")
            rule = (before[-1] + 2 * before[-2] + 1) % 3
            before.append(rule if draw < 6 else draw % 3)
        changed.append(["xyz"[i] for i in before[2:]])
    return changed


def test_shares_of_both_orders_by_hand():
    shares = relative_frequencies(fitted(SIX, 2), [["roger", "the"]])
    # the was never followed by </s>
    np.testing.assert_allclose(
        shares, [[4 / 23, 1 / 23, 6 / 23], [2 / 6, 0, 0]])


def test_tuned_weights_are_as_good_as_the_best_of_a_grid():
    text = habits(long_text())
    model = fitted(text[:300], 3)

    def perplexity(weights):
        return fitted(text[:300], 3, Interpolated(weights)).perplexity(
            text[300:])

    found = tuned(model, text[300:]).weights
    assert found.sum() == pytest.approx(1, rel=1e-12)
    grid = [(a / 20, b / 20, (20 - a - b) / 20)
            for a in range(1, 21) for b in range(21 - a)]
    assert perplexity(found) <= min(map(perplexity, grid)) + 1e-9


def test_each_step_of_tuning_is_no_worse():
    text = habits(long_text())
    model = fitted(text[:300], 4)
    found = []
    for steps in (0, 1, 2, 4, 8, 16):
        weighted = tuned(model, text[300:], steps)
        found.append(fitted(text[:300], 4, weighted).perplexity(text[300:]))
    assert all(b <= a + 1e-12 for a, b in zip(found, found[1:]))
    assert found[-1] < found[0] - 0.05


def test_tuning_needs_a_known_token():
    model = NgramModel(Vocabulary([UNK, BOS, EOS, "a"]), 2).fit([["a"]])
    model.tables[0].counts[2] = 0           # as if </s> were unknown, too
    with pytest.raises(ValueError, match="nothing to tune"):
        tuned(model, [["z"]])


# ------------------------------------------------------- planted mistakes

def dies_on_unseen_contexts(model):
    """A next-word function that looks into a dictionary of contexts."""
    table = {tuple(pair): model.scores(pair) for pair in (
        ["who", "framed"], ["framed", "roger"], ["framed", "the"])}
    return lambda context: table[tuple(context)]


def answers_every_context(scores):
    """Ask after every pair of tokens, seen or not."""
    for pair in itertools.product(["who", "framed", "zebra", BOS, EOS],
                                  repeat=2):
        assert scores(list(pair)).sum() > 0


def test_planted_a_key_error_on_an_unseen_context():
    model = fitted(SIX, 3)
    with pytest.raises(KeyError):
        answers_every_context(dies_on_unseen_contexts(model))
    answers_every_context(model.scores)
    assert model.score("rabbit", ["the", "roger"]) == 0.5


@pytest.mark.parametrize("counts", [
    lambda self, tables: [table.counts for table in tables],
    lambda self, tables: [*[np.minimum(table.counts, 1)
                            for table in tables[:-1]], tables[-1].counts]])
def test_planted_kneser_ney_without_continuation_counts(counts, monkeypatch):
    monkeypatch.setattr(KneserNey, "counts", counts)
    with pytest.raises(AssertionError):
        test_nltk(KneserNey(0.75),
                  lambda n: nltk.lm.KneserNeyInterpolated(n, 0.75), 3)


# ---------------------------------------------------------------- refused

def test_orders_longer_than_every_sentence():
    for smoothing in EVERY:
        model = fitted([["a"], ["b"]], 7, smoothing)
        assert model.token_scores([["a", "b", "a"], []]).shape == (5,)
        assert model.scores(["a"] * 9).shape == (5,)
    assert tuned(fitted([["a"]], 7), [["a", "a"]]).weights.sum() == (
        pytest.approx(1))


VOCABULARY = Vocabulary([UNK, BOS, EOS, "a"])


@pytest.mark.parametrize("call, message", [
    (lambda: NgramModel(VOCABULARY, 0), "order is 0; expected"),
    (lambda: NgramModel(VOCABULARY, 2.5), "order is 2.5"),
    (lambda: NgramModel(VOCABULARY, 2, starts=0), "starts is 0"),
    (lambda: NgramModel(Vocabulary(["a", BOS]), 2), "no '</s>'"),
    (lambda: NgramModel(VOCABULARY, 2).fit([]), "at least one sentence"),
    (lambda: NgramModel(VOCABULARY, 2).fit("who"), "is the string 'w'"),
    (lambda: NgramModel(VOCABULARY, 2).fit([[EOS]]), "holds '</s>'"),
    (lambda: NgramModel(Vocabulary([BOS, EOS, "a"]), 2).fit([["b"]]),
     "unknown token 'b', and the vocabulary has no '<unk>'"),
    (lambda: NgramModel(VOCABULARY, 2).score("a"), "call fit first"),
    (lambda: NgramModel(VOCABULARY, 2).perplexity([["a"]]), "call fit first"),
    (lambda: fitted(SIX, 2).perplexity([]), "at least one sentence"),
    (lambda: fitted(SIX, 2).score("a", "who"), "the string 'who'"),
    (lambda: fitted(SIX, 2).next_logits([3, 8]),
     r"\[3, 8\] has ids outside 0 to 7"),
    (lambda: fitted(SIX, 2).count(["who", "framed", "roger"]),
     "has 3 tokens; expected 1 to 2"),
    (lambda: fitted(SIX, 2).count([]), "has 0 tokens"),
    (lambda: fitted(SIX, 2).most_probable(k=0), "k is 0"),
    (lambda: fitted(SIX, 2, StupidBackoff()).perplexity(SIX),
     "StupidBackoff gives scores that do not sum to 1: no perplexity"),
    (lambda: AddK(0), "k is 0; expected a number above 0"),
    (lambda: AddK(-1), "k is -1"),
    (lambda: AddK(math.nan), "k is nan"),
    (lambda: AddK(math.inf), "k is inf"),
    (lambda: KneserNey(1), "discount is 1; expected a number from 0 to below"),
    (lambda: KneserNey(-0.1), "discount is -0.1"),
    (lambda: KneserNey(math.nan), "discount is nan"),
    (lambda: StupidBackoff(0), "factor is 0"),
    (lambda: StupidBackoff(1.1), "factor is 1.1"),
    (lambda: Interpolated([0.5, 0.4]), r"weights are \[0.5, 0.4\]"),
    (lambda: Interpolated([1.5, -0.5]), "expected numbers from 0 to 1"),
    (lambda: Interpolated([0, 1]), "the first above 0"),
    (lambda: Interpolated([]), "sum to 1"),
    (lambda: Interpolated([[1.0]]), "sum to 1"),
    (lambda: NgramModel(VOCABULARY, 3, Interpolated([0.5, 0.5])),
     "2 weights for order 3"),
])
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
