"""Word vectors: who is near whom, analogies, and the flat view of PCA.

Mikolov, Yih and Zweig, "Linguistic regularities in continuous space word
representations", NAACL 2013, answer "a is to b as c is to what?" by the
word nearest to b - a + c, over vectors brought to length 1.  As there, and
in every program since, the three words of the question cannot be the
answer; here `exclude=False` lets them, because it matters.
"""

import numpy as np


def unit(X):
    """Return the rows of X, each divided by its length.

    Shapes: `X` (N, D); the result alike.
    Errors: `ValueError` for another shape, numbers that are not finite,
    and a row of zeros, which has no direction.

    >>> unit([[3.0, 4.0]])
    array([[0.6, 0.8]])
    """
    X = as_rows(X)
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    if (lengths == 0).any():
        raise ValueError(f"row {int(lengths.argmin())} is zero: expected"
                         " vectors with a direction")
    return X / lengths


def cosine(X, Y):
    """Return the cosine of the angle between each row of X and of Y.

    Shapes: `X` (N, D), `Y` (M, D); the result (N, M).
    Errors: `ValueError` as `unit`, and for rows of two lengths.

    >>> cosine([[2.0, 0.0]], [[5.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    array([[ 1.,  0., -1.]])
    """
    return np.clip(np.matmul(*_same_width(unit(X), unit(Y))), -1, 1)


def distances(X, Y):
    """Return the Euclidean distance of each row of X to each of Y.

    Shapes: `X` (N, D), `Y` (M, D); the result (N, M).
    Errors: `ValueError` for rows of two lengths, or not finite.

    >>> distances([[0.0, 0.0]], [[3.0, 4.0], [0.0, 0.0]])
    array([[5., 0.]])
    """
    X, YT = _same_width(as_rows(X), as_rows(Y))
    return np.linalg.norm(X[:, None] - YT.T, axis=-1)


def neighbours(X, k):
    """Return the k nearest other rows of each row, nearest first.

    Shapes: `X` (N, D); the result (N, k), row numbers.
    Errors: `ValueError` for k not in 1 .. N-1.

    >>> neighbours([[0.0], [1.0], [3.0]], 1).ravel()
    array([1, 0, 1])
    """
    gaps = distances(X, X)
    _check_count(k, len(gaps) - 1)
    np.fill_diagonal(gaps, np.inf)
    return gaps.argsort(axis=1, kind="stable")[:, :k]


def kept_neighbours(X, Y, k):
    """Return the share of the k nearest rows in X that Y has too, by row.

    Shapes: `X` (N, D), `Y` (N, C), two views of the same N things; the
    result (N,), from 0 to 1.  For chance expect k / (N - 1).
    Errors: `ValueError` as `neighbours`, and if N differs.

    >>> kept_neighbours([[0.0], [1.0], [3.0]], [[0.0], [2.0], [3.0]], 1)
    array([1., 0., 1.])
    """
    first, second = neighbours(X, k), neighbours(Y, k)
    if len(first) != len(second):
        raise ValueError(f"got {len(first)} and {len(second)} rows:"
                         " expected two views of the same things")
    both = (first[:, :, None] == second[:, None]).any(2)    # (N, k)
    return both.mean(1)


def pca(X, k):
    """Return the k directions of largest variance, and X seen along them.

    The sign of a direction is free: here the largest score is positive,
    so that a rotation of all rows does not change the scores.

    Shapes: `X` (N, D); scores (N, k), directions (k, D), orthonormal, and
    variances (k,), as shares of the whole variance.
    Errors: `ValueError` for k not in 1 .. min(N, D), and if all rows are
    equal.
    Source: Pearson (1901); by the singular value decomposition.

    >>> scores, directions, shares = pca([[0.0, 1], [3, 1], [6, 1],
    ...                                   [11, 1]], 1)
    >>> scores.ravel(), directions + 0, shares
    (array([-5., -2.,  1.,  6.]), array([[1., 0.]]), array([1.]))
    """
    X = as_rows(X)
    _check_count(k, min(X.shape))
    centred = X - X.mean(0)
    _, values, directions = np.linalg.svd(centred, full_matrices=False)
    if not values[0]:
        raise ValueError("all rows are equal: no direction varies")
    scores = centred @ directions[:k].T
    farthest = np.abs(scores).argmax(0)
    signs = np.where(scores[farthest, np.arange(k)] < 0, -1.0, 1.0)
    return (scores * signs, directions[:k] * signs[:, None],
            values[:k]**2 / (values**2).sum())


