"""Data of the book: corpora by name, sentences and words."""

from lmbook.data.corpora import Corpus, load
from lmbook.data.sentences import sentences, words

__all__ = ["Corpus", "load", "sentences", "words"]
