"""Answers to I1 to I5: right ones, and wrong ones with their hint."""

import math
import re
from collections import Counter

import numpy as np

from lmbook.bpe import count_pairs, merge_pair, naive_merges
from lmbook.checks.subword_mistakes import (
    apart, backwards, encoded, glued, joined, longest)

TEN = {"Hopkins</w>", "s</w>", "Hop", "JHU</w>"}
LETTERS = re.compile(rb" ?[A-Za-z]+")
ORDER = ["tokenizer", "ids", "model", "ids", "tokenizer"]
KEYS = {"order": ORDER, "labels": "c", "first": "a", "exchange": "b"}


def once(words):
    return count_pairs(dict.fromkeys(words, 1))


def doubled(symbols, pair):
    return tuple(a + b if (a, b) == pair else a
                 for a, b in zip(symbols, (*symbols[1:], ""))) * 2


def train(words, num_merges):
    return naive_merges(words, num_merges)[0]


def trained(choose=max, stop=True, recount=True):
    def wrong(words, num_merges):
        merges, pairs = [], count_pairs(words)
        for _ in range(num_merges):
            pairs = count_pairs(words) if recount else pairs
            if not pairs:
                break
            best = choose(pairs)
            if not recount:
                pairs.pop(best)
            merges.append(best)
            words = {merge_pair(w, best): n for w, n in words.items()}
        return merges if stop else merges + merges[:1]
    return wrong


def alphabetical(pairs):
    return max(pairs, key=lambda pair: (pairs[pair], pair))


def last_met(pairs):
    return max(reversed(pairs), key=pairs.get)


def kind(token, alone, inside):
    if any(byte > 127 for byte in token):
        return "not English"
    if not LETTERS.fullmatch(token):
        return "other"
    return "word" if alone > inside else "piece"


def by_letters(token, alone, inside):
    text = token.decode("utf-8", "replace").removeprefix(" ")
    if not text.isalpha():
        return "not English" if "\ufffd" in text else "other"
    return "word" if alone > inside else "piece"


def strips(token, alone, inside):
    known = kind(b" " + token.strip(), alone, inside)
    return known if token.strip() else "other"


def no_space(token, alone, inside):
    return "other" if token[:1] == b" " else kind(token, alone, inside)


def decodes(token, alone, inside):
    token.decode()
    return kind(token, alone, inside)


def unknown_share(train_words, test_words, size):
    known = dict(Counter(train_words).most_common(size))
    return sum(w not in known for w in test_words) / len(test_words)


def of_kinds(train_words, test_words, size):
    return unknown_share(train_words, sorted(set(test_words)), size)


def own_words(train_words, test_words, size):
    return unknown_share(test_words, test_words, size)


def tokens_per_word(text, tokens):
    return len(tokens) / len(text.split())


def bits_per_byte(nats, tokens, text):
    return nats * len(tokens) / math.log(2) / len(text.encode())


def continue_text(tokenizer, model, text, n):
    ids = tokenizer.encode(text)
    for _ in range(n):
        ids = [*ids, int(np.argmax(model.next_logits(ids)))]
    return tokenizer.decode(ids)


def only_newest(tokenizer, model, text, n):
    ids = tokenizer.encode(text)
    for _ in range(n):
        ids.append(int(np.argmax(model.next_logits(ids[-1:]))))
    return tokenizer.decode(ids)


def one_by_one(tokenizer, model, text, n):
    ids = tokenizer.encode(text)
    for _ in range(n):
        ids.append(int(np.argmax(model.next_logits(ids))))
    return "".join(tokenizer.decode([k]) for k in ids)


def without_prompt(tokenizer, model, text, n):
    ids = tokenizer.encode(text)
    start = len(ids)
    for _ in range(n):
        ids.append(int(np.argmax(model.next_logits(ids))))
    return tokenizer.decode(ids[start:])


def training_pairs(ids):
    return [(ids[:k], ids[k]) for k in range(1, len(ids))]


FOUR = unknown_share, tokens_per_word, bits_per_byte
FIVE = continue_text, training_pairs

