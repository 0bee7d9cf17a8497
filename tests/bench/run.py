"""Time the book's functions beside PyTorch's, as ratios from one run.

    python tests/bench/run.py [--out FILE]     table on screen, JSON in FILE

A ratio above 1 means that the book is slower. Both sides run in turn on the
same double-precision arrays, on one thread; the median of the rounds counts.
The book writes for the reader, so this is a record, not a race.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as library

from lmbook import functional as book

SHAPES = [(32, 10), (256, 1000), (64, 30000)]
ROUNDS = 15


def tasks(shape, rng):
    """Pairs of calls that compute the same: name, book, PyTorch."""
    logits = rng.normal(size=shape)
    targets = rng.integers(shape[1], size=shape[0])
    scores, classes = torch.tensor(logits), torch.tensor(targets)
    leaf = scores.clone().requires_grad_()

    def backward():
        loss = library.cross_entropy(leaf, classes)
        return torch.autograd.grad(loss, leaf)[0]

    return [
        ("softmax", lambda: book.softmax(logits),
         lambda: torch.softmax(scores, -1)),
        ("logsumexp", lambda: book.logsumexp(logits),
         lambda: torch.logsumexp(scores, -1)),
        ("cross_entropy", lambda: book.cross_entropy(logits, targets),
         lambda: library.cross_entropy(scores, classes)),
        ("cross_entropy, gradient",
         lambda: book.cross_entropy_vjp(1.0, logits, targets), backward),
    ]


def seconds(call, repeats):
    """Time of one call, averaged over `repeats`."""
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def compare(ours, theirs):
    """Median seconds of both calls, which must agree before they are timed."""
    np.testing.assert_allclose(ours(), theirs().numpy(), 1e-10, 1e-12)
    repeats = max(1, int(0.01 / seconds(ours, 1)))
    rounds = [(seconds(ours, repeats), seconds(theirs, repeats))
              for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds)]


def measure():
    """One row for each function and shape."""
    torch.set_num_threads(1)
    rows = []
    for shape in SHAPES:
        for name, ours, theirs in tasks(shape, np.random.default_rng(0)):
            mine, reference = compare(ours, theirs)
            rows.append({"function": name, "shape": list(shape),
                         "book_us": round(1e6 * mine, 1),
                         "torch_us": round(1e6 * reference, 1),
                         "ratio": round(mine / reference, 2)})
    return rows


def main():
    """Measure, print the table, store the rows."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("_build/bench.json"))
    out = parser.parse_args().out
    rows = measure()
    print(f"{'function':26}{'shape':14}"
          f"{'book µs':>10}{'torch µs':>10}{'ratio':>8}")
    for row in rows:
        print(f"{row['function']:26}{'x'.join(map(str, row['shape'])):14}"
              f"{row['book_us']:10}{row['torch_us']:10}{row['ratio']:8}")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(f"written to {out}")


if __name__ == "__main__":
    main()
