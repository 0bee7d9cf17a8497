"""Smoothing: what to answer for an n-gram that was seen, and for others.

A smoothing turns the counts of one order into two things: a score for
each n-gram that was seen, and for each context a factor. The score of an
n-gram that was not seen is this factor times the score one order lower:

    score(w | context) = prob(context w)                   if it was seen
                         back(context) score(w | shorter)  if not

A context never seen is answered by the longest end of it that was seen:
its factor is 1, but in stupid backoff, which has one factor for all. A
file in the ARPA format, which KenLM and SRILM read, holds the same two
columns.
"""

import numpy as np


class MaximumLikelihood:
    """Relative frequencies: count of the n-gram over that of its context.

    A word never seen after a context that was seen has probability 0. A
    context never seen is shortened until it was.
    """

    normalised = True       # are the scores of a context a distribution?
    recursive = True        # else unseen n-grams go straight to 1/(V - 1)
    unseen = 1.0            # the factor of a context that was never seen

    def __repr__(self):
        inside = ", ".join(f"{k}={v}" for k, v in vars(self).items())
        return f"{type(self).__name__}({inside})"

    def check(self, order):
        """Raise `ValueError` if it cannot serve a model of this order."""

    def counts(self, tables):
        """Return the counts to use for each order, a list of (R,)."""
        return [table.counts for table in tables]

    def estimate(self, table, counts, below):
        """Return the scores of the n-grams and the factors of contexts.

        Shapes: counts (R,), 0 for the n-grams that end with `<s>`; below
        (R,), the score of each n-gram without its first token; the answer
        is (R,) and (C,).
        """
        totals = sums(table, counts)
        return counts / totals[table.contexts], 1.0 * (totals == 0)


class AddK(MaximumLikelihood):
    """Add k to the count of every token after every context.

    The tokens are all V of the vocabulary but `<s>`, which never follows:
    (c + k) / (total + k (V - 1)). For a context never seen the formula
    says 1 / (V - 1) whatever the token; here such a context is shortened
    until it was seen, as in every other smoothing.

    Errors: `ValueError` unless k is above 0 and finite.
    Source: Lidstone; with k = 1, Laplace.
    """

    recursive = False

    def __init__(self, k=1.0):
        if not 0 < k < np.inf:
            raise ValueError(f"k is {k}; expected a number above 0")
        self.k = k

    def estimate(self, table, counts, below):
        """Return the smoothed shares, and the share kept for the unseen."""
        added = self.k * (table.vocab_size - 1)
        totals = sums(table, counts) + added
        return (counts + self.k) / totals[table.contexts], added / totals


class Interpolated(MaximumLikelihood):
    """A weighted mean of the relative frequencies of all orders.

    weights: (n,), the weight of order 1 first, above 0 for order 1; they
    sum to 1. Where a context was not seen, the orders that are left share
    its weight in proportion. None: the same weight for all;
    `lmbook.models.ngram.tuning` finds better ones on other text.

    Errors: `ValueError` if a weight is negative or their sum is not 1.
    Source: Jelinek and Mercer, "Interpolated estimation of Markov source
    parameters from sparse data", 1980.
    """

    def __init__(self, weights=None):
        self.weights = None if weights is None else np.array(weights, float)
        if weights is not None and not (
                self.weights.ndim == 1 and (self.weights >= 0).all()
                and self.weights[:1].sum() > 0
                and abs(self.weights.sum() - 1) < 1e-9):
            raise ValueError(f"weights are {weights}; expected numbers from "
                             "0 to 1 that sum to 1, the first above 0")

    def check(self, order):
        """Raise `ValueError` unless there is a weight for each order."""
        if self.weights is not None and len(self.weights) != order:
            raise ValueError(f"{len(self.weights)} weights for order {order}"
                             "; expected one for each order")

    def estimate(self, table, counts, below):
        """Return the mixture with the order below, and its share."""
        n = table.order
        weights = np.ones(n) if self.weights is None else self.weights[:n]
        here = weights[-1] / weights.sum()
        totals = sums(table, counts)
        prob = here * counts / totals[table.contexts] + (1 - here) * below
        return prob, np.where(totals > 0, 1 - here, 1.0)


class StupidBackoff(MaximumLikelihood):
    """Relative frequency if seen, else a fixed factor times one lower.

    These are scores: over all tokens they do not sum to 1, so there is
    no perplexity.

    Errors: `ValueError` unless the factor is above 0 and at most 1.
    Source: Brants et al., "Large language models in machine translation",
    EMNLP 2007, with factor 0.4.
    """

    normalised = False

    def __init__(self, factor=0.4):
        if not 0 < factor <= 1:
            raise ValueError(f"factor is {factor}; expected a number above 0 "
                             "and at most 1")
        self.factor = factor

    @property
    def unseen(self):
        """The factor of a context that was never seen: the same."""
        return self.factor

    def estimate(self, table, counts, below):
        """Return the relative frequencies and the factor."""
        totals = sums(table, counts)
        return (counts / totals[table.contexts],
                np.full_like(totals, self.factor))


def sums(table, values):
    """Return the sum of values over each context of a table, (C,).

    >>> from lmbook.ngrams import ngram_tables
    >>> table = ngram_tables([1, 3, 2, 1, 3, 2], 2, 4, end=2)[1]
    >>> sums(table, table.counts).tolist()
    [0.0, 2.0, 0.0, 2.0]
    """
    size = len(table.offsets) - 1
    return np.bincount(table.contexts, values, size).astype(float)