RIGHT = {
    "I1": [(count_pairs, merge_pair, TEN),
           (count_pairs, lambda s, p: list(merge_pair(s, p)), sorted(TEN))],
    "I2": [(train, encoded),
           (trained(lambda p: max(p, key=p.get)), encoded)],
    "I3": [(kind,), (lambda t, a, i: "not English" if max(t) > 127
                     else kind(t, a, i),)],
    "I4": [FOUR],
    "I5": [(*FIVE, KEYS),
           (*FIVE, KEYS | {"labels": "(C)", "order": tuple(ORDER)})],
}
WRONG = [
    ("I1", (once, merge_pair, TEN), "as often as it occurs"),
    ("I1", (joined, merge_pair, TEN), "from one word into the next"),
    ("I1", (apart, merge_pair, TEN), "a a a holds it twice"),
    ("I1", (lambda words: dict.fromkeys(count_pairs(words), 7), merge_pair,
            TEN), "the count of .* is not 7"),
    ("I1", (lambda words: 5, merge_pair, TEN), "returns a dict"),
    ("I1", (count_pairs, glued, TEN), "across the border"),
    ("I1", (count_pairs, backwards, TEN), "from left to right"),
    ("I1", (count_pairs, lambda s, p: s, TEN), "nothing was merged"),
    ("I1", (count_pairs, doubled, TEN), "lost or doubled"),
    ("I1", (count_pairs, lambda s, p: "".join(s), TEN), "expected a tuple"),
    ("I1", (count_pairs, merge_pair, TEN - {"Hop"} | {"Hops</w>"}),
     "the eleventh merge"),
    ("I1", (count_pairs, merge_pair, TEN - {"s</w>"}), "look at s</w>"),
    ("I1", (count_pairs, merge_pair, "Hop"), "as a set"),
    ("I2", (trained(alphabetical), encoded), "pair met first"),
    ("I2", (trained(last_met), encoded), "pair met first"),
    ("I2", (trained(lambda p: max(p, key=p.get), recount=False), encoded),
     "count again|stop when"),
    ("I2", (trained(lambda p: min(p, key=p.get)), encoded), "count again"),
    ("I2", (trained(lambda p: max(p, key=p.get), stop=False), encoded),
     "stop when no pair is left"),
    ("I2", (train, longest), "the longest token that fits"),
    ("I2", (train, lambda word, merges: encoded(word, merges[::-1])),
     "learnt first is applied first"),
    ("I2", (train, lambda word, merges: word), "expected"),
    ("I3", (by_letters,), "is a letter"),
    ("I3", (strips,), "one space may stand"),
    ("I3", (no_space,), "the space is part of the token"),
    ("I3", (decodes,), "UnicodeDecodeError"),
    ("I3", (lambda t, a, i: kind(t, i, a),), "expected 'word'"),
    ("I3", (lambda t, a, i: kind(t, 1, 0),), "stands alone|inside longer"),
    ("I4", (of_kinds, *FOUR[1:]), "running words"),
    ("I4", (own_words, *FOUR[1:]), "from the training words"),
    ("I4", (lambda *a: 1 - unknown_share(*a), *FOUR[1:]),
     "share of known words"),
    ("I4", (FOUR[0], lambda t, k: len(t.split()) / len(k), FOUR[2]),
     "words per token"),
    ("I4", (FOUR[0], lambda t, k: len(k) / len(t.split(" ")), FOUR[2]),
     "no empty word"),
    ("I4", (*FOUR[:2], lambda n, k, t: n * len(k) / math.log(2) / len(t)),
     "not a character"),
    ("I4", (*FOUR[:2], lambda n, k, t: n * len(k) / len(t.encode())),
     "these are nats"),
    ("I4", (*FOUR[:2], lambda n, k, t: n * len(k) * math.log(2)
            / len(t.encode())), "more bits than nats"),
    ("I4", (*FOUR[:2], lambda n, k, t: n / math.log(2) / len(t.encode())),
     "the loss is a mean"),
    ("I5", (only_newest, training_pairs, KEYS), "all the ids"),
    ("I5", (one_by_one, training_pairs, KEYS), "was broken"),
    ("I5", (without_prompt, training_pairs, KEYS), "prompt and"),
    ("I5", (lambda t, m, text, n: m.next_logits(text), training_pairs, KEYS),
     "takes a list of ids"),
    ("I5", (lambda t, m, text, n: t.encode(text), training_pairs, KEYS),
     "back through decode"),
    ("I5", (continue_text, lambda ids: [(ids[:k], ids[k])
                                        for k in range(len(ids))], KEYS),
     "all ids before one"),
    ("I5", (continue_text, lambda ids: list(zip(ids, ids[1:])), KEYS),
     "all ids before one"),
    ("I5", (continue_text, lambda ids: ids[1:], KEYS), "all ids before one"),
    ("I5", (*FIVE, {"order": ORDER}), "still to answer: labels, first"),
    ("I5", (*FIVE, KEYS | {"order": ORDER[1:]}), "ids become text"),
    ("I5", (*FIVE, KEYS | {"labels": "a"}), "the next one"),
    ("I5", (*FIVE, KEYS | {"first": "b"}), "the ids come first"),
    ("I5", (*FIVE, KEYS | {"exchange": "a"}), "row 300"),
    ("I5", (*FIVE, ["c"]), "answer with a dict"),
]
