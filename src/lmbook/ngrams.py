"""Counts of n-grams as sorted arrays.

An n-gram is a context, the n - 1 tokens before, and a next token. Each
context is an (n-1)-gram itself, so it is a row of the table one order
lower, and one integer holds the whole n-gram:

    key = row of the context × V + id of the next token

Sorted, the keys stand context by context: where a context begins is its
offset, as in a sparse matrix in CSR form, and binary search finds any
n-gram. The key is below (length of the text) × V whatever the order is.
"""

from dataclasses import dataclass

import numpy as np

from lmbook.vocabulary import BOS, EOS


@dataclass(frozen=True)
class NgramTable:
    """The n-grams of one order n that occur in a text, in sorted order.

    Shapes, for R n-grams and C rows in the table one order lower (order 1
    has one context, the empty one, and a row for every token, so R = V):
    keys (R,) sorted; counts (R,); offsets (C + 1,): the n-grams of context
    c are the rows offsets[c] to offsets[c + 1]; suffixes (R,): the row, one
    order lower, of the n-gram without its first token, in the smallest type
    that holds it. vocab_size: V.
    """

    order: int
    vocab_size: int
    keys: np.ndarray
    counts: np.ndarray
    offsets: np.ndarray
    suffixes: np.ndarray

    def __len__(self):
        return len(self.keys)

    @property
    def contexts(self):
        """The row of the context of each n-gram, shape (R,)."""
        return self.keys // self.vocab_size

    @property
    def next_ids(self):
        """The id of the last token of each n-gram, shape (R,)."""
        return self.keys % self.vocab_size

    def followers(self, context):
        """Return next ids and counts after the context in a row.

        Shapes: (F,) both, for F different next tokens, ids ascending.
        """
        rows = slice(self.offsets[context], self.offsets[context + 1])
        return self.keys[rows] - context * self.vocab_size, self.counts[rows]

    def find(self, contexts, ids):
        """Return the rows of n-grams, -1 for those that do not occur.

        Shapes: contexts (...), rows one order lower or -1; ids (...).
        """
        wanted = np.asarray(contexts) * self.vocab_size + ids
        if not len(self):
            return np.full(wanted.shape, -1)
        rows = _search(self.keys, wanted)
        return np.where(self.keys[rows] == wanted, rows, -1)


def sentence_ids(sentences, vocabulary, starts=1):
    """Return the ids of all sentences in one row, shape (T,).

    Before each sentence stand `starts` times `<s>`, after it one `</s>`.
    An empty sentence is `<s> </s>`.

    sentences: lists of tokens. Errors: `ValueError` if there is none, if
    one is a string, or holds `<s>` or `</s>` itself.

    >>> from lmbook.vocabulary import Vocabulary
    >>> sentences = [["who", "framed", "roger"], ["who"]]
    >>> vocabulary = Vocabulary.build(sentences)
    >>> sentence_ids(sentences, vocabulary).tolist()
    [1, 3, 4, 5, 2, 1, 3, 2]
    """
    tokens, number = [], 0
    for sentence in sentences:
        if isinstance(sentence, str):
            raise ValueError(f"sentence {number} is the string "
                             f"{sentence[:20]!r}; expected a list of tokens")
        tokens += [BOS] * starts
        tokens += sentence
        tokens.append(EOS)
        number += 1
    if not number:
        raise ValueError("expected at least one sentence, got none")
    ids = vocabulary.encode(tokens)
    for mark, times in ((BOS, starts), (EOS, 1)):
        found = np.count_nonzero(ids == vocabulary.id(mark))
        if found != times * number:
            raise ValueError(f"a sentence holds {mark!r}, which is set "
                             "around sentences, not in them")
    return ids


def ngram_tables(ids, order, vocab_size, end):
    """Return the `NgramTable` of each order from 1 to `order`.

    Every n-gram inside a sentence is counted, the last one too, and none
    reaches over the end of a sentence; a sentence too short for an order
    has no n-grams of it.

    Shapes: ids (T,), sentences closed by the id `end`.
    Errors: `ValueError` for an empty text, an order below 1, ids outside
    0 to V - 1.

    >>> ids = np.array([1, 3, 4, 2, 1, 3, 2])
    >>> one, two = ngram_tables(ids, 2, vocab_size=5, end=2)
    >>> one.counts.tolist()
    [0, 2, 2, 2, 1]
    >>> [a.tolist() for a in two.followers(3)]
    [[2, 4], [1, 1]]
    """
    ids = np.asarray(ids, dtype=np.int64)
    if order != int(order) or order < 1:
        raise ValueError(f"order is {order}; expected a whole number above 0")
    if not ids.size:
        raise ValueError("the text is empty; expected at least one id")
    if ids.min() < 0 or ids.max() >= vocab_size:
        raise ValueError(f"ids go from {ids.min()} to {ids.max()}; expected "
                         f"0 to {vocab_size - 1}")
    tables, rows = [_unigrams(ids, vocab_size)], ids
    for n in range(2, order + 1):
        before = np.where(ids == end, -1, rows)[:-1]        # (T - 1,)
        places = np.flatnonzero(before >= 0)
        keys = before[places] * vocab_size + ids[places + 1]
        table, found = _table(n, vocab_size, keys, rows[places + 1],
                              len(tables[-1]))
        tables.append(table)
        rows = np.full(len(ids), -1)
        rows[places + 1] = found
    return tables


def _unigrams(ids, vocab_size):
    """Return the table of order 1: a row for every token."""
    return NgramTable(1, vocab_size, np.arange(vocab_size),
                      np.bincount(ids, minlength=vocab_size),
                      np.array([0, vocab_size]),
                      np.zeros(vocab_size, dtype=np.int64))


def _table(n, vocab_size, keys, suffixes, contexts):
    """Return the table of order n, and the row of each key in it."""
    order = _argsort(keys)
    ranked = keys[order]
    first = np.append(True, ranked[1:] != ranked[:-1])[:len(keys)]
    starts = np.flatnonzero(first)
    rows = np.empty(len(keys), dtype=np.int64)
    rows[order] = np.cumsum(first) - 1
    unique = ranked[starts]
    offsets = np.append(0, np.cumsum(
        np.bincount(unique // vocab_size, minlength=contexts)))
    return NgramTable(n, vocab_size, unique,
                      np.diff(starts, append=len(keys)), offsets,
                      suffixes[order[starts]].astype(
                          np.min_scalar_type(contexts))), rows


def _argsort(keys):
    """Return the stable order of keys that are not negative.

    NumPy sorts 16-bit numbers by counting, so the keys are sorted by
    their lowest 16 bits, then the next, up to the highest: a radix sort.
    """
    bits = int(keys.max(initial=0)).bit_length()
    return np.lexsort([(keys >> shift).astype(np.uint16)
                       for shift in range(0, max(bits, 1), 16)])


def _search(keys, wanted):
    """Return the first row with a key from `wanted` up, or the last row.

    Many are looked up in their own order: the search then walks through
    the keys from one end to the other, and memory is read in one sweep.
    """
    if wanted.size < 1000:
        rows = np.searchsorted(keys, wanted)
    else:
        order = _argsort(wanted)
        rows = np.empty(len(wanted), dtype=np.int64)
        rows[order] = np.searchsorted(keys, wanted[order])
    return np.minimum(rows, len(keys) - 1)