class WordVectors:
    """Words and their vectors, compared by cosine.

    Shapes: `words` N different strings, `vectors` (N, D).
    Errors: `ValueError` for words that repeat, another number of rows than
    words, and as `unit`.

    >>> plane = WordVectors(["man", "woman", "king", "queen", "tea"],
    ...                     [[1, 0], [1, 1], [3, 0], [3, 3], [-1, 2]])
    >>> plane.nearest("queen", 2)
    [('woman', 1.0), ('man', 0.707107)]
    """

    def __init__(self, words, vectors):
        self.words, self.vectors = tuple(words), as_rows(vectors)
        self.unit = unit(self.vectors)
        self.ids = {word: n for n, word in enumerate(self.words)}
        if not len(self.ids) == len(self.words) == len(self.vectors):
            raise ValueError(f"got {len(self.words)} words,"
                             f" {len(self.ids)} of them different, and"
                             f" {len(self.vectors)} vectors")

    def __getitem__(self, word):
        """Return the vector of a word, (D,)."""
        return self.vectors[self.id(word)]

    def id(self, word):
        """Return the row of a word; `ValueError` for an unknown word."""
        if word not in self.ids:
            raise ValueError(f"unknown word {word!r}: expected one of"
                             f" {len(self.words)} words")
        return self.ids[word]

    def nearest(self, word, k=5):
        """Return the k words with the largest cosine to a word.

        The result is [(word, cosine)], six decimals, without the word.
        Errors: `ValueError` for an unknown word, k not in 1 .. N-1.
        """
        return self._top(self.unit[self.id(word)], [word], k)

    def analogy(self, a, b, c, k=1, exclude=True):
        """Return the k words nearest to b - a + c, over unit vectors.

        "a is to b as c is to what?"  The result is as in `nearest`;
        with `exclude=False` a, b and c may be answers as well.
        Errors: `ValueError` for unknown words, if b - a + c is zero, and
        for k larger than the number of words left.
        """
        start, end, other = (self.unit[self.id(w)] for w in (a, b, c))
        return self._top(end - start + other,
                         [a, b, c] if exclude else [], k)

    def _top(self, query, banned, k):
        """Return the k best words for a vector (D,), none banned."""
        scores = cosine(query[None], self.unit)[0]
        banned = {self.id(word) for word in banned}
        _check_count(k, len(self.words) - len(banned))
        order = [n for n in (-scores).argsort(kind="stable")
                 if n not in banned]
        return [(self.words[n], round(float(scores[n]), 6))
                for n in order[:k]]


def as_rows(X):
    """Return X as floats (N, D); `ValueError` if empty or not finite.

    >>> as_rows([[1]])
    array([[1.]])
    """
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or not X.size:
        raise ValueError(f"vectors have shape {X.shape}, expected (N, D)")
    if not np.isfinite(X).all():
        raise ValueError("vectors must be finite")
    return X


def _same_width(X, Y):
    """Return X and Y transposed, whose rows have one length."""
    if X.shape[1] != Y.shape[1]:
        raise ValueError(f"rows have {X.shape[1]} and {Y.shape[1]} numbers,"
                         " expected as many")
    return X, Y.T


def _check_count(k, most):
    """Raise `ValueError` unless k is a whole number in 1 .. most."""
    if k != int(k) or not 1 <= k <= most:
        raise ValueError(f"k is {k}; expected 1 to {most}")
