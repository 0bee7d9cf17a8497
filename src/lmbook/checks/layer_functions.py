"""The graded exercise F1: six functions, and what all layers must obey.

A backward function is tested with the cache of the reader's own forward
function, whatever is in it.  The values are tested in `layer_tests`.
"""

import numpy as np

from ..functional import relu, softmax
from ..gradcheck import GradientError, check_vjp
from .graded import (
    Graded, Mistake, call, find, is_close, must_be_array, several,
    unchanged)
from .registry import NotYet

SIGNATURES = {
    "linear_forward": ("X", "W", "b"), "linear_backward": ("dZ", "cache"),
    "relu_forward": ("Z",), "relu_backward": ("dH", "cache"),
    "softmax_forward": ("Z",), "softmax_backward": ("dP", "cache"),
}
OUTPUTS = {"linear": "Z", "relu": "H", "softmax": "P"}
RIGHT = {"linear": lambda X, W, b: X @ W.T + b, "relu": relu,
         "softmax": softmax}
TESTS = []
# What a wrong forward function may do to a right backward one.
INHERITED = {"raises", "gradient-check", "wrong-axis", "wrong-shape",
             "wrong-value", "not-finite"}


def test(function, name, points):
    """Register the decorated function as a test of `function`."""
    def register(run):
        TESTS.append(Graded(function, name, points, run))
        return run
    return register


def run(one, functions):
    """Run one test; blame the forward function for what it spoils.

    Errors: `Mistake`, and nothing else, whatever the functions return.
    """
    try:
        _alone(one, functions)
    except Mistake as mistake:
        before = one.function.replace("_backward", "_forward")
        if before == one.function or mistake.name not in INHERITED:
            raise
        for other in TESTS:
            if other.function == before:
                try:
                    _alone(other, functions)
                except Mistake as cause:
                    raise Mistake("needs-forward", one.function,
                                  f"; {before}: {cause.name}") from None
        raise


def _alone(one, functions):
    """Run one test; a result that breaks the test itself is a `Mistake`."""
    try:
        one.run(functions)
    except NotYet:
        raise
    except Exception as error:
        raise Mistake("cannot-be-compared", one.function, (
            f", {type(error).__name__}: {error}")) from error


def draw(layer, sizes=(3, 3, 3), seed=0):
    """Return (arguments, gradient of the output) for (N, D, C) `sizes`."""
    rng = np.random.default_rng(seed)
    n, d, c = sizes
    if layer == "linear":
        arguments = [rng.normal(size=size) for size in ((n, d), (c, d), c)]
    else:
        arguments = [rng.normal(size=(n, c))]
    return arguments, rng.normal(size=(n, c))


def copies(arguments):
    """Return a copy of each array."""
    return [np.copy(a) for a in arguments]


def forward(functions, layer, arguments):
    """Return (output, cache) of the reader's forward function."""
    name, expected = f"{layer}_forward", RIGHT[layer](*arguments)
    function = find(functions, name, SIGNATURES)
    names = OUTPUTS[layer], "cache"
    output, cache = several(call(function, name, arguments), names, name)
    if layer != "softmax" and is_close(cache, expected) and (
            not is_close(output, expected)):    # softmax keeps its output
        raise Mistake("wrong-return-order", name,
                      f": return ({', '.join(names)})")
    return output, cache


def backward(functions, layer, arguments, gradient, cache=None):
    """Return what the reader's backward gives after her own forward."""
    name = f"{layer}_backward"
    function = find(functions, name, SIGNATURES)
    if cache is None:
        cache = cached(functions, layer, copies(arguments))
    return call(function, name, (gradient, cache))


def cached(functions, layer, arguments):
    """Return the cache of the reader's forward, or say what it lacks."""
    try:
        return forward(functions, layer, arguments)[1]
    except Mistake as error:
        raise Mistake("needs-forward", f"{layer}_backward",
                      f"; {error}") from None


def forward_changes_nothing(layer):
    """Return a test that the arguments stay what they were."""
    def run(functions):
        arguments, _ = draw(layer, (4, 3, 2))
        before = copies(arguments)
        forward(functions, layer, arguments)
        unchanged(before, arguments, f"{layer}_forward")
    return run


def backward_changes_nothing(layer):
    """Return a test that a cache serves again, and belongs to one call."""
    name = f"{layer}_backward"

    def run(functions):
        find(functions, name, SIGNATURES)
        arguments, gradient = draw(layer, (4, 3, 2))
        others, _ = draw(layer, (4, 3, 2), seed=1)
        before = gradient.copy()
        cache = cached(functions, layer, copies(arguments))
        first = backward(functions, layer, arguments, gradient, cache)
        unchanged([before], [gradient], name)
        first = copies(_arrays(first, name))
        _again(functions, layer, before, cache, first, "changes-its-cache")
        cache = cached(functions, layer, copies(arguments))
        cached(functions, layer, copies(others))
        _again(functions, layer, before, cache, first, "mixes-up-calls")
    return run


def _again(functions, layer, gradient, cache, first, mistake):
    """Raise `Mistake` unless backward gives what it gave the first time."""
    name = f"{layer}_backward"
    result = backward(functions, layer, None, gradient.copy(), cache)
    result = _arrays(result, name)
    if len(result) != len(first) or not all(
            map(np.array_equal, result, first)):
        raise Mistake(mistake, name)


def _arrays(result, name):
    """Return the arrays that backward gave, one or several, in a list."""
    many = isinstance(result, (tuple, list))
    for got in result if many else [result]:
        must_be_array(got, name)
    return list(result) if many else [result]


def agrees_with_differences(layer):
    """Return a test of backward against the reader's own forward."""
    def run(functions):
        find(functions, f"{layer}_backward", SIGNATURES)
        arguments, _ = draw(layer, (4, 3, 2), seed=2)

        def output(*arguments):
            return forward(functions, layer, copies(arguments))[0]

        def vjp(gradient, *arguments):
            result = backward(functions, layer, arguments, gradient)
            return tuple(result) if isinstance(result, list) else result

        try:
            check_vjp(output, vjp, tuple(arguments))
        except GradientError as error:
            raise Mistake("gradient-check", f"{layer}_backward",
                          f"; {error}") from None
        except (TypeError, ValueError) as error:
            raise Mistake("gradient-check", f"{layer}_backward",
                          f"; it cannot be compared: {error}") from None
    return run
