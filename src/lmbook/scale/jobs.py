"""What is counted: a job is two pure functions, `map` and `merge`.

`map` takes the bytes of some whole lines to a sorted table; `merge` takes
tables to the table of all their lines. A job of your own is any object
with these two methods that can be sent to another process.

A line ends with LF or CRLF, which is no part of it. A line is a sentence;
one without tokens is none.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from lmbook.bpe.chunks import find_chunks, find_stretches
from lmbook.data.text import words
from lmbook.ngrams import ngram_tables, sentence_ids
from lmbook.scale.tables import (
    TokenTable, merge_ngram_tables, merge_token_tables)
from lmbook.vocabulary import EOS, Vocabulary


def lines(data):
    r"""Return the lines of some bytes of UTF-8, without their line breaks.

    Errors: `UnicodeDecodeError`, a `ValueError`, with the place.

    >>> lines("café\r\n\nolé".encode())
    ['café', '', 'olé']
    """
    text = data.decode("utf-8").replace("\r\n", "\n")
    return text.removesuffix("\n").split("\n") if text else []


@dataclass(frozen=True)
class WordCounts:
    """Count words, as `tokenize` cuts a line.

    It is the first pass: `Vocabulary.from_counts(dict(table.items()))`.

    >>> dict(WordCounts().map(b"A rose\\nis a rose\\n").items())
    {'a': 2, 'is': 1, 'rose': 2}
    """

    tokenize: Callable = words

    def map(self, data):
        """Return the `TokenTable` of some lines."""
        return TokenTable.of(Counter(chain.from_iterable(
            map(self.tokenize, lines(data)))))

    def merge(self, tables):
        """Return the `TokenTable` of all lines."""
        return merge_token_tables(tables)


@dataclass(frozen=True)
class ChunkCounts:
    """Count the chunks of each line, the words that BPE learns from.

    The chunks of a line are those of `lmbook.bpe.chunks`; a chunk in the
    text as a whole might reach over a line break, here none does. Give
    `dict(table.items())` to `BPE.train`.

    >>> dict(ChunkCounts().map(b"a rose\\nis a rose\\n").items())
    {' a': 1, ' rose': 2, 'a': 1, 'is': 1}
    """

    def map(self, data):
        """Return the `TokenTable` of some lines."""
        stretches = Counter(chain.from_iterable(
            map(find_stretches, lines(data))))
        counts = {}
        for stretch, count in stretches.items():
            for chunk in find_chunks(stretch):
                counts[chunk] = counts.get(chunk, 0) + count
        return TokenTable.of(counts)

    def merge(self, tables):
        """Return the `TokenTable` of all lines."""
        return merge_token_tables(tables)


@dataclass(frozen=True)
class NgramCounts:
    """Count n-grams of orders 1 to n, each line a sentence.

    The tables are those of `lmbook.ngrams`: `NgramModel.fit_tables` makes
    a model of them. starts: how often `<s>` opens a sentence.

    >>> job = NgramCounts(Vocabulary(["<unk>", "<s>", "</s>", "a"]), 2)
    >>> [table.counts.tolist() for table in job.map(b"a a\\n\\na\\n")]
    [[0, 2, 2, 3], [2, 2, 1]]
    """

    vocabulary: Vocabulary
    order: int
    tokenize: Callable = words
    starts: int = 1

    def map(self, data):
        """Return the tables of orders 1 to n of some lines."""
        found = [tokens for tokens in map(self.tokenize, lines(data))
                 if tokens]
        if not found:
            return self.merge([])
        ids = sentence_ids(found, self.vocabulary, self.starts)
        return ngram_tables(ids, self.order, len(self.vocabulary),
                            self.vocabulary.id(EOS))

    def merge(self, tables):
        """Return the tables of orders 1 to n of all lines."""
        return merge_ngram_tables(tables, self.order, len(self.vocabulary))
