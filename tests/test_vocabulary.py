"""Vocabularies: by hand, their laws, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from lmbook.vocabulary import BOS, EOS, UNK, Vocabulary

SENTENCES = [["b", "a", "b"], [], ["c", "a", "b", UNK]]
TEXTS = st.lists(st.lists(st.sampled_from([*"abcde", UNK, "ä", ""])))


def test_most_frequent_first_and_ties_by_the_alphabet():
    # b 3 times, a 2 times, c once; <unk> keeps its place
    assert Vocabulary.build(SENTENCES).tokens == (
        UNK, BOS, EOS, "b", "a", "c")
    assert Vocabulary.build([["y", "x"]]).tokens[3:] == ("x", "y")


@pytest.mark.parametrize("options, expected", [
    ({"min_count": 2}, "ba"), ({"max_size": 4}, "b"), ({"max_size": 3}, ""),
    ({"max_size": 99}, "bac"), ({"min_count": 4}, "")])
def test_limits(options, expected):
    vocabulary = Vocabulary.build(SENTENCES, **options)
    assert vocabulary.tokens[3:] == tuple(expected)


@given(TEXTS)
def test_there_and_back(sentences):
    vocabulary = Vocabulary.build(sentences)
    for tokens in sentences:
        ids = vocabulary.encode(tokens)
        assert ids.shape == (len(tokens),) and ids.dtype == np.int64
        assert vocabulary.decode(ids) == tokens
    assert [vocabulary.id(t) for t in vocabulary.tokens] == list(
        range(len(vocabulary)))
    assert all(token in vocabulary for token in vocabulary.tokens)


@given(TEXTS, st.integers(1, 4))
def test_a_larger_min_count_is_a_prefix(sentences, count):
    every = Vocabulary.build(sentences).tokens
    some = Vocabulary.build(sentences, min_count=count).tokens
    assert every[:len(some)] == some


def test_an_unknown_token_is_unk_and_does_not_become_known():
    vocabulary = Vocabulary(["a", UNK])
    assert vocabulary.encode(["z", "a"]).tolist() == [1, 0]
    assert "z" not in vocabulary and len(vocabulary) == 2
    assert vocabulary.encode(t for t in "az").tolist() == [0, 1]
    assert vocabulary.encode([]).tolist() == []


@pytest.mark.parametrize("call, message", [
    (lambda: Vocabulary([]), "at least one token, got none"),
    (lambda: Vocabulary(["a", "b", "a"]), "'a' is listed twice"),
    (lambda: Vocabulary(["a", 3]), "token 1 is 3, expected a string"),
    (lambda: Vocabulary(["a"]).id("z"), "unknown token 'z'"),
    (lambda: Vocabulary(["a"]).encode(["a", "z"]), "no '<unk>'"),
    (lambda: Vocabulary([UNK]).encode("who"), "the string 'who'"),
    (lambda: Vocabulary([UNK]).decode([0, 1]), "id 1 is not from 0 to 0"),
    (lambda: Vocabulary([UNK]).decode([-1]), "id -1 is not"),
    (lambda: Vocabulary.build([["a"]], max_size=2), "max_size is 2"),
    (lambda: Vocabulary.build([["a"]], min_count=0), "min_count is 0"),
    (lambda: Vocabulary.build(["who framed"]), "the string 'who framed'"),
])
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
