"""The corpora: by hand, on real files, laws, and what must be caught."""

import hashlib
import os
import warnings
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from lmbook import files
from lmbook.data import Corpus, corpora, docstrings, fetch, load, sentences

ROOT = Path(__file__).parent.parent

MODULE = '''"""A beam has two ends and a middle. It never bends."""

def size(beam):
    """Return the size of this one beam."""
'''
EXPECTED = [["A beam has two ends and a middle.", "It never bends."],
            ["Return the size of this one beam."]]


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty cache folder, no data folder, nothing loaded."""
    monkeypatch.setenv("LMBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LMBOOK_DATA", raising=False)
    load.cache_clear()
    yield tmp_path / "cache"
    load.cache_clear()


@pytest.fixture
def small_docs(tmp_path, own_cache, monkeypatch):
    """The docs corpus, made from one small module instead."""
    (tmp_path / "beam").mkdir()
    (tmp_path / "beam" / "core.py").write_text(MODULE)
    monkeypatch.setattr(docstrings, "PACKAGES", ("beam",))
    monkeypatch.setattr(docstrings, "package_folder",
                        lambda package: tmp_path / package)
    data = corpora.packed(EXPECTED)
    monkeypatch.setattr(corpora, "DOCS_SHA256", fetch.digest(data))
    return own_cache


# By hand

def test_corpus_by_hand():
    corpus = Corpus("c", ("A bee. See.", "D.", "E."),
                    ("train", "dev", "train"), (1, 0, 0))
    train = corpus.split("train")
    assert corpus.splits == ("dev", "train") and train.kinds == ()
    assert train.paragraphs == ("A bee. See.", "E.") and train.labels == (1, 0)
    assert train.sentences() == ["A bee.", "See.", "E."]
    assert corpus.text == "A bee. See.\n\nD.\n\nE."


# Laws

@given(st.lists(st.text(max_size=9), max_size=30))
def test_a_split_depends_on_the_text_alone(texts):
    parts = {text: corpora.split_of(text) for text in texts}
    assert parts == {t: corpora.split_of(t) for t in reversed(texts)}
    assert set(parts.values()) <= {"train", "dev", "test"}


# The real corpus

def test_docs_is_the_text_of_the_book():
    """A cold start the first time on a machine: about 15 s of one core."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        docs = load("docs")
    data = corpora.packed(docs.grouped)
    assert hashlib.sha256(data).hexdigest() == corpora.DOCS_SHA256
    assert 2.3e6 < len(docs.text) < 2.6e6
    assert len(set(docs.paragraphs)) == len(docs.paragraphs)
    sizes = {part: len(docs.split(part).paragraphs) for part in docs.splits}
    assert sorted(sizes) == ["dev", "test", "train"]
    for part, share in (("train", 0.8), ("dev", 0.1), ("test", 0.1)):
        # five standard deviations of a binomial share
        margin = 5 * (share * (1 - share) / len(docs.paragraphs)) ** 0.5
        assert abs(sizes[part] / len(docs.paragraphs) - share) < margin


def test_stored_sentences_are_those_of_the_splitter():
    docs = load("docs")
    for number in range(0, len(docs.paragraphs), 50):
        assert sentences(docs.paragraphs[number]) == list(
            docs.grouped[number])


# The cache

def test_a_second_load_reads_the_cache(small_docs, monkeypatch):
    first = load("docs")
    assert [list(group) for group in first.grouped] == EXPECTED
    load.cache_clear()
    monkeypatch.setattr(docstrings, "extract", None)
    assert load("docs") == first
    assert len(list(small_docs.iterdir())) == 1


@pytest.mark.parametrize("damage", [
    lambda data: data[:-9], lambda data: b"", lambda data: data + b"x",
    lambda data: data.replace(b"beam", b"bean"), lambda data: b"\xff" * 80])
def test_a_damaged_cache_is_rebuilt(small_docs, damage):
    first = load("docs")
    path, = small_docs.iterdir()
    good = path.read_bytes()
    path.write_bytes(damage(good))
    load.cache_clear()
    assert load("docs") == first and path.read_bytes() == good


def test_other_versions_give_a_warning(small_docs, monkeypatch):
    other = {**docstrings.PINS, "numpy": "9.9.9"}
    monkeypatch.setattr(docstrings, "installed_versions", lambda: other)
    monkeypatch.setattr(corpora, "DOCS_SHA256", "0" * 64)
    with pytest.warns(UserWarning, match="9.9.9.*" + docstrings.PINS["numpy"]):
        assert [list(g) for g in load("docs").grouped] == EXPECTED


