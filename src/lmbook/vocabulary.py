"""Tokens and their numbers: strings become ids once, then only ids."""

from collections import Counter
from itertools import chain

import numpy as np

UNK, BOS, EOS = SPECIALS = ("<unk>", "<s>", "</s>")


class Vocabulary:
    """The V tokens a model knows; the id of a token is its place.

    Tokens outside the vocabulary get the id of `<unk>`.

    Errors: `ValueError` if a token is listed twice or is not a string,
    or if there is none.

    >>> vocabulary = Vocabulary(["<unk>", "<s>", "</s>", "who", "framed"])
    >>> len(vocabulary), "who" in vocabulary, vocabulary.id("rabbit")
    (5, True, 0)
    """

    def __init__(self, tokens):
        self.tokens = tuple(tokens)
        if not self.tokens:
            raise ValueError("a vocabulary needs at least one token, got none")
        self._ids = _Ids()
        for i, token in enumerate(self.tokens):
            if not isinstance(token, str):
                raise ValueError(f"token {i} is {token!r}, expected a string")
            if self._ids.setdefault(token, i) != i:
                raise ValueError(f"token {token!r} is listed twice")
        self._ids.unknown = self._ids.get(UNK)

    @classmethod
    def build(cls, sentences, max_size=None, min_count=1):
        """Return the vocabulary of sentences, which are lists of tokens.

        First come `<unk>`, `<s>`, `</s>` (ids 0, 1, 2), then the tokens
        that occur at least `min_count` times, from the most to the least
        frequent, ties in alphabetical order, until there are `max_size`
        with the three included.

        Errors: `ValueError` if `max_size` is below 3, `min_count` below
        1, or a sentence is a string.

        >>> Vocabulary.build([["b", "a"], ["b", "c"]], max_size=5).tokens
        ('<unk>', '<s>', '</s>', 'b', 'a')
        """
        return cls.from_counts(Counter(chain.from_iterable(
            map(_listed, sentences))), max_size, min_count)

    @classmethod
    def from_counts(cls, counts, max_size=None, min_count=1):
        """Return the vocabulary of tokens counted elsewhere.

        counts: {token: count}; the rest, and the result, as in `build`.

        >>> Vocabulary.from_counts({"c": 1, "b": 2, "a": 1}, 5).tokens
        ('<unk>', '<s>', '</s>', 'b', 'a')
        """
        if max_size is not None and max_size < len(SPECIALS):
            raise ValueError(f"max_size is {max_size}; expected at least "
                             f"{len(SPECIALS)}, for {', '.join(SPECIALS)}")
        if min_count < 1:
            raise ValueError(f"min_count is {min_count}; expected at least 1")
        kept = [token for token, count in counts.items()
                if count >= min_count and token not in SPECIALS]
        kept.sort(key=lambda token: (-counts[token], token))
        return cls([*SPECIALS, *kept][:max_size])

    def __len__(self):
        return len(self.tokens)

    def __contains__(self, token):
        return token in self._ids

    def __repr__(self):
        return f"Vocabulary of {len(self):,} tokens"

    def id(self, token):
        """Return the id of a token, that of `<unk>` if it is unknown.

        Errors: `ValueError` if it is unknown and `<unk>` is, too.
        """
        return self._ids[token]

    def encode(self, tokens):
        """Return the ids of T tokens, shape (T,), dtype int64.

        Errors: `ValueError` for a string in the place of a list, and
        where `id` has one.

        >>> Vocabulary(["<unk>", "who"]).encode(["who", "framed"]).tolist()
        [1, 0]
        """
        tokens = list(_listed(tokens))
        return np.fromiter(map(self._ids.__getitem__, tokens), np.int64,
                           len(tokens))

    def decode(self, ids):
        """Return the list of the tokens of some ids.

        Errors: `ValueError` for an id that is not from 0 to V - 1.
        """
        ids = np.asarray(ids, dtype=np.int64)
        wrong = ids[(ids < 0) | (ids >= len(self))]
        if wrong.size:
            raise ValueError(f"id {wrong[0]} is not from 0 to {len(self) - 1}")
        return [self.tokens[i] for i in ids.tolist()]


class _Ids(dict):
    """Ids of tokens, where what is missing has the id of `<unk>`."""

    unknown = None

    def __missing__(self, token):
        if self.unknown is None:
            raise ValueError(f"unknown token {token!r}, and the vocabulary "
                             f"has no {UNK!r}")
        return self.unknown


def _listed(tokens):
    """Return tokens; `ValueError` for a string, which is not a list."""
    if isinstance(tokens, str):
        raise ValueError(f"got the string {tokens[:20]!r}, expected a list "
                         "of tokens")
    return tokens
