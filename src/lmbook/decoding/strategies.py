"""Greedy search, sampling and beam search."""

import numpy as np

from ..functional import log_softmax
from .arguments import as_stop, scores_after, whole
from .filters import next_distribution


def greedy(model, context, max_new_tokens, stop=None):
    """Return the ids added by taking the most probable token every time.

    Of tokens that tie, the lowest id. The first of the `stop` ids that is
    chosen ends the text; it is part of the result.

    Shapes: `context` a sequence of ids, the result a list of at most
    `max_new_tokens` ids.
    Errors: `ValueError` for a negative max_new_tokens, and for logits that
    are NaN, +inf, or -inf for every token.
    Source: the maximum of `next_distribution`, step by step.

    >>> from lmbook.decoding import TableModel
    >>> model = TableModel([0.5, 0.4, 0.1], {(0,): [0.2, 0.2, 0.6]})
    >>> greedy(model, [], 5, stop=2)
    [0, 2]
    """
    return _extend(context, max_new_tokens, stop,
                   lambda ids: int(scores_after(model, ids).argmax()))


def sample(model, context, max_new_tokens, *, temperature=1.0, top_k=None,
           top_p=None, stop=None, rng):
    """Return the ids added by drawing from `next_distribution` every time.

    Each token uses one uniform number of `rng`, whatever the settings.

    Shapes: as in `greedy`; `rng` a `numpy.random.Generator`.
    Errors: as in `greedy` and in `next_distribution`.
    Source: ancestral sampling, by the chain rule of probability.

    >>> from lmbook.decoding import TableModel
    >>> model = TableModel([0.5, 0.4, 0.1])
    >>> sample(model, [], 8, top_k=2, rng=np.random.default_rng(0))
    [1, 0, 0, 0, 1, 1, 1, 1]
    """
    next_distribution([0.0], temperature, top_k, top_p)     # even if unused
    return _extend(context, max_new_tokens, stop, lambda ids: draw(
        next_distribution(scores_after(model, ids), temperature, top_k,
                          top_p), rng))


def draw(probabilities, rng):
    """Return an id drawn from probabilities, with one uniform number.

    The interval from 0 to 1 is cut into pieces as long as the
    probabilities, in the order of the ids; the piece that holds the number
    is the id. A token of probability 0 has no piece.

    Shapes: `probabilities` (V,), at least one of them positive.
    Source: inversion of the cumulative distribution function.

    >>> draw(np.array([0.0, 1.0, 0.0]), np.random.default_rng(0))
    1
    """
    ends = np.cumsum(probabilities)                         # (V,)
    return int(np.searchsorted(ends / ends[-1], rng.random(), "right"))


def beam_search(model, context, max_new_tokens, num_beams, stop=None,
                length_penalty=0.0):
    """Return the ids of the best hypothesis of `beams`.

    Shapes and errors: as in `greedy` and `beams`.
    Source: as in `beams`.

    >>> from lmbook.decoding import TableModel
    >>> model = TableModel([0.6, 0.4], {(0,): [0.5, 0.5], (1,): [1.0, 0.0]})
    >>> greedy(model, [], 2), beam_search(model, [], 2, num_beams=2)
    ([0, 0], [1, 0])
    """
    return beams(model, context, max_new_tokens, num_beams, stop,
                 length_penalty)[0][0]


def beams(model, context, max_new_tokens, num_beams, stop=None,
          length_penalty=0.0):
    """Return the best hypotheses found, as pairs (ids, log-probability).

    Every step extends each live hypothesis by every token and keeps the
    `num_beams` most probable results: all of one length, so the sums of
    log-probabilities compare. Those that end in a `stop` id leave the
    beam. In the end the finished and the still live ones are ranked by
    log-probability / length ** length_penalty: 0 is the plain sum, which
    favours short texts, 1 the mean for each token. Equal ones are ranked
    by their ids, the lowest first.

    Shapes: at most `num_beams` pairs, best first; the ids as in `greedy`.
    Errors: `ValueError` for num_beams below 1, a negative or infinite
    length_penalty, and as in `greedy`.
    Source: Sutskever et al. (2014), section 3.2; dividing by a power of
    the length as in Wu et al. (2016), whose (5 + length) / 6 is left out.

    >>> from lmbook.decoding import TableModel
    >>> model = TableModel([0.6, 0.4], {(0,): [0.5, 0.5], (1,): [1, 0]})
    >>> [(ids, round(float(np.exp(log_p)), 2))
    ...  for ids, log_p in beams(model, [], 2, num_beams=3)]
    [([1, 0], 0.4), ([0, 0], 0.3), ([0, 1], 0.3)]
    """
    num_beams = whole(num_beams, "num_beams", least=1)
    if not 0 <= length_penalty < np.inf:
        raise ValueError("length_penalty must be finite and not negative,"
                         f" got {length_penalty}")
    ends, live, done = as_stop(stop), [([], 0.0)], []
    for _ in range(whole(max_new_tokens, "max_new_tokens", least=0)):
        longer = [new for beam in live
                  for new in _expand(model, context, beam, num_beams)]
        best = sorted(longer, key=_rank)[:num_beams]
        done += [beam for beam in best if beam[0][-1] in ends]
        live = [beam for beam in best if beam[0][-1] not in ends]
    return sorted(done + live, key=lambda beam: _rank(
        beam, length_penalty))[:num_beams]


def _expand(model, context, beam, num_beams):
    """Return the `num_beams` most probable extensions of a hypothesis."""
    ids, log_p = beam
    scores = scores_after(model, [*context, *ids])
    steps = log_softmax(scores)                             # (V,)
    best = np.argsort(-scores, kind="stable")[:num_beams]
    return [([*ids, int(token)], log_p + float(steps[token]))
            for token in best if steps[token] > -np.inf]


def _rank(beam, length_penalty=0.0):
    """Return what hypotheses are sorted by: the best one is smallest."""
    ids, log_p = beam
    return -log_p / max(len(ids), 1) ** length_penalty, ids


def _extend(context, max_new_tokens, stop, choose):
    """Return the ids that `choose` adds, one by one, up to a stop id."""
    ends, new = as_stop(stop), []
    for _ in range(whole(max_new_tokens, "max_new_tokens", least=0)):
        new.append(choose([*context, *new]))
        if new[-1] in ends:
            break
    return new
