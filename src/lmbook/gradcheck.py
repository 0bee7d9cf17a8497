"""Check a derivative against central differences, and say where it fails.

The step balances two errors: the curve bends (grows like h^2) and floats
are rounded (grows like eps |x| / h), which gives h = (eps |x|)^(1/3).
All work is done in float64, whatever the type of the inputs.  The step
suits a function that varies over distances of about 1 or more: one that
varies over 1e-3 should be given inputs in a larger unit.
"""

import numpy as np

EPS = np.finfo(np.float64).eps


class GradientError(AssertionError):
    """A derivative that central differences contradict."""


def numerical_jacobian(f, x):
    """Return df_i / dx_j by central differences, one input at a time.

    Shapes: `x` of any shape, `f(x)` of any shape; the result has the
    shape of the output followed by the shape of the input.
    Errors: `ValueError` if `f` is not finite near `x`; `GradientError` if
    `f` changes its argument.
    Source: Nocedal and Wright (2006), section 8.1.

    >>> numerical_jacobian(lambda x: x ** 2, [1.0, 2.0]).round(6)
    array([[2., 0.],
           [0., 4.]])
    """
    x = _float64(x)
    columns = []
    for j in range(x.size):
        direction = np.zeros(x.size)
        direction[j] = 1
        columns.append(_derivative_along(
            lambda z: _call(f, "f", z), x, direction.reshape(x.shape)))
    out = _call(f, "f", x).shape
    if not columns:
        return np.zeros(out + x.shape)
    return np.stack(columns, axis=-1).reshape(out + x.shape)


def check_jacobian(f, jacobian, x, *, rtol=1e-6):
    """Raise `GradientError` unless `jacobian(x)` is the Jacobian of `f`.

    Shapes: `jacobian(x)` has the shape of `f(x)` then the shape of `x`.
    Errors: `GradientError` naming the worst entry and both values; the
    tolerance is `rtol` times the largest entry, or the rounding error.
    Source: numerator layout, (dy/dx)_ij = dy_i / dx_j.

    >>> A = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> check_jacobian(lambda x: A @ x, lambda x: A, [5.0, 6.0])
    >>> try:
    ...     check_jacobian(lambda x: A @ x, lambda x: A.T, [5.0, 6.0])
    ... except GradientError as error:
    ...     str(error).split("; ")[1]
    'its transpose would be right'
    """
    x = _float64(x)
    expected = numerical_jacobian(f, x)
    got = _call(jacobian, "jacobian", x)
    if got.shape != expected.shape:
        raise GradientError(
            f"the Jacobian has shape {got.shape}, expected"
            f" output + input shape {expected.shape}")
    size = np.abs(expected).max(initial=0)
    value = np.abs(_call(f, "f", x)).max(initial=0)
    tolerance = rtol * size + 1e-9 * value

    def close(a):
        return bool((np.abs(a - expected) <= tolerance).all())

    if not close(got):
        hint = ""
        if got.shape == got.T.shape and close(got.T):
            hint = "; its transpose would be right"
        where = "of the Jacobian "
        raise GradientError(_worst(got, expected, where) + hint)


def check_vjp(f, vjp, inputs, *, rng=None, draws=5, rtol=1e-6,
              both_sides=True):
    """Raise `GradientError` unless `vjp` is the reverse derivative of `f`.

    Each draw takes a random cotangent u, shaped like the output, and for
    each input a random direction v, and compares u . (J v), by central
    differences, with vjp(u) . v.  The first draw uses `inputs`; the others
    flip random signs of their entries, so that both sides of a kink at 0
    are seen.  Use `both_sides=False` where `f` needs positive inputs.  At
    a kink itself no derivative exists: move the inputs away from it.

    Shapes: `inputs` is one array, or a tuple of arrays x, y, ...;
    `vjp(u, x, y, ...)` returns one gradient, or a tuple in their order.
    Errors: `GradientError` saying which input, both values, the relative
    error and the worst entry; a wrong shape or number of gradients; an
    argument changed in place.  `ValueError` if `f` is not finite.
    Source: the dot-product test of Claerbout (1992).

    >>> check_vjp(np.sin, lambda u, x: u * np.cos(x), [1.0, 2.0])
    """
    rng = np.random.default_rng(0) if rng is None else rng
    given = inputs if isinstance(inputs, tuple) else (inputs,)
    given = [_float64(x) for x in given]
    for draw in range(draws):
        flip = draw > 0 and both_sides
        xs = [x * rng.choice([-1.0, 1.0], x.shape) if flip else x
              for x in given]
        u = rng.normal(size=_call(f, "f", *xs).shape)
        gradients = _gradients(vjp, u, xs)
        for k, gradient in enumerate(gradients):
            _compare(f, u, xs, k, gradient, rng, rtol)


