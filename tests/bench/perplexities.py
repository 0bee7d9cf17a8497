"""Perplexity of each smoothing and order on WikiText-2.

    LMBOOK_DATA=folder python tests/bench/perplexities.py

writes `book/ngram_perplexities.json`, which the chapters on language
models show.  The models are trained on the dev split (valid.txt) and
tested on the test split (test.txt).  The vocabulary is every token of the
training text, `<unk>` among them, with `<s>` and `</s>`; a test token
outside it is scored as `<unk>`.  Perplexity counts every token and one
`</s>` for each sentence, but not `<s>`.

The weights of the interpolation, k of add-k and the discount D of
Kneser-Ney are chosen on the last tenth of the training sentences by
models of the first nine tenths; the test text is looked at once, at the
end.  Beside the book's Kneser-Ney stands that of nltk with the same n-grams
and discount: its time grows with the text, so it scores `SHORT` sentences
of the test text, and both numbers are for these.
"""

import json
import math
import pathlib
import platform

import nltk.lm
import numpy as np

from lmbook.data import load
from lmbook.data.tokens import token_sentences
from lmbook.models.ngram import (
    AddK, Interpolated, KneserNey, MaximumLikelihood, ModifiedKneserNey,
    NgramModel, tuned)
from lmbook.ngrams import sentence_ids
from lmbook.vocabulary import BOS, EOS, UNK, Vocabulary

ORDERS, NLTK_ORDERS, SHORT = (1, 2, 3, 4, 5), (2, 3), 10
KS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
DISCOUNTS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
FILE = pathlib.Path(__file__).parents[2] / "book" / "ngram_perplexities.json"


def chosen(smoothings, train, held_out, vocabulary, order):
    """Return the smoothing with the lowest perplexity held out."""
    return min(smoothings, key=lambda smoothing: NgramModel(
        vocabulary, order, smoothing).fit(train).perplexity(held_out))


def smoothings(train, order):
    """Return {name: smoothing}, tuned on the last tenth of the text.

    The vocabulary is that of the first nine tenths, so that the last one
    has unknown words, as the test text has.
    """
    cut = len(train) * 9 // 10
    first, last = train[:cut], train[cut:]
    vocabulary = Vocabulary.build(first)
    counts = NgramModel(vocabulary, order).fit(first)
    return {
        "maximum likelihood": MaximumLikelihood(),
        "add-1": AddK(1.0),
        "add-k": chosen(map(AddK, KS), first, last, vocabulary, order),
        "interpolated, equal weights": Interpolated(),
        "interpolated, tuned": tuned(counts, last),
        "Kneser-Ney": chosen(map(KneserNey, DISCOUNTS), first, last,
                             vocabulary, order),
        "Kneser-Ney, modified": ModifiedKneserNey()}


def rounded(number, digits=2):
    """Return a number to store; None, which JSON has, for infinity."""
    return round(float(number), digits) if math.isfinite(number) else None


def parameters(smoothing):
    """Return the numbers that were chosen, {name: number or list}."""
    return {name: np.round(value, 4).tolist()
            for name, value in vars(smoothing).items() if value is not None}


def unseen(model, test):
    """Return the share of n-grams of the test text that were not seen."""
    ids = sentence_ids(test, model.vocabulary)
    rows = np.where(model.tables[0].counts[ids] > 0, ids, -1)
    for _, _, rows in model.walk(ids):
        pass                    # the last rows are those of order n
    rows = rows[ids != model.vocabulary.id(BOS)]
    return (rows == -1).sum() / (rows > -2).sum()


def nltk_perplexity(train, test, vocabulary, order, discount):
    """Return the perplexity of nltk's model with the book's n-grams."""
    def grams(sentence, orders):
        tokens = [BOS] * (order - 1) + sentence + [EOS]
        tokens = vocabulary.decode(vocabulary.encode(tokens))
        return [tuple(tokens[i - n + 1:i + 1])
                for i in range(order - 1, len(tokens)) for n in orders]

    model = nltk.lm.KneserNeyInterpolated(
        order, discount,
        vocabulary=nltk.lm.Vocabulary(vocabulary.tokens, unk_cutoff=1,
                                      unk_label=UNK))
    model.fit(grams(sentence, range(1, order + 1)) for sentence in train)
    return model.perplexity([gram for sentence in test
                             for gram in grams(sentence, [order])])


def beside_nltk(train, test, vocabulary, order, discount):
    """Return the row of both libraries on a few sentences."""
    few = test[:SHORT]
    ours = NgramModel(vocabulary, order, KneserNey(discount),
                      starts=order - 1).fit(train).perplexity(few)
    theirs = nltk_perplexity(train, few, vocabulary, order, discount)
    assert abs(ours / theirs - 1) < 1e-9
    return {"order": order, "discount": discount, "sentences": len(few),
            "tokens": sum(map(len, few)) + len(few),
            "book": rounded(ours, 6), "nltk": rounded(theirs, 6)}


def main():
    """Measure every model and write the file."""
    corpus = load("wikitext-2")
    train, test = (token_sentences(corpus.split(part))
                   for part in ("dev", "test"))
    vocabulary = Vocabulary.build(train)
    rows, peers, shares = [], [], []
    for order in ORDERS:
        found = smoothings(train, order)
        for name, smoothing in found.items():
            model = NgramModel(vocabulary, order, smoothing).fit(train)
            rows.append({"smoothing": name, "order": order,
                         **parameters(smoothing),
                         "perplexity": rounded(model.perplexity(test))})
        shares.append(rounded(unseen(model, test), 4))
        if order in NLTK_ORDERS:
            peers.append(beside_nltk(train, test, vocabulary, order,
                                     found["Kneser-Ney"].discount))
    tokens = [token for sentence in test for token in sentence]
    store({"corpus": "wikitext-2", "trained_on": "dev", "tested_on": "test",
           "vocabulary": len(vocabulary), "python": platform.python_version(),
           "train_sentences": len(train), "test_sentences": len(test),
           "train_tokens": sum(map(len, train)), "test_tokens": len(tokens),
           "test_unknown": sum(t not in vocabulary for t in tokens),
           "test_unk": tokens.count(UNK), "unseen_share": shares,
           "rows": rows, "nltk": peers})


def store(found):
    """Write the file; what others have put in it under other names stays."""
    old = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.write_text(json.dumps({**old, **found}, indent=1) + "\n",
                    encoding="utf-8")


if __name__ == "__main__":
    main()
