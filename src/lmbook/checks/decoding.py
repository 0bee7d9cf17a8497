"""The check of the chapter on decoding, J3."""

import itertools

import numpy as np

from ..decoding import TableModel, greedy, next_distribution
from ..functional import log_softmax, softmax
from .registry import ask, exercise, expect, numbers, require

LOGITS = (np.log([0.1, 0.4, 0.2, 0.3]), np.array([1.0, 3.0, 3.0, 0.5, 2.0]),
          np.array([-1000.0, 1000.0, 999.0]))
OPTIONS = ((1.0, None, None), (0.5, None, None), (2.0, None, None),
           (0.0, None, None), (1.0, 2, None), (1.0, 1, None),
           (1.0, 99, None), (1.0, None, 0.0), (1.0, None, 0.3),
           (1.0, None, 0.6), (1.0, None, 1.0), (2.0, None, 0.45),
           (0.5, 3, 0.9), (1.0, 2, 0.5))
FORK = TableModel(None, {
    (): [0.6, 0.4, 0.0], (0,): [0.5, 0.4, 0.1], (1,): [0.9, 0.1, 0.0],
    (2,): [0.0, 0.0, 1.0]})


class Winding:
    """A model whose scores depend on the last two ids, as drawn once."""

    def __init__(self, size, seed):
        """Draw the scores."""
        self.table = np.random.default_rng(seed).normal(
            0, 2, (size + 1, size + 1, size))

    def next_logits(self, context):
        """Return the scores after a context."""
        before, last = [-1, -1, *(int(t) for t in context)][-2:]
        return self.table[before, last].copy()


@exercise("J3", "greedy search, sampling and beam search")
def j3(distribution, sample, beam_search):
    """Check the cut distribution, sampling from it, and beam search."""
    for z, options in itertools.product(LOGITS, OPTIONS):
        _distribution(distribution, z, options)
    _sampling(sample)
    _beams(beam_search)


def _distribution(function, z, options):
    """Compare one distribution, and name the usual mistakes."""
    tau, top_k, top_p = options
    what = (f"temperature {tau:g}, top_k {top_k}, top_p {top_p} on the"
            f" logits {z.round(2).tolist()}")
    got = numbers(ask(function, z, *options), what)
    require(tau > 0 or np.isfinite(got).all(), f"{what}: dividing by 0 gives"
            " no number: at temperature 0 take the largest logit")
    require(np.isfinite(got).all(), f"{what}: it is not finite: is the kept"
            " set empty, or does an exponential overflow?")
    require(got.shape == z.shape, f"{what}: give one probability for each"
            f" token, shape {z.shape}, not {got.shape}")
    right = next_distribution(z, *options)
    require((got > 0).any(), f"{what}: nothing is kept: at least one token"
            " must stay")
    expect(got, right, what, _mistakes(z, tau, top_k, top_p, right))


def _mistakes(z, tau, top_k, top_p, right):
    """Return {hint: what the mistake gives}."""
    whole = softmax(z, temperature=tau or 1.0)
    found = {
        "divide what is kept by its sum": np.where(right > 0, whole, 0)}
    if tau:
        found["divide the logits by the temperature"] = next_distribution(
            z * tau ** 2, tau, top_k, top_p)
        found["the temperature divides the logits, before the softmax, not"
              " the probabilities"] = next_distribution(
                  softmax(z), tau, top_k, top_p)
    kept = top_k if tau else 1
    if kept and (ties := z >= np.sort(z)[-min(kept, len(z))]).sum() > kept:
        found["keep exactly top_k tokens, one at temperature 0: of equal"
              " ones the lowest ids"] = softmax(np.where(ties, z, -np.inf))
    if top_k and top_p is not None:
        inside = np.where(next_distribution(z, tau, None, top_p) > 0, z,
                          -np.inf)
        found["cut at top_k first, renormalise, then cut at top_p"] = (
            next_distribution(inside, tau, top_k))
    if top_p is not None:
        found |= _nucleus_mistakes(z, tau, top_k, top_p, whole)
    return found


