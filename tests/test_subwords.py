"""What subword tokenisation is measured with: ties, uses, prices, pictures."""

from collections import Counter

import numpy as np
import pytest

from lmbook.bpe import BPE, chunk_counts, naive_merges, spelled
from lmbook.bpe.measures import price, unigram_nats, uses
from lmbook.bpe.ties import every_result
from lmbook.data.messages import LANGUAGES, messages, parallel
from lmbook.drawing import draw_column, draw_merges
from lmbook.drawing.merges import brackets

HAND = spelled({"Hopkins": 3, "JHU": 2, "Hops": 2})
TEXT = "in a tin, in within a bin: in 2 tins"


# ------------------------------------------------------------------ ties

def test_two_pairs_that_tie_lead_to_two_results():
    # (a, b) and (b, c) both occur once; only one of them can be merged.
    assert every_result({("a", "b", "c"): 1}, 1) == {
        (("ab", "c"),): 1, (("a", "bc"),): 1}


def test_without_a_tie_there_is_one_way():
    # (a, b) occurs 5 times, (b, c) 2 times, (ab, c) then 2 times.
    words = {("a", "b"): 3, ("a", "b", "c"): 2}
    assert every_result(words, 2) == {(("ab",), ("abc",)): 1}


def test_when_no_pair_is_left_nothing_changes():
    assert every_result({("a", "b"): 1}, 5) == {(("ab",),): 1}


@pytest.mark.parametrize("size", range(12))
@pytest.mark.parametrize("rule", ["first", "lowest"])
def test_every_rule_for_ties_is_one_of_the_ways(size, rule):
    _, result = naive_merges(HAND, size, rule)
    assert tuple(result) in every_result(HAND, size)


def test_ten_merges_of_the_seven_words():
    ways = every_result(HAND, 10)
    assert ways.total() == 3456 and len(ways) == 4
    assert (("Hopkins</w>",), ("JHU</w>",), ("Hop", "s</w>")) in ways
    assert len(every_result(HAND, 11)) == 1


# -------------------------------------------------------------- measures

def slow_uses(tokenizer, text):
    alone, inside = Counter(), Counter()
    for chunk, count in chunk_counts(text).items():
        ids = tokenizer.encode(chunk)
        for n in ids:
            (alone if len(ids) == 1 else inside)[n] += count
    return alone, inside


@pytest.mark.parametrize("size", [256, 258, 264])
def test_uses_counts_repeated_tokens_and_repeated_chunks(size):
    bpe = BPE.train(TEXT, size)
    for row, counts in zip(uses(bpe, TEXT), slow_uses(bpe, TEXT)):
        assert row.tolist() == [counts[n] for n in range(size)]
    assert sum(map(np.sum, uses(bpe, TEXT))) == len(bpe.encode(TEXT))


def test_a_token_twice_in_a_chunk_counts_twice():
    # "aa" is one chunk of two tokens, "a" one of one.
    alone, inside = uses(BPE([]), "aa")
    assert inside[ord("a")] == 2 and alone.sum() == 0


def test_unigram_nats_by_hand():
    # Training "aab": counts plus one are 3, 2 and 254 ones: 259 in all.
    # Test "ab": log(259 / 3) + log(259 / 2).
    expected = 2 * np.log(259) - np.log(6)
    assert np.isclose(unigram_nats(BPE([]), "aab", "ab"), expected)


def test_price_is_a_ratio_of_sums():
    # Bytes: 3 + 1 in English; é is 2 bytes, so 2 + 6 in the other.
    shared = {"en": ["tea", "x"], "xx": ["é", "ééé"]}
    assert price(BPE([]), shared) == {"xx": 2.0}


# -------------------------------------------------------------- messages

def test_messages_are_parallel_and_the_rest_is_apart():
    shared, others = parallel()
    assert set(shared) == {"en", *LANGUAGES}
    assert len({len(texts) for texts in shared.values()}) == 1
    for code in ("de", "zh_CN"):
        known = messages(code)
        assert [known[english] for english in shared["en"]] == shared[code]
        kept = set(shared["en"])
        rest = [text for english, text in known.items()
                if english not in kept]
        assert set(rest) <= set(others)
    assert len(others) == sum(
        len(messages(code)) - len(shared["en"]) for code in LANGUAGES)


def test_messages_are_finished_strings():
    for english, text in messages("el").items():
        assert isinstance(english, str) and isinstance(text, str)
        assert english and text


def test_an_unknown_language_is_named():
    with pytest.raises(ValueError, match="'tlh'; expected a code such as"):
        messages("tlh")


# -------------------------------------------------------------- pictures

def test_brackets_join_what_the_merges_join():
    for merges in (naive_merges(HAND, 10)[0], [("a", "a")]):
        for word in (*HAND, ("a", "a", "a")):
            found, left = brackets(word, merges)
            assert len(word) - len(found) == len(left)
            assert "".join(text for *_, text in left) == "".join(word)
            for step, a, b in found:
                assert merges[step - 1] == (a[2], b[2])
                assert max(a[1], b[1]) < step and a[0] < b[0]


def test_overlapping_pairs_are_joined_from_the_left():
    _, left = brackets("aaa", [("a", "a")])
    assert [text for *_, text in left] == ["aa", "a"]


def test_pictures_are_the_same_every_time_and_need_words():
    merges = naive_merges(HAND, 10)[0]
    boxes = ("text", "tokenizer", "ids")
    for draw in (lambda alt: draw_merges(HAND, merges, alt),
                 lambda alt: draw_column(boxes, alt, machines=(1,),
                                         back=(2, 0, "again"))):
        assert draw("a picture").svg == draw("a picture").svg
        with pytest.raises(ValueError, match="alt must say"):
            draw(" ")
