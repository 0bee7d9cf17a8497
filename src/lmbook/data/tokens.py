"""From a corpus to its sentences, each a list of tokens."""

from lmbook.data.text import words

RELEASED_AS_TOKENS = {"wikitext-2"}


def token_sentences(corpus):
    """Return the sentences of a `Corpus` as lists of tokens.

    The tokens are `words`: lowercased words, numbers and punctuation. A
    corpus that was released as tokens with spaces between them, such as
    WikiText-2 with its `<unk>`, keeps those as they are.

    >>> from lmbook.data import load
    >>> token_sentences(load("docs").split("dev"))[0][:6]
    ['decorator', 'that', 'logs', 'a', "function's", 'return']
    """
    cut = str.split if corpus.name in RELEASED_AS_TOKENS else words
    return [cut(sentence) for sentence in corpus.sentences()]