def _nucleus_mistakes(z, tau, top_k, top_p, whole):
    """Return {hint: what the mistake gives} for top_p."""
    cut = next_distribution(z, 1.0, top_k, top_p) > 0
    return {
        "the token that crosses top_p stays: without it the sum does not"
        " reach top_p": _without_crossing(whole, top_p),
        "divide by the temperature first, then cut at top_p": softmax(
            np.where(cut, z, -np.inf), temperature=tau),
        "top_p is a sum of probabilities, from the largest down, not a"
        " threshold for each": _threshold(whole, top_p)}


def _without_crossing(p, top_p):
    """Return what is left if the sum may not exceed top_p."""
    order = np.argsort(-p, kind="stable")
    keep = p[order].cumsum() <= top_p
    keep[0] = True
    kept = np.zeros_like(p)
    kept[order[keep]] = p[order[keep]]
    return kept / kept.sum()


def _threshold(p, top_p):
    """Return what is left of the tokens above a probability of top_p."""
    kept = np.where(p >= top_p, p, 0)
    return kept / kept.sum() if kept.any() else p


def _sampling(function):
    """Ask for texts: lengths, greedy ends, and frequencies."""
    def texts(model, context, length, tau, top_k, top_p, seed=0):
        got = ask(function, model, list(context), length, tau, top_k, top_p,
                  np.random.default_rng(seed))
        require(np.shape(got) != (len(context) + length,) or not context,
                "sample: return the new ids only, without the context")
        require(np.shape(got) == (length,),
                f"sample: {length} new ids were asked for, got {got!r}")
        return [int(t) for t in got]

    model = Winding(5, seed=1)
    best = greedy(model, [3], 8)
    for options in ((1.0, None, 0.0), (0.0, None, None), (1.0, 1, None)):
        require(texts(model, [3], 8, *options) == best, "sample: with"
                " temperature, top_k, top_p = {}, {}, {} it must be greedy;"
                " does the model get the new ids, too?".format(*options))
    runs = [texts(model, [3], 8, 1.0, None, None, seed) for seed in range(9)]
    require(any(run != runs[0] for run in runs), "sample: nine generators"
            " give one text: draw with rng, and do not make a new one")
    right = next_distribution([0.0, 1.0, 0.5], 0.7, 2)
    got = texts(TableModel(softmax([0.0, 1.0, 0.5])), [], 3000, 0.7, 2, None)
    shares = np.bincount(got, minlength=3) / 3000
    require(np.abs(shares - right).max() < 0.04, "sample: the shares of the"
            f" tokens are {shares.round(2).tolist()}, not"
            f" {right.round(2).tolist()}")


def _beams(function):
    """Ask for texts of the highest probability."""
    got = _ids(function, FORK, [], 2, 1)
    require(got == [0, 0], f"beam_search: one beam is greedy: expected"
            f" [0, 0], got {got}")
    got = _ids(function, FORK, [], 2, 2)
    require(got != [0, 0], "beam_search: this is greedy: keep num_beams"
            " texts and compare the sums of their log-probabilities")
    require(got == [1, 0], f"beam_search: expected [1, 0], got {got}")
    for seed in range(4):
        model = Winding(3, seed)
        require(_ids(function, model, [2], 6, 1) == greedy(model, [2], 6),
                "beam_search: one beam is greedy")
        got, best = _ids(function, model, [2], 4, 27), _best(model, [2], 4)
        require(got == best, "beam_search: with 27 beams nothing is lost in"
                f" four steps over three tokens: the best is {best}, not"
                f" {got}")


def _ids(function, *arguments):
    """Return what beam search gives as a list of ids."""
    got = ask(function, *arguments)
    require(np.iterable(got) and not any(map(np.iterable, got)),
            "beam_search: return the ids of the best text, a flat list, not"
            f" {got!r}")
    context, length = arguments[1:3]
    require(len(got) == length, f"beam_search: {length} new ids were asked"
            f" for, got {len(got)}")
    return [int(t) for t in got]


def _best(model, context, length):
    """Return the most probable text by trying every one."""
    def log_p(ids):
        return sum(log_softmax(model.next_logits([*context, *ids[:t]]))[i]
                   for t, i in enumerate(ids))
    return list(max(itertools.product(range(3), repeat=length), key=log_p))
