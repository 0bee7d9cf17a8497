"""What the checks of subword tokenisation compare with, and by mistake."""

import numpy as np

from ..bpe import merge_pair, spelled
from .registry import require

HAND = spelled({"Hopkins": 3, "JHU": 2, "Hops": 2})
RUNS = {("a", "a", "a", "a", "</w>"): 2, ("b", "a", "a", "a", "</w>"): 3}
NOTES = spelled({"note": 5, "notes": 3, "tone": 4, "tones": 2, "one": 6,
                 "banana": 2, "stone": 1})
PLACES = [((*"banana",), ("a", "n")), ((*"aaa",), ("a", "a")),
          ((*"aaaaa",), ("a", "a")), (("x", "ab", "c"), ("b", "c")),
          (("ab", "a", "b"), ("a", "b")), (("aa", "a", "a"), ("a", "a")),
          (("a",), ("a", "b")), ((), ("a", "b"))]
BYTES = "look at the bytes: one of 128 or more is not English"
KINDS = [  # token, uses as a whole chunk, uses inside one, kind, hint
    (b" values", 90, 10, "word", "the space is part of the token"),
    (b"List", 9, 2, "word", "a word may stand at the start of a text"),
    (b"ization", 0, 80, "piece", "it never stands alone"),
    (b" un", 3, 70, "piece", "it stands mostly inside longer words"),
    (b"\xc3", 0, 4, "not English", f"half a character; {BYTES}"),
    (" Bézier".encode(), 9, 0, "not English", f"é is a letter; {BYTES}"),
    ("文".encode(), 5, 1, "not English", BYTES),
    (b"  a", 1, 0, "other", "one space may stand before letters, not two"),
    (b" ", 10, 0, "other", "a space alone is no word"),
    (b" 20", 7, 2, "other", "digits are no letters"),
    (b"()", 7, 2, "other", "brackets are no letters"),
    (b"a\n", 3, 0, "other", "a line break is no letter")]


def joined(words):
    """Return the pairs of a text made of all words, borders included.

    >>> joined({("a", "</w>"): 2, ("b", "</w>"): 1})[("</w>", "b")]
    1
    """
    line = [s for word, count in words.items() for s in word * count]
    pairs = {}
    for pair in zip(line, line[1:]):
        pairs[pair] = pairs.get(pair, 0) + 1
    return pairs


def apart(words):
    """Return pair counts in which no two counted pairs overlap.

    >>> apart({("a", "a", "a"): 1})
    {('a', 'a'): 1}
    """
    pairs = {}
    for word, count in words.items():
        for pair in set(zip(word, word[1:])):
            lost = len(word) - len(merge_pair(word, pair))
            pairs[pair] = pairs.get(pair, 0) + count * lost
    return pairs


def glued(symbols, pair):
    """Merge in the written text, also across the borders of symbols.

    >>> glued(("x", "ab", "c"), ("b", "c"))
    ('x', 'abc')
    """
    old, new = " ".join(pair), "".join(pair)
    return tuple(" ".join(symbols).replace(old, new).split())


def backwards(symbols, pair):
    """Merge from right to left.

    >>> backwards(("a", "a", "a"), ("a", "a"))
    ('a', 'aa')
    """
    turned = [s[::-1] for s in symbols[::-1]]
    other = tuple(s[::-1] for s in pair[::-1])
    return tuple(s[::-1] for s in merge_pair(tuple(turned), other)[::-1])


def encoded(symbols, merges):
    """Apply the merges one after another.

    >>> encoded(("l", "o", "w"), [("l", "o"), ("lo", "w")])
    ('low',)
    """
    for pair in merges:
        symbols = merge_pair(symbols, pair)
    return symbols


def longest(symbols, merges):
    """Take the longest token that fits, from left to right.

    >>> longest(("a", "b", "c"), [("b", "c"), ("a", "b")])
    ('ab', 'c')
    """
    vocab, taken, at = {a + b for a, b in merges}, [], 0
    while at < len(symbols):
        end = next((end for end in range(len(symbols), at + 1, -1)
                    if "".join(symbols[at:end]) in vocab), at + 1)
        taken.append("".join(symbols[at:end]))
        at = end
    return tuple(taken)


class Spy:
    """A tokenizer of bytes and a model; it notes what the model is given."""

    def __init__(self):
        self.lengths = []

    def encode(self, text):
        """Return the bytes of a text as a list of ids."""
        require(isinstance(text, str), "encode takes text, got"
                f" {type(text).__name__}")
        return list(text.encode())

    def decode(self, ids):
        """Return the text of a list of ids."""
        require(np.ndim(ids) == 1 and not isinstance(ids, str),
                f"decode takes a list of ids, got {ids!r}")
        return bytes(int(n) for n in ids).decode("utf-8", "replace")

    def next_logits(self, ids):
        """Return 256 scores; the highest moves with the number of ids."""
        require(np.ndim(ids) == 1 and not isinstance(ids, str),
                f"the model takes a list of ids, got {ids!r}")
        self.lengths.append(len(ids))
        return np.eye(256)["é".encode()[len(ids) % 2]]
