"""Kneser-Ney: discount what was seen, and ask lower orders for company.

A lower order is asked only where a higher one knows too little. So it
does not count how often an n-gram occurs, but how many different tokens
stand before it: "Francisco" is frequent, but only after "San".
"""

import numpy as np

from .smoothing import MaximumLikelihood, sums


class KneserNey(MaximumLikelihood):
    """Interpolated Kneser-Ney with one absolute discount D.

    Each count loses D, and what a context loses is given to the order
    below; order 1 is a relative frequency of continuation counts, so a
    token that was never seen has probability 0.

    Errors: `ValueError` unless 0 <= D < 1.
    Source: Kneser and Ney, "Improved backing-off for m-gram language
    modeling", ICASSP 1995; interpolated as in Chen and Goodman, "An
    empirical study of smoothing techniques for language modeling",
    Computer Speech and Language 1999.
    """

    def __init__(self, discount=0.75):
        if not 0 <= discount < 1:
            raise ValueError(f"discount is {discount}; expected a number "
                             "from 0 to below 1")
        self.discount = discount

    def counts(self, tables):
        """Return continuation counts, and plain ones for the last order.

        The continuation count of an n-gram is the number of different
        tokens before it. An n-gram with nothing before it, because it
        opens the text of its sentence, keeps its plain count.
        """
        found = []
        for table, above in zip(tables, tables[1:]):
            company = np.bincount(above.suffixes, minlength=len(table))
            found.append(np.where(company > 0, company, table.counts))
        return [*found, tables[-1].counts]

    def discounts(self, table, counts):
        """Return what each count loses, shape (R,)."""
        return np.minimum(counts, self.discount * (table.order > 1))

    def estimate(self, table, counts, below):
        """Return the discounted shares mixed with the order below."""
        lost = self.discounts(table, counts)
        totals = sums(table, counts)
        back = np.ones_like(totals)
        np.divide(sums(table, lost), totals, out=back, where=totals > 0)
        contexts = table.contexts
        return ((counts - lost) / totals[contexts] + back[contexts] * below,
                back)


class ModifiedKneserNey(KneserNey):
    """Kneser-Ney with three discounts for each order, found from counts.

    Counts 1, 2 and above lose D1, D2 and D3. Order 1 is discounted, too,
    and mixed with 1 / (V - 1), so no token has probability 0. Where the
    counts give no discounts (t_1, t_2 or t_3 is 0, or a D_j outside
    [0, j]), as in tiny texts, 0.5, 1 and 1.5 are used.

    Source: Chen and Goodman 1999; Heafield et al., "Scalable modified
    Kneser-Ney language model estimation", ACL 2013 (KenLM's lmplz, with
    its --discount_fallback).
    """

    FALLBACK = (0.5, 1.0, 1.5)

    def __init__(self):
        pass

    def discounts(self, table, counts):
        """Return what each count loses: D1, D2, D3 or nothing, (R,)."""
        amounts = np.array([0.0, *chen_goodman(counts)])
        return amounts[np.minimum(counts, 3)]


def chen_goodman(counts):
    """Return the discounts D1, D2, D3 for counts of one order.

    With t_j the number of n-grams of count j and Y = t_1 / (t_1 + 2 t_2),
    D_j = j - (j + 1) Y t_{j+1} / t_j.

    >>> chen_goodman(np.array([1, 1, 1, 1, 2, 2, 3, 4]))
    (0.5, 1.25, 1.0)
    """
    t = np.bincount(np.minimum(counts, 5), minlength=6)
    if not t[1:4].all():
        return ModifiedKneserNey.FALLBACK
    y = t[1] / (t[1] + 2 * t[2])
    found = tuple(float(j - (j + 1) * y * t[j + 1] / t[j]) for j in (1, 2, 3))
    if not all(0 <= d <= j for j, d in enumerate(found, 1)):
        return ModifiedKneserNey.FALLBACK
    return found
