"""Matrix lines: shapes, entries, LaTeX and its reading."""

from fractions import Fraction

import numpy as np
import pytest
from ink_dense import dense
from ink_lines import (ALL, K, L, MATRICES, N, SIZES, W1, X, arrays_of, b, f,
                      i, j, l, m, n, s, tau, value, x, y, z)
from hypothesis import given, settings
from mutate import line_mutants
from typos import read_typos

from lmbook.derivation.language import (
    IndexMismatch, dim, exp, indices, log, relu, sigmoid, step, tensor, total)
from lmbook.derivation.matrices import (
    M, ShapeMismatch, apply, diag, eye, gradient, hessian, jacobian, norm2,
    ones, trace)
from lmbook.derivation.printing import latex
from lmbook.derivation.reading import (
    AmbiguousPrint, Unreadable, read, symbols_of)

C, D = dim("C"), dim("D")
A = tensor("A", K, K)
P, Y = tensor("P", N, C), tensor("Yhat", N, C, tex=r"\hat{Y}")
F, mu, V = tensor("F", N, D), tensor("mu", K), tensor("V", C, D)
c, d, e = (indices(t, size)[0] for t, size in zip("cde", (C, D, C)))

BY_HAND = [
    (1 / N * (M(F).T @ (M(P) - M(Y))),
     r"\frac{1}{N} \mathbf{F}^{\top} \left( \mathbf{P} - "
     r"\hat{\mathbf{Y}} \right)"),
    (M(F).T @ (M(P) - M(Y)) / N,
     r"\frac{\mathbf{F}^{\top} \left( \mathbf{P} - "
     r"\hat{\mathbf{Y}} \right)}{N}"),
    (1 / N * M(F).T @ M(P), r"\frac{1}{N} \mathbf{F}^{\top} \mathbf{P}"),
    (M(P).T @ ones(N), r"\mathbf{P}^{\top} \mathbf{1}_{N}"),
    (diag(s) - M(s) @ M(s).T,
     r"\operatorname{diag}(\mathbf{s}) - \mathbf{s} \mathbf{s}^{\top}"),
    (eye(K) + diag(apply(step, z)) @ M(W1),
     r"\mathbf{I}_{K} + \operatorname{diag}(\mathbb{1}\{\mathbf{z} > 0\}) "
     r"\mathbf{W}_{1}"),
    (jacobian(y, z) @ jacobian(z, s),
     r"\frac{\partial \mathbf{y}}{\partial \mathbf{z}} "
     r"\frac{\partial \mathbf{z}}{\partial \mathbf{s}}"),
    (jacobian(L, mu), r"\frac{\partial L}{\partial \boldsymbol{\mu}}"),
    (jacobian(M(A) @ M(z), z), r"\frac{\partial}{\partial \mathbf{z}} "
                               r"\left( \mathbf{A} \mathbf{z} \right)"),
    (gradient(L, V), r"\nabla_{\mathbf{V}} L"),
    (gradient(L, z).T @ M(s),
     r"\left( \nabla_{\mathbf{z}} L \right)^{\top} \mathbf{s}"),
    (hessian(L, z), r"\nabla^{2}_{\mathbf{z}} L"),
    (norm2(z) + x, r"\lVert \mathbf{z} \rVert^{2} + x"),
    (norm2(A), r"\lVert \mathbf{A} \rVert_{F}^{2}"),
    (trace(M(A) @ M(A)), r"\operatorname{tr}(\mathbf{A} \mathbf{A})"),
    (M(z) * M(s) * M(y), r"\mathbf{z} \odot \mathbf{s} \odot \mathbf{y}"),
    ((M(A) @ M(z)) * M(s),
     r"\left( \mathbf{A} \mathbf{z} \right) \odot \mathbf{s}"),
    (M(s) @ (M(s).T @ M(z)),
     r"\mathbf{s} \left( \mathbf{s}^{\top} \mathbf{z} \right)"),
    ((M(s) @ M(s).T) @ M(z), r"\mathbf{s} \mathbf{s}^{\top} \mathbf{z}"),
    (-M(z) @ M(s).T, r"-\mathbf{z} \mathbf{s}^{\top}"),
    (M(z).T @ M(s) - L, r"\mathbf{z}^{\top} \mathbf{s} - L"),
    (apply(exp, z), r"\exp(\mathbf{z})"),
    (apply(log, s).T @ M(y),
     r"\left( \log \mathbf{s} \right)^{\top} \mathbf{y}"),
    (apply(f.d(), M(A) @ M(z)), r"f'(\mathbf{A} \mathbf{z})"),
    (M(z) ** 2, r"\mathbf{z}^{\odot 2}"),
    ((M(z).T @ M(s)) ** 2,
     r"\left( \mathbf{z}^{\top} \mathbf{s} \right)^{2}"),
    (1 / norm2(z), r"\frac{1}{\lVert \mathbf{z} \rVert^{2}}"),
    (x / (M(z).T @ M(s)) * M(z),
     r"\frac{x}{\mathbf{z}^{\top} \mathbf{s}} \mathbf{z}"),
    (-M(y).T @ apply(log, s), r"-\mathbf{y}^{\top} \log \mathbf{s}"),
    (-2 * M(A), r"-2 \mathbf{A}"), (M(x) * M(tau), r"x \tau"),
]
IDS = [t for _, t in BY_HAND]


