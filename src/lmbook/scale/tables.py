"""Sorted tables of counts, and how they are merged.

Merging adds the counts of equal rows. It does not matter in which order
tables are merged or how: rows are sorted, so equal counts are equal
tables, down to the last byte.
"""

from dataclasses import dataclass

import numpy as np

from lmbook.ngrams import NgramTable


@dataclass(frozen=True)
class TokenTable:
    """Tokens in sorted order (by code points) and their counts, shape (R,).

    >>> dict(TokenTable(("a", "rose"), np.array([2, 1])).items())
    {'a': 2, 'rose': 1}
    """

    tokens: tuple
    counts: np.ndarray

    @classmethod
    def of(cls, counts):
        """Return the table of a dictionary {token: count}."""
        tokens = tuple(sorted(counts))
        return cls(tokens, np.fromiter(map(counts.__getitem__, tokens),
                                       np.int64, len(tokens)))

    def __len__(self):
        return len(self.tokens)

    def items(self):
        """Return the pairs (token, count), the counts as Python integers."""
        return zip(self.tokens, self.counts.tolist())


def merge_token_tables(tables):
    """Return the table of all tokens, with the sums of their counts.

    No tables make an empty one.

    >>> a, b = TokenTable.of({"a": 2, "rose": 1}), TokenTable.of({"a": 1})
    >>> dict(merge_token_tables([a, b]).items())
    {'a': 3, 'rose': 1}
    """
    total = {}
    for table in tables:
        for token, count in table.items():
            total[token] = total.get(token, 0) + count
    return TokenTable.of(total)


def merge_ngram_tables(parts, order, vocab_size):
    """Return the tables of orders 1 to n of the union of some texts.

    parts: for each text its tables, as `lmbook.ngrams.ngram_tables`
    returns them. The result is what that function returns for the texts
    one after another. No texts make tables without n-grams.

    The key of an n-gram holds the row of its context in the table one
    order lower, and that row differs from text to text. So the orders
    are merged from the lowest up, and contexts are renamed first, from
    their row in the part to their row in the union. Renaming keeps their
    order, so the keys of each part stay sorted.

    >>> from lmbook.ngrams import ngram_tables
    >>> one, two = (ngram_tables(np.array(ids), 2, 5, end=2)
    ...             for ids in ([1, 3, 4, 2], [1, 3, 2]))
    >>> merged = merge_ngram_tables([one, two], 2, 5)
    >>> [a.tolist() for a in merged[1].followers(3)]
    [[2, 4], [1, 1]]
    """
    ids = np.arange(vocab_size)
    counts = sum((part[0].counts for part in parts), np.zeros_like(ids))
    merged = [NgramTable(1, vocab_size, ids, counts,
                         np.array([0, vocab_size]), np.zeros_like(ids))]
    rows = [ids] * len(parts)           # row in the part -> in the union
    for n in range(2, order + 1):
        table, rows = _merge_order([part[n - 1] for part in parts], rows,
                                   n, vocab_size, len(merged[-1]))
        merged.append(table)
    return merged


def _merge_order(tables, rows, n, vocab_size, contexts):
    """Return the union of tables of order n, and each table's rows in it.

    rows: for each table, the rows one order lower in the union, (C,).
    """
    none = np.empty(0, np.int64)
    keys = np.concatenate([none, *(
        to[table.contexts] * vocab_size + table.next_ids
        for table, to in zip(tables, rows))])
    order = np.argsort(keys, kind="stable")     # sorted runs: a merge
    keys = keys[order]
    first = np.append(True, keys[1:] != keys[:-1])[:len(keys)]
    starts = np.flatnonzero(first)
    place = np.empty(len(keys), np.int64)
    place[order] = np.cumsum(first) - 1
    counts = np.concatenate([none, *(table.counts for table in tables)])
    suffixes = np.concatenate([none, *(
        to[table.suffixes] for table, to in zip(tables, rows))])
    unique = keys[starts]
    offsets = np.append(0, np.cumsum(
        np.bincount(unique // vocab_size, minlength=contexts)))
    ends = np.cumsum([len(table) for table in tables])[:-1]
    return NgramTable(
        n, vocab_size, unique,
        np.add.reduceat(counts[order], starts) if len(keys) else none,
        offsets, suffixes[order[starts]].astype(
            np.min_scalar_type(contexts))), np.split(place, ends)
