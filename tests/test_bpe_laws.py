"""Laws of byte pair encoding, and wrong versions that break them.

The fast trainer and encoder must do what the definition in
`lmbook.bpe.naive` does, and what the library `tokenizers` does.
"""

import inspect
import json
import re
import types
from collections import Counter

import numpy as np
import pytest
import regex
import tokenizers
from hypothesis import given, settings, strategies as st

from lmbook.bpe import (
    BPE, chunk_counts, chunks, merge_pair, naive_merges, printable, spelled,
    training)
from lmbook.bpe.chunks import PATTERN, SPACE, find_stretches
from lmbook.bpe.encoding import Merger, merged
from lmbook.data import load

COUNTS = st.dictionaries(st.text("abc", min_size=1, max_size=12),
                         st.integers(1, 4), min_size=1, max_size=12)
# Characters of Unicode as this Python knows it: libraries know more or
# fewer, and what is unassigned to one of them may be a letter to another.
ASSIGNED = st.characters(exclude_categories=["Cn", "Cs"])
SPACED = st.text(st.sampled_from("aB'sé中١_-\r\n\x1c\x1f\x85\u2003") | ASSIGNED)
WORDS = ["ababab", "aaaa", "abcab", "bcbc", "cabab", "aab", "cc"]


@pytest.fixture(scope="module")
def docs():
    """The training text of the docs corpus, about 2 MB."""
    return load("docs").split("train").text


@pytest.fixture(scope="module")
def bpe(docs):
    """A tokenizer with 2,000 merges of docs."""
    return BPE.train(docs, 2256)


def library_trainer(size, alphabet):
    """The trainer of the library, silent, with a given alphabet."""
    return tokenizers.trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=alphabet, show_progress=False)


def library_merges(tokenizer):
    """The merges of the library's tokenizer, pairs of strings."""
    model = json.loads(tokenizer.to_str())["model"]
    return [tuple(pair) for pair in model["merges"]]


