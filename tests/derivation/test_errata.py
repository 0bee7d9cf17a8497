"""Mistakes from published answer keys: each is refused, with a reason."""

import pytest

from lmbook.derivation import (D, Derivation, M, ShapeMismatch, WrongStep,
                               apply, diag, eye, gradient, hessian, jacobian,
                               log, ones, step, total)
from suite import classifier as c
from suite import embeddings as e
from suite import hessians as h
from suite import masked_matrices as mm
from suite import networks as n


def refused(verdict, define, start, line, *facts):
    with pytest.raises(verdict) as found:
        with Derivation("A planted mistake", define) as d:
            d.start(start)
            d.eq(line, "as printed", *facts)
    return str(found.value)


def test_bias_gradient_without_the_sum_over_the_batch():
    message = refused(ShapeMismatch, c.IN_OUT, gradient(c.L, c.b),
                      1 / c.N * (M(c.P) - M(c.Y)), c.labels())
    assert "shape" in message


def test_hessian_with_the_outer_product_taken_for_a_square():
    with pytest.raises(ShapeMismatch, match="v.T @ v"):
        M(h.v) @ M(h.v).T + M(h.v).T @ M(h.v)
    twice = M(h.v) @ M(h.v).T + (M(h.v) @ M(h.v).T).T
    message = refused(WrongStep, h.HALF_SQUARE,
                      hessian(h.L, h.x), twice)
    assert "this line gives" in message


def test_residual_block_with_transposed_weights():
    gate = diag(apply(step, M(n.z2)))
    message = refused(WrongStep, n.BLOCK, jacobian(n.h3, n.h1),
                      eye(n.H) + gate @ M(n.W2).T)
    assert "H = 2" in message           # at H = 1 the transpose is harmless


def test_glove_gradient_with_symmetrised_logarithms():
    X, i, j, k, a = e.X, e.i, e.j, e.k, e.a
    error = (total(e.c, e.W[k, e.c] * e.U[j, e.c]) + e.b[k] + e.t[j]
             - (log(X[k, j]) + log(X[j, k])) / 2)
    refused(WrongStep, e.GLOVE, D(e.L, e.W[k, a]),
            2 * total(j, error * e.U[j, a]))


def test_embedding_gradient_from_the_targets():
    refused(WrongStep, mm.MODEL, gradient(mm.C, mm.E),
            M(mm.T).T @ gradient(mm.C, mm.X))


def test_transpose_that_a_square_matrix_hides():
    refused(WrongStep, n.NETWORK, jacobian(n.J, n.h1),
            jacobian(n.J, n.h3) + jacobian(n.J, n.z2) @ M(n.W2).T)


def test_sum_over_the_batch_in_the_wrong_layout():
    refused(ShapeMismatch, c.OUT_IN, jacobian(c.L, c.b),
            (M(c.P) - M(c.Y)).T @ ones(c.N))
