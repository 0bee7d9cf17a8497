"""The checks of n-gram counting and generation: H3 to H5, L12, L13, L18."""

import copy
from collections import Counter

import numpy as np

from .registry import NotYet, exercise, expect, require

TEXT = [s.split() for s in (
    "<s> a b a c </s>", "<s> b </s>", "c", "<s> a b a b </s>", "b a",
    "<s> a c a </s>")]
KNOWN = {(): {"a": 3, "b": 3, "</s>": 2}, ("a",): {"c": 1, "b": 1},
         ("b",): {"c": 2, "</s>": 1}, ("c",): {"a": 1},
         ("b", "c"): {"</s>": 1, "a": 1}, ("a", "b"): {"c": 1}}


@exercise("H3", "n-gram counts, candidates, and the most probable token")
def h3(count_ngrams, candidates, most_probable):
    """Check counts of n-tuples; {token: probability}; the best token."""
    _check_counts(count_ngrams)
    for context in (("a",), ("<s>",), ("a", "b"), ("b", "a"), ()):
        after = _after(TEXT, context)
        total = sum(after.values())
        got = give(candidates, TEXT, context)
        what = f"candidates after {context}"
        require(isinstance(got, dict), f"{what}: return a dict from token"
                " to probability")
        require(set(got) == set(after), f"{what}: expected the tokens"
                f" {sorted(after)}, got {sorted(got)}")
        values = [got[token] for token in sorted(after)]
        counts = np.array([after[token] for token in sorted(after)])
        places = sum(g == context for g in ngrams_of(TEXT, len(context)))
        expect(values, counts / total, what, {
            "these are counts: divide by their sum": counts,
            "divide by how often something follows the context; at the"
            " end of a sentence nothing does": counts / max(places, 1)})
        best = min(after, key=lambda token: (-after[token], token))
        got = give(most_probable, TEXT, context)
        hint = (": of several that tie, take the first in the alphabet"
                if after.get(got) == after[best] else "")
        require(got == best, f"after {context}: expected {best!r}, got"
                f" {got!r}{hint}")


@exercise("H4", "the ten most probable tokens")
def h4(top):
    """Check {token: probability} -> up to ten (token, probability)."""
    many = {f"w{i:02d}": (i * 7 % 13 + 1) / 100 for i in range(13)}
    tied = {"b": 0.25, "d": 0.25, "a": 0.25, "c": 0.125, "e": 0.125}
    for table in (many, tied, {"a": 1.0}):
        got = list(give(top, table))
        right = sorted(table.items(), key=lambda pair: (-pair[1], pair[0]))
        require(len(got) == len(right[:10]), f"expected"
                f" {len(right[:10])} pairs, got {len(got)}")
        require(all(isinstance(pair, (tuple, list)) and len(pair) == 2
                    for pair in got), "give (token, probability) pairs")
        got = [(token, float(p)) for token, p in got]
        require(got != sorted(table.items(), key=lambda p: p[1])[:10]
                or got == right[:10], "the least probable come first:"
                " turn the order round")
        hint = (": of several that tie, the first in the alphabet comes"
                " first" if sorted(p for _, p in got)
                == sorted(p for _, p in right[:10]) else "")
        require(got == right[:10], f"expected {right[:10]}, got"
                f" {got}{hint}")


@exercise("H5", "greedy generation that never crashes")
def h5(generate):
    """Check (counts, prefix, max_new_tokens) -> list of new tokens."""
    cases = ((("a", "b"), 5, ["c", "</s>"]), (("b", "b"), 1, ["c"]),
             (("z", "z"), 2, ["a", "b"]), ((), 2, ["a", "b"]),
             (("z", "a"), 3, ["b", "c", "</s>"]), (("a",), 0, []),
             (("a", "b", "c"), 9, ["</s>"]))
    for prefix, most, right in cases:
        got = list(give(generate, KNOWN, prefix, most))
        what = f"after {prefix}, at most {most} tokens"
        require(got[:len(prefix)] != list(prefix) or not prefix
                or got == right, f"{what}: return the new tokens only")
        require(len(got) <= most, f"{what}: got {len(got)}")
        require("</s>" not in got[:-1], f"{what}: stop after </s>")
        require(got == right or got + ["</s>"] != right,
                f"{what}: keep the </s> that ends the sentence")
        require(got == right, f"{what}: expected {right}, got {got}: use"
                " the longest context that was seen, and of several"
                " that tie the first in the alphabet")


