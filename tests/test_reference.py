"""The reference: what a name in a cell is, and where it is documented."""

import ast
import re
import sys

from tools.notebooks import BOOK

sys.path.insert(0, str(BOOK / "theme"))
uses = __import__("uses")
SOURCE = BOOK.parent / "src"


def meaning(code):
    return uses.imports(SOURCE, ast.parse(code))


def names(code):
    tree = ast.parse(code)
    return set(uses.used(SOURCE, tree, meaning(code)))


def test_a_name_is_what_its_package_defines_below():
    assert meaning("from lmbook.functional import softmax as s") == {
        "s": "lmbook.functional.probabilities.softmax"}
    assert meaning("import lmbook.functional as F") == {
        "F": ("lmbook.functional",)}
    assert meaning("import numpy as np\nfrom math import log") == {}


def test_a_star_gives_what_the_package_exports():
    found = meaning("from lmbook.derivation import *")
    assert found["Derivation"] == (
        "lmbook.derivation.chain.derivation.Derivation")
    assert "prepare" not in found


def test_uses_through_a_name_and_through_a_module():
    code = ("import lmbook.functional as F\nfrom lmbook import optim\n"
            "from lmbook.data import load\nload('docs'); F.softmax(z)\n"
            "optim.SGD(p); F.nothing(z); other.softmax(z)")
    assert names(code) == {"lmbook.data.corpora.load",
                           "lmbook.functional.probabilities.softmax",
                           "lmbook.optim.sgd.SGD"}


def test_a_name_that_two_modules_define_is_not_guessed():
    twice = [full for full in uses.defined(SOURCE)
             if full.endswith(".Tensor")]
    assert len(twice) > 1
    assert uses.resolve(SOURCE, "lmbook", "Tensor") is None


def test_every_public_function_stands_on_a_reference_page():
    listed = " ".join(re.search(r"\{modules\} (.+)", page.read_text())[1]
                      for page in BOOK.glob("reference-*.md")).split()
    lost = [full for full in uses.defined(SOURCE)
            if not full.startswith("lmbook.checks.")
            and sum(f"{full}.".startswith(f"{package}.")
                    for package in listed) != 1]
    assert not lost


def test_chapters_lead_to_the_reference_and_back():
    used = uses.pages(BOOK, SOURCE)
    softmax = used["lmbook.functional.probabilities.softmax"]
    assert ("Softmax and cross-entropy", "softmax-and-cross-entropy") in softmax
    chapters = {page for pages in used.values() for _, page in pages}
    assert chapters == {path.stem for path in BOOK.glob("*.ipynb")}
