"""Counting, Kneser-Ney and scoring of n-grams beside five peers.

Text: WikiText-2, dev and test, if LMBOOK_DATA has it, else `docs`.
Counting starts from ids for all but nltk, which looks up and counts
strings: so does the book in that row.  The dictionaries are what a loop
over a sentence fills; polars groups and sorts the trigrams alone, while
the book counts orders 1 and 2 as well.  KenLM's `lmplz` is run if
KENLM_LMPLZ names it; it reads a text and writes a model file, the book
reads the text and keeps the model.  Every row first compares the answers of both sides.
"""

import gc
import os
import subprocess
import tempfile
import tracemalloc
from collections import Counter
from pathlib import Path

import nltk.lm
import numpy as np
from timing import medians, peer, row, skipped

from lmbook.data import load
from lmbook.data.tokens import token_sentences
from lmbook.models.ngram import ModifiedKneserNey, NgramModel
from lmbook.ngrams import ngram_tables, sentence_ids
from lmbook.vocabulary import BOS, EOS, Vocabulary

ORDER, ROUNDS = 3, 5
os.environ.setdefault("POLARS_MAX_THREADS", "1")    # read when it is loaded


def text():
    """Return the sentences; `<unk>` is spelled UNK, as KenLM demands."""
    try:
        sentences = token_sentences(load("wikitext-2"))
    except FileNotFoundError:
        sentences = token_sentences(load("docs"))
    return [["UNK" if token == "<unk>" else token for token in sentence]
            for sentence in sentences]


def dictionary(sentences):
    """Return {n-gram: count} of orders 1 to 3 and {context: {next: count}}.

    The sentences are lists of ids; the contexts are those of order 3.
    """
    counts, table = {}, {}
    for ids in sentences:
        for n in range(1, ORDER + 1):
            for i in range(len(ids) - n + 1):
                gram = tuple(ids[i:i + n])
                counts[gram] = counts.get(gram, 0) + 1
    for gram, count in counts.items():
        if len(gram) == ORDER:
            table.setdefault(gram[:-1], {})[gram[-1]] = count
    return counts, table


def listed(tables):
    """Return what `dictionary` does, read off the book's tables."""
    counts, grams = {}, [()]
    for table in tables:
        grams = [grams[context] + (token,) for context, token in zip(
            table.contexts.tolist(), table.next_ids.tolist())]
        counts.update((gram, count) for gram, count in zip(
            grams, table.counts.tolist()) if count)
    after, three = {}, tables[-1]
    for context in set(three.contexts.tolist()):
        ids, found = three.followers(context)
        pair = (int(tables[1].contexts[context]),
                int(tables[1].next_ids[context]))
        after[pair] = dict(zip(ids.tolist(), found.tolist()))
    return counts, after


def kept(call):
    """Megabytes that the result of a call keeps, its work space freed."""
    gc.collect()
    tracemalloc.start()
    result = call()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del result
    return round(size / 2 ** 20, 1)


def counting(ids, size):
    """Rows of the tables: dictionaries filled in a loop, and polars."""
    sentences = [part.tolist() for part in np.split(
        ids, np.flatnonzero(ids == 2)[:-1] + 1)]

    def book():
        return ngram_tables(ids, ORDER, size, end=2)

    def loop():
        return dictionary(sentences)

    assert listed(book()) == loop()
    return [row("counts and next-word table", f"{len(ids):,} ids",
                "dictionaries of tuples",
                *medians(book, loop, rounds=ROUNDS), goal=0.055,
                book_mb=kept(book), peer_mb=kept(loop)),
            grouping(ids, book)]


