r"""The loss of GloVe and its four gradients, for dense and sparse log counts.

The score of words i and j is w_i . u_j + b_i + t_j.  A row of P holds the
vector of a word, its bias and a 1; a row of Q the vector of a context
word, a 1 and its bias.  So a score is one dot product, and with the
residual E = P Q^T - log counts the four gradients are columns of 2 E Q
and 2 E^T P.  The two classes differ in whether E is ever written down.
"""

import numpy as np
from scipy import sparse


def sides(W, U, b, t):
    """Return P = [W b 1] and Q = [U 1 t].

    Shapes: W and U (V, D), b and t (V,); P and Q (V, D + 2).

    >>> one = np.ones((1, 1))
    >>> sides(2 * one, 3 * one, [4.0], [5.0])
    (array([[2., 4., 1.]]), array([[3., 1., 5.]]))
    """
    V, D = W.shape
    P, Q = np.ones((2, V, D + 2), dtype=W.dtype)
    P[:, :D], P[:, D] = W, b
    Q[:, :D], Q[:, D + 1] = U, t
    return P, Q


class DenseTargets:
    """Log counts as a full matrix, with a weight for each pair or without.

    Shapes: `logs` and `weights` (V, V).
    Errors: `ValueError` for logs that are not square or not finite, for
    weights of another shape or below 0.

    >>> targets = DenseTargets(np.zeros((2, 2)))
    >>> one, none = np.ones((2, 1)), np.zeros(2)
    >>> loss, dW, dU, db, dt = targets.gradients(one, 3 * one, none, none)
    >>> float(loss), dW.ravel(), db
    (36.0, array([36., 36.]), array([12., 12.]))
    """

    def __init__(self, logs, weights=None, dtype=np.float64):
        self.logs, self.weights = _square(logs, "logs", dtype), None
        if weights is not None:
            self.weights = _square(weights, "weights", dtype)
            if self.weights.shape != self.shape or (self.weights < 0).any():
                raise ValueError("weights must be at least 0, of shape"
                                 f" {self.shape}")

    @property
    def shape(self):
        """The shape (V, V)."""
        return self.logs.shape

    @property
    def pairs(self):
        """How many pairs the loss counts, each by its weight."""
        return self.logs.size if self.weights is None else self.weights.sum()

    def _residual(self, P, Q):
        """Return E, and E times the weights: one array if there are none."""
        E = P @ Q.T
        E -= self.logs
        return E, E if self.weights is None else E * self.weights

    def loss(self, W, U, b, t):
        """Return the sum of squares of E, each times its weight."""
        return float(np.vdot(*self._residual(*sides(W, U, b, t))))

    def gradients(self, W, U, b, t):
        """Return the loss, and its gradients by W, U, b and t.

        Shapes: W and U (V, D), b and t (V,).
        """
        P, Q = sides(W, U, b, t)
        E, weighted = self._residual(P, Q)
        return (float(np.vdot(E, weighted)),
                *_blocks(weighted @ Q, weighted.T @ P))


class SparseTargets:
    """Log counts that are a sparse matrix S plus one constant c.

    The constant goes into the biases t; then E = P Q^T - S, and
    E Q = P (Q^T Q) - S Q and E^T P = Q (P^T P) - S^T P: no matrix (V, V)
    is formed.  The sum of squares of P Q^T is the sum of the products,
    entry by entry, of P^T P and Q^T Q.  Nothing is left out: the numbers
    are those of `DenseTargets` up to rounding.

    Shapes: `logs` sparse (V, V).
    Errors: `ValueError` for logs that are not sparse, square and finite.

    >>> both = (DenseTargets(np.eye(2) + 5),
    ...         SparseTargets(sparse.csr_array(np.eye(2)), 5))
    >>> W, b = np.array([[2.0], [3.0]]), np.array([1.0, 0.0])
    >>> [targets.loss(W, W, b, b) for targets in both]
    [17.0, 17.0]
    """

    def __init__(self, logs, constant=0.0, dtype=np.float64):
        if not sparse.issparse(logs):
            raise ValueError("expected a sparse matrix, got"
                             f" {type(logs).__name__}")
        self.logs = sparse.csr_array(logs, dtype=dtype, copy=True)
        if self.shape[0] != self.shape[1]:
            raise ValueError(f"logs have shape {self.shape}, expected a"
                             " square")
        if not (np.isfinite(self.logs.data).all() and np.isfinite(constant)):
            raise ValueError("logs must be finite")
        self.transposed = self.logs.T.tocsr()
        self.constant = float(constant)
        self.squares = np.square(self.logs.data, dtype=np.float64).sum()

    @property
    def shape(self):
        """The shape (V, V)."""
        return self.logs.shape

    @property
    def pairs(self):
        """How many pairs the loss counts: all."""
        return self.shape[0] ** 2

    def loss(self, W, U, b, t):
        """Return the sum of squares of E."""
        P, Q = sides(W, U, b, t - self.constant)
        return self._loss(P, P.T @ P, Q.T @ Q, self.logs @ Q)

    def _loss(self, P, PP, QQ, SQ):
        """Return |P Q^T|^2 - 2 <P Q^T, S> + |S|^2."""
        return float(np.vdot(PP, QQ) - 2 * np.vdot(P, SQ) + self.squares)

    def gradients(self, W, U, b, t):
        """Return the loss, and its gradients by W, U, b and t.

        Shapes: W and U (V, D), b and t (V,).
        """
        P, Q = sides(W, U, b, t - self.constant)
        PP, QQ, SQ = P.T @ P, Q.T @ Q, self.logs @ Q
        EQ, EP = P @ QQ, Q @ PP
        EQ -= SQ
        EP -= self.transposed @ P
        return self._loss(P, PP, QQ, SQ), *_blocks(EQ, EP)


def _blocks(EQ, EP):
    """Return the gradients by W, U, b and t from E Q and E^T P.

    The column of ones of Q gives E 1, that of P gives E^T 1.
    """
    D = EQ.shape[1] - 2
    return 2 * EQ[:, :D], 2 * EP[:, :D], 2 * EQ[:, D], 2 * EP[:, D + 1]


def _square(array, name, dtype):
    """Return a finite square matrix of floats, a copy."""
    array = np.array(array, dtype=dtype)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise ValueError(f"{name} have shape {array.shape}, expected a"
                         " square")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    return array
