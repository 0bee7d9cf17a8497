"""Decoding: by hand, laws, other implementations, mistakes caught."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from lmbook.decoding import (
    Forbid, TableModel, beam_search, beams, distinct, draw, first_return,
    greedy, keep_top_k, keep_top_p, next_distribution, perplexity_under,
    quality, repetition_rate, sample)
from lmbook.functional import log_softmax, softmax

HALF = np.log([0.5, 0.3, 0.2])
FORK = TableModel([0.6, 0.4], {(0,): [0.5, 0.5], (1,): [0.9, 0.1]})


class RandomModel:
    """A model whose logits depend on the whole context, by a seed."""

    def __init__(self, size, seed, scale=2.0):
        self.size, self.seed, self.scale = size, seed, scale

    def next_logits(self, context):
        rng = np.random.default_rng([self.seed, *(t + 1 for t in context)])
        return rng.normal(0, self.scale, self.size)


# the last line: entries that tie, and entries that are excluded
LOGITS = st.one_of(
    st.lists(st.floats(-30, 30), min_size=1, max_size=9),
    st.lists(st.sampled_from([0.0, 1.0, -np.inf]), min_size=1, max_size=9)
    .map(lambda z: [0.0, *z])).map(np.array)
SEEDS = st.integers(0, 2**32 - 1)


# ---------------------------------------------------------------- by hand

def test_temperature_by_hand():
    # tau = 1/2 squares the probabilities: 25 : 9 : 4
    got = next_distribution(HALF, temperature=0.5)
    np.testing.assert_allclose(got, np.array([25, 9, 4]) / 38)


def test_top_k_by_hand():
    # 0.5 and 0.3 are left, divided by 0.8
    got = next_distribution(HALF, top_k=2)
    np.testing.assert_allclose(got, [0.625, 0.375, 0])


@pytest.mark.parametrize("top_p, kept", [
    (0.0, 1), (0.3, 1), (0.5, 1), (0.51, 2), (0.8, 2), (0.81, 3), (1.0, 3)])
def test_top_p_keeps_the_token_that_crosses(top_p, kept):
    # 0.5 reaches 0.5; 0.51 needs 0.5 + 0.3
    got = next_distribution(HALF, top_p=top_p)
    right = np.array([0.5, 0.3, 0.2])[:kept]
    np.testing.assert_allclose(got[:kept], right / right.sum())
    assert (got[kept:] == 0).all()


def test_temperature_first_then_top_k_then_top_p():
    # 0.4 0.3 0.2 0.1 at tau = 1/2: 16 9 4 1, of 30; top_k 3: of 29;
    # 16/29 = 0.55 misses 0.6 and 25/29 reaches it
    got = next_distribution(np.log([0.4, 0.3, 0.2, 0.1]), 0.5, 3, 0.6)
    np.testing.assert_allclose(got, [16 / 25, 9 / 25, 0, 0])


def test_ties_go_to_the_lowest_id():
    four = np.zeros(4)
    np.testing.assert_array_equal(next_distribution(four, 0), [1, 0, 0, 0])
    np.testing.assert_array_equal(
        next_distribution(four, top_k=2), [0.5, 0.5, 0, 0])
    np.testing.assert_array_equal(
        next_distribution(four, top_p=0.5), [0.5, 0.5, 0, 0])
    assert greedy(TableModel([0.25] * 4), [], 2) == [0, 0]
    assert beam_search(TableModel([0.25] * 4), [], 2, 3) == [0, 0]


def test_an_excluded_token_is_never_drawn():
    z = np.array([-np.inf, 0.0, -np.inf])
    for options in ({}, {"top_k": 3}, {"top_p": 1.0}, {"temperature": 9.0}):
        np.testing.assert_array_equal(
            next_distribution(z, **options), [0, 1, 0])
    assert beams(TableModel([0.0, 1.0]), [], 3, 4) == [([1, 1, 1], 0.0)]


def test_greedy_misses_what_beam_search_finds():
    # greedy 0 then 0: 0.6 * 0.5 = 0.30; 1 then 0: 0.4 * 0.9 = 0.36
    assert greedy(FORK, [], 2) == [0, 0]
    (best, log_p), (second, _) = beams(FORK, [], 2, num_beams=2)
    assert best == [1, 0] and second == [0, 0]
    assert np.exp(log_p) == pytest.approx(0.36)


def test_stop_tokens_end_the_text_and_belong_to_it():
    model = TableModel([0.1, 0.9, 0.0], {(1,): [0.0, 0.0, 1.0]})
    assert greedy(model, [], 9, stop=2) == [1, 2]
    assert greedy(model, [], 9, stop=[0, 1]) == [1]
    assert sample(model, [1], 9, stop={2},
                  rng=np.random.default_rng(0)) == [2]
    assert beam_search(model, [], 9, 2, stop=2) == [1, 2]


def test_length_penalty_by_hand():
    # stop (id 0) at once: log 0.4; or 1, then stop: log 0.6 + log 0.6,
    # the larger mean but the smaller sum: 0.36 < 0.4
    model = TableModel([0.4, 0.6], {(1,): [0.6, 0.4]})
    assert beam_search(model, [], 2, 4, stop=0) == [0]
    assert beam_search(model, [], 2, 4, stop=0, length_penalty=1.0) == [1, 0]


def test_measures_by_hand():
    # ab ba ab | ab: two different of four; 1 - 2/3 and 0, over two
    texts = [["a", "b", "a", "b"], ["a", "b"]]
    assert distinct(texts, 2) == 0.5
    assert repetition_rate(texts, 2) == pytest.approx((1 / 3 + 0) / 2)
    # 1/0.6, 1/0.5, 1/0.4: the cubic root of their product
    assert perplexity_under(FORK, [[], []], [[0, 1], [1]]) == pytest.approx(
        (0.6 * 0.5 * 0.4) ** (-1 / 3))
    assert perplexity_under(TableModel([1.0, 0.0]), [[]], [[1]]) == np.inf


def test_a_forbidden_token_hands_its_share_to_the_others():
    model = Forbid(TableModel([0.5, 0.4, 0.1]), [0])
    np.testing.assert_allclose(
        next_distribution(model.next_logits([])), [0, 0.8, 0.2])
    assert np.exp(model.model.next_logits([]))[0] == 0.5    # not changed
    assert greedy(model, [], 2) == [1, 1]


def test_where_a_text_returns_by_hand():
    # ab at 0 and at 3; cd never returns
    assert first_return("abcab", 2) == (3, 3)
    assert first_return([7, 7, 7], 1) == (1, 1)
    assert first_return("abc", 2) is None and first_return("", 2) is None


def test_quality_is_the_three_measures():
    texts = [[0, 1, 0, 1, 0, 1], [1, 0]]
    assert quality(FORK, [[], []], texts) == (
        perplexity_under(FORK, [[], []], texts), distinct(texts, 2),
        repetition_rate(texts, 4))


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 2))
def test_greedy_text_of_a_short_window_goes_round_in_a_circle(seed, window):
    class Short(RandomModel):
        def next_logits(self, context):
            return super().next_logits(context[-window:])

    text = greedy(Short(3, seed), [0] * window, 30)
    place, period = first_return(text, window)
    assert place <= 3 ** window + window
    assert text[place - period:-period] == text[place:]


# ------------------------------------------------------------------- laws

@given(LOGITS, st.floats(0.2, 5), st.integers(1, 9), st.floats(0, 1))
def test_a_distribution_with_zeros_where_it_was_cut(z, tau, top_k, top_p):
    got = next_distribution(z, tau, top_k, top_p)
    assert got.sum() == pytest.approx(1) and (got >= 0).all()
    assert 1 <= (got > 0).sum() <= top_k
    kept = got > 0
    assert z[kept].min() >= z[~kept].max(initial=-np.inf)
    whole = next_distribution(z, tau)
    np.testing.assert_allclose(got, np.where(kept, whole, 0)
                               / whole[kept].sum(), rtol=1e-9)


@given(LOGITS, st.floats(0, 1))
def test_top_p_is_the_smallest_set_that_reaches_it(z, top_p):
    p = softmax(z)
    kept = p[keep_top_p(p, top_p) > 0]
    assert kept.sum() >= top_p - 1e-9
    assert len(kept) == 1 or kept.sum() - kept.min() < top_p + 1e-9


@given(LOGITS, st.floats(0.2, 5))
def test_filters_that_keep_everything_change_nothing(z, tau):
    right = softmax(z, temperature=tau)
    for options in ({"top_p": 1.0}, {"top_k": len(z)}, {"top_k": 99},
                    {"top_k": len(z), "top_p": 1.0}):
        np.testing.assert_array_equal(
            next_distribution(z, tau, **options), right)


@given(LOGITS)
def test_temperature_0_top_p_0_and_top_k_1_are_greedy(z):
    one = np.eye(len(z))[z.argmax()]
    for options in ({"temperature": 0}, {"top_p": 0.0}, {"top_k": 1},
                    {"temperature": 0, "top_p": 1.0, "top_k": 3}):
        np.testing.assert_array_equal(next_distribution(z, **options), one)


@settings(max_examples=40)
@given(SEEDS, SEEDS, st.sampled_from([None, 2]))
def test_the_strategies_meet_at_their_ends(seed, draws, stop):
    model = RandomModel(5, seed)

    def texts(**options):
        return sample(model, [3], 6, stop=stop, **options,
                      rng=np.random.default_rng(draws))

    best = greedy(model, [3], 6, stop)
    assert texts(top_p=0.0) == texts(temperature=0) == texts(top_k=1) == best
    assert beam_search(model, [3], 6, 1, stop) == best
    assert beam_search(model, [3], 6, 1, stop, length_penalty=2.0) == best
    pure = texts()
    assert texts(top_p=1.0) == texts(top_k=5) == texts(temperature=1) == pure


def every_text(model, size, length, stop=None):
    """Return {text: log-probability} by trying everything."""
    found = {}
    for ids in itertools.product(range(size), repeat=length):
        end = ids.index(stop) + 1 if stop in ids else length
        found[ids[:end]] = sum(
            log_softmax(model.next_logits(ids[:t]))[ids[t]]
            for t in range(end))
    return found


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(2, 4), st.integers(1, 3),
       st.sampled_from([None, 1]), st.sampled_from([0.0, 0.7, 1.0]))
def test_a_wide_beam_finds_the_best_text(seed, size, length, stop, penalty):
    model = RandomModel(size, seed)
    every = every_text(model, size, length, stop)
    best = max(every, key=lambda ids: every[ids] / len(ids) ** penalty)
    found = beams(model, [], length, size ** (length - 1), stop, penalty)
    assert tuple(found[0][0]) == best
    for ids, log_p in found:
        assert log_p == pytest.approx(every[tuple(ids)])


@settings(max_examples=30)
@given(SEEDS, st.integers(1, 5))
def test_beams_are_sorted_different_and_no_more_than_asked(seed, width):
    found = beams(RandomModel(4, seed), [0], 4, width, stop=2)
    scores = [log_p for _, log_p in found]
    assert scores == sorted(scores, reverse=True) and len(found) <= width
    assert len({tuple(ids) for ids, _ in found}) == len(found)


@given(st.lists(st.lists(st.integers(0, 2), max_size=8), min_size=1),
       st.integers(1, 3))
def test_measures_are_shares_and_agree_on_one_text(texts, n):
    assert 0 <= repetition_rate(texts, n) < 1
    one = texts[0]
    if len(one) >= n:
        assert 0 < distinct(texts, n) <= 1
        assert distinct([one], n) == pytest.approx(
            1 - repetition_rate([one], n))


@pytest.mark.parametrize("options", [
    {}, {"temperature": 0.5}, {"temperature": 2.0, "top_k": 3},
    {"top_p": 0.7}, {"temperature": 1.5, "top_k": 4, "top_p": 0.8}])
def test_frequencies_match_the_distribution(options):
    p = next_distribution([1.0, 0.0, 0.5, -1.0, 0.2], **options)
    rng = np.random.default_rng(7)
    drawn = np.bincount([draw(p, rng) for _ in range(20_000)], minlength=5)
    assert (drawn[p == 0] == 0).all()
    assert chisquare(drawn[p > 0], 20_000 * p[p > 0]).pvalue > 0.01
    wrong = softmax(p) if (p > 0).all() else np.full(5, 0.2)
    kept = p > 0
    assert chisquare(drawn[kept], drawn.sum() * wrong[kept]
                     / wrong[kept].sum()).pvalue < 1e-6


def test_texts_have_the_probability_of_the_chain_rule():
    model, rng = RandomModel(3, 5), np.random.default_rng(1)
    every = every_text(model, 3, 2)
    drawn = [tuple(sample(model, [], 2, rng=rng)) for _ in range(5_000)]
    counts = [drawn.count(ids) for ids in every]
    expected = 5_000 * np.exp(list(every.values()))
    assert chisquare(counts, expected * 5_000 / expected.sum()).pvalue > 0.01


def test_lengths_and_arguments():
    model, rng = TableModel([0.5, 0.5]), np.random.default_rng(0)
    context = np.array([0, 1])
    assert greedy(model, context, 0) == []
    assert beam_search(model, context, 0, 2) == []
    assert sample(model, context, 0, rng=rng) == []
    assert len(sample(model, context, 7, rng=rng)) == 7
    np.testing.assert_array_equal(context, [0, 1])


def test_large_logits_do_not_overflow():
    z = np.array([1e308, -1e308, 0.0])
    for options in ({}, {"temperature": 1e-300}, {"top_p": 0.5},
                    {"temperature": 1e300}):
        assert next_distribution(z, **options).sum() == pytest.approx(1)
    tiny = next_distribution(np.float32([0, -80]), top_p=1.0)
    assert tiny.dtype == np.float64 and tiny[1] > 0


# --------------------------------------- another implementation, in torch

def filtered(logits, top_k, top_p):
    """Cut as many libraries do: sort, shift the mask by one, scatter."""
    logits = torch.tensor(logits)
    if top_k:
        least = torch.topk(logits, min(top_k, len(logits))).values[-1]
        logits = logits.masked_fill(logits < least, -torch.inf)
    best, ids = torch.sort(logits, descending=True)
    remove = torch.cumsum(torch.softmax(best, -1), -1) > top_p
    remove[1:] = remove[:-1].clone()
    remove[0] = False
    logits[ids[remove]] = -torch.inf
    return torch.softmax(logits, -1).numpy()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("top_k, top_p", [
    (None, 0.3), (None, 0.9), (5, 1.0), (5, 0.6), (50, 0.99)])
def test_equals_the_torch_version(seed, top_k, top_p):
    z = np.random.default_rng(seed).normal(0, 3, 30)
    np.testing.assert_allclose(
        next_distribution(z / 0.7, 1.0, top_k, top_p),
        filtered(z / 0.7, top_k, top_p), atol=1e-12)
    np.testing.assert_allclose(
        next_distribution(z, 0.7, top_k, top_p),
        filtered(z / 0.7, top_k, top_p), atol=1e-12)


def test_keep_top_k_equals_topk():
    z = np.random.default_rng(0).normal(size=50)
    values, ids = torch.topk(torch.tensor(z), 7)
    kept = keep_top_k(z, 7)
    np.testing.assert_array_equal(kept[ids], values)
    assert np.isneginf(kept).sum() == 43


# ---------------------------------------------------- what must be refused

@pytest.mark.parametrize("options, message", [
    ({"temperature": -1}, "temperature must be finite and not negative.*-1"),
    ({"temperature": np.nan}, "temperature must.*nan"),
    ({"temperature": np.inf}, "temperature must.*inf"),
    ({"top_p": 1.1}, "top_p must be between 0 and 1, got 1.1"),
    ({"top_p": -0.1}, "top_p must be between 0 and 1, got -0.1"),
    ({"top_p": np.nan}, "top_p must be between 0 and 1, got nan"),
    ({"top_k": 0}, "top_k must be a whole number from 1 on, got 0"),
    ({"top_k": 2.5}, "top_k must be a whole number from 1 on, got 2.5")])
def test_settings_that_mean_nothing(options, message):
    with pytest.raises(ValueError, match=message):
        next_distribution(HALF, **options)
    for length in (0, 3):
        with pytest.raises(ValueError, match=message):
            sample(TableModel([1.0]), [], length, **options,
                   rng=np.random.default_rng(0))


@pytest.mark.parametrize("logits, message", [
    ([-np.inf, -np.inf], "logits are -inf for every token"),
    ([0.0, np.nan], "logits holds NaN at position"),
    ([0.0, np.inf], r"logits hold \+inf at id 1"),
    ([], r"shape \(V,\).*\(0,\)"), ([[0.0]], r"shape \(V,\).*\(1, 1\)"),
    (["a"], "logits must hold real numbers")])
def test_logits_that_mean_nothing(logits, message):
    class Model:
        def next_logits(self, context):
            return np.array(logits)

    for call in (lambda: next_distribution(np.array(logits)),
                 lambda: greedy(Model(), [], 1),
                 lambda: sample(Model(), [], 1,
                                rng=np.random.default_rng(0)),
                 lambda: beam_search(Model(), [], 1, 2)):
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize("call, message", [
    (lambda: greedy(FORK, [], -1), "max_new_tokens must.*from 0 on, got -1"),
    (lambda: greedy(FORK, [], 2.0), "max_new_tokens must.*got 2.0"),
    (lambda: beams(FORK, [], 2, 0), "num_beams must.*from 1 on, got 0"),
    (lambda: beams(FORK, [], -1, 2), "max_new_tokens must.*got -1"),
    (lambda: beams(FORK, [], 2, 2, length_penalty=-1), "length_penalty"),
    (lambda: greedy(FORK, [], 2, stop="a"), "stop must.*'a'"),
    (lambda: greedy(TableModel(None, {}), [3], 1), r"no row for \[3\]"),
    (lambda: distinct([[1]], 2), "no text has 2 tokens"),
    (lambda: distinct([[1]], 0), "n must be a whole number from 1 on"),
    (lambda: repetition_rate([]), "there is no text"),
    (lambda: perplexity_under(FORK, [[]], [[]]), "no token to score"),
    (lambda: perplexity_under(FORK, [[]], []), "1 contexts for 0 texts"),
    (lambda: greedy(Forbid(FORK, [2]), [], 1), "id 2 is not from 0 to 1"),
    (lambda: greedy(Forbid(FORK, [0, 1]), [], 1), "-inf for every token")])
def test_calls_that_mean_nothing(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ---------------------------------------------------- wrong versions, caught

def drops_the_crossing_token(z, top_p):
    p = softmax(z)
    order = np.argsort(-p, kind="stable")
    keep = p[order].cumsum() <= top_p
    keep[0] = True
    kept = np.zeros_like(p)
    kept[order[keep]] = p[order[keep]]
    return kept / kept.sum()


def test_a_top_p_that_drops_the_crossing_token_is_caught():
    # its set never reaches top_p, so the law of the smallest set fails
    wrong = drops_the_crossing_token(HALF, 0.6)
    assert np.array([0.5, 0.3, 0.2])[wrong > 0].sum() < 0.6
    assert not np.allclose(wrong, filtered(HALF, None, 0.6))
    np.testing.assert_allclose(
        next_distribution(HALF, top_p=0.6), filtered(HALF, None, 0.6))


def test_a_temperature_after_softmax_is_caught():
    # dividing probabilities and renormalising cancels: nothing changes
    p = softmax(HALF) / 0.5
    assert np.allclose(p / p.sum(), softmax(HALF))
    assert not np.allclose(next_distribution(HALF, 0.5), softmax(HALF))
    # and a softmax of probabilities is nearly flat, even when cold
    assert softmax(softmax(HALF), temperature=0.5).max() < 0.5


def test_top_p_before_temperature_is_caught():
    # cut at 1/2 keeps one token; at temperature 2 it should be two
    right = next_distribution(HALF, temperature=2.0, top_p=0.5)
    wrong = next_distribution(
        np.log(np.maximum(keep_top_p(softmax(HALF), 0.5), 1e-300)), 2.0)
    assert (right > 0).sum() == 2
    assert not np.allclose(right, wrong)


def compares_unequal_lengths(model, max_new_tokens, num_beams, stop):
    """A beam in which finished texts compete with longer ones."""
    beam = [((), 0.0)]
    for _ in range(max_new_tokens):
        longer = [((*ids, token), log_p + step)
                  for ids, log_p in beam if stop not in ids
                  for token, step in enumerate(
                      log_softmax(model.next_logits(ids)))]
        longer += [pair for pair in beam if stop in pair[0]]
        beam = sorted(longer, key=lambda pair: -pair[1])[:num_beams]
    return max(beam, key=lambda pair: pair[1] / len(pair[0]))


def test_a_beam_that_compares_unequal_lengths_is_caught():
    # 0 (0.32) and 1 0 (0.28) fill a beam of two and push out 1 1 (0.12),
    # the start of 1 1 1 1 0, whose mean log-probability is the largest
    model = TableModel([0.34, 0.33, 0.33], {
        (): [0.32, 0.4, 0.28], (1,): [0.7, 0.3, 0.0],
        (1, 1): [0.0, 1.0, 0.0], (1, 1, 1): [0.0, 1.0, 0.0],
        (1, 1, 1, 1): [1.0, 0.0, 0.0]})
    every = every_text(model, 3, 5, stop=0)
    best = max(every, key=lambda ids: every[ids] / len(ids))
    assert best == (1, 1, 1, 1, 0)
    right = beam_search(model, [], 5, 2, stop=0, length_penalty=1.0)
    assert tuple(right) == best
    assert compares_unequal_lengths(model, 5, 2, stop=0)[0] == (1, 0)
    # without a penalty for length the shortest text is the best one
    assert beam_search(model, [], 5, 2, stop=0) == [0]
    assert max(every, key=every.get) == (0,)
