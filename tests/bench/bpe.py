"""Byte pair encoding beside the libraries that do it in Rust.

Every side works on one thread and on the same chunks; each row first
asserts that both give the same merges, or the same ids. tokenizers is
given the text as the book is, whole, and also in lines, which it reads
faster; its machinery for threads is off, which makes it faster still.

The naive trainer counts everything again for each merge. Whole runs would
take minutes, so some of its rounds are timed, spread over the run, and
their mean stands for all.
"""

import json
import os
import statistics

os.environ["RAYON_NUM_THREADS"] = "1"       # read when tokenizers starts
os.environ["TOKENIZERS_PARALLELISM"] = "false"

from timing import medians, peak_megabytes, peer, row, seconds, skipped

from lmbook.bpe import (
    BPE, chunk_counts, count_pairs, merge_pair, printable)
from lmbook.bpe.chunks import PATTERN
from lmbook.data import load

MERGES = (2_000, 8_000)
NAIVE_ROUNDS = 8
TEXT = """
from lmbook.data import load
def read():
    try:
        return load("wikitext-2").text
    except FileNotFoundError:
        return load("docs").text
text = read()
"""
BOOK = TEXT + """
from lmbook.bpe import BPE
BPE.train("some words", 257)
START()
BPE.train(text, int(sys.argv[1]))
"""
PEER = TEXT + """
import os
os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
lines = text.splitlines(keepends=True)
def train(lines, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(False)
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=size, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer
train(["some words"], 257)
START()
train(lines, int(sys.argv[1]))
"""


def corpus():
    """The name of the text, and the text: WikiText-2 if it is there."""
    try:
        return "wikitext-2", load("wikitext-2").text
    except FileNotFoundError:
        return "docs", load("docs").text


def library_training(lines, size):
    """A tokenizer trained by tokenizers."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=size, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def library_merges(tokenizer):
    """The merges of a tokenizer of tokenizers, as pairs."""
    model = json.loads(tokenizer.to_str())["model"]
    return [tuple(pair) for pair in model["merges"]]


def training(name, text, merges):
    """Two rows: training beside tokenizers given a text, and lines."""
    lines, size = text.splitlines(keepends=True), 256 + merges
    ours = [tuple(map(printable, pair))
            for pair in BPE.train(text, size).merges]
    for given in ([text], lines):
        assert library_merges(library_training(given, size)) == ours
    mine, whole, cut = medians(
        lambda: BPE.train(text, size),
        lambda: library_training([text], size),
        lambda: library_training(lines, size), rounds=5)
    shape, memory = f"{name}, {merges:,}", {
        "book_mb": peak_megabytes(BOOK, str(size)),
        "peer_mb": peak_megabytes(PEER, str(size))}
    return [row("BPE training", shape, "tokenizers, text", mine, whole,
                goal=0.65),
            row("BPE training", shape, "tokenizers, lines", mine, cut,
                goal=0.65, **memory)]


def rustbpe_training(name, text, merges):
    """Training beside rustbpe, by its rule for ties."""
    shape, size = f"{name}, {merges:,}", 256 + merges
    rustbpe = peer("rustbpe")
    if rustbpe is None:
        return skipped("BPE training", shape, "rustbpe")

    def book():
        return BPE.train(text, size, tie_break="rustbpe")

    def theirs():
        tokenizer = rustbpe.Tokenizer()
        tokenizer.train_from_iterator([text], size, pattern=PATTERN)
        return tokenizer

    ranks = theirs().get_mergeable_ranks()
    assert [bytes(token) for token, _ in ranks] == [*book().tokens]
    return row("BPE training", shape, "rustbpe",
               *medians(book, theirs, rounds=3))


def rescan(words):
    """One round of the naive trainer: the counts, and the best pair."""
    pairs = count_pairs(words)
    best = max(pairs, key=pairs.get)
    return pairs, best, {merge_pair(symbols, best): count
                         for symbols, count in words.items()}


def naive_training(name, text, merges):
    """Training beside a rescan of all word types for every merge."""
    bpe = BPE.train(text, 256 + merges)
    counts, times = chunk_counts(text), []
    for done in range(0, merges, merges // NAIVE_ROUNDS):
        small = bpe.first(done)
        words = {tuple(printable(small.tokens[n]) for n in small.encode(word)):
                 count for word, count in counts.items()}
        pairs, best, _ = rescan(words)
        ours = tuple(map(printable, bpe.merges[done]))
        assert pairs[ours] == pairs[best]       # the same, but for ties
        times.append(seconds(lambda: rescan(words), 1))
    mine, = medians(lambda: BPE.train(counts, 256 + merges), rounds=3)
    return row("BPE training", f"{name}, {merges:,}",
               f"rescan, {len(times)} rounds", mine,
               statistics.mean(times) * merges, goal=round(1 / 150, 4))


def tiktoken_encoding(name, text, bpe):
    """Encoding beside tiktoken: all words known to us, and none."""
    tiktoken = peer("tiktoken")
    shapes = [f"{name}, {state}" for state in ("warm", "cold")]
    if tiktoken is None:
        return [skipped("BPE encoding", s, "tiktoken") for s in shapes]
    library = tiktoken.Encoding("book", pat_str=PATTERN, special_tokens={},
                                mergeable_ranks=bpe.vocab)
    assert bpe.encode(text) == library.encode_ordinary(text)
    return [row("BPE encoding", shape, "tiktoken", *medians(
        mine, lambda: library.encode_ordinary(text), rounds=5), goal=goal)
        for shape, mine, goal in zip(
            shapes, (lambda: bpe.encode(text), lambda: cold(bpe, text)),
            (1.8, 3.5))]


def cold(bpe, text):
    """Encode a text with nothing remembered from before."""
    bpe._cache.clear()
    return bpe.encode(text)


def library_encoding(name, text, bpe, lines):
    """Encoding beside a batch of tokenizers, both without memory."""
    library = library_training(lines, len(bpe))
    ids = library.get_vocab()
    assert [ids[printable(bpe.tokens[n])] for n in bpe.encode(text)] == [
        n for batch in library.encode_batch_fast(lines) for n in batch.ids]

    def theirs():
        library.model._clear_cache()
        return library.encode_batch_fast(lines)

    return row("BPE encoding", f"{name}, cold", "tokenizers, batch",
               *medians(lambda: cold(bpe, text), theirs, rounds=3), goal=0.5)


def measure():
    """Rows for training and encoding."""
    name, text = corpus()
    bpe = BPE.train(text, 256 + MERGES[-1])
    rows = [line for merges in MERGES for line in training(name, text, merges)]
    rows.append(rustbpe_training(name, text, MERGES[-1]))
    rows.append(naive_training(name, text, MERGES[0]))
    rows += tiktoken_encoding(name, text, bpe)
    rows.append(library_encoding(name, text, bpe,
                                 text.splitlines(keepends=True)))
    return rows