@pytest.mark.parametrize("line, text", BY_HAND, ids=IDS)
def test_by_hand(line, text):
    assert latex(line) == text
    assert str(line) == text


@pytest.mark.parametrize("line, text", BY_HAND, ids=IDS)
def test_by_hand_reads_back(line, text):
    back = read(text, symbols_of(line))
    assert latex(back) == text
    assert M(back).dims == line.dims


def test_entries_by_hand():
    line = 1 / N * (M(F).T @ (M(P) - M(Y)))
    assert latex(line.entry(d, c)) == (
        r"\frac{1}{N} \sum_{k_{1}=1}^{N} F_{k_{1},d} "
        r"\left( P_{k_{1},c} - \hat{Y}_{k_{1},c} \right)")
    assert latex(jacobian(y, z).entry(i, j)) == (
        r"\frac{\partial y_{i}}{\partial z_{j}}")
    assert latex(gradient(L, V).entry(c, d)) == (
        r"\frac{\partial L}{\partial V_{cd}}")
    assert latex(jacobian(L, z).entry(None, j)) == (
        r"\frac{\partial L}{\partial z_{j}}")
    assert latex(hessian(L, z).entry(i, j)) == (
        r"\frac{\partial^{2} L}{\partial z_{i} \partial z_{j}}")
    assert latex(eye(K).entry(i, j)) == r"\delta_{ij}"
    assert latex(M(z).T.entry(None, i)) == "z_{i}"


def test_bound_indices_never_collide():
    k1, k2 = indices("k1 k2", K)
    entry = (M(A) @ M(A) @ M(A)).entry(k1, k2)
    assert latex(entry) == (
        r"\sum_{k_{3}=1}^{K} \left( \sum_{k_{4}=1}^{K} A_{k_{1},k_{4}} "
        r"A_{k_{4},k_{3}} \right) A_{k_{3},k_{2}}")


def entries(line, arrays):
    """Evaluate the entries of a matrix line one by one."""
    rows, columns = ([None] if size is None else [index]
                     for size, index in zip(line.dims, (_row(line),
                                                        _column(line))))
    p, q = rows[0], columns[0]
    entry = line.entry(p, q)
    counts = [SIZES[size.name] if size else 1 for size in line.dims]
    return np.array([[value(entry, arrays, _at(p, a) | _at(q, c))
                      for c in range(counts[1])] for a in range(counts[0])])


def _row(line):
    return {None: None, N: n, K: i}[line.dims[0]]


def _column(line):
    return {None: None, N: m, K: j}[line.dims[1]]


def _at(index, position):
    return {index.name: position} if index else {}


@given(MATRICES)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_entries_have_the_values_of_the_whole_matrix(line):
    arrays = arrays_of(np.random.default_rng(2), *ALL)
    assert np.allclose(entries(line, arrays), dense(line, arrays))


@given(MATRICES)
@settings(max_examples=250, deadline=None, derandomize=True)
def test_every_matrix_line_reads_back(line):
    back = read(latex(line), symbols_of(line))
    assert latex(back) == latex(line)
    arrays = arrays_of(np.random.default_rng(3), *ALL)
    assert np.allclose(dense(back, arrays), dense(line, arrays))


