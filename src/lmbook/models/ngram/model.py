"""The model: tables of scores, one token or a whole text at a time."""

import numpy as np

from lmbook.ngrams import ngram_tables, sentence_ids
from lmbook.vocabulary import BOS, EOS

from .smoothing import MaximumLikelihood


class NgramModel:
    """A language model that looks at the n - 1 tokens before.

    `<s>` opens a sentence, once (`starts=1`, as in KenLM) or as often as
    said (n - 1 times in `nltk.lm`); `</s>` closes it. `<s>` is never
    predicted: its score is 0 in every context.

    A context longer than n - 1 tokens is cut to its last n - 1, a shorter
    one is answered by the lower order. Unknown tokens are `<unk>`.

    Errors: `ValueError` for an order below 1, `starts` below 1, a
    vocabulary without `<s>` or `</s>`, or if the smoothing has weights
    for another order.

    >>> from lmbook.vocabulary import Vocabulary
    >>> sentences = [["who", "framed", "roger"], ["roger", "rabbit"]]
    >>> model = NgramModel(Vocabulary.build(sentences), order=2)
    >>> model.fit(sentences).score("rabbit", ["roger"])
    0.5
    """

    def __init__(self, vocabulary, order, smoothing=None, starts=1):
        for name, number in (("order", order), ("starts", starts)):
            if number != int(number) or number < 1:
                raise ValueError(f"{name} is {number}; expected a whole "
                                 "number above 0")
        for mark in (BOS, EOS):
            if mark not in vocabulary:
                raise ValueError(f"the vocabulary has no {mark!r}")
        self.smoothing = smoothing or MaximumLikelihood()
        self.smoothing.check(order)
        self.vocabulary = vocabulary
        self.order, self.starts = int(order), int(starts)
        self.tables = None

    def fit(self, sentences):
        """Count the n-grams of sentences, lists of tokens; return self.

        Errors: `ValueError` for no sentences, a string for a sentence,
        `<s>` or `</s>` in a sentence. An empty sentence is `<s> </s>`.
        """
        ids = sentence_ids(sentences, self.vocabulary, self.starts)
        return self.fit_tables(ngram_tables(
            ids, self.order, len(self.vocabulary), self.vocabulary.id(EOS)))

    def fit_tables(self, tables):
        """Take the counts of orders 1 to n, made elsewhere; return self.

        tables: those of `lmbook.ngrams`, with the ids of this vocabulary.
        Errors: `ValueError` for tables of another order or size.
        """
        size, start = len(self.vocabulary), self.vocabulary.id(BOS)
        if (len(tables), tables[0].vocab_size) != (self.order, size):
            raise ValueError(f"got tables of order {len(tables)} for "
                             f"{tables[0].vocab_size} tokens; expected order "
                             f"{self.order} and {size}")
        self.tables = tables
        self._base = np.full(size, 1 / (size - 1))
        self._base[start] = 0.0
        self._probs, self._backs, below = [], [], self._base
        for table, counts in zip(self.tables,
                                 self.smoothing.counts(self.tables)):
            if self._probs:
                below = self._probs[-1][table.suffixes]
            ends = table.next_ids
            prob, back = self.smoothing.estimate(
                table, np.where(ends == start, 0, counts), below)
            prob = np.where(ends == start, 0.0, prob)
            # for rows -2, no room for a context, and -1, one never seen
            self._probs.append(np.append(prob, (0.0, 0.0)))
            self._backs.append(np.append(back, (1.0, self.smoothing.unseen)))
        return self

    # ------------------------------------------------- one context

    def score(self, token, context=()):
        """Return the probability of a token after a context of tokens.

        It is a score without that meaning for `StupidBackoff`.
        """
        return float(self.scores(context)[self.vocabulary.id(token)])

    def scores(self, context=()):
        """Return the score of every token after a context, shape (V,)."""
        return self._scores(self.vocabulary.encode(context))

    def next_logits(self, context):
        """Return the log scores after a context of ids, shape (V,).

        A score of 0 is -inf. Errors: `ValueError` for ids that are not
        from 0 to V - 1.
        """
        ids = np.asarray(context, dtype=np.int64).reshape(-1)
        if ids.size and not 0 <= ids.min() <= ids.max() < len(self._base):
            raise ValueError(f"the context {ids.tolist()} has ids outside 0 "
                             f"to {len(self._base) - 1}")
        with np.errstate(divide="ignore"):
            return np.log(self._scores(ids))

    def most_probable(self, context=(), k=10):
        """Return the k best (token, score) after a context of tokens.

        Best first; equal scores in alphabetical order. There are fewer
        than k if the vocabulary is smaller. Errors: `ValueError` for k
        below 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; expected at least 1")
        scores = self.scores(context)
        least = np.sort(scores)[-k:][0]
        return _best([(self.vocabulary.tokens[i], float(scores[i]))
                      for i in np.flatnonzero(scores >= least)])[:k]

    def candidates(self, context=()):
        """Return (token, count) of all that followed a context of tokens.

        Most frequent first, then alphabetical; none for a context that
        was not seen, or longer than n - 1. `<s>` counts as a token here:
        after the empty context it is listed, too.
        """
        ids = self.vocabulary.encode(context)
        row = self._row(ids) if len(ids) < self.order else -1
        if row < 0:
            return []
        found, counts = self.tables[len(ids)].followers(row)
        return _best([(self.vocabulary.tokens[i], int(count))
                      for i, count in zip(found, counts) if count])

    def count(self, ngram):
        """Return how often an n-gram of 1 to n tokens was counted.

        Errors: `ValueError` for another length.
        """
        ids = self.vocabulary.encode(ngram)
        if not 1 <= len(ids) <= self.order:
            raise ValueError(f"{ngram} has {len(ids)} tokens; expected 1 to "
                             f"{self.order}")
        row = self._row(ids)
        return int(self.tables[len(ids) - 1].counts[row]) if row >= 0 else 0

    def _row(self, ids):
        """Return the row of an n-gram of ids in its table, or -1."""
        self._fitted()
        row = 0
        for table, token in zip(self.tables, ids):
            row = table.find(row, token)
        return row

    def _scores(self, context):
        """Return the score of every token after a context of ids."""
        self._fitted()
        scores = self._base
        for n in range(1, min(self.order, len(context) + 1) + 1):
            table = self.tables[n - 1]
            row = self._row(context[len(context) - n + 1:])
            lower = scores if row < 0 or self.smoothing.recursive else (
                self._base)
            scores = self._backs[n - 1][row] * lower
            if row >= 0:
                seen = slice(table.offsets[row], table.offsets[row + 1])
                scores[table.followers(row)[0]] = self._probs[n - 1][seen]
        return scores

    # ----------------------------------------------- a whole text

    def token_scores(self, sentences):
        """Return the score of every token of sentences, and of `</s>`.

        Each is taken after the tokens before it in its sentence. Shape
        (T,), in the order of the text, `<s>` left out.
        """
        self._fitted()
        ids = sentence_ids(sentences, self.vocabulary, self.starts)
        scores, base = self._probs[0][ids], self._base[ids]
        for n, before, rows in self.walk(ids):
            prob, back = self._probs[n - 1], self._backs[n - 1]
            lower = scores if self.smoothing.recursive else np.where(
                before < 0, scores, base)
            scores = np.where(rows < 0, back[before] * lower, prob[rows])
        return scores[ids != self.vocabulary.id(BOS)]

    def walk(self, ids):
        """Yield (n, before, rows) for each order n from 2 up.

        Shapes: ids (T,) as from `sentence_ids`; before (T,), the row of
        the n - 1 tokens before each token in the table of order n - 1;
        rows (T,), the row of these and the token in that of order n. Both
        are -1 where there is none, -2 if the sentence has no room for it.
        """
        rows, ends = ids, ids == self.vocabulary.id(EOS)
        for table in self.tables[1:]:
            before = np.append(-2, np.where(ends, -2, rows)[:-1])
            rows = np.where(before < 0, before, table.find(before, ids))
            yield table.order, before, rows

    def perplexity(self, sentences):
        """Return the perplexity of sentences, which are lists of tokens.

        exp of the mean of -log score over all tokens and `</s>`; `inf` if
        one of them has probability 0.

        Errors: `ValueError` if the scores are not probabilities.
        """
        if not self.smoothing.normalised:
            raise ValueError(f"{type(self.smoothing).__name__} gives scores "
                             "that do not sum to 1: no perplexity")
        with np.errstate(divide="ignore"):
            logs = np.log(self.token_scores(sentences))
        return float(np.exp(-logs.mean()))

    def _fitted(self):
        """Raise `ValueError` before `fit`."""
        if self.tables is None:
            raise ValueError("the model has no counts yet: call fit first")


def _best(pairs):
    """Return pairs (token, number), largest first, then alphabetical."""
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
