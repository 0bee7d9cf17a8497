"""Matrix lines computed with whole arrays: a fault in an entry is seen."""

import pytest

from lmbook.derivation import (Conflict, Derivation, M, dim, gradient,
                               jacobian, tensor)
from lmbook.derivation.chain.whole import whole
from lmbook.derivation.matrices.algebra import Transpose
from lmbook.derivation.worlds import World

K = dim("K")
A, x = tensor("A", K, K), tensor("x", K)


def test_by_hand():
    # (1 2; 3 4)^T (5, 6) = (1*5 + 3*6, 2*5 + 4*6) = (23, 34)
    world = World({K: 2}, {A: [[1, 2], [3, 4]], x: [5, 6]})
    assert whole(M(A).T @ M(x), world).tolist() == [[23], [34]]


def test_a_jacobian_and_a_gradient_by_hand():
    # y = A x with A = (1 2; 3 4): dy/dx = A; grad of x^T x is 2 x
    world = World({K: 2}, {A: [[1, 2], [3, 4]], x: [5, 6]})
    assert whole(jacobian(M(A) @ M(x), x), world).tolist() == [[1, 2], [3, 4]]
    assert whole(gradient(M(x).T @ M(x), x), world).tolist() == [[10], [12]]


def test_a_transpose_that_does_nothing_is_caught(monkeypatch):
    monkeypatch.setattr(Transpose, "at",
                        lambda self, p, q, fresh: self.arg.at(p, q, fresh)
                        if self.arg.dims == (K, K)
                        else self.arg.at(q, p, fresh))
    d = Derivation("A silent transpose")
    d.start(M(A).T @ M(x))
    with pytest.raises(Conflict, match="whole arrays"):
        d.eq(M(A) @ M(x), "because transposing is broken")
