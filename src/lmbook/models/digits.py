"""Handwritten digits on a larger sheet, and a small network for them."""

import numpy as np

from ..nn import Dropout, Linear, Module, ReLU, Sequential

SIDE = 10                               # pixels of a sheet, each way


def shifted(pictures, down, right):
    """Return each picture moved by at most one pixel each way.

    What leaves the sheet is lost, and what comes in is 0.

    Shapes: `pictures` and result (N, H, W); `down` and `right` (N,), each
    entry -1, 0 or 1.
    Errors: `ValueError` for a move of more than one pixel.

    >>> shifted(np.array([[[1, 2], [3, 4]]]), np.array([1]), np.array([0]))
    array([[[0, 0],
            [1, 2]]])
    """
    if np.abs([down, right]).max() > 1:
        raise ValueError("a picture moves by -1, 0 or 1 pixel, got"
                         f" {np.abs([down, right]).max()}")
    sheet = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    n = np.arange(len(pictures))[:, None, None]
    rows, columns = (np.arange(1, 1 + size) for size in pictures.shape[1:])
    return sheet[n, (rows - down[:, None])[:, :, None],
                 (columns - right[:, None])[:, None]]


class RandomShift(Module):
    """In training each picture moves by -1, 0 or 1 pixel each way.

    It stands first in a network: nobody needs the gradient for pixels,
    and `backward` returns None.

    Shapes: x and output (N, 100), sheets of 10 x 10 pixels row by row.

    >>> shift = RandomShift(rng=np.random.default_rng(0))
    >>> x = np.ones((3, 100))
    >>> shift(x).sum(1), shift.eval()(x).sum(1)
    (array([81., 90., 90.]), array([100., 100., 100.]))
    """

    def __init__(self, *, rng):
        self.rng = rng

    def forward(self, x):
        """Return moved pictures while training, else `x`."""
        if not self.training:
            return x
        moves = self.rng.integers(-1, 2, (2, len(x)))
        return shifted(x.reshape(-1, SIDE, SIDE), *moves).reshape(x.shape)

    def backward(self, grad_output):
        """Return None."""


def digit_sheets(rng=None):
    """Return scikit-learn's digits on sheets of 10 x 10 pixels.

    Without `rng` each digit is in the middle, else it is moved at random.

    Shapes: pictures (1797, 100) from 0 to 1, classes (1797,).
    Source: Alpaydin and Kaynak's Optical Recognition of Handwritten
    Digits, in `sklearn.datasets.load_digits`.

    >>> pictures, classes = digit_sheets(np.random.default_rng(0))
    >>> pictures.shape, classes[:3]
    ((1797, 100), array([0, 1, 2]))
    """
    from sklearn.datasets import load_digits

    data = load_digits()
    sheets = np.pad(data.images / 16, ((0, 0), (1, 1), (1, 1)))
    if rng is not None:
        sheets = shifted(sheets, *rng.integers(-1, 2, (2, len(sheets))))
    return sheets.reshape(len(sheets), -1), data.target


def draw(inputs, targets, seed, n):
    """Return n training, 100 validation and the other, test examples.

    Shapes: three pairs (inputs, targets).
    Errors: `ValueError` unless each part has an example.

    >>> parts = draw(np.zeros((150, 2)), np.arange(150), seed=0, n=20)
    >>> [len(targets) for inputs, targets in parts]
    [20, 100, 30]
    """
    if not 0 < n < len(targets) - 100:
        raise ValueError(f"n must lie between 1 and {len(targets) - 101},"
                         f" got {n}")
    order = np.random.default_rng(seed).permutation(len(targets))
    parts = np.split(order, [n, n + 100])
    return [(inputs[part], targets[part]) for part in parts]


def digit_network(*before, dropout=0.0, rng):
    """Return a network of 64 hidden units for sheets, ten classes.

    `before` are layers that see the pictures first; dropout acts on the
    hidden units.

    >>> digit_network(dropout=0.5, rng=np.random.default_rng(0))[2]
    Dropout(0.5)
    """
    return Sequential(
        *before, Linear(SIDE * SIDE, 64, rng=rng), ReLU(),
        Dropout(dropout, rng=rng), Linear(64, 10, rng=rng))
