"""Each planted fault in the formulas is named; sound pages pass."""

import pytest

from tools.equations import account
from tools.samples import (PROOF, code, derivation, glue, result, text, write)

STATEMENT = PROOF["statement"]
PROVED = code("ce-gradient", "d", derivation(), tags=["hide-input"])


def book(folder, *cells, listed=""):
    """A book of one page and its list of unchecked formulas."""
    write(folder / "book", "page.ipynb", *cells)
    (folder / "book" / "unchecked.yml").write_text(listed, encoding="utf-8")
    return account(folder / "book")


def test_an_empty_book_counts_zero_and_fails_nothing(tmp_path):
    (tmp_path / "book").mkdir()
    found = account(tmp_path / "book")
    assert found.faults == [] and found.displayed == 0


def test_a_derivation_and_its_retyped_lines_are_proved(tmp_path):
    found = book(tmp_path, PROVED, text("said", f"$${STATEMENT}.$$\n\n"
                 r"$$\begin{aligned}\frac{\partial L}{\partial z_j}"
                 r" &= -\sum_l y_l(\delta_{lj} - s_j) \\ &= s_j - y_j"
                 r"\end{aligned}$$"))
    assert found.faults == []
    assert found.counts["proved"] == 2 + 1 + 2 and found.coverage == 100


def test_a_glued_definition_of_a_derivation_is_generated(tmp_path):
    proof = PROOF | {"definitions": ["s_{i} = e^{z_{i}}"]}
    cells = [code("ce", "d", derivation(proof), tags=["hide-input"]),
             code("glued", "glue()", glue("def-s", "s_{i} = e^{z_{i}}")),
             text("said", "```{glue:math} def-s\n```")]
    found = book(tmp_path, *cells)
    assert found.faults == [] and found.counts["generated"] == 1
    cells[1] = code("glued", "glue()", glue("def-s", "s_{i} = e^{z_{j}}"))
    assert "neither proved" in book(tmp_path, *cells).faults[0]


def test_a_changed_sign_names_file_cell_formula_and_nearest(tmp_path):
    wrong = STATEMENT.replace("s_{j} - y", "s_{j} + y")
    found = book(tmp_path, PROVED, text("said", f"$$\n{wrong}\n$$"))
    fault = found.faults[0]
    assert fault.startswith("book/page.ipynb, cell 'said': displayed formula")
    assert wrong in fault and f"nearest known: `{STATEMENT}`" in fault


def test_rows_of_two_derivations_do_not_make_a_third(tmp_path):
    found = book(tmp_path, PROVED, text(
        "said", r"$$\begin{aligned} q &= r \\ &= s_j - y_j\end{aligned}$$"),
        listed="page:\n  displayed:\n    'q = r': definition\n")
    assert "`r = s _ j - y _ j`" in found.faults[0]


@pytest.mark.parametrize("source", [
    "$a = b$", "$a \\le b$", "$x \\to 0$", "$a \\approx b$", "$a < b$",
    "$a > b$", "$a \\ne b$", "$a \\ge b$"])
def test_an_inline_relation_needs_a_reason(tmp_path, source):
    found = book(tmp_path, PROVED, text("said", f"Here {source}."))
    assert "cell 'said': inline formula" in found.faults[0]
    listed = f"page:\n  inline:\n    '{source[1:-1]}': notation\n"
    assert book(tmp_path, PROVED, text("said", f"Here {source}."),
                listed=listed).faults == []


def test_a_changed_listed_formula_fails_twice(tmp_path):
    listed = "page:\n  inline:\n    'K = 2': the smallest case\n"
    found = book(tmp_path, text("said", "Here $K = 3$."), listed=listed)
    assert "nearest known: `K = 2`" in " ".join(found.faults)
    assert "stale entry `K = 2`" in " ".join(found.faults)


@pytest.mark.parametrize(("listed", "message"), [
    ("page:\n  displayed:\n    'q = r': old\n", "stale entry `q = r`"),
    ("gone:\n  inline:\n    'q = r': old\n", "there is no page 'gone'"),
    ("page:\n  inline:\n    'q = r':\n", "'q = r' has no reason"),
    ("page:\n  shown:\n    'q = r': old\n", "'shown' is not one of"),
])
def test_a_faulty_list_is_named(tmp_path, listed, message):
    faults = book(tmp_path, PROVED, listed=listed).faults
    assert any(message in fault for fault in faults)


