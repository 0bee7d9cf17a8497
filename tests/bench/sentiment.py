"""Sentiment classifiers of four sizes at four learning rates, five seeds.

    python tests/bench/sentiment.py

writes `book/sentiment_sweep.json`, which the chapter on sentiment shows:
for each corpus, size and rate the mean over the seeds, with its standard
error, of development loss and accuracy at the epoch of the lowest
development loss.  Each size at its best rate is also compared with the
best classifier without hidden layers, sentence by sentence: `minus_votes`
holds the mean difference in accuracy and its standard error over the
sentences.  `rt-polarity` is measured if LMBOOK_DATA names a folder
that holds it.  The numbers are float32 and may differ a little elsewhere.
Beside them stands scikit-learn's logistic regression on the same shares.
"""

import json
import os
import pathlib
import platform
import time

import numpy as np
from sklearn.linear_model import LogisticRegression

from lmbook import optim
from lmbook.data import load, words
from lmbook.models.classifier import (
    classifier, encode, shares, vocabulary)
from lmbook.training import fit

SIZES = ((), (512,), (512, 512), (512, 512, 512))
RATES = {"reviews": (0.0003, 0.001, 0.004, 0.016),
         "rt-polarity": (0.0003, 0.001)}
EPOCHS = {"reviews": 12, "rt-polarity": 5}
SEEDS, DIM, BATCH = 5, 16, 32
FILE = pathlib.Path(__file__).parents[2] / "book" / "sentiment_sweep.json"


def prepared(name):
    """Return {part: (ids, labels)} and the size of the vocabulary."""
    corpus = load(name)
    tokens = {part: [words(s) for s in corpus.split(part).paragraphs]
              for part in corpus.splits}
    index = vocabulary(tokens["train"])
    return {part: (encode(tokens[part], index),
                   np.array(corpus.split(part).labels))
            for part in tokens}, len(index)


def trained(data, size, hidden, lr, seed, epochs):
    """Return the best dev loss, and which sentences are right there."""
    rng = np.random.default_rng(seed)
    model = classifier(size, DIM, hidden, rng=rng, dtype=np.float32)
    history = fit(model, optim.Adam(model.parameters(), lr=lr),
                  *data["train"], epochs=epochs, batch_size=BATCH, rng=rng,
                  validation=data["dev"], patience=3, progress=False)
    with model.evaluating():
        right = [model(ids).argmax(-1) == labels
                 for ids, labels in (data["dev"], data["test"])]
    return min(history.validation), *right


def peer(data, size):
    """Return dev and test accuracy of logistic regression, best C."""
    rows = {part: shares(ids, size) for part, (ids, _) in data.items()}
    found = []
    for C in (1.0, 10.0, 100.0, 1000.0):
        model = LogisticRegression(C=C, max_iter=5000)
        model.fit(rows["train"], data["train"][1])
        found.append([float(model.score(rows[part], data[part][1]))
                      for part in ("dev", "test")])
    return max(found)


def row_of(hidden, lr, runs):
    """Return the row of the table, and the share of seeds right on each
    development and test sentence."""
    losses, *right = (np.array(column) for column in zip(*runs))
    row = {"hidden": list(hidden), "lr": lr}
    for column, values in zip(
            ("dev_loss", "dev_accuracy", "test_accuracy"),
            (losses, *(part.mean(1) for part in right))):
        error = values.std(ddof=1) / SEEDS ** 0.5
        row[column] = [round(float(values.mean()), 4),
                       round(float(error), 4)]
    return row, [part.mean(0) for part in right]


def minus_votes(found):
    """Return the difference of each best network to the best votes.

    It is taken sentence by sentence; the error is that of its mean over
    the sentences.
    """
    best = [min((pair for pair in found if pair[0]["hidden"] == list(size)),
                key=lambda pair: pair[0]["dev_loss"]) for size in SIZES]
    table = []
    for row, shares_right in best[1:]:
        table.append({"hidden": row["hidden"], "lr": row["lr"]})
        for part, own, votes in zip(("dev", "test"), shares_right,
                                    best[0][1]):
            apart = own - votes                             # (sentences,)
            error = apart.std(ddof=1) / len(apart) ** 0.5
            table[-1][part] = [round(float(apart.mean()), 4),
                               round(float(error), 4)]
    return table


def measured(name):
    """Return the table of one corpus."""
    data, size = prepared(name)
    found = []
    for hidden in SIZES:
        for lr in RATES[name] if hidden else (0.001, 0.004, 0.016):
            runs = [trained(data, size, hidden, lr, seed,
                            EPOCHS[name] + 4 * (not hidden))
                    for seed in range(SEEDS)]
            found.append(row_of(hidden, lr, runs))
            print(name, found[-1][0], flush=True)
    return {"sentences": {part: len(y) for part, (_, y) in data.items()},
            "logistic_regression": dict(zip(
                ("dev_accuracy", "test_accuracy"),
                (round(value, 4) for value in peer(data, size)))),
            "minus_votes": minus_votes(found),
            "runs": [row for row, _ in found]}


def main():
    """Measure every corpus that is there, and write the file."""
    names = ["reviews"] + ["rt-polarity"] * ("LMBOOK_DATA" in os.environ)
    start = time.process_time()
    results = {name: measured(name) for name in names}
    results["made_with"] = {
        "machine": platform.machine(), "python": platform.python_version(),
        "numpy": np.__version__, "type": "float32", "seeds": SEEDS,
        "cpu_seconds": round(time.process_time() - start)}
    FILE.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
