"""What decoding asks of its arguments."""

import operator

import numpy as np

from ..functional.arguments import as_floats


def as_scores(logits):
    """Return one token's logits as float64 of shape (V,).

    `ValueError` for another shape, NaN, +inf, and for -inf everywhere.

    >>> as_scores([0, -np.inf])
    array([  0., -inf])
    """
    scores = as_floats(logits, "logits").astype(np.float64)
    if scores.ndim != 1 or not scores.size:
        raise ValueError("logits must have shape (V,), one score for each"
                         f" token, got {scores.shape}")
    if np.isposinf(scores).any():
        raise ValueError("logits hold +inf at id"
                         f" {int(np.isposinf(scores).argmax())}")
    if np.isneginf(scores).all():
        raise ValueError("logits are -inf for every token: the model allows"
                         " no next token after this context")
    return scores


def scores_after(model, context):
    """Return the checked logits of `model` after `context`."""
    return as_scores(model.next_logits(list(context)))


def whole(value, name, least):
    """Return `value` as an int that is at least `least`.

    >>> whole(0, "num_beams", least=1)
    Traceback (most recent call last):
    ValueError: num_beams must be a whole number from 1 on, got 0
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least:
        raise ValueError(f"{name} must be a whole number from {least} on,"
                         f" got {value!r}")
    return number


def as_stop(stop):
    """Return the stop token or tokens as a set of ids; None is no token.

    >>> as_stop(2), as_stop([2, 5]), as_stop(None)
    ({2}, {2, 5}, set())
    """
    if stop is None:
        return set()
    ids = stop if np.iterable(stop) else [stop]
    return {whole(token, "stop", least=0) for token in ids}