@pytest.mark.parametrize("text", [
    r"\mathbf{X} \mathbf{X}", r"\mathbf{X} + \mathbf{X}^{\top}",
    r"\mathbf{X} x", r"\mathbf{x}", r"\mathbf{X}^{2}", r"X_{ni} X",
    r"\mathbf{X} \odot \mathbf{X} \mathbf{A}", r"\mathbf{1}", r"\mathbf{I}",
    r"\lVert \mathbf{X} \rVert^{2}", r"\lVert \mathbf{z} \rVert_{F}^{2}",
    r"e^{\mathbf{X}}", r"\nabla_{\mathbf{X}^{\top}} L", r"\nabla L",
    r"\frac{\partial \mathbf{z}}{\partial \mathbf{X}}",
    r"\frac{\mathbf{X}}{\mathbf{X}}", r"g(\mathbf{z}, \mathbf{z})"])
def test_what_is_not_in_the_matrix_dialect_is_refused(text):
    from ink_lines import g
    known = symbols_of(M(X) @ M(A), M(z), x * X[n, i] * g(L, L))
    with pytest.raises(Unreadable):
        read(text, known)


def test_trap_a_quotient_is_not_a_product_with_minus():
    """A printer once put -N X^T(...) on a page for X^T(...)/N."""
    line = M(X).T @ (M(b) - ones(N)) / N
    wrong = -N * (M(X).T @ (M(b) - ones(N)))
    assert latex(wrong) == (r"-N \mathbf{X}^{\top} \left( \mathbf{b} - "
                            r"\mathbf{1}_{N} \right)")
    back = read(latex(wrong), symbols_of(line))
    arrays = arrays_of(np.random.default_rng(4), *ALL)
    assert not np.allclose(dense(back, arrays), dense(line, arrays))


def test_trap_ones_and_identities_of_two_sizes_print_differently():
    line = ones(N) @ ones(K).T
    assert latex(line) == r"\mathbf{1}_{N} \mathbf{1}_{K}^{\top}"
    with pytest.raises(AmbiguousPrint, match="identity"):
        symbols_of(eye(K) + M(tensor("I", K, K)))


def test_trap_a_matrix_has_the_name_of_a_size():
    line = 1 / K * (M(tensor("K", N, K)) @ M(z))
    assert latex(read(latex(line), symbols_of(line))) == latex(line)


SAMPLE = [1 / N * (M(X).T @ (M(b) - ones(N))), M(A) @ M(A).T - diag(s),
          (M(z).T @ M(s)) * M(A) + M(A) * M(W1), apply(sigmoid, z) @ M(b).T]


@pytest.mark.parametrize("line", SAMPLE, ids=latex)
def test_every_wrong_line_reads_back_as_that_wrong_line(line):
    arrays = arrays_of(np.random.default_rng(5), *ALL, A)
    mutants = list(line_mutants(line, [X, W1, y]))
    assert len(mutants) > 15
    for description, mutant in mutants:
        back = M(read(latex(mutant), symbols_of(line, mutant)))
        assert latex(mutant) != latex(line), description
        assert np.allclose(dense(back, arrays), dense(mutant, arrays))


# A number times a matrix: the reader needs no bracket, the eye does.
REST = r" + \mathbf{A} \odot \mathbf{W}_{1}"
HARMLESS = (r"\left( \mathbf{z}^{\top} \mathbf{s} \mathbf{A} \right)" + REST,
            r"\mathbf{z}^{\top} \mathbf{s} \mathbf{A}" + REST)


@pytest.mark.parametrize("line", SAMPLE, ids=latex)
def test_no_typo_reads_as_the_line_itself(line):
    for description, typo, seen in read_typos(line):
        assert typo in HARMLESS or latex(seen) != latex(line), description


def test_the_mutants_cover_each_kind():
    lines = [M(A) @ M(A).T + M(A) * M(W1), 2 * M(z) ** 2,
             apply(exp, z) / N, M(x * total(l, log(s[l]) / z[l]) + tau)]
    kinds = {kind for line in lines for kind, _ in line_mutants(line, [y, i])}
    assert kinds >= {
        "sign", "factor", "dropped term", "dropped factor", "transposed",
        "swapped operands", "wrong tensor",
        "exponent", "function", "elementwise", "matrix product"}


def test_a_scalar_is_folded_into_one_expression():
    assert (M(x) + M(Fraction(1, 2))).value == x + Fraction(1, 2)
    assert apply(relu, M(x)).value == relu(x)
