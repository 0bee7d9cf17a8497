"""A network with one hidden layer and one output, for small tasks.

The parameters are (W, b, v, c): the output is v . f(W x + b) + c.  Axes
in front of those named below stand for separate networks, so that many
starts are trained at once.
"""

import numpy as np


def constant_start(value, inputs, hidden):
    """Return (W, b, v, c) filled with one number.

    Shapes: `value` a number, or (S,) for S networks; W (hidden, inputs),
    b and v (hidden,), c (), each with the shape of `value` in front.
    Errors: `ValueError` for a size below 1.

    >>> [part.shape for part in constant_start(0.5, 2, 3)]
    [(3, 2), (3,), (3,), ()]
    """
    if min(inputs, hidden) < 1:
        raise ValueError("inputs and hidden must be at least 1, got"
                         f" {inputs} and {hidden}")
    value = np.asarray(value, dtype=float)
    return tuple(np.multiply.outer(value, np.ones(shape)) for shape in (
        (hidden, inputs), (hidden,), (hidden,), ()))


def forward(X, parameters, activation):
    """Return (outputs, hidden values, scores) for the rows of `X`.

    Shapes: `X` (N, D); outputs (N,); hidden values and scores (N, H).
    Errors: `ValueError` naming the shapes that do not fit.
    Source: o = v . f(W x + b) + c.

    >>> xor = np.ones((2, 2)), np.array([0, -1]), np.array([1, -2]), 0
    >>> forward([[0, 0], [0, 1], [1, 1]], xor, lambda u: u.clip(0))[0]
    array([0., 1., 0.])
    """
    W, b, v, c = map(np.asarray, parameters)
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or X.shape[1] != W.shape[-1]:
        raise ValueError(f"X has shape {X.shape}, W has shape {W.shape}:"
                         " expected (N, D) and (H, D)")
    U = X @ W.swapaxes(-1, -2) + b[..., None, :]            # (N, H)
    A = activation(U)
    return (A @ v[..., None])[..., 0] + c[..., None], A, U


def gradients(X, y, parameters, activation, slope, shares=None):
    """Return the gradients of J = 1/2 sum_n share_n (o_n - y_n)^2.

    Shapes: `X` (N, D), `y` (N,); `shares` (N,), how much each example
    counts, 1/N by default; the result is shaped like `parameters`.
    Errors: `ValueError` as in `forward`, and for `y` of another shape.
    Source: the chain rule; `slope` is the derivative of `activation`.

    >>> start = constant_start(0.0, 2, 3)
    >>> dW, db, dv, dc = gradients([[0, 1], [1, 1]], [1, 0], start,
    ...                            np.tanh, lambda u: 1 - np.tanh(u)**2)
    >>> float(dc), dW.any() or db.any() or dv.any()
    (-0.5, np.False_)
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    if y.shape != X.shape[:1]:
        raise ValueError(f"y has shape {y.shape}, expected ({len(X)},)")
    o, A, U = forward(X, parameters, activation)
    shares = np.full(len(X), 1 / len(X)) if shares is None else shares
    do = shares * (o - y)                                   # (N,)
    v = np.asarray(parameters[2])
    dU = do[..., None] * v[..., None, :] * slope(U)         # (N, H)
    return (dU.swapaxes(-1, -2) @ X, dU.sum(-2),
            (A.swapaxes(-1, -2) @ do[..., None])[..., 0], do.sum(-1))


def descend(X, y, parameters, activation, slope, lr=0.1, steps=1000):
    """Return the parameters after steps of gradient descent on J.

    Shapes: as in `gradients`; `lr` is a number.
    Errors: `ValueError` as in `gradients`.

    >>> start = constant_start(0.0, 1, 1)
    >>> end = descend([[0], [1]], [1, 1], start, np.tanh,
    ...               lambda u: 1 - np.tanh(u)**2, lr=0.5, steps=2)
    >>> float(end[3])                           # 1/2, then 3/4
    0.75
    """
    for _ in range(steps):
        found = gradients(X, y, parameters, activation, slope)
        parameters = tuple(p - lr * g for p, g in zip(parameters, found))
    return parameters
