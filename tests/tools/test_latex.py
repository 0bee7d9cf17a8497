"""Formulas are compared as TeX reads them."""

import pytest

from tools.latex import canonical, has_relation, rows, steps

SAME = [
    ("s_{j} - y_{j}", "s_j-y_j"),
    (r"a \leq b", r"a \le b"),
    (r"\left( a \right)\, b", "(a) b"),
    (r"a = b \label{eq-x}.", "a=b"),
    (r"\frac{a}{b}", r"\frac ab"),
]
DIFFERENT = [
    ("s_j - y_j", "s_j + y_j"),
    ("s_i", "s_j"),
    (r"X^{\top} Y", r"X Y^{\top}"),
    (r"\alpha x", r"\alphax"),
    ("a_{ij}", "a_i j"),
    ("e^{xy}", "e^x y"),
    ("-(a + b)", "-a + b"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_formula_agree(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_formulas_differ(one, other):
    assert canonical(one) != canonical(other)


def test_relations():
    assert has_relation("K = 2") and has_relation(r"\tau \to 0^+")
    assert not has_relation(r"\sum_{k=1}^{K} z_k")
    assert not has_relation(r"\max_{i \ne j} z_i + z_j")


def test_a_matrix_is_one_row_and_an_align_is_not():
    matrix = r"A = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"
    assert rows(matrix) == [matrix]
    assert rows(rf"\begin{{align}} a &= b \\[2pt] {matrix} \end{{align}}") == [
        "a &= b", matrix]


def test_a_continued_line_takes_its_left_side_from_the_line_before():
    block = r"\begin{aligned} a &= b \\ &\le c + d \\ &= e \end{aligned}"
    assert steps(block) == ["a &= b", r"b \le c + d", "c + d = e"]
