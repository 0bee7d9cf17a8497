"""Is a set of generated texts fluent, and is it diverse?"""

import numpy as np

from ..functional import log_softmax, perplexity
from .arguments import scores_after, whole


def distinct(texts, n=2):
    """Return how many of all n-grams of the texts are different, as a share.

    1 says that no n-gram occurs twice, in one text or in two.

    Shapes: `texts` a list of lists of ids or words.
    Errors: `ValueError` if n is below 1 or no text has n tokens.
    Source: Li et al. (2016), distinct-1 and distinct-2.

    >>> distinct([["a", "b", "a", "b"], ["a", "b"]], n=2)  # ab, ba of 4
    0.5
    """
    grams = [gram for text in texts for gram in _grams(text, n)]
    if not grams:
        raise ValueError(f"no text has {n} tokens")
    return len(set(grams)) / len(grams)


def repetition_rate(texts, n=4):
    """Return the share of n-grams that repeat one of the same text.

    For each text 1 - different n-grams / n-grams, then the mean over the
    texts; one with fewer than n tokens repeats nothing.

    Shapes: as in `distinct`.
    Errors: `ValueError` if n is below 1 or there is no text.
    Source: Welleck et al. (2020), seq-rep-n.

    >>> repetition_rate([[7, 7, 7, 7, 7], [1, 2, 3, 4, 5]], n=2)
    0.375
    """
    if not len(texts):
        raise ValueError("there is no text")
    grams = [_grams(text, n) for text in texts]
    return float(np.mean([1 - len(set(g)) / len(g) if g else 0.0
                          for g in grams]))


def perplexity_under(model, contexts, texts):
    """Return the perplexity `model` gives to texts, each after its context.

    exp of the mean of -log p over all tokens of all texts; inf if a token
    is impossible. With another, stronger model than the one that wrote them
    it measures how surprising the texts are to a better reader.

    Shapes: `contexts` and `texts` lists of lists of ids, of one length.
    Errors: `ValueError` if the lengths differ or no text has a token.
    Source: Jelinek et al. (1977).

    >>> from lmbook.decoding import TableModel
    >>> model = TableModel([0.5, 0.5])
    >>> round(float(perplexity_under(model, [[], [0]], [[0, 1], [1]])), 6)
    2.0
    """
    if len(contexts) != len(texts):
        raise ValueError(f"got {len(contexts)} contexts for {len(texts)}"
                         " texts")
    nll = [-log_softmax(scores_after(model, [*context, *text[:t]]))[token]
           for context, text in zip(contexts, texts)
           for t, token in enumerate(text)]
    if not nll:
        raise ValueError("there is no token to score")
    return perplexity(nll)


def quality(judge, contexts, texts):
    """Return perplexity under a judge, distinct-2, and repetition of 4-grams.

    Shapes and errors: as in `perplexity_under`, `distinct` and
    `repetition_rate`; three numbers.

    >>> from lmbook.decoding import TableModel
    >>> judge = TableModel([0.5, 0.5])
    >>> [round(float(x), 6) for x in quality(judge, [[]], [[0, 1, 0, 1]])]
    [2.0, 0.666667, 0.0]
    """
    return (perplexity_under(judge, contexts, texts), distinct(texts, 2),
            repetition_rate(texts, 4))


def first_return(text, window):
    """Return where a window of a text occurs again, and after how many steps.

    The place is that of the first window that occurred before. What looks
    at that many tokens and always does the same repeats itself from there.

    Shapes: `text` a sequence; a pair (place, period), or None.

    >>> first_return("abcdbcd", 2), first_return("abcd", 2)
    ((4, 3), None)
    """
    seen = {}
    for place in range(len(text) - whole(window, "window", least=1) + 1):
        first = seen.setdefault(tuple(text[place:place + window]), place)
        if first < place:
            return place, place - first
    return None


def _grams(text, n):
    """Return the n-grams of one text as tuples."""
    n = whole(n, "n", least=1)
    return [tuple(text[i:i + n]) for i in range(len(text) - n + 1)]
