"""What a tokenizer is given, checked and put into one form."""

import operator
import re
from collections.abc import Mapping

from lmbook.bpe.alphabets import Bytes, Characters

KINDS = ("byte-level", "end-of-word")
TIE_BREAKS = ("tokenizers", "rustbpe")
MAX_SIZE = 1_000_000        # in training every token is a character


def chosen(name, what, known):
    """Return a name itself; `ValueError` if it is not among the known.

    >>> chosen("rustbpe", "tie_break", TIE_BREAKS)
    'rustbpe'
    """
    if name not in known:
        raise ValueError(f"unknown {what} {name!r}; "
                         f"expected one of {list(known)}")
    return name


def whole(number, what):
    """Return a number as an integer; `ValueError` if it is not one."""
    try:
        return operator.index(number)
    except TypeError as error:
        raise ValueError(f"expected an integer as {what}, "
                         f"got {number!r}") from error


def alphabet(kind, letters=""):
    """Return the smallest tokens of a kind, `Bytes` or `Characters`."""
    if chosen(kind, "kind", KINDS) == "byte-level":
        return Bytes()
    return Characters(letters)


def word_counts(text_or_counts, kind, special_tokens):
    """Return {word: count} for `BPE.train`.

    `ValueError` if there are no words, or a count is not positive.
    """
    if isinstance(text_or_counts, Mapping):
        counts = dict(text_or_counts)
    elif isinstance(text_or_counts, str):
        counts, count = {}, alphabet(kind).counts
        for piece in pieces(text_or_counts, special_tokens):
            if piece not in special_tokens:
                for word, n in count(piece).items():
                    counts[word] = counts.get(word, 0) + n
    else:
        raise ValueError("expected a string or a dictionary of counts, got "
                         f"{type(text_or_counts).__name__}")
    for word, n in counts.items():
        if not isinstance(word, str) or not word or whole(n, "count") < 1:
            raise ValueError("expected words with positive counts, got "
                             f"{word!r}: {n!r}")
    if not counts:
        raise ValueError("there are no words to learn from")
    return counts


def specials(tokens):
    """Return special tokens as a tuple; `ValueError` unless strings.

    >>> specials(["<|end|>"])
    ('<|end|>',)
    """
    if isinstance(tokens, str):
        raise ValueError(f"expected a sequence of strings, got {tokens!r}")
    for token in tokens:
        if not isinstance(token, str) or not token:
            raise ValueError("a special token is a string with a character "
                             f"or more, got {token!r}")
    return tuple(tokens)


def pieces(text, special_tokens):
    """Cut a text before and after special tokens, the longest first.

    >>> pieces("a<s>b", ["<s>"])
    ['a', '<s>', 'b']
    """
    if not special_tokens:
        return [text]
    longest = sorted(special_tokens, key=len, reverse=True)
    return re.split(f"({'|'.join(map(re.escape, longest))})", text)


def merges_room(vocab_size, smallest, special):
    """Return how many merges a vocabulary has room for.

    `ValueError` if it is too small for the rest, or above `MAX_SIZE`.

    >>> merges_room(300, 256, 1)
    43
    """
    room = whole(vocab_size, "vocab_size") - smallest - special
    if room < 0:
        raise ValueError(
            f"vocab_size {vocab_size} is too small for {smallest} smallest "
            f"and {special} special tokens; expected {smallest + special} "
            "or more")
    if vocab_size > MAX_SIZE:
        raise ValueError(f"vocab_size {vocab_size} is too large; expected "
                         f"at most {MAX_SIZE}")
    return room


def numbered(smallest, merges, special_tokens):
    """Return {token: id}: smallest tokens, merges, special tokens.

    `ValueError` if a merge joins what is no token yet, or two tokens are
    the same.

    >>> numbered("ab", [("a", "b")], ["<s>"])
    {'a': 0, 'b': 1, 'ab': 2, '<s>': 3}
    """
    ids = {token: n for n, token in enumerate(smallest)}
    for number, pair in enumerate(merges):
        if len(pair) != 2:
            raise ValueError(f"merge {number} is {pair!r}; expected a pair")
        left, right = pair
        if left not in ids or right not in ids:
            raise ValueError(f"merge {number} joins {left!r} and {right!r}, "
                             "which are not both tokens by then")
        ids.setdefault(left + right, len(ids))
    for token in special_tokens:
        ids.setdefault(token, len(ids))
    size = len(smallest) + len(merges) + len(special_tokens)
    if len(ids) < size:
        raise ValueError(f"{size} tokens were expected, but only {len(ids)} "
                         "are different: letters, merges or special tokens "
                         "repeat")
    return ids
