"""Prose, sentences and words: by hand, laws, and what is left out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from lmbook.data import docstrings, prose, sentences, words
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


# The installed packages

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


# What must be caught

def test_a_language_without_rules():
    with pytest.raises(ValueError, match="'english'.*'en'"):
        sentences("A text.", language="english")


def test_a_package_that_is_not_installed():
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        docstrings.package_folder("no_such_package")
