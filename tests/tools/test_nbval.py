"""nbval compares every kind of output and names notebook and cell."""

import subprocess
import sys

import pytest

from tools.execute import main
from tools.notebooks import ROOT
from tools.samples import code, write

SOURCES = {
    "imports": "from IPython.display import HTML, SVG, Latex\n"
               "from myst_nb import glue",
    "plain": "2 + 2",
    "stream": "print('value 4')",
    "html": "HTML('<b>4</b>')",
    "svg": "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\"/>')",
    "latex": "Latex('$$x = 4$$')",
    "glued": "glue('four', 4, display=False)",
    "proof": "display({'text/html': '<p>proof</p>', 'application/"
             "vnd.lmbook.derivation+json': {'statement': 'x = 4'}}, raw=True)",
    "verdict": "raise ValueError('got 4')",
    "same": "3 + 3",
}
PLANTED = {"plain": '"4"', "stream": "value 4", "html": "<b>4", "svg":
           'width=\\"4', "latex": "x = 4", "glued": '"4"',
           "proof": "x = 4", "verdict": "got 4"}


def nbval(book):
    """Compare the stored outputs with a fresh run; return what is said."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         "--nbval", "--nbval-current-env", "-p", "tests.tools.nbval_ids",
         f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval_sanitize.cfg'}",
         "--rootdir", str(book.parent), str(book)],
        cwd=ROOT, capture_output=True, text=True)
    return run.returncode, run.stdout


def plant(found, cell, old):
    """Change the digit 4 into a 5 in the stored output of one cell.

    The stored keys are sorted: a cell's id, metadata, then outputs.
    """
    start = found.index(f'"id": "{cell}"')
    start = found.index('"outputs": [', start)
    at = found.index(old, start)
    assert at < found.index('"source"', start), cell
    return found[:at] + old.replace("4", "5") + found[at + len(old):]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A stored notebook with one output of each kind."""
    cells = [code(name, source, tags=["raises-exception"] * (
        name == "verdict")) for name, source in SOURCES.items()]
    folder = write(tmp_path_factory.mktemp("nb") / "book", "page.ipynb",
                   *cells)
    assert main(["page"], folder) == 0
    return folder


def test_a_fresh_run_agrees_and_each_planted_digit_is_named(book):
    code_, said = nbval(book)
    assert code_ == 0, said
    path = book / "page.ipynb"
    found = path.read_text(encoding="utf-8")
    for cell, old in PLANTED.items():
        found = plant(found, cell, old)
    path.write_text(found, encoding="utf-8")
    code_, said = nbval(book)
    assert code_ == 1
    for cell in PLANTED:
        assert f"book/page.ipynb, cell {cell!r}: " in said, said
    assert f"{len(PLANTED)} failed, {len(SOURCES) - len(PLANTED)} passed" in (
        said)
