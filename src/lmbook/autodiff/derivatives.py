"""Derivatives of functions: reverse mode, forward mode, and one on the other.

Every function here takes a function of arrays, written with the operations
of this package, and may be applied to its own result: `grad` of `grad`,
`jvp` of `grad`, each level apart from the others.
"""

import math

import numpy as np

from .box import as_inside, fresh_levels, level_of, plain
from .dual import Dual
from .shapes import stack
from .tensor import Tensor


def vjp(f, x):
    """Return f(x) and its pullback, u -> u^T J in the shape of x.

    Reverse mode: one forward pass here, one backward pass for each call of
    the pullback.
    Shapes: u as f(x), the result as x; both of any shape.
    Errors: `ValueError` if u has another shape.
    Source: Baydin et al. (2018), section 3.2.

    >>> y, pullback = vjp(lambda x: x * x, [1.0, 2.0])
    >>> pullback([1.0, 0.0])
    array([2., 0.])
    """
    leaf = Tensor(x, level=next(fresh_levels))
    out = f(leaf)
    _check_level(out, leaf.level)
    if level_of(out) < leaf.level:                    # f does not use x
        return as_inside(out), lambda u: np.zeros_like(plain(leaf))

    def pullback(u):
        leaf.gradient = None
        out.backward(u)
        return leaf.gradient
    return out.data, pullback


def jvp(f, x, v):
    """Return f(x) and J v, its derivative along v.

    Forward mode: one pass with dual numbers.
    Shapes: `v` as `x`; J v as f(x).
    Errors: `ValueError` if `v` has another shape than `x`.
    Source: Baydin et al. (2018), section 3.1.

    >>> jvp(lambda x: x * x, [1.0, 2.0], [1.0, 0.0])
    (array([1., 4.]), array([2., 0.]))
    """
    dual = Dual(x, v, level=next(fresh_levels))
    out = f(dual)
    _check_level(out, dual.level)
    if level_of(out) < dual.level:                    # f does not use x
        out = as_inside(out)
        return out, np.zeros_like(plain(out))
    return out.inside, out.slope


def value_and_grad(f):
    """Return a function of x (and more) with the results f(x), gradient.

    The derivative is taken in the first argument.
    Shapes: the gradient as x; f(x) a single number.
    Errors: `ValueError` if f(x) has more entries.

    >>> value_and_grad(lambda x, c: c * (x * x).sum())([1.0, 2.0], 10.0)
    (np.float64(50.0), array([20., 40.]))
    """
    def both(x, *more):
        value, pullback = vjp(lambda x: f(x, *more), x)
        if value.shape not in ((), (1,)):
            raise ValueError("grad needs a function with a single number as"
                             f" its value, got shape {value.shape}; jacobian"
                             " takes any")
        return value, pullback(np.ones(value.shape))
    return both


def grad(f):
    """Return the gradient of f, a function of the same arguments.

    Shapes and errors: as `value_and_grad`.

    >>> grad(lambda x: (x * x).sum())([1.0, 2.0])
    array([2., 4.])
    """
    def gradient(x, *more):
        return value_and_grad(f)(x, *more)[1]
    return gradient


def jacobian(f, x, mode="reverse"):
    """Return J_ij = df_i / dx_j at x.

    Reverse mode takes a row for each entry of f(x), forward mode a column
    for each entry of x: choose the smaller number.
    Shapes: the shape of f(x), then the shape of x.
    Errors: `ValueError` for another mode.

    >>> A = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> jacobian(lambda x: A @ x, [5.0, 6.0], mode="forward")
    array([[1., 2.],
           [3., 4.]])
    """
    x = as_inside(x)
    if mode == "reverse":
        out, pullback = vjp(f, x)
        rows = [pullback(u) for u in _units(out)]
        return stack(rows).reshape(out.shape + x.shape)
    if mode == "forward":
        columns = [jvp(f, x, v)[1] for v in _units(x)]
        shape = columns[0].shape
        return stack(columns, len(shape)).reshape(shape + x.shape)
    raise ValueError(f"mode {mode!r}: expected 'forward' or 'reverse'")


def hessian(f, x):
    """Return H_ij = d^2 f / dx_i dx_j: forward mode over the gradient.

    Shapes: the shape of x twice; f(x) is a single number.

    >>> hessian(lambda x: x[0] * x[0] * x[1], [1.0, 2.0])
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f), x, mode="forward")


def hvp(f, x, v, mode="forward-over-reverse"):
    """Return H v, the Hessian of f at x times v, without forming H.

    forward-over-reverse: the derivative of the gradient along v.
    reverse-over-forward: the gradient of the derivative along v.
    double-reverse: the gradient of (gradient . v).

    Shapes: `x`, `v` and result have one shape; f(x) is a single number.
    Errors: `ValueError` for another mode.
    Source: Pearlmutter (1994).

    >>> hvp(lambda x: x[0] * x[0] * x[1], [1.0, 2.0], [1.0, 0.0])
    array([4., 2.])
    """
    if mode == "forward-over-reverse":
        return jvp(grad(f), x, v)[1]
    if mode == "reverse-over-forward":
        return grad(lambda x: jvp(f, x, v)[1])(x)
    if mode == "double-reverse":
        return grad(lambda x: (grad(f)(x) * v).sum())(x)
    raise ValueError(f"mode {mode!r}: expected 'forward-over-reverse',"
                     " 'reverse-over-forward' or 'double-reverse'")


def _units(x):
    """Return the arrays like x with a single 1."""
    for k in range(math.prod(x.shape)):
        unit = np.zeros(math.prod(x.shape), x.dtype)
        unit[k] = 1
        yield unit.reshape(x.shape)


def _check_level(out, level):
    """Refuse a box of a derivative that is finished."""
    if level_of(out) > level:
        raise ValueError("the result depends on the variable of another"
                         " derivative, which has been taken already")
