"""The reviews of this book: what the file promises, and planted faults.

Each rule is a function from reviews to the complaints it has. It runs on
the file, and on planted sentences it must refuse.
"""

import collections
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from lmbook.data import load, sentences, words
from lmbook.data.corpora import REVIEWS_SALT, TWENTIETHS, split_of
from lmbook.data.reviews import COLUMNS, KINDS, Review, parse, read

TESTS = Path(__file__).parent
SHARES = {"plain": 0.50, "negation": 0.18, "contrast": 0.18,
          "mixed": 0.08, "irony": 0.06}
NEGATORS = set("""no not never nobody nothing none nor neither without
    cannot hardly scarcely seldom few""".split())
HEADER = "\t".join(COLUMNS)


def plain(*texts):
    """Return reviews of these texts, positive and plain."""
    return [Review(f"r{n:04}", 1, "plain", text)
            for n, text in enumerate(texts, 1)]


def tokens(review):
    """Return the words of a review, without the punctuation."""
    return [word for word in words(review.sentence) if word[0].isalnum()]


# ------------------------------------------------------------------ rules

def characters(reviews):
    """Complain about anything but letters, digits and plain signs."""
    odd = re.compile(r"[^A-Za-z0-9 ,.;:!?'-]|  | [,.;:!?]| -|- ")
    return [f"{r.id}: {found.group()!r}" for r in reviews
            if (found := odd.search(r.sentence))]


def one_sentence(reviews):
    """Complain unless a review is one sentence: capital, words, full stop."""
    whole = re.compile(r"[A-Z0-9][^.!?]*[.!?]")
    return [f"{r.id}: not one sentence" for r in reviews
            if not whole.fullmatch(r.sentence)
            or sentences(r.sentence) != [r.sentence]]


def length(reviews):
    """Complain about fewer than 6 words or more than 35."""
    return [f"{r.id}: {len(tokens(r))} words" for r in reviews
            if not 6 <= len(tokens(r)) <= 35]


def trigrams(review):
    """Return the set of runs of three words."""
    return set(zip(*(tokens(review)[start:] for start in range(3))))


def near_duplicates(reviews, limit=0.5):
    """Complain about two reviews that share `limit` of their trigrams.

    The share is taken of the one with fewer trigrams.
    """
    where = collections.defaultdict(list)
    shared = collections.Counter()
    sets = [trigrams(review) for review in reviews]
    for number, own in enumerate(sets):
        for trigram in own:
            shared.update((other, number) for other in where[trigram])
            where[trigram].append(number)
    return [f"{reviews[a].id} and {reviews[b].id}"
            for (a, b), count in shared.items()
            if count >= limit * min(len(sets[a]), len(sets[b]))]


def openings(reviews, share=0.03):
    """Complain about a pair of first words in more than this share."""
    firsts = collections.Counter(" ".join(tokens(r)[:2]) for r in reviews)
    return [f"{first!r} opens {count}" for first, count in firsts.items()
            if count > max(1, share * len(reviews))]


def negations(reviews):
    """Complain about a negation without a word that negates."""
    return [f"{r.id}: no negation" for r in reviews if r.kind == "negation"
            and not any(word in NEGATORS or word.endswith("n't")
                        for word in tokens(r))]


RULES = [characters, one_sentence, length, near_duplicates, openings,
         negations]


@pytest.mark.parametrize("rule", RULES)
def test_the_file_keeps_the_rule(rule):
    assert rule(read()) == []


PLANTED = [
    (characters, plain("A dull\u2014and long\u2014evening."), "'\u2014'"),
    (characters, plain("It\u2019s a joy."), "\u2019"),
    (characters, plain("A joy  for all."), "'  '"),
    (characters, plain("A joy , for all."), "' ,'"),
    (one_sentence, plain("A joy. See it twice."), "not one sentence"),
    (one_sentence, plain("a joy for young and old."), "not one sentence"),
    (one_sentence, plain("A joy for young and old"), "not one sentence"),
    (length, plain("Superb from start to finish."), "5 words"),
    (length, plain("Very " * 36 + "dull."), "37 words"),
    (near_duplicates, plain(
        "I had heard that the film was dull.",
        "I had heard that the film was superb."), "r0001 and r0002"),
    (openings, plain("The film is dull.", "The film is fun."),
     "'the film' opens 2"),
    (negations, [Review("r1", 0, "negation", "A dull film.")],
     "r1: no negation"),
]


@pytest.mark.parametrize("rule, reviews, complaint", PLANTED)
def test_planted_fault(rule, reviews, complaint):
    complaints = rule(reviews)
    assert len(complaints) == 1 and complaint in complaints[0]


def test_sentences_with_nothing_in_common_pass():
    reviews = plain("I had heard that the film was dull.",
                    "You may think that a film is always a film.")
    assert [rule(reviews) for rule in RULES] == [[]] * len(RULES)


# ---------------------------------------------------------------- spelling

