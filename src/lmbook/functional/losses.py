"""Losses in nats: cross-entropy, its two-class form, and perplexity."""

import numpy as np

from .activations import log_sigmoid, sigmoid
from .arguments import as_floats, as_gradient, as_logits
from .probabilities import log_softmax, softmax


def cross_entropy(logits, targets, reduction="mean"):
    """Return -sum_k y_k log softmax(logits)_k in nats, 0 log 0 being 0.

    Shapes: `logits` (N, K), or (K,) for one example; `targets` whole
    numbers in 0 .. K-1 of shape (N,), or weights y of shape (N, K), which
    need not sum to 1.  The result is a scalar for 'mean' (over examples)
    and 'sum', and (N,) for 'none'.
    Errors: `ValueError` for a class out of range, shapes that do not fit,
    an unknown reduction, the mean of no examples, NaN.
    Source: `torch.nn.functional.cross_entropy`, without class weights,
    label smoothing and ignored classes; classes are the last axis.

    >>> logits = [[0.3, -0.5], [-0.4, 0.6]]
    >>> cross_entropy(logits, [1, 1], reduction="none").round(4)
    array([1.1711, 0.3133])
    """
    logits = as_logits(logits, name="logits")
    y = _weights(targets, logits)                           # (N, K)
    log_p = np.where(y == 0, 0, log_softmax(logits))        # (N, K)
    return _reduce(-(y * log_p).sum(-1), reduction)


def cross_entropy_vjp(grad_output, logits, targets, reduction="mean"):
    """Return g * (s * sum_k y_k - y), over N for the mean.

    With weights that sum to 1 this is softmax minus target.

    Shapes: `grad_output` like the output of `cross_entropy`; the result
    like `logits`.  There is no gradient with respect to the targets.
    Errors: as `cross_entropy`, and a `grad_output` of the wrong shape.
    Source: the derivation in the chapter on softmax and cross-entropy.

    >>> cross_entropy_vjp(1.0, [0.0, 0.0], 1)
    array([ 0.5, -0.5])
    """
    logits = as_logits(logits, name="logits")
    y = _weights(targets, logits)                           # (N, K)
    total = y.sum(-1, keepdims=True)                        # (N, 1)
    g = _spread(grad_output, total[..., 0], reduction)      # (N,)
    return g[..., None] * (softmax(logits) * total - y)


def binary_cross_entropy_with_logits(logits, targets, reduction="mean"):
    """Return -(y log sigmoid(x) + (1 - y) log sigmoid(-x)) in nats.

    Shapes: `logits` x and `targets` y of one shape, y in [0, 1].  The
    result is a scalar for 'mean' and 'sum', and shaped like x for 'none'.
    Errors: `ValueError` for a target outside [0, 1], shapes that differ,
    an unknown reduction, the mean of no entries, NaN, infinite logits.
    Source: cross-entropy for K = 2 with logits (0, x).

    >>> loss = binary_cross_entropy_with_logits([-10.0, 0.0], [1, 1],
    ...                                         reduction="none")
    >>> loss.round(4)
    array([10.    ,  0.6931])
    """
    x, y = _binary(logits, targets)
    losses = -(y * log_sigmoid(x) + (1 - y) * log_sigmoid(-x))
    return _reduce(losses, reduction)


def binary_cross_entropy_with_logits_vjp(
        grad_output, logits, targets, reduction="mean"):
    """Return g * (sigmoid(x) - y), over the number of entries for the mean.

    Shapes: `grad_output` like the output, the result like `logits`.
    Errors: as the function itself, and a `grad_output` of the wrong shape.
    Source: the two-class case of softmax minus target.

    >>> binary_cross_entropy_with_logits_vjp(1.0, [0.0], [1])
    array([-0.5])
    """
    x, y = _binary(logits, targets)
    return _spread(grad_output, x, reduction) * (sigmoid(x) - y)