def test_a_repeated_entry_is_refused(tmp_path):
    with pytest.raises(ValueError, match="book/unchecked.yml, line 3 on: "
                       "'a = b' appears twice"):
        book(tmp_path, PROVED,
             listed="page:\n  inline:\n    'a = b': x\n    'a = b': y\n")


def test_a_glued_statement_is_generated(tmp_path):
    cell = text("law", "```{glue:math} grad\n:label: eq-grad\n```")
    found = book(tmp_path, PROVED, code("store", "g", glue("grad", STATEMENT)),
                 cell)
    assert found.faults == [] and found.counts["generated"] == 1


def test_a_glued_formula_without_a_proof_is_refused(tmp_path):
    cell = text("law", "```{glue:math} grad\n```")
    found = book(tmp_path, PROVED, code("store", "g", glue("grad", "a = b")),
                 cell)
    assert "cell 'law': displayed formula `a = b`" in found.faults[0]
    missing = book(tmp_path, PROVED, cell)
    assert "'grad' is glued by no cell" in missing.faults[0]


def test_an_output_that_is_no_derivation_needs_a_reason(tmp_path):
    found = book(tmp_path, PROVED, code("shows", "m", result(latex="$a=b$")))
    assert "cell 'shows': displayed formula `a=b`" in found.faults[0]


@pytest.mark.parametrize("name", ["eval-rst", "raw", "include"])
def test_a_directive_that_hides_formulas_is_refused(tmp_path, name):
    cell = text("hidden", f"```{{{name}}} html\n.. math:: a = b\n```")
    found = book(tmp_path, PROVED, cell)
    assert f"cell 'hidden': {{{name}}} hides formulas" in found.faults[0]


def test_a_substitution_is_refused(tmp_path):
    found = book(tmp_path, PROVED, text("hidden", "See {{ law }}."))
    assert "cell 'hidden': a substitution" in found.faults[0]


def test_a_formula_in_html_needs_a_reason(tmp_path):
    shown = result(html=r"<p>\(a = b\) and \[c = d\]</p>")
    found = book(tmp_path, PROVED, code("shows", "h", shown))
    assert "cell 'shows': inline formula `a = b`" in found.faults[0]
    assert "cell 'shows': displayed formula `c = d`" in found.faults[1]


def test_a_derivation_that_is_not_proved_is_not_counted(tmp_path):
    weak = dict(PROOF, badge="checked at sizes 1, 2, 3")
    found = book(tmp_path, code("weak", "d", derivation(weak)))
    assert found.counts["proved"] == 0 and found.counts["missing"] == 3
    part = dict(PROOF, proved_lines=1)
    assert book(tmp_path, code("part", "d", derivation(part))).faults


def test_an_induction_over_two_states_proves_two_lines_for_each(tmp_path):
    # m and v: first value, rule and closed form of each, 2 + 2 lines proved
    two = dict(PROOF, proved_lines=4, relations=[""] * 6,
               lines=["m_{0} = 0", "m_{t+1} = m_{t} + a", "m_{t} = a t",
                      "v_{0} = 0", "v_{t+1} = v_{t} + b", "v_{t} = b t"])
    assert not book(tmp_path, code("two", "d", derivation(two))).faults
    one = dict(two, proved_lines=3)
    assert book(tmp_path, code("one", "d", derivation(one))).faults


def test_too_many_listed_formulas_fail(tmp_path):
    found = book(tmp_path, PROVED, text("said", "$$q = r$$"),
                 listed="page:\n  displayed:\n    'q = r': definition\n")
    assert found.coverage == pytest.approx(200 / 3)
    assert "95 % are needed" in found.faults[0]


def test_a_text_page_is_read_by_section(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "notation.md").write_text(
        "# Notation\n\nWords.\n\n## Layout rules\n\n$$a = b$$\n")
    fault = account(tmp_path / "book").faults[0]
    assert fault.startswith("book/notation.md, cell 'layout-rules'")


def test_a_formula_in_a_caption_is_seen(tmp_path):
    cell = code("plot", "p", result(svg="<svg/>"),
                figure={"caption": "The case $K = 2$."})
    assert "cell 'plot': inline" in book(tmp_path, PROVED, cell).faults[0]
