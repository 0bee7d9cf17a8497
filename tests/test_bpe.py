"""Byte pair encoding by hand: merges, tokens, and what is refused."""

import json

import pytest

from lmbook.bpe import (
    BPE, chunk_counts, chunks, count_pairs, from_printable, merge_pair,
    naive_merges, printable, spelled)

HOPKINS = {"Hopkins": 3, "JHU": 2, "Hops": 2}
LOWEST = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
WORDS = "low low low low low lower lower newest newest widest"


def test_first_counts_by_hand():
    pairs = count_pairs(spelled(HOPKINS))
    assert pairs["H", "o"] == 5 and pairs["o", "p"] == 5
    assert pairs["k", "i"] == 3 and pairs["s", "</w>"] == 5


def test_ten_merges_by_hand():
    # (H, o), (Ho, p), (s, </w>) count 5; the four that complete Hopkins 3;
    # then three of count 2 complete JHU, met before (Hop, s</w>)
    merges, words = naive_merges(spelled(HOPKINS), 10)
    assert merges[:3] == [("H", "o"), ("Ho", "p"), ("s", "</w>")]
    assert words == {("Hopkins</w>",): 3, ("JHU</w>",): 2,
                     ("Hop", "s</w>"): 2}
    assert {t for word in words for t in word} <= {
        "Hopkins</w>", "s</w>", "Hop", "JHU</w>"}


def test_the_tie_break_decides_the_last_of_them():
    merges, _ = naive_merges(spelled(HOPKINS), 10, tie_break="lowest")
    assert merges[-1] == ("Hop", "s</w>")
    bpe = BPE.train(HOPKINS, 2 + 9 + 10, kind="end-of-word")
    assert bpe.merges == merges


def test_the_published_example():
    # Sennrich et al. 2016, figure 1: r . -> r., lo -> lo, ... starts with
    # "e s", "es t", "est </w>", "l o", "lo w"
    merges, words = naive_merges(spelled(LOWEST), 10)
    assert merges[:5] == [("e", "s"), ("es", "t"), ("est", "</w>"),
                          ("l", "o"), ("lo", "w")]
    assert ("newest</w>",) in words and ("low</w>",) in words


def test_equal_neighbours_merge_from_the_left():
    assert merge_pair(tuple("aaaaa"), ("a", "a")) == ("aa", "aa", "a")
    assert BPE([(b"a", b"a")]).encode("aaaaa") == [256, 256, 97]
    assert BPE([(b"a", b"a"), (b"aa", b"aa")]).encode("aaaaa") == [257, 97]
    # aaa counts the pair twice, so it comes before (b, c), counted thrice
    assert BPE.train({"aaa": 2, "bc": 3}, 257).merges == [(b"a", b"a")]


def test_the_order_of_merges_counts_not_the_longest_match():
    bpe = BPE([(b"b", b"c"), (b"a", b"b"), (b"ab", b"c")])
    assert [bpe.tokens[n] for n in bpe.encode("abc")] == [b"a", b"bc"]


def test_chunks_by_hand():
    assert chunks("I've 12 cats,\n\nüber-cats!") == [
        "I", "'ve", " 12", " cats", ",", "\n", "\n", "über", "-", "cats",
        "!"]
    assert chunk_counts("a b  b") == {"a": 1, " b": 2, " ": 1}
    assert chunks("") == [] and chunk_counts("") == {}


def test_no_merge_crosses_a_chunk():
    text = "in the end, in the end, in the end!"
    bpe = BPE.train(text, 300)
    assert all(len(chunks(token.decode())) == 1 for token in bpe.tokens[256:])
    whole = BPE.train({text: 1}, 300)       # the text as one chunk
    assert any(b"d, in" in token for token in whole.tokens)


def test_the_two_kinds_of_ids():
    bpe = BPE.train("low lower", 259, special_tokens=["<s>"])
    assert bpe.tokens[:256] == tuple(bytes([n]) for n in range(256))
    assert bpe.tokens[256:] == (b"lo", b"low", "<s>")
    assert bpe.vocab == {token: n for n, token in enumerate(bpe.tokens)}
    words = BPE.train("low lower", 9, kind="end-of-word")
    assert words.tokens == ("<unk>", "</w>", "e", "l", "o", "r", "w", "lo",
                            "low")
    assert len(bpe) == 259 and len(words) == 9


