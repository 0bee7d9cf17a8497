"""Temperature, top-k and top-p: from logits to what is sampled from."""

import numpy as np

from ..functional import softmax
from .arguments import as_scores, whole

ROUNDING = 1e-12     # a sum of probabilities this near to p has reached p


def next_distribution(logits, temperature=1.0, top_k=None, top_p=None):
    """Return the probabilities from which the next token is drawn.

    In this order: divide by the temperature, keep the `top_k` largest and
    renormalise, keep the smallest set of them that reaches `top_p` and
    renormalise. None switches a filter off. Temperature 0 and top_p 0 put
    everything on the largest logit; of equal logits the lowest id counts
    as the larger one, everywhere.

    Shapes: `logits` and result (V,).
    Errors: `ValueError` for a temperature that is negative, infinite or
    NaN, top_k below 1, top_p outside [0, 1], and logits that are NaN,
    +inf, or -inf for every token.
    Source: Holtzman et al. (2020), section 3; the order of the filters
    is that of Hugging Face's generate.

    >>> logits = np.log([0.5, 0.3, 0.2])
    >>> next_distribution(logits, top_p=0.6).round(4)
    array([0.625, 0.375, 0.   ])
    >>> next_distribution(logits, temperature=0)
    array([1., 0., 0.])
    """
    scores = as_scores(logits)                              # (V,)
    _check(temperature, top_p)
    if temperature == 0:
        top_k, temperature = 1, 1.0
    if top_k is None and top_p is None:
        return softmax(scores, temperature=temperature)
    order = np.argsort(-scores, kind="stable")              # (V,), best first
    if top_k is not None:
        scores = keep_top_k(scores, top_k, order)
    probabilities = softmax(scores, temperature=temperature)
    if top_p is None:
        return probabilities
    return keep_top_p(probabilities, top_p, order)


def keep_top_k(scores, top_k, order=None):
    """Return the scores with all but the `top_k` largest set to -inf.

    Exactly min(top_k, V) are kept: of equal scores, the lowest ids.

    Shapes: `scores` and result (V,); `order` its ids, best first, if known.
    Errors: `ValueError` for a top_k that is no whole number from 1 on.
    Source: Fan, Lewis and Dauphin (2018), with k = 10.

    >>> keep_top_k(np.array([0.0, 2.0, 1.0, 1.0]), 2)
    array([-inf,   2.,   1., -inf])
    """
    top_k = whole(top_k, "top_k", least=1)
    if order is None:
        order = np.argsort(-scores, kind="stable")
    kept = np.full_like(scores, -np.inf)
    kept[order[:top_k]] = scores[order[:top_k]]
    return kept


def keep_top_p(probabilities, top_p, order=None):
    """Return the smallest set of probabilities that reaches `top_p`.

    Tokens are taken from the most to the least probable, equal ones by
    their ids, until their sum reaches top_p; the token that crosses it is
    kept, and what is kept is divided by its sum. At 0 one token is left,
    at 1 all of them. A sum that misses top_p by a rounding error (1e-12)
    counts as having reached it.

    Shapes: `probabilities` and result (V,); `order` as in `keep_top_k`.
    Errors: `ValueError` for a top_p outside [0, 1] or NaN.
    Source: Holtzman et al. (2020), section 3.1, nucleus sampling.

    >>> keep_top_p(np.array([0.2, 0.5, 0.3]), 0.8).round(4)
    array([0.   , 0.625, 0.375])
    """
    _check(1.0, top_p)
    if top_p == 1:
        return probabilities
    if order is None:
        order = np.argsort(-probabilities, kind="stable")
    before = probabilities[order].cumsum() - probabilities[order]
    keep = before < top_p - ROUNDING                        # (V,), bool
    keep[0] = True
    kept = np.zeros_like(probabilities)
    kept[order[keep]] = probabilities[order[keep]]
    return kept / kept.sum()


def _check(temperature, top_p):
    """Refuse a temperature or a top_p that means nothing."""
    if not 0 <= temperature < np.inf:
        raise ValueError("temperature must be finite and not negative,"
                         f" got {temperature}")
    if top_p is not None and not 0 <= top_p <= 1:
        raise ValueError(f"top_p must be between 0 and 1, got {top_p}")
