"""Sentences and words: the two cuts a language model needs.

Sentences are cut by the rules written for the Europarl corpus (Koehn,
"Europarl: a parallel corpus for statistical machine translation", MT Summit
2005), as packaged in `sentence-splitter` (LGPL). They know common
abbreviations ("e.g.", "et al.", "No. 5") but few technical ones: "Eq. 4"
is cut after "Eq.".
"""

import functools
import re

from sentence_splitter import SentenceSplitter, SentenceSplitterException

INNER_STOP = re.compile(r"[.?!]\S*\s+\S")
TOKEN = re.compile(r"(?:e\.g|i\.e)\.|\w+(?:[-'.]\w+)*|[^\w\s]")


@functools.lru_cache(maxsize=None)
def splitter(language):
    """Return the Europarl splitter of a language, such as "en" or "de"."""
    try:
        return SentenceSplitter(language=language)
    except SentenceSplitterException as error:
        raise ValueError(
            f"no sentence rules for language {language!r}; expected a "
            "two-letter code such as 'en', 'de' or 'fr'") from error


def sentences(text, language="en"):
    """Return the list of sentences of a text.

    Runs of spaces become one space; no other character is lost. A line
    break always ends a sentence, so pass one paragraph at a time.
    `ValueError` for a language without rules.

    >>> sentences("It is 3.14 wide, see e.g. Fig. 3. Smith et al. agree.")
    ['It is 3.14 wide, see e.g. Fig. 3.', 'Smith et al. agree.']
    """
    europarl = splitter(language)
    cut = []
    for line in text.splitlines():
        line = " ".join(line.split())
        if INNER_STOP.search(line):
            cut += [s for s in europarl.split(line) if s]
        elif line:
            cut.append(line)
    return cut


def words(sentence):
    """Return the lowercased words, numbers and punctuation of a sentence.

    Hyphens, apostrophes and points inside a word or number stay in it.

    >>> words("A 0.5-wide bin, e.g. numpy.histogram's, isn't empty.")
    ['a', '0.5-wide', 'bin', ',', 'e.g.', "numpy.histogram's", ',', \
"isn't", 'empty', '.']
    """
    return TOKEN.findall(sentence.lower())
