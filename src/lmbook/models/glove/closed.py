"""The best possible fit, without any descent: singular values.

Biases can fit every matrix whose entry (i, j) is a_i + c_j, so what the
vectors have to fit is the rest: log counts less the mean of their row and
of their column.  A product W U^T is any matrix of rank D, and the nearest
one to a given matrix keeps its D largest singular values (Eckart and
Young, 1936).  A product W W^T has no negative eigenvalues: the nearest
one keeps the D largest of those above 0.
"""

import numpy as np


def remaining(logs, *, symmetric=False):
    """Return the lowest loss for every D, from 0 to V.

    The loss is the sum of squares over all pairs, with equal weights.

    Shapes: `logs` (V, V); the result (V + 1,).
    Errors: `ValueError` for logs that are not square or not finite.
    Source: Eckart and Young (1936).

    >>> remaining([[1.0, 0.0], [0.0, 1.0]]).round(6)
    array([1., 0., 0.])
    """
    logs, rest, lost = _rest(logs, symmetric)
    values = _factors(rest, symmetric)[1]
    squares = np.square(values)[::-1].cumsum()[::-1]
    negative = np.square(rest).sum() - np.square(values).sum()
    return np.append(squares, 0) + lost + max(negative, 0) * symmetric


def best_fit(logs, embedding_dim, *, symmetric=False):
    """Return W, U, b, t with the lowest loss that D numbers allow.

    The fit is not unique (turn all vectors, and scores stay the same):
    this one shares each singular value equally between W and U.

    Shapes: `logs` (V, V), W and U (V, D), b and t (V,).
    Errors: `ValueError` for logs that are not square or not finite, and D
    not between 1 and V.
    Source: Eckart and Young (1936).

    >>> W, U, b, t = best_fit([[1.0, 0.0], [0.0, 1.0]], 1)
    >>> (W @ U.T + b[:, None] + t).round(6) + 0
    array([[1., 0.],
           [0., 1.]])
    """
    logs, rest, _ = _rest(logs, symmetric)
    if not 1 <= embedding_dim <= len(logs):
        raise ValueError(f"embedding_dim must lie between 1 and {len(logs)},"
                         f" got {embedding_dim}")
    left, values, right = _factors(rest, symmetric)
    root = np.sqrt(values[:embedding_dim])
    b = logs.mean(1) - logs.mean() / 2
    t = logs.mean(0) - logs.mean() / 2
    return (left[:, :embedding_dim] * root,
            right[:, :embedding_dim] * root, b, t)


def losses_by_length(logs, new, *, symmetric=False):
    """Return the losses on new logs of the best fits to logs, D = 0 to V.

    The best fit of length D + 1 is that of length D and one product more,
    so one decomposition serves all.  Losses are means over all pairs.

    Shapes: `logs` and `new` (V, V); the result (V + 1,).
    Errors: `ValueError` for logs that are not square or not finite, or of
    two shapes.

    >>> eye = np.eye(2)
    >>> losses_by_length(eye, 3 * eye).round(6)     # also without vectors
    array([3.25, 2.  , 2.  ])
    """
    new = as_logs(new)
    if new.shape != np.shape(logs):
        raise ValueError(f"logs have shape {np.shape(logs)}, the new ones"
                         f" {new.shape}")
    W, U, b, t = best_fit(logs, len(new), symmetric=symmetric)
    E, losses = b[:, None] + t - new, []
    for w, u in zip(W.T, U.T):
        losses.append(np.square(E).mean())
        E += np.outer(w, u)
    return np.array([*losses, np.square(E).mean()])


def centred(logs):
    """Return logs less the means of rows and columns: what biases leave.

    Shapes: `logs` and the result (V, V).

    >>> centred(np.array([[1.0, 0.0], [0.0, 1.0]]))
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    return logs - logs.mean(1, keepdims=True) - logs.mean(0) + logs.mean()


def as_logs(logs):
    """Return logs as floats; `ValueError` if not square and finite.

    >>> as_logs([[1]])
    array([[1.]])
    """
    logs = np.asarray(logs, dtype=float)
    if logs.ndim != 2 or logs.shape[0] != logs.shape[1]:
        raise ValueError(f"logs have shape {logs.shape}, expected a square")
    if not np.isfinite(logs).all():
        raise ValueError("logs must be finite")
    return logs


def _rest(logs, symmetric):
    """Return logs (or the mean with their transpose), what biases leave of
    them, and the squares lost by taking that mean."""
    logs, lost = as_logs(logs), 0.0
    if symmetric:
        lost = np.square((logs - logs.T) / 2).sum()
        logs = (logs + logs.T) / 2
    return logs, centred(logs), lost


def _factors(rest, symmetric):
    """Return left vectors, values and right vectors, largest first."""
    if not symmetric:
        left, values, right = np.linalg.svd(rest)
        return left, values, right.T
    values, vectors = np.linalg.eigh(rest)
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
    return vectors, values, vectors