@exercise("L12", "the last n-gram of a sentence")
def l12(ngrams):
    """Check (tokens, n) -> list of all n-tuples, in order."""
    for tokens, n in (("a b c d", 2), ("a b c d", 3), ("a b c", 3),
                      ("a b", 3), ("a", 1), ("", 2)):
        tokens = tokens.split()
        right = list(ngrams_of([tokens], n))
        got = [tuple(gram) for gram in give(ngrams, tokens, n)]
        what = f"the {n}-grams of {tokens}"
        require(got == right or got != right[:-1], f"{what}: the last"
                f" one, {right[-1] if right else ''}, is missing: it ends"
                " where the sentence ends")
        require(all(len(gram) == n for gram in got),
                f"{what}: got a tuple that is not of length {n}")
        require(got == right, f"{what}: expected {right}, got {got}")


@exercise("L13", "a short sentence in the middle")
def l13(count_ngrams):
    """Check (sentences, n) -> {n-tuple: count}."""
    _check_counts(count_ngrams)


@exercise("L18", "an unseen context")
def l18(next_distribution):
    """Check (counts, context) -> {token: probability}, whatever it is."""
    for context, longest in ((("a", "b"), ("a", "b")), (("z", "b"), ("b",)),
                             (("b", "z"), ()), ((), ()), (("z",), ()),
                             (("c", "b", "c"), ("b", "c"))):
        got = give(next_distribution, KNOWN, context)
        what = f"after {context}"
        require(isinstance(got, dict) and len(got) > 0,
                f"{what}: nothing can follow? Back off to {longest}")
        counts = KNOWN[longest]
        require(set(got) == set(counts), f"{what}: got {sorted(got)}; the"
                f" longest context that was seen is {longest}")
        names = sorted(counts)
        right = np.array([counts[token] for token in names], float)
        expect([got[token] for token in names], right / right.sum(), what,
               {"these are counts: divide by their sum": right})


def give(function, *arguments):
    """Return what the reader's function gives; it may not change a thing.

    Unlike `registry.ask` it takes lists of different lengths, and says
    what to do about a KeyError.
    """
    require(callable(function), "pass the function itself, without calling"
            f" it: got {type(function).__name__}")
    copies = copy.deepcopy(arguments)
    try:
        with np.errstate(all="ignore"):
            result = function(*copies)
    except KeyError as error:
        raise NotYet(f"it raised KeyError: {error}. A context or an n-gram"
                     " that was never seen is no error: back off to a"
                     " shorter context") from error
    except Exception as error:
        raise NotYet(f"it raised {type(error).__name__}: {error}") from error
    require(repr(copies) == repr(arguments),
            "it changed what it was given: work on a copy")
    require(result is not None, "it returned None: is the return missing?")
    return result


def ngrams_of(sentences, n):
    """Yield every n-tuple of every sentence."""
    for tokens in sentences:
        for start in range(len(tokens) - n + 1):
            yield tuple(tokens[start:start + n])


def _after(sentences, context):
    """Return a Counter of the tokens that follow a context."""
    return Counter(gram[-1] for gram in ngrams_of(sentences, len(context) + 1)
                   if gram[:-1] == tuple(context))


def _check_counts(count_ngrams):
    """Ask for the counts of n-tuples, naming the loops that lose some."""
    for n in (1, 2, 3, 4):
        right = Counter(ngrams_of(TEXT, n))
        got = give(count_ngrams, TEXT, n)
        what = f"the {n}-grams of {len(TEXT)} sentences"
        require(isinstance(got, dict), f"{what}: return a dict or Counter")
        got = Counter({tuple(gram): int(c) for gram, c in got.items()})
        upto = next((i for i, s in enumerate(TEXT) if len(s) < n), len(TEXT))
        require(got == right or got != Counter(ngrams_of(TEXT[:upto], n)),
                f"{what}: a sentence with fewer than {n} tokens stopped the"
                " loop: continue with the next one, do not break")
        cut = Counter(ngrams_of([s[:-1] for s in TEXT], n))
        require(got == right or got != cut, f"{what}: the last n-gram of"
                " every sentence is missing: start + n may equal the length")
        flat = Counter(ngrams_of([sum(TEXT, [])], n))
        require(got == right or got != flat, f"{what}: no n-gram reaches"
                " from one sentence into the next")
        wrong = sorted(gram for gram in got.keys() | right.keys()
                       if got[gram] != right[gram])
        require(not wrong, f"{what}: {wrong[:1]} counted"
                f" {got[wrong[0]] if wrong else 0} times, expected"
                f" {right[wrong[0]] if wrong else 0}")
