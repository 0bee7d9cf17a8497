"""GloVe: one epoch over all pairs of words, and counting the pairs.

An epoch is the loss and its four gradients, for all pairs.  Peers: the
same formulas with each bias spread over a matrix by ones and the residual
formed again for every block, as handouts print them; PyTorch's automatic
gradients, with biases broadcast; for the sparse form, both on the full
matrix.  Counting has as peer a C program of our own, written from the
description in the paper (one pass, each pair weighted by 1/distance,
added to a full table, the table then read out): it is not the program of
the paper's authors.  Input: words of WikiText-2, or of docs.
"""

import ctypes
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from timing import medians, peak_megabytes, row, skipped

from lmbook.data import load
from lmbook.data.fourgrams import frequent
from lmbook.data.tokens import token_sentences
from lmbook.models.glove import (
    DenseTargets, GloVe, SparseTargets, cooccurrence, log_counts)

DENSE = {10: (1 / 6, 0.8), 128: (1 / 3, 0.8)}   # D: goals
WINDOW = 10
COUNT_IN_C = r"""
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
int64_t count(const int64_t *ids, const int64_t *lengths, int64_t n,
              int64_t V, int64_t window, double *table,
              int32_t *row, int32_t *column, double *value) {
    memset(table, 0, V * V * sizeof(double));
    for (int64_t s = 0; s < n; ids += lengths[s++])
        for (int64_t i = 1; i < lengths[s]; i++)
            for (int64_t k = 1; k <= window && k <= i; k++)
                table[ids[i - k] * V + ids[i]] += 1.0 / k;
    int64_t found = 0;
    for (int64_t i = 0; i < V; i++)
        for (int64_t j = 0; j < V; j++)
            if (table[i * V + j] != 0) {
                row[found] = i; column[found] = j;
                value[found++] = table[i * V + j];
            }
    return found;
}
"""


def corpus(size):
    """Return the corpus and its sentences as ids; rare words share id 0."""
    try:
        name, text = "wikitext-2", load("wikitext-2")
    except FileNotFoundError:
        name, text = "docs", load("docs")
    sentences = [s for part in text.splits
                 for s in token_sentences(text.split(part))]
    index = {word: n for n, word in enumerate(
        frequent(sentences, size - 1), 1)}
    return name, [np.array([index.get(word, 0) for word in sentence],
                           dtype=np.int64) for sentence in sentences]


def with_ones(logs, W, U, b, t):
    """Loss and gradients, every block from a residual of its own."""
    V = len(logs)
    ones = np.ones((V, 1), logs.dtype)
    b, t = b.reshape(-1, 1), t.reshape(-1, 1)

    def residual():
        return W @ U.T + b @ ones.T + ones @ t.T - logs

    loss = np.sum(residual() ** 2)
    dW = 2 * residual() @ U
    dU = 2 * residual().T @ W
    db = 2 * residual() @ ones
    dt = 2 * residual().T @ ones
    return loss, dW, dU, db.ravel(), dt.ravel()


def by_torch(logs, *parameters):
    """Loss and gradients by automatic differentiation."""
    logs = torch.tensor(logs)
    leaves = [torch.tensor(p, requires_grad=True) for p in parameters]

    def epoch():
        W, U, b, t = leaves
        loss = (W @ U.T + b[:, None] + t - logs).square().sum()
        return loss, *torch.autograd.grad(loss, leaves)

    return epoch


def in_c(sentences, size):
    """Return a function that counts the pairs with the C program."""
    folder = Path(tempfile.mkdtemp())
    (folder / "count.c").write_text(COUNT_IN_C, encoding="utf-8")
    subprocess.run(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o",
                    folder / "count.so", folder / "count.c"], check=True)
    count = ctypes.CDLL(str(folder / "count.so")).count
    count.restype = ctypes.c_int64
    table = np.zeros((size, size))

    def run():
        ids = np.concatenate(sentences)
        lengths = np.array([len(s) for s in sentences])
        room = min(len(ids) * WINDOW, size ** 2)
        row, column = np.empty((2, room), np.int32)
        value = np.empty(room)
        found = count(*(x.ctypes.data_as(ctypes.c_void_p) if isinstance(
            x, np.ndarray) else ctypes.c_int64(x) for x in (
            ids, lengths, len(lengths), size, WINDOW, table, row, column,
            value)))
        return row[:found], column[:found], value[:found]

    return run


