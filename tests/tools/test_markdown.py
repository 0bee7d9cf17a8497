"""Every way to put a formula on a page is seen."""

import pytest

from tools.markdown import parse, words

DISPLAYED = [
    "$$a = b$$",
    "$$\na = b\n$$ (eq-label)",
    "```{math}\n:label: eq-x\na = b\n```",
    ":::{math}\na = b\n:::",
    "\\begin{align*}a = b\\end{align*}",
    r"\[ a = b \]",
    "Words $$a = b$$ words.",
    "````{exercise} Title\n:label: ex-b1\n\n$$a = b$$\n````",
    "````{exercise} T\n:::{tip} Hint\n:class: x\n$$a = b$$\n:::\n````",
    "- item\n\n  $$a = b$$",
    "<div>\\[a = b\\]</div>",
]
INLINE = [
    "Here $a = b$ holds.",
    "Here {math}`a = b` holds.",
    r"Here \( a = b \) holds.",
    "| head |\n|---|\n| $a = b$ |",
    "# A heading with $a = b$",
    ":::{admonition} A title with/or $a = b$\nWords.\n:::",
]


@pytest.mark.parametrize("source", DISPLAYED)
def test_displayed_formula_is_found_once(source):
    found = [item for item in parse(source) if item.kind == "display"]
    assert len(found) == 1 and "a = b" in found[0].text


@pytest.mark.parametrize("source", INLINE)
def test_inline_formula_is_found_once(source):
    found = [item.text.strip() for item in parse(source)
             if item.kind == "math"]
    assert found == ["a = b"]


@pytest.mark.parametrize("source", ["`$a = b$`", "```\n$$a = b$$\n```",
                                    "```{code-block} latex\n$$a=b$$\n```"])
def test_code_is_no_formula(source):
    assert not [i for i in parse(source) if i.kind in {"math", "display"}]


def test_a_matrix_row_break_is_not_an_opening_bracket():
    source = "$$\\begin{matrix} a \\\\[2pt] b \\end{matrix}$$ and \\[c = d\\]"
    shown = [item.text for item in parse(source) if item.kind == "display"]
    assert len(shown) == 2


def test_words_count_a_formula_as_one():
    assert words(parse("The loss $L = -\\log p$ is `f(x)`, don't fear.")) == 7
