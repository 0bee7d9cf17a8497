"""Answers on n-gram models: right ones, and wrong ones with their hint."""

from collections import Counter

import numpy as np


def ngrams(tokens, n):
    return [tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1)]


def count_ngrams(sentences, n):
    return Counter(gram for s in sentences for gram in ngrams(s, n))


def without_the_last(tokens, n):
    found, start = [], 0
    while True:
        if start + n >= len(tokens):
            break
        found.append(tuple(tokens[start:start + n]))
        start += 1
    return found


def losing_the_last(sentences, n):
    return Counter(g for s in sentences for g in without_the_last(s, n))


def stopping_early(sentences, n):
    counts = Counter()
    for tokens in sentences:
        if len(tokens) < n:
            break
        counts.update(ngrams(tokens, n))
    return counts


def across(sentences, n):
    return Counter(ngrams(sum(sentences, []), n))


def unseen(train, held_out, n):
    seen, new = count_ngrams(train, n), count_ngrams(held_out, n)
    return sum(c for g, c in new.items() if g not in seen) / new.total()


def unseen_kinds(train, held_out, n):
    seen, new = count_ngrams(train, n), count_ngrams(held_out, n)
    return np.mean([gram not in seen for gram in new])


def candidates(sentences, context):
    after = Counter()
    for gram, c in count_ngrams(sentences, len(context) + 1).items():
        if gram[:-1] == tuple(context):
            after[gram[-1]] += c
    return {token: c / after.total() for token, c in after.items()}


def by_context_count(sentences, context):
    after = candidates(sentences, context)
    followed = sum(c for g, c in count_ngrams(
        sentences, len(context) + 1).items() if g[:-1] == tuple(context))
    places = count_ngrams(sentences, len(context))[tuple(context)]
    return {t: p * followed / places if context else p
            for t, p in after.items()}


def most_probable(sentences, context):
    after = candidates(sentences, context)
    return min(after, key=lambda token: (-after[token], token))


def last_of_tied(sentences, context):
    after = candidates(sentences, context)
    return max(after, key=lambda token: (after[token], token))


def add_k(C, k):
    return (C + k) / (C + k).sum(1, keepdims=True)


def add_k_once(C, k):
    return (C + k) / (C.sum(1, keepdims=True) + k)


def shares(C):
    return C / np.maximum(C.sum(1, keepdims=True), 1)


def interpolate(C, weight):
    weights = weight * (C.sum(1, keepdims=True) > 0)
    return weights * shares(C) + (1 - weights) * C.sum(0) / C.sum()


def dividing_by_zero(C, weight):
    return (weight * C / C.sum(1, keepdims=True)
            + (1 - weight) * C.sum(0) / C.sum())


def kneser_ney(C, discount, lower=None, give=True):
    seen, N = C > 0, C.sum(1, keepdims=True)
    lower = seen.sum(0) / seen.sum() if lower is None else lower
    kept = np.maximum(C - discount, 0) / np.maximum(N, 1)
    return kept + give * (1 - kept.sum(1, keepdims=True)) * lower


def plain_lower(C, discount):
    return kneser_ney(C, discount, C.sum(0) / C.sum())


def stupid(C, factor):
    return np.where(C > 0, shares(C), factor * C.sum(0) / C.sum())


def or_words(smooth):
    return lambda C, value: np.where(
        C.sum(1, keepdims=True) > 0, smooth(C, value), C.sum(0) / C.sum())


def top(table):
    return sorted(table.items(), key=lambda pair: (-pair[1], pair[0]))[:10]


def next_distribution(counts, context):
    context = tuple(context)
    while context not in counts:
        context = context[1:]
    total = sum(counts[context].values())
    return {token: c / total for token, c in counts[context].items()}


def crashing(counts, context):
    after = counts[tuple(context)]
    return {token: c / sum(after.values()) for token, c in after.items()}


def straight_to_words(counts, context):
    return crashing(counts, context if tuple(context) in counts else ())


def generate(counts, prefix, most, after=next_distribution, end="</s>"):
    text = list(prefix)
    while len(text) < len(prefix) + most and end not in text[-1:]:
        table = after(counts, text[-2:])
        text.append(min(table, key=lambda token: (-table[token], token)))
    return text[len(prefix):]


def without_the_end(counts, prefix, most):
    return [t for t in generate(counts, prefix, most) if t != "</s>"]


def cannot_tell(n, one, other):
    start = ["<s>"] * (n - 1)
    return (start + one)[len(one):] == (start + other)[len(other):]


def information(counts):
    joint = counts / counts.sum()
    outer = np.outer(joint.sum(1), joint.sum(0))
    seen = joint > 0
    return (joint[seen] * np.log(joint[seen] / outer[seen])).sum()


def entropy(counts):
    joint = counts[counts > 0] / counts.sum()
    return (joint * np.log(joint)).sum()


H1 = (3 / 29, 3 / 23, 1 / 2, 1)
H2 = (unseen, add_k, interpolate, kneser_ney, stupid)
H3 = (count_ngrams, candidates, most_probable)


