"""The tokenizer: `BPE.train`, `encode`, `decode`, `save`, `BPE.load`."""

import json
import re
from pathlib import Path

from lmbook import files
from lmbook.bpe import alphabets
from lmbook.bpe.chunks import checked, chunk_counts, find_chunks, \
    find_stretches
from lmbook.bpe.encoding import merge_table, merged
from lmbook.bpe.naive import END
from lmbook.bpe.training import learn_merges

UNK = "<unk>"
KINDS = ("byte-level", "end-of-word")
CACHE_SIZE = 1_000_000


class BPE:
    """A subword tokenizer: a list of merges over a smallest alphabet.

    Two kinds. "byte-level" (GPT-2): text is cut into `chunks`, a chunk
    into its UTF-8 bytes, tokens 0 to 255; tokens are `bytes`, and any text
    comes back exactly. "end-of-word" (Sennrich et al. 2016): text is cut
    at whitespace, a word into characters and END = "</w>"; tokens are
    strings, a character that was not in the training text becomes `UNK`
    (token 0), and decoding puts one space between words.

    merges: pairs of tokens; the token of each is left + right.
    alphabet: the characters of "end-of-word", a string.
    special_tokens: strings that are never split, the last ids.
    """

    def __init__(self, merges, kind="byte-level", alphabet="",
                 special_tokens=()):
        if kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}; expected one of {KINDS}")
        self.kind = kind
        self.byte_level = kind == KINDS[0]
        self.merges = [tuple(pair) for pair in merges]
        self.special_tokens = tuple(special_tokens)
        base = ([bytes([n]) for n in range(256)] if self.byte_level
                else [UNK, END, *alphabet])
        self.alphabet = alphabet
        self.tokens = (*base, *(a + b for a, b in self.merges),
                       *self.special_tokens)
        self.vocab = {token: n for n, token in enumerate(self.tokens)}
        if len(self.vocab) != len(self.tokens):
            raise ValueError("a token is there twice")
        for token in (t for pair in self.merges for t in pair):
            if token not in self.vocab:
                raise ValueError(f"merge of the unknown token {token!r}")
        self._table = merge_table(
            [(self.vocab[a], self.vocab[b]) for a, b in self.merges],
            len(base))
        self._cache = {}

    @classmethod
    def train(cls, text_or_counts, vocab_size, *, kind="byte-level",
              special_tokens=(), tie_break="tokenizers"):
        """Return the tokenizer learnt from a text, or from counts.

        text_or_counts: a string, or {chunk: count} ("end-of-word": {word:
        count}). vocab_size: number of tokens, all included; there are
        fewer if every word has become one token. special_tokens: cut out
        of a text before counting.

        The most frequent pair is merged; on a tie the one whose left,
        then right, token is lowest in the order of making, the bytes
        before it ordered as tie_break says: "tokenizers" by their
        stand-ins, like the library of that name, "rustbpe" by value.

        >>> BPE.train("low low lower lowest", 260).merges[:2]
        [(b'l', b'o'), (b'lo', b'w')]
        """
        byte_level = kind == KINDS[0]
        if isinstance(text_or_counts, str):
            counts = {}
            for piece in pieces(text_or_counts, special_tokens
                                + (() if byte_level else (UNK,))):
                for chunk, n in (chunk_counts(piece) if byte_level
                                 else word_counts(piece)).items():
                    counts[chunk] = counts.get(chunk, 0) + n
        else:
            counts = dict(text_or_counts)
        if byte_level:
            order = (alphabets.BYTE_ORDER if tie_break == "tokenizers"
                     else range(256))
            base, alphabet = [bytes([n]) for n in order], ""
            table = {byte: chr(n) for n, byte in enumerate(order)}
            words = [w.encode().decode("latin-1").translate(table)
                     for w in counts]
        else:
            alphabet = "".join(sorted({c for w in counts for c in w}))
            base = [UNK, END, *alphabet]
            table = {ord(c): chr(n) for n, c in enumerate(alphabet, 2)}
            words = [w.translate(table) + chr(1) for w in counts]
        room = vocab_size - len(base) - len(special_tokens)
        if room < 0:
            raise ValueError(f"vocab_size {vocab_size} is too small; expected "
                             f"at least {vocab_size - room}")
        tokens, merges = list(base), []
        for left, right in learn_merges(words, list(counts.values()),
                                        len(base), room):
            merges.append((tokens[left], tokens[right]))
            tokens.append(tokens[left] + tokens[right])
        return cls(merges, kind, alphabet, special_tokens)

    def encode(self, text, allowed_special=()):
        """Return the ids of a text, a list of integers.

        >>> BPE.train("low low lower lowest", 260).encode("slow")
        [115, 257]
        """
        ids = []
        for number, piece in enumerate(pieces(checked(text), allowed_special,
                                              keep=True)):
            if number % 2:
                ids.append(self.vocab[piece])
            elif self.byte_level:
                ids += self._encode(find_stretches(piece), find_chunks)
            else:
                ids += self._encode(piece.split(), lambda word: [word])
        return ids

    def _encode(self, words, parts):
        ids = []
        for word in words:
            if word not in self._cache:
                self._cache[word] = [n for part in parts(word) for n in
                                     map(ord, merged(self._spell(part),
                                                     self._table))]
            ids += self._cache[word]
        return ids

    def _spell(self, word):
        if self.byte_level:
            return word.encode().decode("latin-1")
        return "".join(chr(self.vocab.get(c, 0)) for c in word) + chr(1)

    def decode(self, ids, errors="replace"):
        """Return the text of some ids."""
        tokens = []
        for n in ids:
            if not 0 <= n < len(self.tokens):
                raise ValueError(f"unknown id {n}; expected 0 to "
                                 f"{len(self.tokens) - 1}")
            tokens.append(self.tokens[n])
        if self.byte_level:
            return b"".join(t if isinstance(t, bytes) else t.encode()
                            for t in tokens).decode("utf-8", errors)
        return "".join(tokens).replace(END, " ").rstrip(" ")

    def save(self, path):
        """Write the tokenizer as JSON, whole or not at all."""
        data = {"kind": self.kind, "alphabet": self.alphabet,
                "merges": [[alphabets.printable(t) for t in pair]
                           for pair in self.merges],
                "special_tokens": self.special_tokens}
        files.save(path, json.dumps(data, indent=0).encode())

    @classmethod
    def load(cls, path):
        """Return the tokenizer stored in a file by `save`."""
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        merges = data["merges"]
        if data["kind"] == KINDS[0]:
            merges = [tuple(map(alphabets.from_printable, pair))
                      for pair in merges]
        return cls(merges, data["kind"], data["alphabet"],
                   tuple(data["special_tokens"]))


def word_counts(text):
    """Return {word: count} of the words between whitespace."""
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def pieces(text, special_tokens, keep=False):
    """Cut special tokens out of a text, or keep them at odd places."""
    if not special_tokens:
        return [text]
    longest = sorted(special_tokens, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest))
    return re.split(f"({pattern})" if keep else pattern, text)
