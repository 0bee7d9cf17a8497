"""Weights of an interpolated model, found on text held out."""

import numpy as np

from lmbook.ngrams import sentence_ids
from lmbook.vocabulary import BOS

from .smoothing import Interpolated, sums


def tuned(model, sentences, steps=100):
    """Return `Interpolated` with the weights that suit other sentences.

    Expectation maximisation over the shares a_n in

        p_n = a_n f_n + (1 - a_n) p_{n-1},      p_1 = f_1,

    where f_n is the relative frequency of order n in the counts of the
    fitted `model`: think of a walk down from the highest order whose
    context was seen that stops at order n with probability a_n. Each step
    sets a_n to the share of stops expected there, and the likelihood of
    the sentences never falls. Tokens with f_1 = 0 are left out.

    Errors: `ValueError` if no token is left.
    Source: Jelinek and Mercer 1980.

    >>> from lmbook.models.ngram import NgramModel
    >>> from lmbook.vocabulary import Vocabulary
    >>> train = [["a", "b"], ["a", "b"], ["a", "a"]]
    >>> model = NgramModel(Vocabulary.build(train), 2).fit(train)
    >>> tuned(model, [["a", "b"], ["b", "b"]]).weights.round(2).tolist()
    [0.54, 0.46]
    """
    shares = relative_frequencies(model, sentences)         # (n, T)
    shares = shares[:, shares[0] > 0]
    if not shares.size:
        raise ValueError("none of these tokens was ever counted: nothing "
                         "to tune the weights on")
    stops = np.full(model.order, 0.5)
    stops[0] = 1.0
    for _ in range(steps):
        stops[1:] = np.minimum(_step(shares, stops)[1:], 1 - 1e-9)
    falls = np.append(np.cumprod((1 - stops)[:0:-1])[::-1], 1.0)
    return Interpolated(stops * falls)


def relative_frequencies(model, sentences):
    """Return count of n-gram over count of context, shape (n, T).

    Row n - 1 is for order n, NaN where the context was never seen; T
    counts the tokens and `</s>`.
    """
    ids = sentence_ids(sentences, model.vocabulary, model.starts)
    start = model.vocabulary.id(BOS)
    shares = np.full((model.order, len(ids)), np.nan)
    unigrams = np.where(np.arange(len(model.vocabulary)) == start, 0,
                        model.tables[0].counts)
    shares[0] = unigrams[ids] / unigrams.sum()
    for n, before, rows in model.walk(ids):
        table = model.tables[n - 1]
        counts = np.where(table.next_ids == start, 0, table.counts)
        # two zeros at the end, for the rows -1 and -2
        totals = np.append(sums(table, counts), (0, 0))[before]
        np.divide(np.append(counts, (0, 0))[rows], totals,
                  out=shares[n - 1], where=totals > 0)
    return shares[:, ids != start]


def _step(shares, stops):
    """Return the shares of stops expected at each order, (n,)."""
    mixed = [shares[0]]
    for f, stop in zip(shares[1:], stops[1:]):
        mixed.append(np.where(np.isnan(f), mixed[-1],
                              stop * f + (1 - stop) * mixed[-1]))
    found, here = np.ones(len(stops)), np.ones(shares.shape[1])
    for n in range(len(stops) - 1, 0, -1):
        seen = ~np.isnan(shares[n])
        ended = np.where(seen, here * stops[n] * shares[n] / mixed[n], 0.0)
        if seen.any():
            found[n] = ended.sum() / here[seen].sum()
        here = here - ended
    return found
