"""Answers to J3: right ones, and wrong ones with their hint."""

import numpy as np

from lmbook import decoding
from lmbook.functional import log_softmax, softmax


def distribution(z, tau, top_k, top_p, wrong=""):
    """An implementation of its own: one mask over the sorted tokens."""
    order = np.argsort(-z, kind="stable")
    if wrong == "times":
        z, tau = z * tau ** 2, tau
    if tau == 0 and wrong != "zero":
        top_k, tau = 1, 1.0
    p = softmax(z / tau) if tau else np.exp(z / tau)
    if wrong == "after":
        p = softmax(softmax(z) / (tau or 1.0))
    if wrong == "ties" and top_k:
        p = np.where(z >= np.sort(z)[-min(top_k, len(z))], p, 0)
        top_k, p = None, p / p.sum()
    ranked = p[order]
    if top_k:
        ranked[top_k:] = 0
        if wrong != "p of the whole":
            ranked /= ranked.sum()
    if top_p is not None:
        known = (distribution(z, 1.0, top_k, None)[order]
                 if wrong == "early" else ranked)
        before = known.cumsum() - known
        ranked = np.where(before < top_p - 1e-9, ranked, 0)
        if wrong == "crossing":
            ranked = np.where(known.cumsum() <= top_p, p[order], 0)
        if wrong == "threshold":
            ranked = np.where(known >= top_p, known, 0)
        if wrong != "empty":
            ranked[0] = p[order[0]] if not ranked[0] else ranked[0]
    got = np.empty_like(p)
    got[order] = ranked if wrong == "sum" else ranked / ranked.sum()
    return got


def sample(model, context, steps, tau, top_k, top_p, rng, wrong=""):
    ids = list(context)
    for _ in range(steps):
        z = model.next_logits(context if wrong == "context" else ids)
        p = distribution(z, tau, top_k, top_p)
        if wrong == "plain":
            p = softmax(z) if tau and top_p != 0 and top_k != 1 else p
        if wrong == "rng":
            rng = np.random.default_rng(len(ids))
        ids.append(rng.choice(len(p), p=p))
    return ids if wrong == "all" else ids[len(context):]


def beam(model, context, steps, width, wrong=""):
    texts = [((), 0.0)]
    for _ in range(steps):
        longer = []
        for ids, log_p in texts:
            step = log_softmax(model.next_logits([*context, *ids]))
            if wrong == "last":
                log_p = 0.0
            found = [((*ids, t), log_p + s) for t, s in enumerate(step)]
            longer += ([max(found, key=lambda f: f[1])]
                       if wrong == "one each" else found)
        texts = sorted(longer, key=lambda f: -f[1])
        texts = texts[:1 if wrong == "greedy" else width]
    if wrong == "pairs":
        return texts
    return [*context, *texts[0][0]] if wrong == "all" else texts[0][0]


def by_the_book(model, context, steps, tau, top_k, top_p, rng):
    return decoding.sample(model, context, steps, temperature=tau,
                           top_k=top_k, top_p=top_p, rng=rng)


def slip(function, wrong):
    return lambda *arguments: function(*arguments, wrong=wrong)


def j3(place, wrong, hint):
    answers = [distribution, sample, beam]
    answers[place] = slip(answers[place], wrong)
    return "J3", tuple(answers), hint


RIGHT = {"J3": [(distribution, sample, beam), (
    decoding.next_distribution, by_the_book, decoding.beam_search)]}

WRONG = [
    j3(0, "times", "divide the logits by the temperature"),
    j3(0, "zero", "at temperature 0 take the largest logit"),
    j3(0, "after", "before the softmax, not the probabilities"),
    j3(0, "ties", "exactly top_k tokens, .* of equal ones the lowest ids"),
    j3(0, "p of the whole", "cut at top_k first, renormalise"),
    j3(0, "early", "divide by the temperature first, then cut at top_p"),
    j3(0, "crossing", "the token that crosses top_p stays"),
    j3(0, "threshold", "not a threshold for each"),
    j3(0, "empty", "is the kept set empty"),
    j3(0, "sum", "divide what is kept by its sum"),
    j3(1, "context", "does the model get the new ids, too"),
    j3(1, "plain", "the shares of the tokens are"),
    j3(1, "rng", "nine generators give one text"),
    j3(1, "all", "new ids only, without the context"),
    j3(2, "greedy", "this is greedy: keep num_beams texts"),
    j3(2, "one each", r"expected \[1, 0\]|with 27 beams|this is greedy"),
    j3(2, "last", "beam_search"),
    j3(2, "pairs", "return the ids of the best text"),
    j3(2, "all", "2 new ids were asked for|6 new ids were asked for"),
]
