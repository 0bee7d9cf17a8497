"""A wrong shape is refused while the line is being built."""

import pytest
from ink_lines import K, L, N, i, j, n, s, x, z

from lmbook.derivation.language import IndexMismatch, dim, exp, tensor
from lmbook.derivation.matrices import (
    M, ShapeMismatch, apply, diag, gradient, hessian, jacobian, norm2, trace)

A, P, F = tensor("A", K, K), tensor("P", N, dim("C")), tensor("F", N, dim("D"))

SHAPES = [
    (lambda: M(P) @ M(F), "P of shape (N, C) @ F of shape (N, D): the columns"
     " of the left run over C, the rows of the right over N"),
    (lambda: M(P) + M(F), "P of shape (N, C) + F of shape (N, D): the columns"
     " of the left run over C, those of the right over D"),
    (lambda: M(z) - M(z).T, "the rows of the left run over K, those of the"
     " right over 1"),
    (lambda: M(P) * M(F), "P of shape (N, C) * F of shape (N, D)"),
    (lambda: M(z) + 1, "z of shape (K, 1) + 1 of shape (1, 1)"),
    (lambda: M(z) @ M(2), "takes *, not @"),
    (lambda: M(z) / M(s), "expected a scalar, not s of shape (K, 1)"),
    (lambda: trace(P), "expected a square matrix"),
    (lambda: diag(M(z).T), "z.T of shape (1, K): expected a column"),
    (lambda: jacobian(A, z), "the Jacobian A of shape (K, K)"),
    (lambda: jacobian(z, A), "expected a whole vector"),
    (lambda: jacobian(z, M(s) + M(s)), "expected a whole vector"),
    (lambda: gradient(z, z), "expected a scalar above"),
    (lambda: gradient(L, M(A).T), "expected a whole vector or matrix"),
    (lambda: hessian(L, A), "expected a whole vector"),
    (lambda: norm2(x), "expected a vector or a matrix"),
    (lambda: M(tensor("T", K, K, K)), "at most 2"),
]


@pytest.mark.parametrize("build, message", SHAPES,
                         ids=[t for _, t in SHAPES])
def test_a_wrong_shape_is_refused_while_building(build, message):
    with pytest.raises(ShapeMismatch) as caught:
        build()
    assert message in str(caught.value)


def test_other_refusals_name_the_value():
    with pytest.raises(ValueError, match="z_{i} depends on an index"):
        M(z[i])
    with pytest.raises(ValueError, match="not a single function"):
        apply(lambda v: exp(v) + 1, z)
    with pytest.raises(IndexMismatch, match="row index of A .* over K"):
        M(A).entry(n, i)
    with pytest.raises(IndexMismatch, match="column index of z .* over 1"):
        M(z).entry(i, j)


def test_shapes_by_hand():
    assert M(z).dims == (K, None) and M(z).T.dims == (None, K)
    assert (M(z) @ M(s).T).dims == (K, K)
    assert (M(z).T @ M(s)).dims == M(x).dims == (None, None)
    assert jacobian(L, z).dims == (None, K)
    assert jacobian(M(P) @ M(tensor("t", dim("C"))), z).dims == (N, K)
    assert gradient(L, P).dims == (N, dim("C"))
    assert hessian(L, z).dims == (K, K)
