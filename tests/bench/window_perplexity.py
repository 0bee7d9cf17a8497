"""The fixed-window model beside the best n-gram model, on two texts.

    LMBOOK_DATA=... python tests/bench/window_perplexity.py

writes `book/window_perplexity.json`, which the chapter on the fixed-window
language model shows.  On `wikitext-2` both models learn from its part dev
and are tested on its part test.  The number of epochs and the order of the
n-gram model are chosen beforehand, without the test part: every tenth
sentence of dev is held out, and the models see it again afterwards.  On
`docs` the model is that of the chapter.  Each network is trained from
several seeds.  The numbers may differ a little on another machine.
"""

import json
import pathlib
import platform
import time

import numpy as np
import torch

from lmbook.data import load
from lmbook.data.tokens import token_sentences
from lmbook.models.fixed_window_torch import (
    FixedWindowLM, familiar, windows)
from lmbook.models.ngram import ModifiedKneserNey, NgramModel
from lmbook.models.window_training_torch import (
    fit, mean_by_sentence, token_log_probabilities, train_epoch)
from lmbook.vocabulary import Vocabulary

SEEDS, WINDOW, MOST_EPOCHS = 3, 5, 9
SETTINGS = {
    "docs": dict(words=1000, dtype=torch.float64, lr=4e-3, batch=256,
                 embedding_dim=24, hidden_dim=64, dropout=0.1),
    "wikitext-2": dict(words=5000, dtype=torch.float32, lr=1e-3, batch=128,
                       embedding_dim=64, hidden_dim=128, dropout=0.3)}
FILE = (pathlib.Path(__file__).parents[2] / "book"
        / "window_perplexity.json")


def texts(name):
    """Return the sentences to learn from, to choose on, to test on."""
    part = {part: token_sentences(load(name).split(part))
            for part in load(name).splits}
    if name == "docs":
        return part["train"][::3], part["dev"], part["test"]
    whole = part["dev"]
    kept = [s for n, s in enumerate(whole) if n % 10]
    return kept, whole[::10], part["test"]


def ids(sentences, vocabulary):
    """Return the windows of sentences of tokens."""
    return windows([vocabulary.encode(s) for s in sentences], WINDOW)


def model_of(setting, seed):
    """Return a new network and its optimiser."""
    torch.set_default_dtype(setting["dtype"])
    torch.manual_seed(seed)
    model = FixedWindowLM(
        setting["words"], WINDOW, setting["embedding_dim"],
        setting["hidden_dim"], 1, setting["dropout"])
    return model, torch.optim.Adam(model.parameters(), lr=setting["lr"])


def ngram(vocabulary, order, sentences):
    """Return the n-gram model of an order."""
    return NgramModel(vocabulary, order, ModifiedKneserNey()).fit(sentences)


def choices(name, setting, learn, choose):
    """Return (epochs, order): the best on the sentences to choose on."""
    vocabulary = Vocabulary.build(learn, max_size=setting["words"])
    order = min(range(2, WINDOW + 2), key=lambda n: ngram(
        vocabulary, n, learn).perplexity(choose))
    if name == "docs":
        return 5, order
    model, adam = model_of(setting, SEEDS)
    losses = fit(model, adam, ids(learn, vocabulary),
                 ids(choose, vocabulary), epochs=MOST_EPOCHS,
                 batch_size=setting["batch"], patience=1)
    return 1 + int(np.argmin([dev for _, dev in losses])), order


def rounded(pair):
    """Return two numbers, ready for the file."""
    return [round(float(value), 4) for value in pair]


def over_seeds(values):
    """Return mean and standard error of one number for each seed."""
    return rounded((np.mean(values),
                    np.std(values, ddof=1) / SEEDS ** 0.5))


def summary(log_p, log_q, data, train):
    """Return the comparison; log_p has a row of tokens for each seed."""
    log_mix = np.logaddexp(log_p, log_q) - np.log(2)
    depth = familiar(data[0], train[0])
    groups = [[int((depth == k).sum())] + rounded(
        np.exp(-np.mean(logs[..., depth == k]))
        for logs in (log_p, log_q, log_mix)) for k in range(WINDOW + 1)]
    lead, gain = (mean_by_sentence(gap.mean(0), data[1]) for gap in
                  (log_p - log_q, log_mix - log_q))
    return {"window": over_seeds(np.exp(-log_p.mean(1))),
            "counts": round(float(np.exp(-log_q.mean())), 4),
            "both": over_seeds(np.exp(-log_mix.mean(1))),
            "window_minus_counts_nats": rounded(lead),
            "both_minus_counts_nats": rounded(gain),
            "groups": groups}


def measured(name):
    """Return the comparison on one text."""
    setting = SETTINGS[name]
    learn, choose, test = texts(name)
    epochs, order = choices(name, setting, learn, choose)
    if name != "docs":
        learn = token_sentences(load(name).split("dev"))
    vocabulary = Vocabulary.build(learn, max_size=setting["words"])
    train, data = ids(learn, vocabulary), ids(test, vocabulary)
    rows = []
    for seed in range(SEEDS):
        model, adam = model_of(setting, seed)
        for _ in range(epochs):
            train_epoch(model, adam, *train, setting["batch"])
        rows.append(token_log_probabilities(model, *data))
        print(name, seed, np.exp(-rows[-1].mean()), flush=True)
    log_q = np.log(ngram(vocabulary, order, learn).token_scores(test))
    return {"vocabulary": len(vocabulary), "order": order,
            "epochs": epochs, "train_tokens": len(train[1]),
            "test_tokens": len(data[1]),
            "unknown": round(float((data[1] == 0).mean()), 4),
            "parameters": sum(p.numel() for p in model.parameters()),
            **summary(np.array(rows), log_q, data, train)}


def main():
    """Measure both texts, and write the file."""
    torch.set_num_threads(1)
    start = time.process_time()
    results = {name: measured(name) for name in SETTINGS}
    results["made_with"] = {
        "machine": platform.machine(), "python": platform.python_version(),
        "torch": torch.__version__, "seeds": SEEDS,
        "cpu_seconds": round(time.process_time() - start)}
    FILE.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