def grouping(ids, book):
    """The row of a group-by in polars, on one thread."""
    polars = peer("polars")
    shape = f"{len(ids):,} ids"
    if polars is None:
        return skipped("counts of order 3", shape, "polars")

    def group():
        inside = (ids[:-2] != 2) & (ids[1:-1] != 2)
        frame = polars.DataFrame({name: ids[k:len(ids) - 2 + k][inside]
                                  for k, name in enumerate("abc")})
        return frame.group_by("a", "b", "c").len().sort("a", "b", "c")

    found, three = group(), book()[2]
    np.testing.assert_array_equal(found["len"], three.counts)
    np.testing.assert_array_equal(found["c"], three.next_ids)
    return row("counts of order 3", shape,
               f"polars, {polars.thread_pool_size()} thread(s)",
               *medians(book, group, rounds=ROUNDS), goal=0.7)


def fitting(sentences, vocabulary):
    """The row of nltk: n-grams of orders 1 to 3 counted from strings."""
    def book():
        ids = sentence_ids(sentences, vocabulary)
        return ngram_tables(ids, ORDER, len(vocabulary), end=2)

    known = nltk.lm.Vocabulary(vocabulary.tokens, unk_cutoff=1)

    def fit():
        model = nltk.lm.MLE(ORDER, vocabulary=known)
        model.fit(list(nltk.everygrams([BOS, *sentence, EOS],
                                       max_len=ORDER))
                  for sentence in sentences)
        return model.counts

    counter = fit()
    for order, table in zip((1, 2, 3), book()):
        theirs = ([counter.unigrams] if order == 1 else
                  counter[order].values())
        counts = table.counts[table.counts > 0]
        assert Counter(counts.tolist()) == Counter(
            count for after in theirs for count in after.values())
    return row("counts of orders 1-3", f"{len(sentences):,} sentences",
               "nltk.lm.MLE.fit", *medians(book, fit, rounds=2), goal=0.025)


def estimating(sentences):
    """Rows of KenLM: its estimation, and its queries from Python."""
    program, kenlm = os.environ.get("KENLM_LMPLZ"), peer("kenlm")
    shape = f"{len(sentences):,} sentences"
    if not program:
        why = "set KENLM_LMPLZ to KenLM's lmplz"
        return [skipped("Kneser-Ney, order 3", shape, "lmplz", why),
                skipped("scores of a text", shape, "kenlm", why)]
    with tempfile.TemporaryDirectory() as folder:
        path, arpa = Path(folder, "text"), Path(folder, "arpa")
        path.write_text("".join(" ".join(s) + "\n" for s in sentences),
                        encoding="utf-8")

        def lmplz():
            subprocess.run([program, "-o", str(ORDER), "-S", "20%", "--text",
                            path, "--arpa", arpa, "-T", folder],
                           check=True, capture_output=True)

        def book():
            read = [line.split(" ") if line else [] for line in path.read_text(
                encoding="utf-8").split("\n")[:-1]]
            return NgramModel(Vocabulary.build(read), ORDER,
                              ModifiedKneserNey()).fit(read)

        times = medians(book, lmplz, rounds=3)
        rows = [row("Kneser-Ney, order 3", shape, "lmplz", *times,
                    goal=0.75)]
        if kenlm is None:
            return [*rows, skipped("scores of a text", shape, "kenlm")]
        return rows + queries(book(), kenlm.Model(str(arpa)), sentences)


def queries(model, theirs, sentences):
    """The rows of queries: log10 p of every token, and of sentences."""
    lines = [" ".join(sentence) for sentence in sentences]

    def tokens():
        return [p for line in lines for p, _, _ in theirs.full_scores(line)]

    def totals():
        return [theirs.score(line) for line in lines]

    def book():
        return np.log10(model.token_scores(sentences))

    np.testing.assert_allclose(book(), tokens(), atol=1e-6)
    shape = f"{len(book()):,} tokens"
    return [row("scores of a text", shape, f"kenlm, {name}",
                *medians(book, call, rounds=ROUNDS), goal=2.5)
            for name, call in (("tokens", tokens), ("sentences", totals))]


def measure():
    """One row for each peer."""
    sentences = text()
    vocabulary = Vocabulary.build(sentences)
    ids = sentence_ids(sentences, vocabulary)
    return [*counting(ids, len(vocabulary)),
            fitting(sentences, vocabulary), *estimating(sentences)]
