"""Reading time, notebooks to take away, search, and what a site publishes.

Most of it is tried on a site of two small pages, built with and without
the options of a published book.
"""

import json
import struct
import sys

import pytest
from docutils import nodes
from sphinx.application import Sphinx

from tools.notebooks import BOOK

sys.path.insert(0, str(BOOK / "theme"))
colab, finder, heading, publish = map(
    __import__, ("colab", "finder", "heading", "publish"))

CELLS = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source":
          ["# Small\n", "\n", "Words with a wheel in them.\n"]},
         {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [],
          "execution_count": None, "source": ['open("rates.json")']}]
NOTEBOOK = {"cells": CELLS, "metadata": {}, "nbformat": 4,
            "nbformat_minor": 5}
PUBLISHED = {"html_baseurl": "https://example.org/eec/",
             "colab_repository": "somebody/eec"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a function that builds the small site with some options."""
    def build(**options):
        root = tmp_path_factory.mktemp("site")
        (root / "book").mkdir()
        (root / "book/index.md").write_text(
            "# First\n\nThe words of the first page.\n\n```{toctree}\nsmall\n"
            "```\n")
        (root / "book/small.ipynb").write_text(json.dumps(NOTEBOOK))
        (root / "book/rates.json").write_text("{}")
        app = Sphinx(root, None, root / "out", root / "trees", "html", {
            "extensions": ["myst_nb", "colab", "heading", "finder",
                           "publish"],
            "html_theme": "basic", "nb_execution_mode": "off",
            "html_sourcelink_suffix": "", "root_doc": "book/index",
            **options}, status=None)
        app.build()
        return root / "out"
    return build


@pytest.fixture(scope="module")
def plain(built):
    return built()


@pytest.fixture(scope="module")
def published(built):
    return built(**PUBLISHED)


def page(site, name="book/small.html"):
    return (site / name).read_text("utf-8")


def test_the_notebook_can_be_downloaded(plain):
    assert ('<a href="../_sources/book/small.ipynb" download>Download '
            "notebook</a>") in page(plain)
    stored = plain / "_sources/book/small.ipynb"
    assert json.loads(stored.read_text()) == NOTEBOOK


def test_a_page_of_text_has_no_such_line(plain):
    assert "Download notebook" not in page(plain, "book/index.html")


def test_without_a_repository_there_is_no_button_and_no_copy(plain):
    assert "Colab" not in page(plain)
    assert not (plain / colab.FOLDER).exists()


def test_with_a_repository_the_button_leads_to_the_copy(published):
    assert ("https://colab.research.google.com/github/somebody/eec/blob/"
            "gh-pages/_static/colab/small.ipynb") in page(published)
    copy = json.loads(page(published, f"{colab.FOLDER}/small.ipynb"))
    first, *others = copy["cells"]
    assert others == CELLS
    assert first["source"][0].startswith("%pip install")
    assert "git+https://github.com/somebody/eec" in first["source"][0]
    assert first["source"][1].endswith("somebody/eec/HEAD/book/rates.json")


def test_the_stored_notebook_stays_without_installation(published):
    stored = published / "_sources/book/small.ipynb"
    assert json.loads(stored.read_text()) == NOTEBOOK


def test_without_an_address_nothing_speaks_of_one(plain):
    assert not (plain / "sitemap.xml").exists()
    assert "og:image" not in page(plain) and "og:url" not in page(plain)
    assert 'og:title" content="Small"' in page(plain)
    assert 'href="book/index.html"' in page(plain, "404.html")


def test_with_an_address_there_is_a_map_and_a_picture(published):
    xml = page(published, "sitemap.xml")
    assert "<loc>https://example.org/eec/book/small.html</loc>" in xml
    assert xml.count("<loc>") == 2
    assert ('og:image" content="https://example.org/eec/_static/preview.png'
            in page(published))
    assert ('og:description" content="Words with a wheel in them.'
            in page(published))


def test_with_an_address_the_page_for_the_lost_works_everywhere(published):
    lost = page(published, "404.html")
    assert 'href="/eec/book/index.html"' in lost
    assert 'action="/eec/search.html"' in lost
    assert not publish.RELATIVE.search(lost)


def test_a_page_that_begins_with_a_formula_lends_no_words():
    formula = nodes.paragraph("", "", nodes.math("", "x"))
    assert publish.description(nodes.section("", formula)) is None


def test_the_picture_has_its_size_and_is_light():
    data = (BOOK / "assets/preview.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    assert len(data) < 60_000


def test_what_counts_as_a_word():
    read = nodes.section(
        "", nodes.paragraph("", "One two three ", nodes.math("", "x = y z")),
        nodes.math_block("", "a b c"), nodes.comment("", "not this"),
        nodes.literal_block("", "code is not read"),
        nodes.raw("", '<span class="step-math">a b</span>' * 2))
    assert heading.words(read) == 3 + 1 + 3 * heading.FORMULA
    read += nodes.section("", nodes.paragraph("", "a b"), ids=["exercises"])
    assert heading.words(read) == 4 + 3 * heading.FORMULA
    assert heading.time(read) == "About 5 minutes, without the exercises"


def test_the_search_lists_formulas_and_exercises():
    path = BOOK / "softmax-and-cross-entropy.ipynb"
    assert ("eq-jacobian", "The Jacobian of softmax") in finder.formulas(path)
    assert ("ex-l1", "L1: the bias that grew") in finder.exercises(path)
    shared = [name for _, name in finder.formulas(
        BOOK / "regularisation-and-normalisation.ipynb")]
    assert len(shared) == len(set(shared))


def test_every_exercise_of_the_book_is_found():
    for path in BOOK.glob("*.ipynb"):
        stated = path.read_text("utf-8").count("{exercise} ")
        assert len(finder.exercises(path)) == stated, path.name
