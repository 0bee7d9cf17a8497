"""Answers to K4 and K5: right ones, and wrong ones with hints."""

import numpy as np

from lmbook.vectors import WordVectors, kept_neighbours

GROUPS = {
    "what may be": ["can", "may", "must", "should", "will"],
    "articles": ["a", "an", "the", "its", "this"],
    "things": ["function", "method", "class", "object"],
}


def nearest(word, words, X, k):
    return [w for w, _ in WordVectors(words, X).nearest(word, k)]


def with_itself(word, words, X, k):
    return [word, *nearest(word, words, X, k - 1)]


def by_products(word, words, X, k):
    at = words.index(word)
    order = np.argsort(-X @ X[at])
    return [words[n] for n in order if n != at][:k]


def kept(X, Y, k):
    return kept_neighbours(X, Y, k).mean()


def analogy(a, b, c, words, X):
    return WordVectors(words, X).analogy(a, b, c)[0][0]


def from_the_question(a, b, c, words, X):
    return WordVectors(words, X).analogy(a, b, c, exclude=False)[0][0]


def turned(a, b, c, words, X):
    return analogy(b, a, c, words, X)


def long_vectors(a, b, c, words, X):
    at = [words.index(w) for w in (a, b, c)]
    products = X @ (X[at[1]] - X[at[0]] + X[at[2]])
    products[at] = -np.inf
    return words[products.argmax()]


def scores(pairs, words, X, itself=False):
    right, own = [], []
    for a, b in pairs:
        for c, d in pairs:
            if a != c or itself:
                right.append(analogy(a, b, c, words, X) == d)
                own.append(from_the_question(a, b, c, words, X)
                           in (a, b, c))
    return np.mean(right), np.mean(own)


def with_same_pair(pairs, words, X):
    return scores(pairs, words, X, itself=True)


RIGHT = {
    "K4": [(nearest, kept, GROUPS)],
    "K5": [(analogy, scores), (lambda *p: [analogy(*p)], scores)],
}

WRONG = [
    ("K4", (with_itself, kept, GROUPS), "not its own neighbour"),
    ("K4", (by_products, kept, GROUPS), "divide by the lengths"),
    ("K4", (lambda *p: nearest(*p)[::-1], kept, GROUPS), "nearest first"),
    ("K4", (lambda *p: nearest(*p)[0], kept, GROUPS), "k words"),
    ("K4", (nearest, lambda *p: 100 * kept(*p), GROUPS), "not percent"),
    ("K4", (nearest, lambda X, Y, k: k * kept(X, Y, k), GROUPS),
     "divide by k"),
    ("K4", (nearest, kept, {}), "at least three groups"),
    ("K4", (nearest, kept, {**GROUPS, "one": ["can"]}), "four words"),
    ("K4", (nearest, kept, {**GROUPS, "x": ["can", "tea", "a", "an"]}),
     "not in the vocabulary: .'tea'"),
    ("K4", (nearest, kept, {**GROUPS, "x": ["can", "the", "matrix", ","]}),
     "too close to call"),
    ("K5", (from_the_question, scores), "cannot be the answer"),
    ("K5", (turned, scores), "subtract the first word"),
    ("K5", (long_vectors, scores), "length 1"),
    ("K5", (analogy, with_same_pair), "about itself"),
    ("K5", (analogy, lambda *p: scores(*p)[::-1]), "swapped"),
    ("K5", (analogy, lambda *p: 100 * np.array(scores(*p))), "percent"),
]
