"""Boxes around arrays, and how an operation opens and closes them.

A box is a `Tensor`, which remembers how it was computed, or a `Dual`, which
carries a derivative along.  Inside it is an array, or again a box: a tape
over duals gives forward-over-reverse, duals over a tape the other order, a
tape over a tape double reverse.

Every box has a level, higher than that of what it holds.  An operation
opens the boxes of the highest level among its operands, runs on what is
inside, and closes the result.  Operands of a lower level are constants to
it; that is all it takes to keep nested derivatives apart.
"""

import functools
import inspect
import itertools
import numbers

import numpy as np

# Boxes made by hand count by ones; grad, jvp and their like by thousands,
# so that a derivative lies above everything that was there before it.
fresh_levels = itertools.count(1000, 1000)


class Box:
    """What `Tensor` and `Dual` share: a level, and something inside."""

    __slots__ = ()


def primitive(label, vjps, jvps):
    """Return a decorator that lets a function of arrays take boxes.

    `vjps[k](g, out, *args)` is the gradient for argument k, given the
    gradient g of the output; `jvps[k](v, out, *args)` is the change of the
    output, given the change v of argument k.  Both may see boxes in place
    of arrays, so they are written with operators, methods and primitives.
    A gradient may have the shape of the output where the argument was
    broadcast: it is summed to the shape of the argument afterwards.

    >>> double = primitive("double", [lambda g, out, x: 2 * g],
    ...                    [lambda v, out, x: 2 * v])(lambda x: 2 * x)
    >>> double(np.ones(2))
    array([2., 2.])
    """
    def decorate(forward):
        signature = inspect.signature(forward)

        @functools.wraps(forward)
        def call(*operands, **keywords):
            if keywords:
                bound = signature.bind(*operands, **keywords)
                bound.apply_defaults()
                operands = bound.args
            return apply(call, operands)

        call.label, call.forward = label, forward
        call.vjps, call.jvps = vjps, jvps
        return call
    return decorate


def apply(rule, operands):
    """Return rule(*operands), where any of the operands may be boxes.

    Errors: `ValueError` if a `Tensor` and a `Dual` of one level meet.

    >>> from lmbook.autodiff.elementwise import multiply
    >>> apply(multiply, (3.0, 2.0))
    np.float64(6.0)
    """
    level, kind = 0, None
    for x in operands:
        if isinstance(x, Box) and x.level >= level:
            if x.level == level and type(x) is not kind:
                raise ValueError(f"{rule.label}: a Tensor and a Dual of one"
                                 " level meet; put one inside the other")
            level, kind = x.level, type(x)
    if kind is None:
        return rule.forward(*operands)
    own, args = [], list(operands)
    for k, x in enumerate(operands):
        if isinstance(x, Box) and x.level == level:
            own.append(k)
            args[k] = x.inside
    return kind.close(rule, operands, own, args)


def level_of(x):
    """Return the level of a box; arrays and numbers have level 0.

    >>> level_of(np.ones(2))
    0
    """
    return x.level if isinstance(x, Box) else 0


def plain(x):
    """Return the array inside all the boxes.

    >>> plain(np.ones(2))
    array([1., 1.])
    """
    while isinstance(x, Box):
        x = x.inside
    return x


def as_inside(data):
    """Return a copy of `data` as an array of floats; a box as it is.

    Whole numbers become float64; floats keep their type, and so do objects
    that are numbers, such as `Counted`.
    Errors: `ValueError` for anything else.

    >>> as_inside([1, 2])
    array([1., 2.])
    """
    if isinstance(data, Box):
        return data
    array = np.array(data, subok=True)
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    if array.dtype.kind == "f" or array.dtype.kind == "O" and all(
            isinstance(x, numbers.Number) for x in array.flat):
        return array
    raise ValueError(f"expected real numbers, got {data!r}")
