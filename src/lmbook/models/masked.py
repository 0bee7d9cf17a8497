"""A masked-word model: which word stood where the mask stands now?

A window of w words goes in, one of them replaced by the mask, id 0. Word
vectors, a layer of logistic units, and for each position of the window an
output layer of its own.  The loss looks at the masked position only, so
only its V scores are computed: the other positions have gradient zero.
"""

import numpy as np

from ..functional import softmax, tanh
from ..nn import Module, Parameter

MASK = 0                                # the id of the mask


def hide(windows, positions):
    """Return (inputs, targets): one word of each window becomes the mask.

    Shapes: `windows` (N, w) ids from 1 on; `positions` a number in
    0 .. w-1, or one for each window (N,); inputs (N, w), targets (N,).
    Errors: `ValueError` for ids below 1 and positions outside the window.

    >>> hide([[5, 3, 8, 2], [7, 7, 1, 4]], [2, 0])
    (array([[5, 3, 0, 2],
           [0, 7, 1, 4]]), array([8, 7]))
    """
    windows, positions = as_windows(windows, 1), np.asarray(positions)
    n, w = windows.shape
    if positions.dtype.kind not in "iu" or (
            positions.shape not in ((), (n,))):
        raise ValueError(f"positions ({positions.dtype}) have shape"
                         f" {positions.shape}, expected whole numbers, one"
                         f" for all or ({n},)")
    if positions.min() < 0 or positions.max() >= w:
        wrong = positions[(positions < 0) | (positions >= w)].flat[0]
        raise ValueError(f"position {wrong} is outside the window: expected"
                         f" 0 .. {w - 1}")
    at, inputs = (np.arange(n), positions), windows.copy()
    inputs[at] = MASK
    return inputs, windows[at]


def hide_random(windows, *, rng):
    """Return `hide` with a position drawn for each window.

    Shapes and errors: as `hide`.

    >>> inputs, targets = hide_random([[5, 3, 8, 2], [7, 7, 1, 4]],
    ...                               rng=np.random.default_rng(0))
    >>> (inputs == 0).sum(1), targets
    (array([1, 1]), array([2, 1]))
    """
    n, w = as_windows(windows, 1).shape
    return hide(windows, rng.integers(w, size=n))


def hide_each(windows):
    """Return `hide` for every position in turn: w N inputs and targets.

    Shapes and errors: as `hide`; the first N inputs hide the first word.

    >>> hide_each([[5, 3]])
    (array([[0, 3],
           [5, 0]]), array([5, 3]))
    """
    w = as_windows(windows, 1).shape[1]
    pairs = zip(*(hide(windows, p) for p in range(w)))
    return tuple(np.concatenate(parts) for parts in pairs)


def as_windows(ids, least, size=None):
    """Return ids as whole numbers (N, w), N >= 1, in least .. size-1.

    Errors: `ValueError` with the shape, the type or the first wrong id.

    >>> as_windows([[0, 3]], 0, size=3)
    Traceback (most recent call last):
    ValueError: id 3 is not a word: expected 0 .. 2
    """
    ids = np.asarray(ids)
    if ids.ndim != 2 or not ids.size or ids.dtype.kind not in "iu":
        raise ValueError(f"windows ({ids.dtype}) have shape {ids.shape},"
                         " expected whole numbers (N, w), N at least 1")
    top = ids.max() if size is None else size - 1
    if ids.min() < least or ids.max() > top:
        wrong = ids[(ids < least) | (ids > top)][0]
        raise ValueError(f"id {wrong} is not a word: expected {least} .."
                         + ("" if size is None else f" {top}"))
    return ids


def add_rows(table, ids, rows):
    """Add to row `ids[n]` of a table the row n, also where ids repeat.

    `table[ids] += rows` would keep one of several additions to a row.

    Shapes: `table` (V, D), changed in place; `ids` (N,), `rows` (N, D).

    >>> table = np.zeros((3, 2))
    >>> add_rows(table, np.array([1, 1]), np.array([[1., 2.], [3., 4.]]))
    >>> table[1]
    array([4., 6.])
    """
    at = ids[:, None] * table.shape[1] + np.arange(table.shape[1])
    table += np.bincount(at.ravel(), rows.ravel(),
                         table.size).reshape(table.shape)