def known_words():
    """Return the words of real texts, and those a person has looked at."""
    folder = Path(os.environ.get("LMBOOK_DATA")
                  or TESTS.parent.parent / "shared" / "data")
    texts = list(load("docs").paragraphs)
    for name in ("pos", "neg"):
        path = folder / "rt-polarity" / f"rt-polarity.{name}"
        if not path.is_file():
            pytest.skip(f"no file {path}; set LMBOOK_DATA to check spelling")
        texts += path.read_text(encoding="utf-8").splitlines()
    seen = (TESTS / "reviews_words.txt").read_text(encoding="utf-8").split()
    return {part for text in texts for word in words(text)
            for part in pieces(word)}, set(seen)


def pieces(word):
    """Return the parts of a word at hyphens, without a final 's."""
    return [part.removesuffix("'s") for part in word.split("-")]


def test_every_word_is_known():
    found, seen = known_words()
    used = {part for review in read() for word in tokens(review)
            for part in pieces(word)}
    assert "thrilling" in found and "thriling" not in found | seen
    assert sorted(used - found - seen) == []
    assert sorted(seen - used) == []


# ----------------------------------------------------------------- balance

def test_counts_and_balance():
    reviews = read()
    assert len(reviews) >= 1_200
    for kind in KINDS:
        labels = [r.label for r in reviews if r.kind == kind]
        assert sum(labels) * 2 == len(labels)
        assert abs(len(labels) / len(reviews) - SHARES[kind]) < 0.01


def test_splits_are_balanced():
    corpus = load("reviews")
    assert corpus.splits == ("dev", "test", "train")
    for part, share in (("train", 0.70), ("dev", 0.15), ("test", 0.15)):
        own = corpus.split(part)
        assert abs(len(own.labels) / len(corpus.labels) - share) < 0.02
        assert abs(sum(own.labels) / len(own.labels) - 0.5) < 0.03
        for kind, portion in SHARES.items():
            count = own.kinds.count(kind)
            assert abs(count / len(own.kinds) - portion) < 0.05
            positive = sum(label for label, other in zip(
                own.labels, own.kinds) if other == kind)
            assert abs(positive / count - 0.5) < 0.1


@given(st.text())
def test_a_split_depends_on_the_sentence_alone(text):
    part = split_of(f"{REVIEWS_SALT} {text}", TWENTIETHS)
    assert part in ("train", "dev", "test")
    assert part == split_of(f"{REVIEWS_SALT} {text}", TWENTIETHS)


def test_the_corpus_is_the_file():
    corpus = load("reviews")
    rows = list(zip(corpus.paragraphs, corpus.labels, corpus.kinds))
    assert rows == [(r.sentence, r.label, r.kind) for r in read()]
    assert corpus.sentences() == list(corpus.paragraphs)


# ------------------------------------------------------- what words can do

def test_a_bag_of_words_learns_the_plain_ones_best():
    """Fitted on train, read on dev and test: most of what is plain."""
    corpus = load("reviews")
    train = corpus.split("train")
    bag = CountVectorizer(tokenizer=words, token_pattern=None, binary=True)
    model = LogisticRegression(max_iter=1_000)
    model.fit(bag.fit_transform(train.paragraphs), train.labels)
    right = collections.defaultdict(list)
    for part in ("dev", "test"):
        own = corpus.split(part)
        guesses = model.predict(bag.transform(own.paragraphs))
        for kind, guess, label in zip(own.kinds, guesses, own.labels):
            for key in {"all", "plain" if kind == "plain" else "other"}:
                right[key].append(guess == label)
    accuracy = {key: sum(hits) / len(hits) for key, hits in right.items()}
    assert 0.6 < accuracy["all"] < 0.85
    assert accuracy["plain"] > 0.7 > accuracy["other"]


# ------------------------------------------------------ what can go wrong

@pytest.mark.parametrize("line, message", [
    ("r2\t1\tplain", r"f.tsv, line 3: 3 columns; expected 4: id, label"),
    ("r2\t2\tplain\tA joy.", "line 3: label '2'; expected 0 or 1"),
    ("r2\t1\tsad\tA joy.", r"line 3: kind 'sad'; expected .*'plain'"),
    ("r2\t1\tplain\t", "line 3: sentence ''; expected text"),
    ("r2\t1\tplain\tA joy. ", "line 3: sentence 'A joy. '; expected"),
    ("r1\t1\tplain\tA joy.", "line 3: 'r1' is already in line 2"),
    ("r2\t1\tplain\tDull.", "line 3: 'Dull.' is already in line 2"),
])
def test_a_faulty_line_is_named(line, message):
    text = f"{HEADER}\nr1\t0\tplain\tDull.\n{line}\n"
    with pytest.raises(ValueError, match=message):
        parse(text, "f.tsv")


@pytest.mark.parametrize("text", ["", "label\tsentence\n", HEADER.upper()])
def test_another_header_is_refused(text):
    with pytest.raises(ValueError, match="f.tsv: header .*expected the col"):
        parse(text, "f.tsv")