def instead(answers, place, other):
    return answers[:place] + (other,) + answers[place + 1:]


RIGHT = {
    "H1": [H1], "H2": [H2], "H3": [H3], "H4": [(top,)],
    "H5": [(generate,)], "H6": [(cannot_tell, information)],
    "L12": [(ngrams,)], "L13": [(count_ngrams,)],
    "L18": [(next_distribution,)],
}

WRONG = [
    ("H1", (3 / 17, *H1[1:]), "the end of a sentence is counted too"),
    ("H1", (3 / 23, *H1[1:]), "counts the ends but not the starts"),
    ("H1", (H1[0], 3 / 29, 1 / 2, 1), "they are never predicted"),
    ("H1", (H1[0], 3 / 17, 1 / 2, 1), "P.rabbit. without.*the end"),
    ("H1", (*H1[:2], 2 / 3, 1), "the last word of a sentence too"),
    ("H1", (*H1[:2], 2 / 23, 1), "not given roger"),
    ("H1", (*H1[:3], 1 / 2), "not by the sentences"),
    ("H2", instead(H2, 0, lambda *a: 1 - unseen(*a)), "of the seen ones"),
    ("H2", instead(H2, 0, unseen_kinds), "every place of the new text"),
    ("H2", instead(H2, 1, add_k_once), r"N \+ k V"),
    ("H2", instead(H2, 1, lambda C, k: (C + k) / (C + k).sum(0)),
     "over the contexts, not over the words"),
    ("H2", instead(H2, 1, or_words(add_k)), "serves an empty row too"),
    ("H2", instead(H2, 4, or_words(stupid)), "the factor stays"),
    ("H2", instead(H2, 2, dividing_by_zero), "do not divide 0 by 0"),
    ("H2", instead(H2, 2, lambda C, w: interpolate(C, 1 - w)),
     "belongs to the longer context"),
    ("H2", instead(H2, 3, plain_lower), "counts contexts, not occurr"),
    ("H2", instead(H2, 3, lambda C, d: kneser_ney(C, d, give=False)),
     "give the saved mass"),
    ("H2", instead(H2, 4, lambda C, f: stupid(C, f) + f * (C > 0)
                   * C.sum(0) / C.sum()), "no mixing"),
    ("H3", instead(H3, 0, losing_the_last), "the last n-gram of every"),
    ("H3", instead(H3, 0, stopping_early), "do not break"),
    ("H3", instead(H3, 1, lambda *a: Counter()), "expected the tokens"),
    ("H3", instead(H3, 1, by_context_count), "nothing does"),
    ("H3", instead(H3, 1, lambda *a: candidates(*a).items()),
     "return a dict from token"),
    ("H3", instead(H3, 2, last_of_tied), "the first in the alphabet"),
    ("H4", (lambda t: sorted(t.items(), key=lambda p: p[1])[:10],),
     "the least probable come first"),
    ("H4", (lambda t: sorted(t.items()),), "expected 10 pairs, got 13"),
    ("H4", (lambda t: [token for token, _ in top(t)],), "pairs"),
    ("H4", (lambda t: sorted(t.items(), key=lambda p: -p[1])[:10],),
     "the first in the alphabet"),
    ("H5", (lambda c, p, m: generate(c, p, m, crashing),),
     "KeyError.*back off"),
    ("H5", (lambda c, p, m: generate(c, p, m, straight_to_words),),
     "the longest context that was seen"),
    ("H5", (lambda c, p, m: list(p) + generate(c, p, m),),
     "the new tokens only"),
    ("H5", (lambda c, p, m: generate(c, p, m, end="?"),),
     "stop after </s>"),
    ("H5", (without_the_end,), "keep the </s>"),
    ("H5", (lambda c, p, m: generate(c, p, m + 1),), "at most"),
    ("H6", (lambda n, a, b: a[1 - n:] == b[1 - n:], information),
     "compare the last n - 1"),
    ("H6", (lambda n, a, b: a[-n:] == b[-n:], information),
     "compare the last n - 1"),
    ("H6", (cannot_tell, lambda C: information(C) / np.log(2)),
     "the natural logarithm"),
    ("H6", (cannot_tell, entropy), "the product of the two shares"),
    ("L12", (without_the_last,), "is missing: it ends where"),
    ("L12", (lambda t, n: [tuple(t[i:i + n]) for i in range(len(t))],),
     "not of length"),
    ("L12", (lambda t, n: ngrams(t, n)[1:],), "expected"),
    ("L13", (stopping_early,), "continue with the next one, do not break"),
    ("L13", (losing_the_last,), "may equal the length"),
    ("L13", (across,), "from one sentence into the next"),
    ("L18", (crashing,), "KeyError.*back off"),
    ("L18", (straight_to_words,), "the longest context that was seen"),
    ("L18", (lambda c, x: c.get(tuple(x), {}),), "nothing can follow"),
]
