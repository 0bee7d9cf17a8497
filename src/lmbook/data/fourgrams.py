"""Four words in a row, all of them frequent: a small world for vectors.

Bengio et al., "A neural probabilistic language model", JMLR 2003, predict
the word after a window of words; here all four words of the window are
among the most frequent of the text, so a table of a few hundred rows
holds every word.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from lmbook.data.corpora import load
from lmbook.data.tokens import token_sentences

MASK = "[MASK]"


@dataclass(frozen=True)
class FourGrams:
    """Windows of four frequent words, as ids.

    words: V strings; `words[0]` is the mask, the others come from the most
    to the least frequent, ties in alphabetical order. windows: {split: ids
    of shape (N, 4), dtype int64}, in the order of the text, repeats kept.
    """

    words: tuple
    windows: dict

    def text(self, ids):
        """Return the words of some ids as one string."""
        return " ".join(self.words[i] for i in ids)


def frequent(sentences, size):
    """Return the `size` most frequent tokens of tokenised sentences."""
    counts = Counter(token for tokens in sentences for token in tokens)
    if not 1 <= size <= len(counts):
        raise ValueError(f"size is {size}; expected 1 to {len(counts)}, the "
                         "number of different words")
    return sorted(counts, key=lambda token: (-counts[token], token))[:size]


def windows_of(sentences, index):
    """Return each run of four indexed tokens, as ids of shape (N, 4)."""
    ids = np.array([index.get(token, 0) for tokens in sentences
                    for token in (*tokens, "")], dtype=np.int64)
    if len(ids) < 4:
        return np.empty((0, 4), dtype=np.int64)
    every = np.lib.stride_tricks.sliding_window_view(ids, 4)
    return every[every.all(axis=1)].copy()


def fourgrams(name="docs", size=250):
    """Return the `FourGrams` of a corpus over its most frequent words.

    The words are chosen on the train split (on dev where there is none).
    `ValueError` if size is not between 1 and the number of words.

    >>> data = fourgrams("docs")
    >>> len(data.words), data.words[:4]
    (251, ('[MASK]', 'the', '.', 'of'))
    >>> data.text(data.windows["dev"][0])
    'return value , and'
    """
    corpus = load(name)
    tokens = {part: token_sentences(corpus.split(part))
              for part in corpus.splits}
    chosen_on = "train" if "train" in tokens else "dev"
    vocabulary = [MASK, *frequent(tokens[chosen_on], size)]
    index = {token: i for i, token in enumerate(vocabulary)}
    return FourGrams(tuple(vocabulary), {
        part: windows_of(tokens[part], index) for part in tokens})