def test_other_text_from_the_same_versions_gives_a_warning(
        small_docs, monkeypatch):
    monkeypatch.setattr(corpora, "DOCS_SHA256", "0" * 64)
    with pytest.warns(UserWarning, match="versions agree"):
        load("docs")


def test_a_cache_that_cannot_be_written(small_docs):
    small_docs.write_text("a file where the folder should be")
    with pytest.warns(UserWarning, match="LMBOOK_CACHE"):
        assert load("docs").name == "docs"


@pytest.mark.parametrize("name, page", [
    ("wikitext-2", corpora.WIKITEXT_PAGE),
    ("rt-polarity", corpora.POLARITY_PAGE)])
def test_an_absent_corpus_says_where_to_put_it(own_cache, name, page):
    with pytest.raises(FileNotFoundError) as caught:
        load(name)
    for part in (f"{name}/", page, str(own_cache), "LMBOOK_DATA",
                 "does not download"):
        assert part in str(caught.value)


# Real files, where they are

DATA = os.environ.get("LMBOOK_DATA")


@pytest.fixture
def real(own_cache, monkeypatch):
    """The folder of real files: LMBOOK_DATA, or ../shared/data."""
    folder = Path(DATA or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}; set LMBOOK_DATA to test real files")
    monkeypatch.setenv("LMBOOK_DATA", str(folder))
    return folder


def test_wikitext_2(real):
    corpus = load("wikitext-2")
    assert corpus.splits == ("dev", "test")
    assert corpus.paragraphs[0] == "= Homarus gammarus ="
    # The paper counts 217,646 and 245,569 tokens, with one for the end of
    # each of 3,760 and 4,358 lines: 213,886 and 241,211 are left.
    counts = [len(corpus.split(part).text.split()) for part in corpus.splits]
    assert counts == [213_886, 241_211]


def test_rt_polarity(real):
    corpus = load("rt-polarity")
    assert len(corpus.paragraphs) == 10_662 and sum(corpus.labels) == 5_331
    assert corpus.splits == ("dev", "test", "train")
    assert corpus.sentences() == list(corpus.paragraphs)
    assert "é" in corpus.text and "\ufffd" not in corpus.text
    train = corpus.split("train")
    assert len(train.labels) == len(train.paragraphs)


@pytest.mark.parametrize("name", ["reviews", "rt-polarity"])
def test_one_word_changes_the_reviews(real, name):
    """The two sets of labelled sentences have the same form."""
    corpus = load(name)
    size = len(corpus.paragraphs)
    assert corpus.sentences() == list(corpus.paragraphs)
    assert len(corpus.labels) == size == 2 * sum(corpus.labels)
    assert set(corpus.labels) == {0, 1}
    parts = [corpus.split(part) for part in ("train", "dev", "test")]
    assert sum(len(part.labels) for part in parts) == size
    for part in parts:
        assert part.sentences() == list(part.paragraphs)
        assert abs(sum(part.labels) / len(part.labels) - 0.5) < 0.05


def test_reviews_need_no_file(own_cache):
    assert len(load("reviews").labels) >= 1_200
    assert not own_cache.exists()


def test_another_edition_is_refused(own_cache):
    name, _ = corpora.POLARITY["neg"]
    files.save(own_cache / name, b"bad film .\n")
    with pytest.raises(ValueError, match="rt-polarity.neg: SHA-256"):
        load("rt-polarity")


# What a reader can get wrong

def test_unknown_names_are_listed():
    with pytest.raises(ValueError, match=r"'doc'.*docs.*rt-pol.*wikitext-2"):
        load("doc")
    with pytest.raises(ValueError, match="'valid'.*dev.*test.*train"):
        load("docs").split("valid")


def test_bytes_that_are_not_utf8_are_located(own_cache, monkeypatch):
    data = b"ab\n" + "é".encode() + b"\xe9t\xe9\n"
    for label in ("neg", "pos"):
        name, _ = corpora.POLARITY[label]
        files.save(own_cache / name, data)
        monkeypatch.setitem(corpora.POLARITY, label,
                            (name, fetch.digest(data)))
    with pytest.raises(ValueError, match="rt-polarity.neg: byte 0xe9 at "
                                         "offset 5 is not UTF-8"):
        load("rt-polarity")


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="2 paragraphs but 1 parts"):
        Corpus("c", ("A.", "B."), ("train",))
    with pytest.raises(ValueError, match="1 paragraphs but 2 kinds"):
        Corpus("c", ("A.",), ("dev",), kinds=("plain", "irony"))