def test_fewer_tokens_when_every_word_is_one():
    bpe = BPE.train("ab ab", 500)
    assert bpe.tokens[256:] == (b"ab", b" ab")


def test_end_of_word_text_and_unknown_characters():
    bpe = BPE.train(WORDS, 40, kind="end-of-word")
    assert bpe.decode(bpe.encode(" low\n lowest ")) == "low lowest"
    ids = bpe.encode("löw")
    assert 0 in ids and bpe.decode(ids) == "l<unk>w"
    # a text that names the tokens gets the tokens, nothing else
    assert bpe.encode("<unk>") == [0, 1]
    assert bpe.decode(bpe.encode("l</w>w")) == "l w"


@pytest.mark.parametrize("kind", ["byte-level", "end-of-word"])
def test_special_tokens(kind):
    bpe = BPE.train("low<|end|>low <|end|><|endless|> lower", 280, kind=kind,
                    special_tokens=("<|end|>", "<|endless|>"))
    end, endless = bpe.vocab["<|end|>"], bpe.vocab["<|endless|>"]
    assert endless == len(bpe) - 1 == end + 1
    text = "low<|end|><|endless|>"
    assert bpe.encode(text, allowed_special="all")[-2:] == [end, endless]
    assert end not in bpe.encode(text)
    assert end not in bpe.encode(text, allowed_special=["<|endless|>"])
    expected = {"byte-level": text, "end-of-word": "low <|end|> <|endless|>"}
    assert bpe.decode(bpe.encode(text, "all")) == expected[kind]
    # the text of special tokens taught no merge
    assert not any("|" in str(token) for pair in bpe.merges for token in pair)


def test_the_first_merges_alone():
    bpe = BPE.train(WORDS, 270, special_tokens=["<s>"])
    small = bpe.first(5)
    assert small.tokens == BPE.train(WORDS, 262,
                                     special_tokens=["<s>"]).tokens
    with pytest.raises(ValueError, match="num_merges is 99; expected 0 to"):
        bpe.first(99)


def test_bytes_that_are_not_text():
    bpe = BPE([])
    euro = bpe.encode("€")
    assert euro == [0xE2, 0x82, 0xAC] and bpe.decode(euro) == "€"
    assert bpe.decode(euro[:2]) == "\ufffd"
    assert bpe.decode([65, *euro[:2]], errors="ignore") == "A"
    with pytest.raises(ValueError, match="can't decode"):
        bpe.decode(euro[:2], errors="strict")
    assert bpe.decode([]) == "" and bpe.encode("") == []


@pytest.mark.parametrize("ids, message", [
    ([256], "unknown id 256; expected 0 to 255"),
    ([-1], "unknown id -1"),
    ([1.5], "expected a sequence of integers"),
    ("abc", "expected a sequence of integers"),
    ([[1]], "expected a sequence of integers"),
    (5, "expected a sequence of integers")])
def test_wrong_ids(ids, message):
    with pytest.raises(ValueError, match=message):
        BPE([]).decode(ids)


@pytest.mark.parametrize("text, more, message", [
    (b"abc", {}, "expected a string, got bytes"),
    (None, {}, "expected a string, got NoneType"),
    ("a\ud800", {}, r"'\\ud800' holds a surrogate"),
    ("a", {"allowed_special": ["<s>"]}, "unknown special token '<s>'")])
def test_wrong_texts(text, more, message):
    with pytest.raises(ValueError, match=message):
        BPE([]).encode(text, **more)


