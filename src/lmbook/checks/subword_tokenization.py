"""The checks of the chapter on subword tokenisation, I1 to I5."""

import math
from collections import Counter

from ..bpe import count_pairs, merge_pair, naive_merges, spelled
from .registry import ask, exercise, expect, require
from .subword_mistakes import (
    HAND, KINDS, NOTES, PLACES, RUNS, Spy, apart, backwards, encoded,
    glued, joined, longest)

TEN = {"Hopkins</w>", "JHU</w>", "Hop", "s</w>"}
FIRST_MET = "on a tie take the pair met first, as max(c, key=c.get) does"
ORDER = ["tokenizer", "ids", "model", "ids", "tokenizer"]
QUIZ = {"labels": ("c", "the target of each token is the next one, and the"
                   " text holds it already"),
        "first": ("a", "the model has a row of weights for each id, so the"
                  " ids come first"),
        "exchange": ("b", "row 300 of the embedding was learnt for what id"
                     " 300 meant then")}


@exercise("I1", "ten merges by hand")
def i1(pair_counts, merge, tokens):
    """Check words -> pair counts, (symbols, pair) -> symbols, a set."""
    for words in (HAND, RUNS):
        _counts(ask(pair_counts, dict(words)), words)
    for symbols, pair in PLACES:
        got = _symbols(ask(merge, symbols, pair), "the merged word")
        _same(got, merge_pair(symbols, pair), f"{pair} in {symbols}", {
            f"{''.join(pair)!r} is found across the border of two symbols:"
            " compare symbols, not characters": glued(symbols, pair),
            "go from left to right": backwards(symbols, pair),
            "nothing was merged": symbols})
    require(not isinstance(tokens, str), "give the tokens as a set")
    tokens = set(tokens)
    require("Hops</w>" not in tokens, "Hops</w> would be the eleventh"
            f" merge: {FIRST_MET}")
    require(tokens == TEN, "not the tokens after ten merges: look at"
            f" {', '.join(sorted(map(str, tokens ^ TEN)))}")


@exercise("I2", "training and encoding")
def i2(train, encode):
    """Check (words, num_merges) -> merges, (symbols, merges) -> symbols."""
    for words in (HAND, NOTES, RUNS):
        for size in (1, 4, 10, 40):
            _merges(ask(train, dict(words), size), words, size)
    merges = naive_merges(NOTES, 40)[0]
    more = "stones", "nonets", "ban", "sonnet", "xenon"
    for word in (*NOTES, *spelled(dict.fromkeys(more, 1)), ()):
        got = _symbols(ask(encode, word, list(merges)), "the tokens")
        _same(got, encoded(word, merges), f"encoding {word}", {
            "this takes the longest token that fits: apply the merges in"
            " the order in which they were learnt": longest(word, merges),
            "the merge learnt first is applied first":
                encoded(word, merges[::-1])})


@exercise("I3", "four kinds of tokens")
def i3(kind):
    """Check (token, uses alone, uses inside a chunk) -> its kind."""
    for token, alone, inside, right, hint in KINDS:
        got = ask(kind, token, alone, inside)
        require(got == right, f"{token!r}, {alone} times alone and {inside}"
                f" times inside: expected {right!r}, got {got!r}: {hint}")


@exercise("I4", "unknown words, tokens per word, bits per byte")
def i4(unknown_share, tokens_per_word, bits_per_byte):
    """Check three numbers that compare vocabularies."""
    train = "a rose is a rose is a rose and so is a thorn".split()
    test = "a rose and a violet and a tulip is a violet too".split()
    for size in (1, 2, 3, 9):
        _unknown(ask(unknown_share, list(train), list(test), size),
                 train, test, size)
    for text, tokens in (("one two  six", ["on", "e", " two", " ", " six"]),
                         ("naïve", ["na", "ï", "ve"])):
        count, words = len(tokens), len(text.split())
        expect(ask(tokens_per_word, text, list(tokens)), count / words,
               f"tokens per word of {text!r}", {
                   "this is words per token": words / count,
                   "two spaces make no empty word: use split()":
                       count / len(text.split(" "))})
        for nats in (0.0, 1.0, 3.5):
            _bits(ask(bits_per_byte, nats, list(tokens), text),
                  nats, count, text)


