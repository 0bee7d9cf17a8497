"""Time the book's code beside its peers, as ratios from one run.

    python tests/bench/run.py [--only FILE ...] [--out FILE] [--growth]

prints the table and stores it, with the machine's description, as JSON.
A ratio above 1 means that the book is slower. Both sides run in turn on
the same input, on one thread; the median of the rounds counts. A peer
that is not installed is skipped, and the row says so.  With --growth
the times at several sizes are measured too; the chapter on speed shows
`book/benchmarks.json`, written with `--growth --out`.
The book writes for the reader, so this is a record, not a race.
"""

import argparse
import importlib
import json
from pathlib import Path

import torch
from timing import machine

FILES = ["functions", "autodiff", "networks", "bpe", "ngrams", "glove",
         "masked"]


def line(row):
    """A row of the table as text."""
    head = f"{row['function']:34}{row['shape']:24}{row['peer']:22}"
    if "skipped" in row:
        return head + row["skipped"]
    memory = (f"{row['book_mb']:9} {row['peer_mb']:9} MB"
              if "book_mb" in row else "")
    return (head + f"{row['book_us']:14}{row['peer_us']:14}{row['ratio']:9}"
            f"{row.get('goal', ''):>7}{memory}")


def main():
    """Measure, print the table, store the rows."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("_build/bench.json"))
    parser.add_argument("--only", nargs="*", default=FILES, choices=FILES)
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{'work':34}{'input':24}{'peer':22}{'book µs':>14}"
          f"{'peer µs':>14}{'ratio':>9}{'goal':>7}")
    rows = []
    for name in options.only:
        for row in importlib.import_module(name).measure():
            rows.append(row)
            print(line(row), flush=True)
    result = {"machine": {
        **machine(), "threads": 1, "torch": torch.__version__}, "rows": rows}
    if options.growth:
        result["growth"] = importlib.import_module("growth").measure()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(
        json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"written to {options.out}")


if __name__ == "__main__":
    main()
