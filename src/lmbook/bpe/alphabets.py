"""The smallest tokens, and how a text is spelled in them.

`Bytes` (GPT-2): a text is cut into chunks, a chunk into 256 kinds of
bytes.  `Characters` (Sennrich et al. 2016): a text is cut into words, a
word into its characters and an end-of-word marker.
Both spell a word as a string with the character `chr(n)` for token n.
"""

import re
from collections import Counter

from lmbook.bpe.chunks import chunk_counts, find_chunks, find_stretches
from lmbook.bpe.naive import END

UNK = "<unk>"

# Some bytes print: they show themselves. The others, in order, are shown
# as the characters from U+0100 on; so a space is shown as Ġ.
PRINTABLE = (*range(33, 127), *range(161, 173), *range(174, 256))
BYTE_ORDER = PRINTABLE + tuple(
    byte for byte in range(256) if byte not in PRINTABLE)
STAND_IN = {byte: chr(byte if byte in PRINTABLE else 256 + n - len(PRINTABLE))
            for n, byte in enumerate(BYTE_ORDER)}
BYTE_OF = {letter: byte for byte, letter in STAND_IN.items()}


def printable(token):
    r"""Return a token of bytes as GPT-2 shows it; a string is unchanged.

    >>> printable(b" caf\xc3\xa9"), printable("low</w>")
    ('ĠcafÃ©', 'low</w>')
    """
    if isinstance(token, str):
        return token
    return "".join(STAND_IN[byte] for byte in token)


def from_printable(shown):
    r"""Return the bytes that GPT-2 shows as a string.

    `ValueError` for a character that stands for no byte.

    >>> from_printable("ĠcafÃ©")
    b' caf\xc3\xa9'
    """
    for letter in shown:
        if letter not in BYTE_OF:
            raise ValueError(f"{letter!r} in {shown!r} stands for no byte")
    return bytes(BYTE_OF[letter] for letter in shown)


class Bytes:
    """The 256 bytes; token n is byte n. Nothing is ever unknown.

    >>> Bytes().spell("é")
    'Ã©'
    """

    letters = ""
    tokens = tuple(bytes([n]) for n in range(256))
    counts = staticmethod(chunk_counts)     # {chunk: count} of a text
    words = staticmethod(find_stretches)    # a text cut quickly
    parts = staticmethod(find_chunks)       # a word cut into chunks

    def spell(self, chunk):
        """Return the bytes of a chunk; `ValueError` for a surrogate."""
        try:
            return chunk.encode().decode("latin-1")
        except UnicodeEncodeError as error:
            raise ValueError(f"{chunk!r} holds a surrogate, which is no "
                             "Unicode character and has no bytes") from error

    @staticmethod
    def order(tie_break):
        """Return the bytes in the order that breaks ties in training."""
        return BYTE_ORDER if tie_break == "tokenizers" else range(256)

    @staticmethod
    def special(token):
        """Return the bytes that a special token is decoded to."""
        return token.encode()

    @staticmethod
    def text(tokens, errors):
        """Return the text of some tokens, bytes each."""
        return b"".join(tokens).decode("utf-8", errors)


class Characters:
    """Token 0 is `UNK`, token 1 is `END`, then come the letters.

    A character that is not among the letters is spelled UNK. (The
    published program leaves it as it is, for a network's vocabulary to
    miss.) So is the text "<unk>" in a word; the text "</w>" is spelled END.

    >>> Characters("low").spell("slow")
    '\\x00\\x02\\x03\\x04\\x01'
    """

    def __init__(self, letters):
        self.letters = letters
        self.tokens = (UNK, END, *letters)
        self._spelled = {token: chr(n) for n, token in enumerate(self.tokens)}

    @staticmethod
    def counts(text):
        """Return {word: count} of the words between whitespace."""
        return Counter(text.split())

    @staticmethod
    def words(text):
        """Return the words between whitespace."""
        return text.split()

    @staticmethod
    def parts(word):
        """Return the word, which is not cut any further."""
        return [word]

    def spell(self, word):
        """Return the characters of a word and `END`."""
        symbols = re.findall(f"{UNK}|{END}|.", word, re.DOTALL)
        return "".join(self._spelled.get(symbol, chr(0))
                       for symbol in symbols) + chr(1)

    def order(self, tie_break):
        """Return the tokens in the order that breaks ties: that of ids."""
        return range(len(self.tokens))

    @staticmethod
    def special(token):
        """Return what a special token is decoded to: a word of its own."""
        return token + END

    @staticmethod
    def text(tokens, errors):
        """Return the text of some tokens, one space between two words."""
        return "".join(tokens).replace(END, " ").rstrip(" ")