@exercise("I5", "from text to ids and back")
def i5(continue_text, training_pairs, answers):
    """Check (tokenizer, model, text, n) -> text, ids -> pairs, a quiz."""
    for text, n in (("ab", 4), ("é", 2), ("ab", 0)):
        spy, start = Spy(), len(text.encode())
        got = ask(continue_text, spy, spy, text, n)
        require(isinstance(got, str), "ids go back through decode: return"
                f" text, not {type(got).__name__}")
        require(spy.lengths == list(range(start, start + n)), f"for {n} new"
                " ids the model must be asked once each, with all the ids"
                f" so far; it was given {spy.lengths} ids")
        right = text + "é" * (n // 2)
        require("\ufffd" not in got, "a character of two tokens was"
                " broken: decode all ids in one call")
        require(got == right, f"expected {right!r}, got {got!r}: prompt and"
                " continuation, once each")
    for ids in ([5, 7, 7, 2], [3]):
        _pairs(ask(training_pairs, ids), ids)
    _quiz(answers)


def _same(got, right, what, mistakes):
    """Compare symbols; name a mistake that gives exactly this."""
    if got == right:
        return
    for hint, value in mistakes.items():
        require(got != value, f"{what}: {hint}")
    require("".join(got) == "".join(right),
            f"{what}: characters are lost or doubled in {got}")
    require(False, f"{what}: got {got}, expected {right}")


def _symbols(got, what):
    """Return a sequence of strings as a tuple, or say that it is none."""
    require(isinstance(got, (tuple, list)) and all(
        isinstance(s, str) for s in got),
        f"{what}: expected a tuple of symbols, got {got!r}")
    return tuple(got)


def _counts(got, words):
    """Compare pair counts, with hints for the usual miscounts."""
    require(isinstance(got, dict), "pair_counts returns a dict from pair to"
            f" count, got {type(got).__name__}")
    got = {pair: count for pair, count in got.items() if count}
    right = count_pairs(words)
    for hint, value in {
            "a word counts as often as it occurs":
                count_pairs(dict.fromkeys(words, 1)),
            "a pair does not reach from one word into the next":
                joined(words),
            "count a pair wherever it stands: a a a holds it twice":
                apart(words)}.items():
        require(got == right or got != value, hint)
    wrong = sorted(p for p in right | got if right.get(p) != got.get(p))
    require(not wrong, f"the count of {wrong[:1]} is not"
            f" {got.get((wrong or [0])[0])}")


def _merges(got, words, size):
    """Compare learnt merges; a tie settled otherwise is named."""
    got, right = [tuple(pair) for pair in got], naive_merges(words, size)[0]
    for number, (mine, theirs) in enumerate(zip(got, right), 1):
        if mine != theirs:
            left = {encoded(w, right[:number - 1]): n
                    for w, n in words.items()}
            pairs = count_pairs(left)
            require(pairs.get(mine) != pairs[theirs], f"merge {number} of"
                    f" {list(words)[:3]}: {mine} and {theirs} both occur"
                    f" {pairs[theirs]} times: {FIRST_MET}")
            require(False, f"merge {number}: {theirs} occurs"
                    f" {pairs[theirs]} times, {mine} {pairs.get(mine, 0)}"
                    " times: count again after each merge")
    require(len(got) == len(right), f"asked for {size} merges you give"
            f" {len(got)}, expected {len(right)}: stop when no pair is left")


def _unknown(got, train, test, size):
    """Compare the share of unknown words."""
    known = [w for w, _ in Counter(train).most_common(size)]
    share = sum(w not in known for w in test) / len(test)
    kinds = set(test)
    own = [w for w, _ in Counter(test).most_common(size)]
    expect(got, share, f"the unknown share with {size} words known", {
        "this is the share of known words": 1 - share,
        "count running words, not different ones":
            len(kinds - set(known)) / len(kinds),
        "the vocabulary comes from the training words":
            sum(w not in own for w in test) / len(test)})


def _bits(got, nats, count, text):
    """Compare bits per byte, from the mean loss of `count` tokens."""
    size = len(text.encode())
    right = nats * count / math.log(2) / size
    expect(got, right, f"bits per byte of {text!r} at {nats} nats a token", {
        "a byte is not a character: encode the text":
            right * size / len(text),
        "these are nats: divide by the logarithm of 2":
            right * math.log(2),
        "there are more bits than nats: divide by log 2":
            right * math.log(2) ** 2,
        "the loss is a mean: multiply by the number of tokens":
            right / count})


def _pairs(got, ids):
    """Compare the training pairs of a list of ids."""
    right = [(ids[:k], ids[k]) for k in range(1, len(ids))]
    try:
        given = [(list(past), new) for past, new in got]
    except (TypeError, ValueError):     # no pairs, or one id for the past
        given = None
    require(given == right, f"the pairs of {ids} are {right}: all ids before"
            f" one, and that one; got {got}")


def _quiz(answers):
    """Check the questions about the pipeline."""
    require(isinstance(answers, dict), "answer with a dict:"
            " {'order': [...], 'labels': 'a', ...}")
    missing = [q for q in ("order", *QUIZ) if q not in answers]
    require(not missing, f"still to answer: {', '.join(missing)}")
    require(list(answers["order"]) == ORDER, "'order': text becomes ids"
            " before the model, and ids become text after it")
    for question, (key, hint) in QUIZ.items():
        given = str(answers[question]).strip(" ()").lower()
        require(given == key, f"{question!r}: not {given!r}; {hint}")
