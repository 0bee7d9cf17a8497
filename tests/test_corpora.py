"""The corpora: by hand, on real files, laws, and what must be caught."""

import hashlib
import http.server
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pooch.core
import pytest
from hypothesis import given, strategies as st

from lmbook.data import Corpus, corpora, docstrings, fetch, load, prose
from lmbook.data import sentences, words
from lmbook.data.text import splitter

ROOT = Path(__file__).parent.parent

MODULE = '''"""Tools to measure the *length* of a ``Beam`` in metres [1]_.

Parameters
----------
x : float
    This is a long sentence in a table that must not be kept.

Notes
-----
The length is read from :attr:`~beam.core.Beam.size`
and kept in `.Beam` objects.

- A bullet is a long sentence that must not be kept.

>>> measure(3)
This output of a session must not be kept at all.

.. math:: x = 1

The area :math:`x^2` needs a formula to be read at all.
"""

def measure(x):
    """Tools to measure the length of a Beam in metres [2]."""

class Beam:
    """A beam has two ends and one middle point. It never bends."""

    def size(self):
        "Return the size of this one beam."
        """This string is not a docstring and must be dropped."""

too_short = """not a docstring either, although it is long."""
'''

EXPECTED = [
    ["Tools to measure the length of a Beam in metres [1]."],
    ["The length is read from size and kept in Beam objects."],
    ["A beam has two ends and one middle point.", "It never bends."],
    ["Return the size of this one beam."]]