def _compare(f, u, xs, k, gradient, rng, rtol):
    """Compare u . (J v) with gradient . v for input `k`."""
    def of_input(x):
        return _call(f, "f", *xs[:k], x, *xs[k + 1:])

    v = rng.normal(size=xs[k].shape)
    terms = u * _derivative_along(of_input, xs[k], v)
    expected, got = terms.sum(), (gradient * v).sum()
    scale = max(abs(expected), abs(got), np.linalg.norm(terms),
                np.linalg.norm(gradient * v))
    rounding = 1e-9 * np.linalg.norm(u * of_input(xs[k]))
    if abs(expected - got) <= rtol * scale + rounding:
        return
    truth = numerical_jacobian(lambda x: (u * of_input(x)).sum(), xs[k])
    raise GradientError(
        f"input {k} of {len(xs)}, shape {xs[k].shape}: u . (J v) ="
        f" {expected:.7g} by central differences, vjp(u) . v = {got:.7g}"
        f" by the rule, relative error {abs(expected - got) / scale:.2g};"
        f" {_worst(gradient, truth, 'of the gradient ')}")


def _gradients(vjp, u, xs):
    """Return the gradients that `vjp` gives, their shapes checked."""
    got = _call(vjp, "vjp", u, *xs)
    got = got if isinstance(got, tuple) else (got,)
    if len(got) != len(xs):
        raise GradientError(f"vjp returned {len(got)} gradients for"
                            f" {len(xs)} inputs")
    got = [np.asarray(g, dtype=np.float64) for g in got]
    for k, (g, x) in enumerate(zip(got, xs)):
        if g.shape != x.shape:
            raise GradientError(f"the gradient for input {k} has shape"
                                f" {g.shape}, the input {x.shape}")
        if not np.isfinite(g).all():
            raise GradientError(f"the gradient for input {k} is not finite")
    return got


def _derivative_along(f, x, v):
    """Return the derivative of `f` at `x` along `v`, shaped like f(x)."""
    size = np.abs(x).max(initial=1.0, where=v != 0)
    h = np.cbrt(EPS * size) / max(np.abs(v).max(initial=0), 1e-300)
    high, low = f(x + h * v), f(x - h * v)
    if not (np.isfinite(high).all() and np.isfinite(low).all()):
        raise ValueError(f"f is not finite near {x}: choose other inputs,"
                         " or both_sides=False if they must be positive")
    return (high - low) / (2 * h)


def _call(function, name, *arrays):
    """Return function(*arrays) as arrays; it may not change them."""
    given = [a.copy() for a in arrays]
    with np.errstate(divide="ignore", invalid="ignore"):
        result = function(*given)
    for k, (a, b) in enumerate(zip(arrays, given)):
        if not np.array_equal(a, b):
            raise GradientError(f"{name} changed its argument {k} in place")
    if isinstance(result, tuple) and name == "vjp":
        return result
    return np.asarray(result, dtype=np.float64)


def _worst(got, expected, where):
    """Return words that name the entry with the largest error."""
    at = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
    place = tuple(int(i) for i in at)
    return (f"entry {place} {where}is {got[at]:.7g} by the rule,"
            f" {expected[at]:.7g} by central differences")


def _float64(x):
    """Return a float64 copy of `x`, or say that it is not finite."""
    x = np.array(x, dtype=np.float64)
    if not np.isfinite(x).all():
        raise ValueError(f"expected finite numbers, got {x}")
    return x
