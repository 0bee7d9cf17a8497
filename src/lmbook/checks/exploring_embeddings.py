"""The checks of the chapter on exploring embeddings: K4 and K5."""

import numpy as np

from ..data.fourgrams import fourgrams
from ..models.glove import best_fit, cooccurrence, log_counts
from ..vectors import WordVectors, cosine, kept_neighbours
from .registry import ask, exercise, expect, require

WORDS = tuple("abcdefghij")


@exercise("K4", "nearest words, groups, and what a picture keeps")
def k4(nearest, kept, groups):
    """Check two functions and {name: words} of at least three groups."""
    for seed in range(3):
        X, Y = _points(seed), _points(seed + 9)[:, :2]
        _nearest(nearest, X)
        got = ask(kept, X, Y, 3)
        right = kept_neighbours(X, Y, 3).mean()
        expect(got, right, "kept(X, Y, 3)", {
            "each point is its own nearest neighbour: leave it out":
                (2 * kept_neighbours(X, Y, 2).mean() + 1) / 3,
            "divide by k, to get a share": 3 * right,
            "average over the points": 10 * right,
            "a share, not percent": 100 * right})
    _groups(groups)


def _nearest(nearest, X):
    """Compare nearest(word, words, X, k) with ours."""
    truth = [w for w, _ in WordVectors(WORDS, X).nearest("c", 3)]
    got = ask(nearest, "c", WORDS, X, 3)
    require(isinstance(got, (list, tuple)) and len(got) == 3,
            "nearest returns k words, in a list")
    require("c" not in got, "a word is not its own neighbour: leave it out")
    query = X[2]
    products = [WORDS[n] for n in np.argsort(-X @ query) if n != 2][:3]
    require(truth == products or list(got) != products, "these are the"
            " largest dot products, in which long vectors win: divide by"
            " the lengths")
    require(list(got) != truth[::-1], "nearest first")
    require(list(got) == truth, f"expected {truth}, got {list(got)}")


def _groups(groups):
    """Each group is closer together than the vocabulary is."""
    require(isinstance(groups, dict) and len(groups) >= 3,
            "give a dict {name: words} with at least three groups")
    data = fourgrams("docs")
    counts = cooccurrence(data.windows["train"], len(data.words))
    W, U, _, _ = best_fit(log_counts(counts.toarray()), 32)
    vectors = WordVectors(data.words[1:], np.hstack([W, U])[1:])
    for name, words in groups.items():
        require(len(set(words)) >= 4, f"{name}: at least four words")
        unknown = [w for w in words if w not in vectors.ids]
        require(not unknown, f"{name}: not in the vocabulary: {unknown}")
        rows = vectors.unit[[vectors.id(w) for w in words]]
        inside = cosine(rows, rows)
        mean = (inside.sum() - len(rows)) / (inside.size - len(rows))
        outside = cosine(rows, vectors.unit).mean()
        require(mean > outside + 0.15, f"{name}: its words have a mean"
                f" cosine of {mean:.2f}, and {outside:.2f} with all words:"
                " too close to call a group")


@exercise("K5", "analogies, scored fairly")
def k5(analogy, scores):
    """Check a function for one question, and one for all questions."""
    for seed in range(4):
        X = _points(seed)
        space = WordVectors(WORDS, X)
        for question in (("a", "b", "c"), ("d", "h", "e"), ("j", "a", "i")):
            _one(analogy, space, question)
        pairs = [("a", "b"), ("c", "d"), ("e", "f"), ("g", "h")]
        X[1::2] = X[::2] + 0.7 * X[9]       # the pairs share a direction
        expect(ask(scores, pairs, WORDS, X), _scores(pairs, X),
               "scores(pairs, words, X)", {
                   "the two shares are swapped": _scores(pairs, X)[::-1],
                   "in percent: give shares": 100 * _scores(pairs, X),
                   "do not ask a pair about itself": _scores(
                       pairs, X, itself=True)})


def _one(analogy, space, question):
    """Compare the answer to one question."""
    a, b, c = question
    got = ask(analogy, a, b, c, WORDS, space.vectors)
    if isinstance(got, (list, tuple)) and len(got) == 1:
        got = got[0]
    require(got not in question, f"{a} is to {b} as {c} is to {got}: a"
            " word of the question cannot be the answer")
    right = space.analogy(a, b, c)[0][0]
    turned = space.analogy(b, a, c)[0][0]
    x = space.vectors
    raw = x @ (space[b] - space[a] + space[c])
    raw[[space.id(w) for w in question]] = -np.inf
    require(got == right or got != turned, f"{a} is to {b} as {c} is to"
            " ?: subtract the first word, add the second")
    require(got == right or got != WORDS[raw.argmax()],
            "bring all vectors to length 1 first")
    require(got == right, f"{a} is to {b} as {c} is to {right!r}, got"
            f" {got!r}")


def _scores(pairs, X, itself=False):
    """Return the shares (right; a word of the question came first)."""
    space, right, own = WordVectors(WORDS, X), [], []
    for a, b in pairs:
        for c, d in pairs:
            if itself or (a, b) != (c, d):
                right.append(space.analogy(a, b, c)[0][0] == d)
                first = space.analogy(a, b, c, exclude=False)[0][0]
                own.append(first in (a, b, c))
    return np.array([np.mean(right), np.mean(own)])


def _points(seed):
    """Return ten vectors of very different lengths, (10, 4)."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(10, 4)) * rng.uniform(0.2, 5, (10, 1))
