"""How the time grows with the size of the input, for two ways of each work.

Each curve holds sizes that double, and the median seconds of each.  Both
ways of a work are first compared on the smallest size: same answer.
"""

import numpy as np
import torch
from ngrams import dictionary
from scipy import sparse
from timing import medians

from lmbook.autodiff import Tensor
from lmbook.bpe import naive_merges
from lmbook.bpe.training import learn_merges
from lmbook.models.glove import DenseTargets, SparseTargets
from lmbook.ngrams import ngram_tables

ROUNDS = 5


def curve(work, unit, sizes, ways):
    """Measure {name: size -> call} for each size; one row for each name."""
    seconds = {name: [] for name in ways}
    for size in sizes:
        calls = [prepare(size) for prepare in ways.values()]
        for name, taken in zip(ways, medians(*calls, rounds=ROUNDS)):
            seconds[name].append(float(f"{taken:.3g}"))
    return [{"work": work, "unit": unit, "way": name, "sizes": list(sizes),
             "seconds": taken} for name, taken in seconds.items()]


def counting():
    """Trigram tables: sorted keys, and dictionaries of tuples."""
    rng = np.random.default_rng(0)
    ids = (3 + rng.zipf(1.3, 320_000) % 8_000).astype(np.int64)
    ids[::20] = 2

    def arrays(size):
        return lambda: ngram_tables(ids[:size], 3, 8_003, end=2)

    def tuples(size):
        ends = np.flatnonzero(ids[:size] == 2)
        parts = [part.tolist() for part in np.split(ids[:size], ends + 1)]
        return lambda: dictionary(parts)

    found, counts = ngram_tables(ids[:20_000], 3, 8_003, end=2), tuples(
        20_000)()[0]
    assert sum(len(gram) == 3 for gram in counts) == len(found[2])
    return curve("trigram tables", "ids", (20_000, 40_000, 80_000, 160_000,
                                           320_000),
                 {"sorted keys": arrays, "dictionaries of tuples": tuples})


def merging():
    """BPE: touching what changes, and reading everything again."""
    rng = np.random.default_rng(0)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    words = sorted({"".join(letters[k % 26] for k in rng.zipf(1.4, n))
                    for n in rng.integers(3, 9, 6_000)})
    rng.shuffle(words)

    def incremental(size):
        numbers = {c: n for n, c in enumerate(sorted(letters))}
        coded = ["".join(chr(numbers[c]) for c in w) for w in words[:size]]
        return lambda: learn_merges(coded, [1] * size, 26, size // 4)

    def rescan(size):
        split = {tuple(word): 1 for word in words[:size]}
        return lambda: naive_merges(split, size // 4, tie_break="lowest")

    assert len(incremental(200)()) == len(rescan(200)()[0]) == 50
    return curve("BPE training, a merge for every four words", "words",
                 (200, 400, 800, 1_600),
                 {"touch what changes": incremental,
                  "read all again": rescan})


def embedding():
    """GloVe's gradients: the full matrix, and Gram matrices."""
    rng = np.random.default_rng(0)

    def targets(size):
        logs = sparse.random(size, size, 20 / size, rng=rng, format="csr")
        return logs, rng.normal(size=(2, size, 32)), np.zeros(size)

    def dense(size):
        logs, (W, U), b = targets(size)
        full = DenseTargets(logs.toarray())
        return lambda: full.gradients(W, U, b, b)

    def gram(size):
        logs, (W, U), b = targets(size)
        thin = SparseTargets(logs)
        return lambda: thin.gradients(W, U, b, b)

    return curve("GloVe gradients, 32 numbers a word", "words",
                 (250, 500, 1_000, 2_000, 4_000),
                 {"full matrix": dense, "Gram matrices": gram})


def taping():
    """A small network's gradients: our array tape, and torch's."""
    rng = np.random.default_rng(0)
    W = [rng.normal(size=(64, 64)) for _ in range(3)]
    theirs = [torch.tensor(w, requires_grad=True) for w in W]

    def ours(size):
        X = rng.normal(size=(size, 64))

        def loss(weights):
            h = Tensor(X)
            for w in weights:
                h = (h @ w.T).relu()
            return h.sum()

        def step():
            weights = [Tensor(w) for w in W]
            loss(weights).backward()
            return weights
        return step

    def autograd(size):
        X = torch.tensor(rng.normal(size=(size, 64)))

        def step():
            h = X
            for w in theirs:
                h = (h @ w.T).relu()
            return torch.autograd.grad(h.sum(), theirs)
        return step

    return curve("small network: gradients", "rows in the batch",
                 (1, 4, 16, 64, 256, 1_024),
                 {"array tape": ours, "torch autograd": autograd})


def measure():
    """Return all curves."""
    torch.set_num_threads(1)
    return [*counting(), *merging(), *embedding(), *taping()]
