"""Data of the book: corpora by name, sentences and words."""

from lmbook.data.corpora import Corpus, load
from lmbook.data.text import sentences, words

__all__ = ["Corpus", "load", "sentences", "words"]
