"""The fixed-window model beside the best n-gram model, on three tasks.

    LMBOOK_DATA=... python tests/bench/window_perplexity.py [TASK ...]

writes `book/window_perplexity.json`, which the chapter on the fixed-window
language model shows.  The tasks are that of the chapter (`docs`) and two
on WikiText-2, with the 5,000 most frequent words (`wikitext-5000`) and with
all words of its part dev (`wikitext-all`), the vocabulary of
`perplexities.py`.  There both models learn from nine tenths of dev; the
tenth is for choices, the epoch and the order of the n-gram model.  The test
part is looked at once, at the end.  Each network is trained from several
seeds; the file is written after each, and tasks not named keep what they
have.  The numbers may differ a little on another machine.
"""

import json
import pathlib
import sys
import time

import numpy as np
import torch

from lmbook.data import load
from lmbook.data.tokens import token_sentences
from lmbook.models.fixed_window_torch import (
    FixedWindowLM, familiar, windows)
from lmbook.models.ngram import ModifiedKneserNey, NgramModel
from lmbook.models.window_training_torch import (
    fit, mean_by_sentence, token_log_probabilities)
from lmbook.vocabulary import Vocabulary

SEEDS, WINDOW, PATIENCE = 3, 5, 1
TASKS = {
    "docs": dict(words=1000, dtype=torch.float64, lr=4e-3, batch=256,
                 dim=24, hidden=64, dropout=0.1, epochs=5),
    "wikitext-5000": dict(words=5000, dtype=torch.float32, lr=1e-3,
                          batch=128, dim=64, hidden=128, dropout=0.3,
                          epochs=7),
    "wikitext-all": dict(words=None, dtype=torch.float32, lr=2e-3,
                         batch=256, dim=64, hidden=64, dropout=0.3,
                         epochs=7)}
FILE = (pathlib.Path(__file__).parents[2] / "book"
        / "window_perplexity.json")


def texts(task):
    """Return the vocabulary, and sentences to learn, choose, test."""
    corpus = load("docs" if task == "docs" else "wikitext-2")
    part = {part: token_sentences(corpus.split(part))
            for part in corpus.splits}
    if task == "docs":
        sentences = part["train"][::3], part["dev"], part["test"]
        known = sentences[0]
    else:
        known = part["dev"]
        kept = [s for n, s in enumerate(known) if n % 10]
        sentences = kept, known[::10], part["test"]
    return Vocabulary.build(known, TASKS[task]["words"]), *sentences


def trained(setting, size, learn, choose, seed):
    """Return a network with the weights of its best epoch."""
    torch.set_default_dtype(setting["dtype"])
    torch.manual_seed(seed)
    model = FixedWindowLM(size, WINDOW, setting["dim"], setting["hidden"],
                          1, setting["dropout"])
    adam = torch.optim.Adam(model.parameters(), lr=setting["lr"])
    losses = fit(model, adam, learn, choose, epochs=setting["epochs"],
                 batch_size=setting["batch"], patience=PATIENCE)
    return model, 1 + int(np.argmin([dev for _, dev in losses]))


def counted(vocabulary, learn, choose):
    """Return the n-gram model of the best order."""
    models = [NgramModel(vocabulary, n, ModifiedKneserNey()).fit(learn)
              for n in range(2, WINDOW + 2)]
    return min(models, key=lambda model: model.perplexity(choose))


def rounded(numbers, digits=4):
    """Return a list of numbers, ready for the file."""
    return [round(float(number), digits) for number in numbers]


def comparison(log_p, log_q, data, learn):
    """Return the results; log_p has a row of tokens for each seed."""
    log_mix = np.logaddexp(log_p, log_q) - np.log(2)
    depth = familiar(data[0], learn[0])
    lead, gain = (mean_by_sentence(gap.mean(0), data[1]) for gap in
                  (log_p - log_q, log_mix - log_q))
    rest = depth < WINDOW
    return {"window": rounded(np.exp(-log_p.mean(1)), 2),
            "counts": round(float(np.exp(-log_q.mean())), 2),
            "both": rounded(np.exp(-log_mix.mean(1)), 2),
            "seen_whole": round(float((~rest).mean()), 4),
            "not_whole": rounded((np.exp(-log_p[:, rest].mean()),
                                  np.exp(-log_q[rest].mean())), 2),
            "window_minus_counts_nats": rounded(lead),
            "both_minus_counts_nats": rounded(gain)}


def measure(task):
    """Compare on one task, and write the file after each seed."""
    start, setting = time.process_time(), TASKS[task]
    vocabulary, *sentences = texts(task)
    learn, choose, data = (windows(
        [vocabulary.encode(s) for s in some], WINDOW) for some in sentences)
    counts = counted(vocabulary, *sentences[:2])
    log_q = np.log(counts.token_scores(sentences[2]))
    rows, epochs = [], []
    for seed in range(SEEDS):
        model, best = trained(setting, len(vocabulary), learn, choose, seed)
        rows.append(token_log_probabilities(model, *data))
        epochs.append(best)
        store(task, {
            "vocabulary": len(vocabulary), "order": counts.order,
            "epochs": epochs, "train_tokens": len(learn[1]),
            "test_tokens": len(data[1]),
            "unknown": round(float((data[1] == 0).mean()), 4),
            "parameters": sum(p.numel() for p in model.parameters()),
            **comparison(np.array(rows), log_q, data, learn),
            "torch": torch.__version__,
            "cpu_seconds": round(time.process_time() - start)})


def store(task, found):
    """Write the results of one task; the others stay."""
    old = json.loads(FILE.read_text()) if FILE.exists() else {}
    both = {name: found if name == task else old.get(name)
            for name in TASKS if name == task or name in old}
    FILE.write_text(json.dumps(both, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[1:] or TASKS:
        measure(name)