def byte_level_library(texts, size):
    """The library's byte-level tokenizer, trained on texts."""
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(
        add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(texts, library_trainer(size, alphabet))
    return tokenizer


def shown(bpe):
    """The merges of a tokenizer of ours as the library writes them."""
    return [tuple(map(printable, pair)) for pair in bpe.merges]


# ---------------------------------------------------------------- chunks

def test_whitespace_is_that_of_the_pattern():
    every = "".join(map(chr, range(0x110000)))
    written = re.findall(f"[{SPACE}]", every)
    assert written == regex.findall(r"\s", every) and len(written) == 25


@given(SPACED)
def test_stretches_first_changes_nothing(text):
    assert "".join(chunks(text)) == text
    assert "".join(find_stretches(text)) == text
    assert chunk_counts(text) == Counter(chunks(text))


def test_the_whitespace_of_re_would_be_wrong():
    text = "a,\x1c,b"
    wrong = [chunk for stretch in re.findall(r"\s*\S+|\s+", text)
             for chunk in regex.findall(PATTERN, stretch)]
    assert chunks(text) == ["a", ",\x1c,", "b"] != wrong


# -------------------------------------------------------------- training

def by_definition(counts, learn=training.learn_merges):
    """Assert that a trainer learns the merges of the definition."""
    merges, words = naive_merges(spelled(counts, end=""), 30, "lowest")
    letters = sorted({c for word in counts for c in word})
    number = {ord(c): chr(n) for n, c in enumerate(letters)}
    found = learn([word.translate(number) for word in counts],
                  [*counts.values()], len(letters), 30)
    tokens = [*letters]
    for left, right in found:
        tokens.append(tokens[left] + tokens[right])
    assert [(tokens[a], tokens[b]) for a, b in found] == merges


@given(COUNTS)
def test_training_by_definition(counts):
    by_definition(counts)


@given(COUNTS)
def test_training_like_the_library(counts):
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    texts = [" ".join([word] * count) for word, count in counts.items()]
    tokenizer.train_from_iterator(texts, library_trainer(600, []))
    assert shown(BPE.train(counts, 600)) == library_merges(tokenizer)


@settings(max_examples=40)
@given(st.text(st.sampled_from("ab c\n,é中") | ASSIGNED, min_size=1))
def test_training_on_text_like_the_library(text):
    assert shown(BPE.train(text, 280)) == library_merges(
        byte_level_library([text], 280))


WRONG = {
    "old counts stay": ("pairs[old] -= count", "pass"),
    "an old count on top is believed": (
        "if -count > pairs.get(pair, 0):", "if pair not in pairs:"),
    "old pairs before new ones on a tie": ("heap, (-count, made)",
                                           "heap, (-count + 0.5, made)"),
    "a b a b does not count (ab, ab)": ("if len(parts) > 2:", "if False:"),
    "the pair at the end of a word is lost": ("in parts[1:]:",
                                              "in parts[1:-1]:"),
    "the pair at the start is lost": ("in parts[:-1]:", "in parts[1:-1]:"),
    "words forget where new pairs are": ("places[made] = numbers",
                                         "places[made] = numbers[:1]"),
    "a word counts once for all words": (
        "sum(map(counts.__getitem__, numbers))", "len(numbers)")}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_trainer_is_caught(name):
    right, wrong = WRONG[name]
    source = inspect.getsource(training)
    assert right in source
    planted = types.ModuleType("planted")
    exec(source.replace(right, wrong), planted.__dict__)
    rng, caught = np.random.default_rng(0), 0
    for _ in range(40):
        counts = {word: int(rng.integers(1, 5))
                  for word in rng.permutation(WORDS).tolist()}
        by_definition(counts)
        try:
            by_definition(counts, planted.learn_merges)
        except (AssertionError, KeyError):
            caught += 1
    assert caught


def test_docs_merges_like_the_library(docs, bpe):
    library = byte_level_library(docs.split("\n\n"), 2256)
    # cut at blank lines, the library loses the chunk between paragraphs
    counts = Counter()
    for paragraph in docs.split("\n\n"):
        counts.update(chunk_counts(paragraph))
    assert shown(BPE.train(counts, 2256)) == library_merges(library)
    assert len(bpe.merges) == 2000


def test_docs_merges_like_rustbpe(docs):
    rustbpe = pytest.importorskip(
        "rustbpe", reason="a peer of the benchmarks, not installed")
    peer = rustbpe.Tokenizer()
    peer.train_from_iterator([docs], 2256, pattern=PATTERN)
    ours = BPE.train(docs, 2256, tie_break="rustbpe")
    assert [bytes(token) for token, _ in
            peer.get_mergeable_ranks()] == [*ours.tokens]


# -------------------------------------------------------------- encoding

@given(st.text())
def test_any_text_comes_back(bpe, text):
    assert bpe.decode(bpe.encode(text)) == text
    assert bpe.decode(np.array(bpe.encode(text), dtype=int)) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_words_come_back(text):
    words = BPE.train(text + "a", 10_000, kind="end-of-word")
    plain = " ".join(text.replace("</w>", " ").split())
    assert words.decode(words.encode(text)) == plain


@given(COUNTS, st.lists(st.text("abcd", min_size=1, max_size=20)))
def test_encoding_by_definition(counts, texts):
    bpe = BPE.train(counts, 280)
    for text in texts:
        symbols = tuple(text)
        for left, right in bpe.merges:
            symbols = merge_pair(symbols, (left.decode(), right.decode()))
        assert [bpe.tokens[n].decode() for n in bpe.encode(text)] == [
            *symbols]


@given(COUNTS, st.lists(st.text("abc", min_size=1), min_size=1))
def test_together_as_one_by_one(counts, words):
    bpe = BPE.train(counts, 280)
    merger = Merger([(bpe.vocab[a], bpe.vocab[b]) for a, b in bpe.merges],
                    256)
    assert merger.together(words) == [
        [*map(ord, merged(word, merger.table))] for word in words]


def test_merging_equal_neighbours_twice_is_caught(monkeypatch):
    merger = Merger([(0, 0)], 1)
    assert merger.together(["\0\0\0", "\0"]) == [[1, 0], [0]]
    monkeypatch.setattr("lmbook.bpe.encoding.apart", lambda places: places)
    assert merger.together(["\0\0\0", "\0"]) != [[1, 0], [0]]


def test_the_cache_may_start_anew(bpe, docs, monkeypatch):
    text = docs[:20_000]
    expected = bpe.encode(text)
    monkeypatch.setattr("lmbook.bpe.tokenizer.CACHE_SIZE", 100)
    small = BPE(bpe.merges)
    for start in range(0, 1000, 50):
        small.encode(text[start:start + 50])
        assert len(small._cache) <= 100
    assert small.encode(text) == expected


SAMPLES = ["Größe, naïve café", "Ελλάδα και Ρωσία", "日本語のテキスト。", "한국어",
           "हिन्दी में", "שלום עולם", "👩‍👩‍👧 🇩🇪 emoji", "it's  I'LL\t\r\n x²",
           "1234 ١٢٣ ½", "a\u2003b\x85c\x1cd\u200bé\u0301"]


def test_encoding_like_the_library(bpe, docs):
    vocab = {printable(token): n for n, token in enumerate(bpe.tokens)}
    library = tokenizers.Tokenizer(tokenizers.models.BPE(
        vocab=vocab, merges=shown(bpe)))
    library.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(
        add_prefix_space=False)
    for text in [docs, *SAMPLES]:
        assert bpe.encode(text) == library.encode(text).ids


def test_encoding_like_tiktoken(bpe, docs):
    tiktoken = pytest.importorskip(
        "tiktoken", reason="a peer of the benchmarks, not installed")
    library = tiktoken.Encoding(
        "docs", pat_str=PATTERN, special_tokens={"<s>": len(bpe)},
        mergeable_ranks=bpe.vocab)
    ours = BPE(bpe.merges, special_tokens=["<s>"])
    for text in [docs, *SAMPLES, "a<s>b"]:
        assert ours.encode(text) == library.encode_ordinary(text)
        assert ours.encode(text, "all") == library.encode(
            text, allowed_special="all")