def perplexity(nll):
    """Return exp(mean of `nll`), the perplexity of losses in nats.

    Shapes: `nll` -log p for each token, any shape, or their mean; the
    result is a scalar, inf if it is too large for the type.
    Errors: `ValueError` for no token, NaN, and a negative `nll`, which no
    probability has.
    Source: Jelinek et al. (1977); 2 ** (bits) is the same number.

    >>> float(perplexity(np.log([2000.0, 2000.0])).round(6))
    2000.0
    """
    nll = as_floats(nll, "nll")
    if (nll < 0).any():
        raise ValueError(f"nll must be -log p >= 0, got {nll.min()}:"
                         " is the sign of log p missing?")
    with np.errstate(over="ignore"):
        return np.exp(_reduce(nll, "mean"))


def perplexity_vjp(grad_output, nll):
    """Return g * perplexity / N for each of the N entries of `nll`.

    Shapes: `grad_output` scalar, the result like `nll`.
    Errors: as `perplexity`, and a `grad_output` that is not a scalar.
    Source: the derivative of exp(mean).

    >>> perplexity_vjp(1.0, [0.0, 0.0])
    array([0.5, 0.5])
    """
    nll = as_floats(nll, "nll")
    output = perplexity(nll)
    g = as_gradient(grad_output, like=output) * output
    return np.full_like(nll, g / nll.size)


def _weights(targets, logits):
    """Return targets as weights y shaped like `logits`, of their type."""
    targets = np.asarray(targets)
    classes = logits.shape[-1]
    if targets.dtype.kind not in "iu":
        y = as_floats(targets, "targets").astype(logits.dtype)
        if y.shape != logits.shape:
            raise _misfit(targets, logits, "weights", logits.shape)
        return y
    if targets.shape != logits.shape[:-1]:
        raise _misfit(targets, logits, "classes", logits.shape[:-1])
    wrong = targets[(targets < 0) | (targets >= classes)]
    if wrong.size:
        raise ValueError(f"target {wrong.flat[0]} is not a class: expected"
                         f" 0 .. {classes - 1}")
    y = np.zeros_like(logits)
    np.put_along_axis(y, targets[..., None], 1, axis=-1)
    return y


def _misfit(targets, logits, kind, expected):
    """Return the error for targets that do not fit the logits."""
    return ValueError(
        f"targets ({targets.dtype}, read as {kind}) have shape"
        f" {targets.shape}, logits {logits.shape}: expected {expected}")


def _binary(logits, targets):
    """Return logits and targets of the two-class loss, of one type."""
    x = as_floats(logits, "logits")
    y = as_floats(targets, "targets").astype(x.dtype)
    if x.shape != y.shape:
        raise ValueError(f"logits have shape {x.shape}, targets {y.shape}")
    if np.isinf(x).any():
        raise ValueError("logits must be finite, got an infinite one")
    if ((y < 0) | (y > 1)).any():
        wrong = y[(y < 0) | (y > 1)].flat[0]
        raise ValueError(f"targets must lie in [0, 1], got {wrong}")
    return x, y


def _reduce(losses, reduction):
    """Return the losses (N,), their sum or their mean."""
    _count(losses, reduction)
    if reduction == "none":
        return losses
    return losses.sum() if reduction == "sum" else losses.mean()


def _spread(grad_output, losses, reduction):
    """Return the gradient for each loss, given the one for the output."""
    count = _count(losses, reduction)
    if reduction == "none":
        return as_gradient(grad_output, like=losses)
    g = as_gradient(grad_output, like=losses.sum())
    return np.full_like(losses, g / count)


def _count(losses, reduction):
    """Return what the sum of losses is divided by, or say why not."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError("reduction must be 'mean', 'sum' or 'none',"
                         f" got {reduction!r}")
    if reduction == "mean" and losses.size == 0:
        raise ValueError("the mean of no examples is undefined")
    return losses.size if reduction == "mean" else 1
