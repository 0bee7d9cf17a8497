"""Word vectors: cosine, neighbours, analogies, PCA."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors

from lmbook.vectors import (
    WordVectors, cosine, distances, kept_neighbours, neighbours, pca, unit)

PLANE = WordVectors(["man", "woman", "king", "queen", "tea"],
                    [[1, 0], [1, 1], [3, 0], [3, 3.1], [-1, 2]])


def rows(n=9, d=4, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


# ---------------------------------------------------------------- by hand

def test_cosine_by_hand():
    # (3, 4) and (4, 3): 24 / 25; lengths do not matter
    assert np.allclose(cosine([[3, 4]], [[4, 3], [40, 30]]), 0.96)


def test_an_analogy_by_hand():
    # man (1,0), woman (1,1)/1.41, king (1,0): b - a + c is woman again
    assert PLANE.analogy("man", "woman", "king")[0][0] == "queen"
    assert PLANE.analogy("man", "woman", "king", 2, exclude=False)[0] == (
        "woman", 1.0)


def test_nearest_by_hand():
    # tea (-1,2): cosine to woman 1 / sqrt(10)
    assert PLANE.nearest("tea", 4)[1] == ("woman", round(10**-0.5, 6))


# ------------------------------------------------------------------- laws

def test_squared_distance_of_unit_vectors():
    X, Y = unit(rows()), unit(rows(seed=1))
    np.testing.assert_allclose(distances(X, Y)**2, 2 - 2 * cosine(X, Y))


def test_rotation_keeps_neighbours_and_cosines():
    X, turn = rows(), np.linalg.qr(rows(4, 4, 2))[0]
    np.testing.assert_allclose(cosine(X @ turn, X @ turn), cosine(X, X))
    assert (kept_neighbours(X, X @ turn, 3) == 1).all()
    np.testing.assert_allclose(pca(X @ turn, 2)[0], pca(X, 2)[0])


@pytest.mark.parametrize("words", [("man", "woman", "king"),
                                   ("tea", "queen", "man")])
def test_an_answer_is_never_a_word_of_the_question(words):
    answers = [w for w, _ in PLANE.analogy(*words, k=2)]
    assert not set(answers) & set(words)


def test_a_question_may_repeat_a_word():
    assert len(PLANE.analogy("man", "man", "king", k=3)) == 3


def test_pca_directions_are_orthonormal_and_shares_sum_to_one():
    scores, directions, shares = pca(rows(), 4)
    np.testing.assert_allclose(directions @ directions.T, np.eye(4),
                               atol=1e-12)
    np.testing.assert_allclose(shares.sum(), 1)
    X = rows()
    np.testing.assert_allclose(scores @ directions + X.mean(0), X)


# ---------------------------------------------------------------- oracles

def test_cosine_is_that_of_scikit_learn():
    np.testing.assert_allclose(cosine(rows(), rows(5, seed=3)),
                               cosine_similarity(rows(), rows(5, seed=3)))


def test_pca_is_that_of_scikit_learn():
    theirs = PCA(2, svd_solver="full").fit(rows())
    scores, directions, shares = pca(rows(), 2)
    np.testing.assert_allclose(np.abs(directions),
                               np.abs(theirs.components_))
    np.testing.assert_allclose(np.abs(scores),
                               np.abs(theirs.transform(rows())))
    np.testing.assert_allclose(shares, theirs.explained_variance_ratio_)


def test_neighbours_are_those_of_scikit_learn():
    finder = NearestNeighbors(n_neighbors=3).fit(rows())
    theirs = finder.kneighbors(return_distance=False)
    assert (neighbours(rows(), 3) == theirs).all()


# ----------------------------------------------------------------- errors

@pytest.mark.parametrize("call, words", [
    (lambda: PLANE.nearest("coffee"), "unknown word 'coffee'"),
    (lambda: PLANE["coffee"], "unknown word 'coffee'"),
    (lambda: PLANE.analogy("man", "coffee", "tea"), "word 'coffee'"),
    (lambda: PLANE.nearest("tea", 5), "k is 5; expected 1 to 4"),
    (lambda: PLANE.analogy("man", "tea", "king", 3), "expected 1 to 2"),
    (lambda: PLANE.nearest("tea", 0), "k is 0"),
    (lambda: cosine([[1, 2], [0, 0]], [[1, 2]]), "row 1 is zero"),
    (lambda: cosine([[1, 2]], [[1, 2, 3]]), "rows have 2 and 3 numbers"),
    (lambda: distances([1, 2], [[1, 2]]), "shape (2,)"),
    (lambda: unit([[np.nan]]), "must be finite"),
    (lambda: pca(rows(), 5), "k is 5; expected 1 to 4"),
    (lambda: pca(np.ones((3, 2)), 1), "all rows are equal"),
    (lambda: neighbours(rows(), 9), "expected 1 to 8"),
    (lambda: kept_neighbours(rows(), rows(8), 2), "9 and 8 rows"),
    (lambda: WordVectors(["a", "a"], rows(2)), "1 of them different"),
    (lambda: WordVectors(["a"], rows(2)), "and 2 vectors"),
    (lambda: WordVectors(["a"], [[0, 0]]), "row 0 is zero"),
])
def test_errors_name_the_value(call, words):
    with pytest.raises(ValueError) as error:
        call()
    assert words in str(error.value)


# --------------------------------------------------------- wrong versions

def test_an_analogy_that_returns_its_own_question_is_caught():
    class Wrong(WordVectors):
        def analogy(self, a, b, c, k=1):
            return super().analogy(a, b, c, k, exclude=False)

    wrong = Wrong(PLANE.words, PLANE.vectors)
    answer = wrong.analogy("man", "woman", "king")[0][0]
    assert answer in ("man", "woman", "king")


def test_a_cosine_without_lengths_is_caught():
    X = rows()
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(X @ X.T, cosine_similarity(X))