@pytest.fixture
def tree(tmp_path):
    """A small package tree with one module that counts."""
    folder = tmp_path / "beam"
    for name in ("core.py", "tests/core.py", "version.py", "__config__.py",
                 "distutils/old.py", "data.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(
            MODULE if name == "core.py" else MODULE.replace("b", "q"))
    return folder


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty cache folder, no data folder, nothing loaded."""
    monkeypatch.setenv("LMBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LMBOOK_DATA", raising=False)
    load.cache_clear()
    yield tmp_path / "cache"
    load.cache_clear()


@pytest.fixture
def small_docs(tree, own_cache, monkeypatch):
    """The docs corpus, made from the small tree instead."""
    monkeypatch.setattr(docstrings, "PACKAGES", ("beam",))
    monkeypatch.setattr(docstrings, "package_folder", lambda name: tree)
    data = corpora.packed(EXPECTED)
    monkeypatch.setattr(corpora, "DOCS_SHA256", fetch.digest(data))
    return own_cache


# By hand

def test_prose_of_a_small_tree_by_hand(tree):
    assert docstrings.extract([tree]) == EXPECTED


def test_windows_line_ends_change_nothing(tree):
    path = tree / "core.py"
    path.write_bytes(MODULE.replace("\n", "\r\n").encode())
    assert docstrings.extract([tree]) == EXPECTED


@pytest.mark.parametrize("marked, plain", [
    ("``x`` and `y`", "x and y"),
    (":func:`numpy.sum` of :class:`~a.b.C`", "numpy.sum of C"),
    ("`.Axes.plot`, `.Path`\\s", "Axes.plot, Paths"),
    ("`text <https://x.org>`_ and :ref:`this <label>`", "text and this"),
    ("**bold**, *plain* and a*b*c", "bold, plain and a*b*c"),
    ("see [1]_, [R7]_ and $n$", "see [1], [7] and n"),
    ("call f() \n  twice", "call f twice")])
def test_marks_become_plain_words(marked, plain):
    assert prose.clean(marked) == plain


@pytest.mark.parametrize("text", [
    "Too short a line.", "no capital at the start of this line.",
    "No full stop at the end of this line",
    "The sum x = 1 is a formula in a line.",
    "A call such as f(x) needs to be read as code.",
    "Numbers 1 2 3 4 5 6 7 8 9 are not words."])
def test_what_is_not_prose(text):
    assert not prose.is_prose(text)


def test_sentences_by_hand():
    text = ("See e.g. Fig. 3 of Smith et al. for it. Is it 3.14 wide? No, "
            "i.e. never! Dr. Who (No. 5) agrees. \"Yes.\" He left.")
    assert sentences(text) == [
        "See e.g. Fig. 3 of Smith et al. for it.", "Is it 3.14 wide?",
        "No, i.e. never!", "Dr. Who (No. 5) agrees.", '"Yes."', "He left."]
    assert sentences("") == []


def test_words_by_hand():
    assert words("The 2-D sum, e.g. 0.5: don't!") == [
        "the", "2-d", "sum", ",", "e.g.", "0.5", ":", "don't", "!"]


def test_corpus_by_hand():
    corpus = Corpus("c", ("A bee. See.", "D.", "E."), ("train", "dev", "train"),
                    (1, 0, 0))
    train = corpus.split("train")
    assert corpus.splits == ("dev", "train")
    assert train.paragraphs == ("A bee. See.", "E.") and train.labels == (1, 0)
    assert train.sentences() == ["A bee.", "See.", "E."]
    assert corpus.text == "A bee. See.\n\nD.\n\nE."


# Laws

TEXT = st.text(st.sampled_from("aB.?! \n\t\"')(1é"), max_size=60)


@given(TEXT | st.text(st.characters(codec="utf-8"), max_size=60))
def test_the_splitter_loses_only_spaces(text):
    assert "".join(" ".join(sentences(text)).split()) == "".join(
        text.split())


@given(TEXT)
def test_the_short_cut_agrees_with_the_europarl_rules(text):
    line = " ".join(text.split())
    assert sentences(line) == [s for s in splitter("en").split(line) if s]


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_words_lose_only_spaces(text):
    assert "".join(words(text)) == "".join(text.lower().split())


@given(st.lists(st.text("aAb1. ", max_size=4)))
def test_unique_is_idempotent_and_keeps_order(texts):
    kept = docstrings.unique(texts)
    assert docstrings.unique(kept) == kept
    rest = iter(texts)
    assert all(text in rest for text in kept)


@given(st.lists(st.text(max_size=9), max_size=30))
def test_a_split_depends_on_the_text_alone(texts):
    parts = {text: corpora.split_of(text) for text in texts}
    assert parts == {t: corpora.split_of(t) for t in reversed(texts)}
    assert set(parts.values()) <= {"train", "dev", "test"}


def test_order_of_folders_and_files_is_irrelevant(tmp_path, monkeypatch):
    for name in ("b/z.py", "b/a.py", "a/m.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'"""This is the text of {name[0]} {name[2]} here."""')
    once = docstrings.extract([tmp_path / "a", tmp_path / "b"])
    found = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: reversed(
        sorted(found(self, pattern))))
    again = docstrings.extract([tmp_path / "b", tmp_path / "a"])
    assert once == again and [p[0][20:23] for p in once] == [
        "a m", "b a", "b z"]


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


def test_extraction_imports_none_of_the_packages():
    code = ("import sys; from lmbook.data import docstrings as d; "
            "[d.package_folder(p) for p in d.PACKAGES]; "
            "assert not set(d.PACKAGES) & set(sys.modules)")
    path = os.pathsep.join([str(ROOT / "src"), *sys.path])
    done = subprocess.run([sys.executable, "-W", "error", "-c", code],
                          env={**os.environ, "PYTHONPATH": path})
    assert done.returncode == 0


def test_pins_agree_with_the_requirements():
    path = ROOT / "requirements.txt"
    if not path.is_file():
        pytest.skip("no requirements.txt beside the tests")
    lines = {line.split()[0] for line in path.read_text().splitlines()
             if line.strip()}
    for name, version in docstrings.PINS.items():
        assert f"{name}=={version}" in lines


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


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    fetch.save(path, b"old")

    def fail(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        fetch.save(path, b"new")
    assert os.listdir(tmp_path) == ["file"] and path.read_bytes() == b"old"


# Files from elsewhere

BODY = bytes(range(256)) * 400
SHA256 = hashlib.sha256(BODY).hexdigest()


class Files(http.server.BaseHTTPRequestHandler):
    """Serves /good whole, /cut short, and nothing else."""

    def do_GET(self):
        if self.path not in ("/good", "/cut"):
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY if self.path == "/good" else BODY[:70000])

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


def stored(folder):
    """The names of all files under a folder."""
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_good_file_is_downloaded_once(server, own_cache):
    data, path = fetch.obtain("a/f", SHA256, "page", f"{server}/good")
    assert data == BODY and path == own_cache / "a/f"
    offline = "http://127.0.0.1:9/good"
    assert fetch.obtain("a/f", SHA256, "page", offline)[0] == BODY
    assert stored(own_cache) == ["f"]


def test_a_damaged_file_is_downloaded_again(server, own_cache):
    fetch.save(own_cache / "f", BODY[:-1])
    assert fetch.obtain("f", SHA256, "page", f"{server}/good")[0] == BODY


def test_a_wrong_checksum_leaves_nothing(server, own_cache):
    with pytest.raises(ValueError, match="(?s)f.*" + SHA256):
        fetch.obtain("f", "0" * 64, "page", f"{server}/good")
    assert stored(own_cache) == []


@pytest.mark.parametrize("address", ["/cut", "/absent"])
def test_a_cut_or_absent_file_leaves_nothing(server, own_cache, address):
    with pytest.raises(ConnectionError, match=f"f from {server}{address}"):
        fetch.obtain("f", SHA256, "page", server + address)
    assert stored(own_cache) == []
    assert fetch.obtain("f", SHA256, "page", f"{server}/good")[0] == BODY


def test_an_interrupted_download_leaves_nothing(
        server, own_cache, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt
    monkeypatch.setattr(pooch.core, "hash_matches", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch.obtain("f", SHA256, "page", f"{server}/good")
    assert stored(own_cache) == []


def test_offline_the_error_says_what_to_do(own_cache):
    url = "http://127.0.0.1:9/f"
    with pytest.raises(ConnectionError) as caught:
        fetch.obtain("f", SHA256, "page", url)
    for part in ("f", url, str(own_cache / "f")):
        assert part in str(caught.value)
    assert stored(own_cache) == []


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


def test_another_edition_is_refused(own_cache):
    name, _ = corpora.POLARITY["neg"]
    fetch.save(own_cache / name, b"bad film .\n")
    with pytest.raises(ValueError, match="rt-polarity.neg: SHA-256"):
        load("rt-polarity")


# What a reader can get wrong

def test_unknown_names_are_listed():
    with pytest.raises(ValueError, match=r"'doc'.*docs.*rt-pol.*wikitext-2"):
        load("doc")
    with pytest.raises(ValueError, match="'valid'.*dev.*test.*train"):
        load("docs").split("valid")
    with pytest.raises(ValueError, match="'english'.*'en'"):
        sentences("A text.", language="english")


def test_bytes_that_are_not_utf8_are_located(own_cache, monkeypatch):
    data = b"ab\n" + "é".encode() + b"\xe9t\xe9\n"
    for label in ("neg", "pos"):
        name, _ = corpora.POLARITY[label]
        fetch.save(own_cache / name, data)
        monkeypatch.setitem(corpora.POLARITY, label,
                            (name, fetch.digest(data)))
    with pytest.raises(ValueError, match="rt-polarity.neg: byte 0xe9 at "
                                         "offset 5 is not UTF-8"):
        load("rt-polarity")


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="2 paragraphs but 1 parts"):
        Corpus("c", ("A.", "B."), ("train",))


def test_a_package_that_is_not_installed():
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        docstrings.package_folder("no_such_package")
