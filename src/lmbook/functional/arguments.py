"""What every formula asks of its arguments, and the errors it raises."""

import numpy as np


def as_floats(x, name="x"):
    """Return `x` as an array of floats without NaN, not copied if it is one.

    Shapes: any.  Whole numbers become float64; floats keep their type.
    Raises `ValueError` for NaN, complex numbers and anything not a number.

    >>> as_floats([1, 2])
    array([1., 2.])
    """
    x = np.asarray(x)
    if x.dtype.kind in "iu":
        x = x.astype(np.float64)
    if x.dtype.kind != "f":
        raise ValueError(f"{name} must hold real numbers, got {x.dtype}")
    if np.isnan(x).any():
        where = tuple(int(i) for i in np.argwhere(np.isnan(x))[0])
        raise ValueError(f"{name} holds NaN at position {where}")
    return x


def as_logits(x, axis=-1, name="x"):
    """Return `x` as floats that a softmax along `axis` can normalise.

    Shapes: any with at least one entry along `axis`.  An entry may be -inf
    (an excluded class), but not every entry along `axis`, and none +inf.
    Raises `ValueError` otherwise.

    >>> as_logits([0.0, -np.inf])
    array([  0., -inf])
    """
    x = along(as_floats(x, name), axis, name)
    largest = x.max(axis)
    if np.isfinite(largest).all():
        return x
    if np.isposinf(largest).any():
        raise ValueError(f"{name} holds +inf: softmax is undefined there")
    raise ValueError(f"{name} is -inf for every class of one example")


def along(x, axis, name="x"):
    """Return `x` if it has at least one entry along `axis`.

    Shapes: any.  Raises `ValueError` if `axis` does not exist or is empty.

    >>> along(np.ones((2, 3)), -1).shape
    (2, 3)
    """
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis {axis} does not exist: {name} has shape"
                         f" {x.shape}")
    if x.shape[axis] == 0:
        raise ValueError(f"axis {axis} is empty: {name} has shape {x.shape}")
    return x


def as_temperature(temperature):
    """Return the temperature as a float; it must be positive and finite.

    >>> as_temperature(2)
    2.0
    """
    if not 0 < temperature < np.inf:
        raise ValueError("temperature must be positive and finite,"
                         f" got {temperature}")
    return float(temperature)


def as_gradient(grad_output, like):
    """Return `grad_output` as an array with the type and shape of `like`.

    Raises `ValueError` if the shapes differ: a gradient never broadcasts.

    >>> as_gradient([1, 2], np.zeros(2, np.float32))
    array([1., 2.], dtype=float32)
    """
    grad_output = np.asarray(grad_output, dtype=like.dtype)
    if grad_output.shape != like.shape:
        raise ValueError(f"grad_output has shape {grad_output.shape},"
                         f" the output has shape {like.shape}")
    return grad_output
