"""The table of identities: every row proved, found, and on its page."""

import html
import re

import pytest

from lmbook.derivation import (Derivation, M, WrongStep, dim, jacobian, scalar,
                               tensor)
from lmbook.identities import IDENTITIES, groups, rows
from lmbook.identities.row import ALL, group
from tools.markdown import parse
from tools.notebooks import BOOK, data, read_notebook

PAGE = read_notebook(BOOK / "matrix-identities.ipynb")
SHOWN = [data(output).get("text/html", "") for cell in PAGE.code
         for output in cell.outputs]
NAMES = [row.name for row in IDENTITIES]


def test_there_are_enough_rows_and_each_name_is_one_row():
    titles = [row.title for row in IDENTITIES]
    assert len(IDENTITIES) >= 100
    assert len(set(NAMES)) == len(set(titles)) == len(IDENTITIES)


@pytest.mark.parametrize("row", IDENTITIES, ids=NAMES)
def test_a_row_is_on_the_page_as_it_was_proved(row):
    found = [text for text in SHOWN if f'id="{row.name}"' in text]
    assert found == [row._repr_html_()]
    assert html.escape(str(row.statement())) in found[0]
    lines = [text for _, text, _ in row.derivation.rows()]
    assert str(row.statement()) == f"{lines[0]} = {lines[row.upto]}"


def test_the_groups_of_the_page_are_those_of_the_table():
    headings = [item.text for cell in PAGE.cells if cell.kind == "markdown"
                for item in parse(cell.source)
                if item.kind == "heading" and item.name == "2"]
    assert headings == groups()
    assert sum(len(rows(title)) for title in groups()) == len(IDENTITIES)


def test_a_group_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="'Trace'; expected one of .*Traces"):
        rows("Trace")


def test_each_page_named_by_a_row_exists():
    for row in IDENTITIES:
        assert not row.page or (BOOK / f"{row.page}.ipynb").exists()


def test_each_shape_is_said_once_and_each_letter_has_one():
    for row in IDENTITIES:
        said = re.findall(r"<b>(.*?)</b>(?:<sub>(\d+)</sub>)?:",
                          row.shapes())
        assert len(said) == len(set(said)), row.name
        inside = set(re.findall(r"\\mathbf\{([A-Za-z])\}(?:_\{(\d+)\})?",
                                str(row.statement()))) - {("I", "")}
        assert inside <= set(said), row.name


def test_the_conditions_name_the_cited_facts():
    by_name = {row.name: row for row in IDENTITIES}
    ce = by_name["cross-entropy-gradient-in-vectors"]
    assert ce.conditions() == "the labels sum to one"
    assert by_name["cross-entropy-any-labels"].conditions() == ""
    assert by_name["length"].conditions() == "x is not zero"
    assert "positive" in by_name["logarithm"].shapes()


def test_only_definitions_that_are_used_are_shown():
    by_name = {row.name: row for row in IDENTITIES}
    values = by_name["attention-by-the-values"]
    assert not any(text.startswith("T_") for text in values.definitions())
    assert any(text.startswith("P_") for text in values.definitions())


def test_a_wrong_identity_never_becomes_a_row():
    """Planted: the row is built by its proof, so the proof refuses it."""
    @group("planted")("transpose")
    def planted_transpose():
        A, x = tensor("A", dim("D"), dim("D")), tensor("x", dim("D"))
        with Derivation("A planted transpose") as d:
            d.start(jacobian(M(A) @ M(x), x))
            d.eq(M(A).T, "wrong layout")
        return d

    row = ALL.pop()
    with pytest.raises(WrongStep, match="is wrong: at D = 2"):
        row.statement()


def test_a_row_without_shapes_says_nothing_about_them():
    @group("planted")("")
    def planted_scalar():
        x = scalar("x")
        with Derivation("A planted scalar") as d:
            d.start(x + x)
            d.eq(2 * x, "twice")
        return d

    row = ALL.pop()
    assert (row.shapes(), row.conditions(), row.definitions()) == ("", "", [])
