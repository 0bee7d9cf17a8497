"""Tables of n-grams: by hand, a dictionary, laws, and planted mistakes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, strategies as st

from lmbook.ngrams import ngram_tables, sentence_ids
from lmbook.vocabulary import BOS, EOS, UNK, Vocabulary

SIX = [line.split() for line in (
    "who", "who framed roger", "roger rabbit", "who framed roger rabbit",
    "roger framed who", "who framed the rabbit")]
TEXTS = st.lists(st.lists(st.sampled_from("abc")), min_size=1, max_size=8)
ORDERS, STARTS = st.integers(1, 5), st.integers(1, 4)


def tables_of(sentences, order, starts=1):
    """Return the vocabulary and the tables of sentences."""
    vocabulary = Vocabulary.build(sentences)
    ids = sentence_ids(sentences, vocabulary, starts)
    return vocabulary, ngram_tables(ids, order, len(vocabulary),
                                    vocabulary.id(EOS))


def as_dictionary(vocabulary, tables, order):
    """Return {n-gram of tokens: count} of one order, read off the tables."""
    grams = [()]
    for table in tables[:order]:
        grams = [grams[context] + (vocabulary.tokens[token],) for
                 context, token in zip(table.contexts, table.next_ids)]
    return {gram: count for gram, count in
            zip(grams, tables[order - 1].counts.tolist()) if count}


def counted(sentences, order, starts=1):
    """Count n-grams of one order with a loop over tuples."""
    counts = Counter()
    for sentence in sentences:
        tokens = [BOS] * starts + sentence + [EOS]
        counts.update(tuple(tokens[i:i + order])
                      for i in range(len(tokens) - order + 1))
    return counts


# ---------------------------------------------------------------- by hand

def test_six_sentences_by_hand():
    vocabulary, (one, two) = tables_of(SIX, 2)
    # 6 <s>, 6 </s>, 5 who, 4 framed, 4 roger, 3 rabbit, 1 the
    assert one.counts.sum() == 29
    assert one.counts[vocabulary.id("rabbit")] == 3
    roger = two.followers(vocabulary.id("roger"))
    assert dict(zip(vocabulary.decode(roger[0]), roger[1].tolist())) == {
        EOS: 1, "rabbit": 2, "framed": 1}
    rabbit = two.followers(vocabulary.id("rabbit"))
    assert (vocabulary.decode(rabbit[0]), rabbit[1].tolist()) == ([EOS], [3])
    assert two.followers(vocabulary.id(EOS))[0].tolist() == []


def test_all_orders_of_one_sentence_by_hand():
    # <s> a b a </s>: three trigrams, two 4-grams, one 5-gram, no 6-gram
    vocabulary, tables = tables_of([["a", "b", "a"]], 6)
    assert as_dictionary(vocabulary, tables, 3) == {
        (BOS, "a", "b"): 1, ("a", "b", "a"): 1, ("b", "a", EOS): 1}
    assert [len(table) for table in tables[1:]] == [4, 3, 2, 1, 0]
    assert tables[1].keys.tolist() == [1 * 5 + 3, 3 * 5 + 2, 3 * 5 + 4,
                                       4 * 5 + 3]
    # without its first token, (a b a), row 1, is (b a), row 3 of order 2
    assert tables[2].suffixes[1] == 3


def test_an_empty_sentence_is_its_two_marks():
    vocabulary, tables = tables_of([[], ["a"]], 2)
    assert as_dictionary(vocabulary, tables, 2)[BOS, EOS] == 1


# ------------------------------------------------------------------- laws

@given(TEXTS, ORDERS, STARTS)
def test_equal_to_a_loop_over_tuples(sentences, order, starts):
    vocabulary, tables = tables_of(sentences, order, starts)
    for n in range(1, order + 1):
        assert as_dictionary(vocabulary, tables, n) == counted(
            sentences, n, starts)


@given(TEXTS, ORDERS, STARTS)
def test_the_arrays_fit_together(sentences, order, starts):
    _, tables = tables_of(sentences, order, starts)
    for lower, table in zip(tables, tables[1:]):
        assert len(table.offsets) == len(lower) + 1
        assert (np.diff(table.keys) > 0).all()
        for row, context in enumerate(table.contexts):
            assert table.offsets[context] <= row < table.offsets[context + 1]
        # an n-gram and its suffix end with the same token
        assert (lower.next_ids[table.suffixes] == table.next_ids).all()
        rows = table.find(table.contexts, table.next_ids)
        assert (rows == np.arange(len(table))).all()


@given(TEXTS, st.permutations(range(8)))
def test_the_order_of_the_sentences_does_not_matter(sentences, places):
    shuffled = [sentences[i] for i in places if i < len(sentences)]
    for a, b in zip(tables_of(sentences, 3)[1], tables_of(shuffled, 3)[1]):
        for name in ("keys", "counts", "offsets", "suffixes"):
            assert (getattr(a, name) == getattr(b, name)).all()


def test_many_ids_with_keys_of_more_than_16_bits():
    rng = np.random.default_rng(0)
    ids = rng.integers(3, 70_000, size=200_000)
    ids[rng.integers(ids.size, size=20_000)] = 2
    ids[-1] = 2
    table = ngram_tables(ids, 3, 70_000, end=2)[2]
    inner = (ids[:-2] != 2) & (ids[1:-1] != 2)
    loop = Counter(zip(*(ids[k:len(ids) - 2 + k][inner].tolist()
                         for k in range(3))))
    assert len(table) == len(loop) and table.counts.sum() == inner.sum()
    assert Counter(loop.values()) == Counter(table.counts.tolist())


def test_find_answers_minus_one():
    vocabulary, tables = tables_of(SIX, 3)
    the, who = vocabulary.id("the"), vocabulary.id("who")
    assert tables[1].find(the, who) == -1
    assert tables[1].find(-1, who) == -1
    many = tables[1].find(np.full(5000, the), np.arange(5000) % 8)
    assert (many >= 0).sum() == 625         # (the, rabbit), every eighth
    empty = tables_of([["a"]], 5)[1][4]
    assert empty.find([0, -1], [1, 2]).tolist() == [-1, -1]


# ------------------------------------------------------- planted mistakes

def last_one_dropped(tokens, n):
    """The n-grams of a sentence, by a loop that stops too early."""
    found = []
    for i in range(len(tokens)):
        if i + n >= len(tokens):
            break
        found.append(tuple(tokens[i:i + n]))
    return found


def break_at_a_short_one(sentences, order):
    """Counts of a paragraph that ends at its first short sentence."""
    counts = Counter()
    for sentence in sentences:
        tokens = [BOS, *sentence, EOS]
        if len(tokens) < order:
            break
        counts.update(zip(*(tokens[k:] for k in range(order))))
    return counts


def same_counts(counter, sentences=SIX, order=4):
    """Compare {n-gram: count} of a counter with the tables."""
    vocabulary, tables = tables_of(sentences, order)
    assert as_dictionary(vocabulary, tables, order) == dict(
        counter(sentences, order))


def test_the_comparison_accepts_the_loop():
    same_counts(counted)


def test_planted_the_last_ngram_dropped():
    def wrong(sentences, order):
        return Counter(gram for s in sentences
                       for gram in last_one_dropped([BOS, *s, EOS], order))
    with pytest.raises(AssertionError):
        same_counts(wrong)
    # the sum tells as well: a sentence of T tokens has T + 2 - n + 1
    expected = sum(max(0, len(s) + 2 - 4 + 1) for s in SIX)
    assert tables_of(SIX, 4)[1][3].counts.sum() == expected == 11
    assert sum(wrong(SIX, 4).values()) == 6     # one less in five sentences


def test_planted_break_at_a_short_sentence():
    assert break_at_a_short_one(SIX, 4) == {}       # "who" comes first
    with pytest.raises(AssertionError):
        same_counts(break_at_a_short_one)
    same_counts(break_at_a_short_one, order=3)      # none is too short here


# ---------------------------------------------------------------- refused

@pytest.mark.parametrize("arguments, message", [
    (([], 2, 5, 2), "the text is empty"),
    (([3, 2], 0, 5, 2), "order is 0; expected a whole number above 0"),
    (([3, 2], 1.5, 5, 2), "order is 1.5"),
    (([3, 5, 2], 2, 5, 2), "ids go from 2 to 5; expected 0 to 4"),
    (([-1, 2], 2, 5, 2), "ids go from -1 to 2"),
])
def test_bad_ids(arguments, message):
    with pytest.raises(ValueError, match=message):
        ngram_tables(*arguments)


@pytest.mark.parametrize("sentences, message", [
    ([], "at least one sentence, got none"),
    (["who framed"], "sentence 0 is the string 'who framed'"),
    ([["a"], ["a", EOS]], "a sentence holds '</s>'"),
    ([["a"], [BOS, "a"]], "a sentence holds '<s>'"),
])
def test_bad_sentences(sentences, message):
    vocabulary = Vocabulary([UNK, BOS, EOS, "a"])
    with pytest.raises(ValueError, match=message):
        sentence_ids(sentences, vocabulary)