class MaskedModel(Module):
    """Word vectors, logistic units, and an output layer per position.

    The scores of the masked position p are Q_p a + c_p, and a are the
    units sigmoid(W x + b) over the w word vectors side by side, the
    mask's vector among them.  All weights start normal: word vectors with
    deviation 0.1, layers with one over the root of their inputs.

    Shapes: ids (N, w), one 0 in each row, to logits (N, V); `embedding`
    (V, D), `hidden_weight` (H, w D), `output_weight` (w, V, H).
    Errors: `ValueError` for sizes below 1; an id that is no word, a wrong
    width, no rows, a row with no mask or with several.
    Source: Bengio et al. (2003) with a mask in place of the last word, as
    in Devlin et al. (2019); an output layer for each position is ours.

    >>> model = MaskedModel(5, dim=2, hidden=3,
    ...                     rng=np.random.default_rng(0))
    >>> model([[4, 0, 1, 2], [0, 1, 1, 3]]).shape
    (2, 5)
    >>> model.parameters()
    Parameters(5 arrays, 117 numbers)
    """

    def __init__(self, vocab_size, window=4, dim=16, hidden=128, *, rng,
                 dtype=np.float32):
        sizes = vocab_size, window, dim, hidden
        if min(sizes) < 1:
            raise ValueError(f"sizes must be at least 1, got {sizes}")

        def normal(scale, *shape):
            return Parameter(rng.normal(0, scale, shape).astype(dtype))

        inputs = window * dim
        self.embedding = normal(0.1, vocab_size, dim)
        self.hidden_weight = normal(inputs ** -0.5, hidden, inputs)
        self.hidden_bias = Parameter(np.zeros(hidden, dtype))
        self.output_weight = normal(hidden ** -0.5, window, vocab_size,
                                    hidden)
        self.output_bias = Parameter(np.zeros((window, vocab_size), dtype))

    def forward(self, ids):
        """Return the scores of every word for the masked position."""
        order, groups = self._sorted(ids)
        ids = np.asarray(ids)[order]                        # (N, w)
        E, W, b, Q, c = (p.data for _, p in self.named_parameters())
        x = E[ids].reshape(len(ids), -1)                    # (N, w D)
        a = (1 + tanh((x @ W.T + b) / 2)) / 2               # sigmoid
        z = np.empty((len(ids), len(E)), E.dtype)           # (N, V)
        for p, rows in enumerate(groups):
            z[rows] = (Q[p] @ a[rows].T).T + c[p]           # (N_p, V)
        self.keep(ids, order, groups, x, a)
        logits = np.empty_like(z)
        logits[order] = z
        return logits

    def backward(self, grad_output):
        """Add to the gradients of all parameters; ids have none."""
        ids, order, groups, x, a = self.kept()
        dz, da = grad_output[order], np.empty_like(a)       # (N, V), (N, H)
        for p, rows in enumerate(groups):
            self.output_weight.grad[p] += dz[rows].T @ a[rows]
            self.output_bias.grad[p] += dz[rows].sum(0)
            da[rows] = dz[rows] @ self.output_weight.data[p]
        du = da * a * (1 - a)                               # (N, H)
        self.hidden_weight.grad += du.T @ x
        self.hidden_bias.grad += du.sum(0)
        dx = (du @ self.hidden_weight.data).reshape(ids.size, -1)
        add_rows(self.embedding.grad, ids.ravel(), dx)      # (N w, D)

    def _sorted(self, ids):
        """Return the rows by masked position, and a slice for each."""
        V, D = self.embedding.shape
        ids = as_windows(ids, MASK, V)
        width = self.hidden_weight.shape[1] // D
        if ids.shape[1] != width:
            raise ValueError(f"windows have {ids.shape[1]} words, expected"
                             f" {width}")
        row, position = (ids == MASK).nonzero()
        if len(row) != len(ids) or (row != np.arange(len(row))).any():
            counts = (ids == MASK).sum(1)                   # (N,)
            n = (counts != 1).argmax()
            raise ValueError(f"row {n} has {counts[n]} masks (id {MASK}),"
                             " expected one")
        ends = np.bincount(position, minlength=width).cumsum()
        return position.argsort(kind="stable"), [
            slice(*pair) for pair in zip((0, *ends[:-1]), ends)]

    def probabilities(self, words, position):
        """Return how probable each word is at one position of a window.

        Shapes: `words` (w,) ids, the one at `position` is not looked at;
        the result (V,).
        Errors: `ValueError` as `forward`, and as `hide` for `position`.

        >>> model = MaskedModel(5, rng=np.random.default_rng(0))
        >>> model.probabilities([4, 1, 2, 3], 3).sum().round(5)
        np.float32(1.0)
        """
        words = np.array(words)
        if words.ndim != 1 or not 0 <= position < len(words):
            raise ValueError(f"position {position} of words of shape"
                             f" {words.shape}: expected 0 .. w-1 and (w,)")
        words[position] = MASK
        with self.evaluating():
            logits, = self.forward(words[None])
        self.cache = None
        return softmax(logits)

    def __repr__(self):
        """Return the sizes V, w, D and H."""
        (V, D), w = self.embedding.shape, len(self.output_bias.data)
        return f"MaskedModel({V}, {w}, {D}, {len(self.hidden_bias.data)})"