def same(ours, theirs, rtol):
    """Assert that two epochs gave the same loss and gradients."""
    for a, b in zip(ours, theirs, strict=True):
        b = b.detach().numpy() if isinstance(b, torch.Tensor) else b
        size = np.abs(b).max()
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * size)


def epochs(targets, logs, D, shape, goals):
    """Return the rows of one epoch against both peers, in float32."""
    model = GloVe(len(logs), D, rng=np.random.default_rng(0),
                  dtype=np.float32)
    blocks = model.blocks

    def ours():
        return targets.gradients(*blocks)

    peers = {"ones matrices": lambda: with_ones(logs, *blocks),
             "torch autograd": by_torch(logs, *blocks)}
    rows = []
    for (name, theirs), goal in zip(peers.items(), goals):
        loss, dW, dU, db, dt = ours()
        same((loss, dW, dU, db, dt), theirs(), 1e-3)
        rounds = 15 if len(logs) < 1000 else 3
        rows.append(row("GloVe epoch", f"{shape}, D = {D}, f32", name,
                        *medians(ours, theirs, rounds=rounds),
                        goal=round(goal, 3)))
    return rows


MEMORY = """
import sys
sys.path.insert(0, {here!r})
import numpy as np, torch
import glove
torch.set_num_threads(1)
name, sentences = glove.corpus(5000)
sparse = glove.log_counts(glove.cooccurrence(sentences, 5000, {window}))
model = glove.GloVe(5000, 128, rng=np.random.default_rng(0),
                    dtype=np.float32)
if {dense}:
    logs = sparse.toarray().astype(np.float32)
    epoch = glove.by_torch(logs, *model.blocks)
else:
    targets = glove.SparseTargets(sparse, dtype=np.float32)
    epoch = lambda: targets.gradients(*model.blocks)
START()
epoch()
"""


def memory(dense):
    """Return the peak megabytes of one epoch with V = 5,000."""
    return peak_megabytes(MEMORY.format(
        here=str(Path(__file__).parent), window=WINDOW, dense=dense))


def counting(name, sentences, size):
    """Return the row of counting pairs by distance."""
    run = in_c(sentences, size)

    def ours():
        return cooccurrence(sentences, size, WINDOW, by_distance=True)

    X, (rows, columns, values) = ours().tocoo(), run()
    assert np.array_equal(X.row, rows) and np.array_equal(X.col, columns)
    np.testing.assert_allclose(X.data, values, rtol=1e-9)
    return row("co-occurrence counts", f"{name}, window {WINDOW}",
               "C, full table (ours)", *medians(ours, run, rounds=5),
               goal=1.2)


def measure():
    """One row for each task; both sides are compared before the clock."""
    rows = []
    name, sentences = corpus(251)
    logs = log_counts(cooccurrence(sentences, 251, WINDOW).toarray())
    logs = logs.astype(np.float32)
    for D, goals in DENSE.items():
        rows += epochs(DenseTargets(logs, dtype=np.float32), logs, D,
                       "V = 251", goals)
    name, sentences = corpus(5000)
    X = log_counts(cooccurrence(sentences, 5000, WINDOW))
    large = epochs(SparseTargets(X, dtype=np.float32),
                   X.toarray().astype(np.float32), 128, "V = 5,000",
                   (1 / 12, 0.1))
    large[1].update(book_mb=memory(False), peer_mb=memory(True))
    try:
        count = counting(name, sentences, 5000)
    except FileNotFoundError:
        count = skipped("co-occurrence counts", name, "C, full table (ours)",
                        "no compiler")
    return rows + large + [count]