@pytest.mark.parametrize("text, size, more, message", [
    ("", 300, {}, "no words to learn from"),
    (" \n", 300, {"kind": "end-of-word"}, "no words to learn from"),
    ({}, 300, {}, "no words to learn from"),
    ("a", 255, {}, "vocab_size 255 is too small .* expected 256 or more"),
    ("a", 256, {"special_tokens": ["<s>"]}, "expected 257 or more"),
    ("a", 2, {"kind": "end-of-word"}, "expected 3 or more"),
    ("a", 2 ** 21, {}, "vocab_size 2097152 is too large"),
    ("a", 300.5, {}, "expected an integer as vocab_size, got 300.5"),
    (b"a", 300, {}, "expected a string or a dictionary .* got bytes"),
    ({"a": 0}, 300, {}, "positive counts, got 'a': 0"),
    ({"a": 1.5}, 300, {}, "expected an integer as count, got 1.5"),
    ({"": 1}, 300, {}, "positive counts, got '': 1"),
    ({3: 1}, 300, {}, "positive counts, got 3: 1"),
    ("a", 300, {"kind": "words"}, "unknown kind 'words'"),
    ("a", 300, {"tie_break": "last"}, "unknown tie_break 'last'"),
    ("a", 300, {"special_tokens": "<s>"}, "expected a sequence of strings"),
    ("a", 300, {"special_tokens": [""]}, "a special token is a string"),
    ("a", 300, {"special_tokens": ["<s>", "<s>"]}, "repeat"),
    ("a\udc00", 300, {}, "holds a surrogate")])
def test_wrong_training(text, size, more, message):
    with pytest.raises(ValueError, match=message):
        BPE.train(text, size, **more)


@pytest.mark.parametrize("merges, message", [
    ([(b"a", b"bc")], "merge 0 joins b'a' and b'bc'"),
    ([("a", "b")], "merge 0 joins 'a' and 'b'"),
    ([(b"a", b"b", b"c")], "expected a pair"),
    ([(b"a", b"b"), (b"a", b"b")], "repeat")])
def test_wrong_merges(merges, message):
    with pytest.raises(ValueError, match=message):
        BPE(merges)


@pytest.mark.parametrize("kind", ["byte-level", "end-of-word"])
def test_save_and_load(kind, tmp_path):
    bpe = BPE.train(WORDS + " é\n", 280, kind=kind, special_tokens=("<s>",))
    bpe.save(tmp_path / "new" / "bpe.json")
    again = BPE.load(tmp_path / "new" / "bpe.json")
    assert again.tokens == bpe.tokens and again.merges == bpe.merges
    text = "the lowest é <s>"
    assert again.encode(text, "all") == bpe.encode(text, "all")
    assert [path.name for path in (tmp_path / "new").iterdir()] == [
        "bpe.json"]


GOOD = {"kind": "byte-level", "letters": "", "special_tokens": [],
        "merges": [["l", "o"]]}


@pytest.mark.parametrize("change", [
    {"kind": "words"}, {"kind": None}, {"letters": 5, "kind": "end-of-word"},
    {"special_tokens": "<s>"}, {"special_tokens": [1]}, {"merges": None},
    {"merges": [["l"]]}, {"merges": [["l", "o", "w"]]}, {"merges": [[1, 2]]},
    {"merges": [["\u4e00", "o"]]}, {"merges": [["lo", "w"]]}])
def test_a_damaged_file(change, tmp_path):
    path = tmp_path / "bpe.json"
    path.write_text(json.dumps(GOOD))
    assert BPE.load(path).merges == [(b"l", b"o")]
    path.write_text(json.dumps(GOOD | change))
    with pytest.raises(ValueError, match="bpe.json does not hold a token"):
        BPE.load(path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"{}", b"\xff"])
def test_a_file_that_is_no_tokenizer(content, tmp_path):
    path = tmp_path / "bpe.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="bpe.json does not hold a token"):
        BPE.load(path)


def test_printable_bytes():
    assert printable(b" \n\x00~\x7f\xff") == "ĠĊĀ~ġÿ"
    assert from_printable("ĠĊĀ~ġÿ") == b" \n\x00~\x7f\xff"
    with pytest.raises(ValueError, match="' ' in 'a b' stands for no byte"):
        from_printable("a b")


def test_an_unknown_tie_break_of_the_naive_trainer():
    with pytest.raises(ValueError, match="unknown tie_break 'last'"):
        naive_merges(spelled(LOWEST), 1, tie_break="last")
