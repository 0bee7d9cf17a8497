"""Time the book's functions beside their peers, as ratios from one run.

    python tests/bench/run.py [--out FILE]     table on screen, JSON in FILE

A ratio above 1 means that the book is slower. Both sides run in turn on the
same arrays, on one thread; the median of the rounds counts.
The book writes for the reader, so this is a record, not a race.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from autodiff import measure as measure_autodiff
from networks import measure as measure_networks
from timing import medians, row
from torch.nn import functional as library

from lmbook import functional as book

SHAPES = [(32, 10), (256, 1000), (64, 30000)]


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


def measure():
    """One row for each function and shape."""
    rows = []
    for shape in SHAPES:
        for name, ours, theirs in tasks(shape, np.random.default_rng(0)):
            np.testing.assert_allclose(
                ours(), theirs().numpy(), 1e-10, 1e-12)
            rows.append(row(name, "x".join(map(str, shape)), "torch",
                            *medians(ours, theirs)))
    return rows


def main():
    """Measure, print the table, store the rows."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("_build/bench.json"))
    out = parser.parse_args().out
    torch.set_num_threads(1)
    rows = measure() + measure_autodiff() + measure_networks()
    print(f"{'function':26}{'shape':14}{'peer':20}"
          f"{'book µs':>12}{'peer µs':>12}{'ratio':>10}")
    for line in rows:
        print(f"{line['function']:26}{line['shape']:14}{line['peer']:20}"
              f"{line['book_us']:12}{line['peer_us']:12}{line['ratio']:10}")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(f"written to {out}")


if __name__ == "__main__":
    main()
