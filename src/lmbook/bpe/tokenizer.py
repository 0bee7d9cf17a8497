"""The tokenizer: `BPE.train`, `encode`, `decode`, `save`, `BPE.load`."""

import json
from itertools import chain
from pathlib import Path

import numpy as np

from lmbook import files
from lmbook.bpe import arguments
from lmbook.bpe.alphabets import from_printable, printable
from lmbook.bpe.chunks import checked
from lmbook.bpe.encoding import Merger
from lmbook.bpe.training import learn_merges

CACHE_SIZE = 1_000_000      # words whose ids are remembered


class BPE:
    """A subword tokenizer: smallest tokens, and merges in order.

    There are two kinds. "byte-level" (GPT-2): a text is cut into `chunks`
    and a chunk into its UTF-8 bytes, tokens 0 to 255. Tokens are `bytes`,
    and any text comes back exactly. "end-of-word" (Sennrich et al. 2016):
    a text is cut at whitespace, a word into its characters and a marker,
    END = "</w>". Tokens are strings; a character that the training text
    did not have becomes UNK = "<unk>", token 0; decoding puts one space
    between words.

    merges: pairs of tokens (left, right), each of which makes the token
    left + right. letters: the characters of "end-of-word", a string.
    special_tokens: strings with ids of their own, after all others.
    `ValueError` if a merge joins what is no token, or a token repeats.

    Attributes: `merges`; `tokens`, the token of each id; `vocab`, {token:
    id}; `special_tokens`; `kind`.

    >>> bpe = BPE([(b"l", b"o"), (b"lo", b"w")])
    >>> bpe.encode("lower"), bpe.tokens[257]
    ([257, 101, 114], b'low')
    """

    def __init__(self, merges, kind="byte-level", letters="",
                 special_tokens=()):
        base = arguments.alphabet(kind, letters)
        first = len(base.tokens)
        self.kind, self._base, self._cache = kind, base, {}
        self.merges = [tuple(pair) for pair in merges]
        self.special_tokens = arguments.specials(special_tokens)
        self.vocab = arguments.numbered(base.tokens, self.merges,
                                        self.special_tokens)
        self.tokens = tuple(self.vocab)
        ordinary = self.tokens[:first + len(self.merges)]
        self._decoded = (*ordinary, *map(base.special, self.special_tokens))
        self._merger = Merger([(self.vocab[left], self.vocab[right])
                               for left, right in self.merges], first)

    @classmethod
    def train(cls, text_or_counts, vocab_size, *, kind="byte-level",
              special_tokens=(), tie_break="tokenizers"):
        """Return the tokenizer learnt from a text, or from counts.

        text_or_counts: a string; or {chunk: count}, and {word: count} for
        "end-of-word". vocab_size: the number of tokens, smallest ones and
        special ones included; fewer are made when no pair is left. The
        special tokens are cut out of a text before it is counted.

        The pair with the highest count is merged. On a tie it is the
        lowest, by its left and then its right token, tokens being in the
        order of their making. For bytes that order is set by tie_break:
        "tokenizers" is the library's of that name, `BYTE_ORDER`;
        "rustbpe" is by value. (The published program takes the pair it
        met first: see `naive_merges`.)

        `ValueError` for counts that are not positive, no words at all, or
        a vocab_size with no room for the smallest and special tokens.

        >>> BPE.train("low low lower lowest", 260).merges[:2]
        [(b'l', b'o'), (b'lo', b'w')]
        """
        special_tokens = arguments.specials(special_tokens)
        counts = arguments.word_counts(text_or_counts, kind, special_tokens)
        letters = "".join(sorted(set().union(*counts)))
        base = arguments.alphabet(kind, letters)
        first = len(base.tokens)
        room = arguments.merges_room(vocab_size, first, len(special_tokens))
        order = base.order(arguments.chosen(
            tie_break, "tie_break", arguments.TIE_BREAKS))
        rank = {token: chr(place) for place, token in enumerate(order)}
        learnt = learn_merges([base.spell(word).translate(rank)
                               for word in counts], [*counts.values()],
                              first, room)
        tokens, merges = [base.tokens[n] for n in order], []
        for left, right in learnt:
            merges.append((tokens[left], tokens[right]))
            tokens.append(tokens[left] + tokens[right])
        return cls(merges, kind, base.letters, special_tokens)

    def first(self, num_merges):
        """Return the tokenizer of the first merges alone.

        It is the one that training to a smaller vocab_size gives.

        >>> BPE([(b"l", b"o"), (b"lo", b"w")]).first(1)
        BPE('byte-level', 1 merges, 257 tokens)
        """
        if not 0 <= arguments.whole(num_merges, "num_merges") <= len(
                self.merges):
            raise ValueError(f"num_merges is {num_merges}; expected 0 to "
                             f"{len(self.merges)}")
        return BPE(self.merges[:num_merges], self.kind, self._base.letters,
                   self.special_tokens)

    def __len__(self):
        return len(self.tokens)

    def __repr__(self):
        return (f"BPE({self.kind!r}, {len(self.merges):,} merges, "
                f"{len(self):,} tokens)")

    def encode(self, text, allowed_special=()):
        """Return the ids of a text, a list of integers.

        allowed_special: the special tokens that the text may hold, or
        "all". The text of any other is cut up like all text, so that what
        a user types cannot pass for one. `ValueError` if text is not a
        string or, at byte level, holds a surrogate.

        >>> bpe = BPE([(b"l", b"o")], special_tokens=["<|end|>"])
        >>> bpe.encode("lo<|end|>", allowed_special="all")
        [256, 257]
        """
        if allowed_special == "all":
            allowed_special = self.special_tokens
        for token in allowed_special:
            arguments.chosen(token, "special token", self.special_tokens)
        ids = []
        for piece in arguments.pieces(checked(text), allowed_special):
            if piece in allowed_special:
                ids.append(self.vocab[piece])
            else:
                ids += self._encode(self._base.words(piece))
        return ids

    def _encode(self, words):
        """Return the ids of words; new words enter the cache together."""
        if not self._cache.keys() >= (different := set(words)):
            self._remember(different)
        return [*chain.from_iterable(map(self._cache.__getitem__, words))]

    def _remember(self, words):
        """Put the ids of some words into the cache, anew if it is full."""
        new = words.difference(self._cache)
        if len(self._cache) + len(new) > CACHE_SIZE:
            self._cache, new = {}, words
        cut = {word: self._base.parts(word) for word in new}
        chunks = [*dict.fromkeys(chain.from_iterable(cut.values()))]
        spelled = [self._base.spell(chunk) for chunk in chunks]
        ids = dict(zip(chunks, self._merger(spelled)))
        for word, parts in cut.items():
            self._cache[word] = [n for chunk in parts for n in ids[chunk]]

    def decode(self, ids, errors="replace"):
        r"""Return the text of some ids.

        At byte level a token may hold a part of a character. Bytes that
        are not UTF-8 become U+FFFD, the replacement character; with errors
        "strict" they are a `ValueError`, with "ignore" they are left out.
        `ValueError` for an id that there is not.

        >>> bpe = BPE([])
        >>> bpe.decode([226, 130, 172]), bpe.decode([226, 130])
        ('€', '\ufffd')
        """
        ids = np.asarray(ids)
        if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
            raise ValueError("expected a sequence of integers, got shape "
                             f"{ids.shape} of {ids.dtype}")
        for n in (ids.min(), ids.max()) if ids.size else ():
            if not 0 <= n < len(self):
                raise ValueError(f"unknown id {n}; expected 0 to "
                                 f"{len(self) - 1}")
        tokens = map(self._decoded.__getitem__, ids.astype(int).tolist())
        return self._base.text(tokens, errors)

    def save(self, path):
        """Write the tokenizer to a file, as JSON, whole or not at all."""
        data = {"kind": self.kind, "letters": self._base.letters,
                "special_tokens": self.special_tokens,
                "merges": [[*map(printable, pair)] for pair in self.merges]}
        files.save(path, json.dumps(data).encode("utf-8"))

    @classmethod
    def load(cls, path):
        """Return the tokenizer that `save` wrote; `ValueError` if damaged."""
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            merges = [(left, right) for left, right in data["merges"]]
            if data["kind"] == "byte-level":
                merges = [tuple(map(from_printable, pair)) for pair in merges]
            return cls(merges, data["kind"], data["letters"],
                       data["special_tokens"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} does not hold a tokenizer: "
                             f"{error!r}") from error
