"""The checks of the chapter on layers: F1, F11 and E8."""

import sys

import numpy as np

from ..functional import relu, sigmoid, tanh
from . import layer_tests                       # noqa: F401, fills TESTS
from .layer_functions import SIGNATURES, TESTS, run
from .registry import ask, exercise, expect, require


@exercise("F1", "six functions, forward and backward")
def f1(linear_forward, linear_backward, relu_forward, relu_backward,
       softmax_forward, softmax_backward):
    """Check the six functions with the tests of the grader, in order."""
    given = (linear_forward, linear_backward, relu_forward, relu_backward,
             softmax_forward, softmax_backward)
    functions = dict(zip(SIGNATURES, given))
    for name in SIGNATURES:
        for test in TESTS:
            if test.function == name:
                run(test, functions)


class Tallied(np.ndarray):
    """An array that adds one to `tally` for each array operation."""

    tally = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Count, then do the operation on plain arrays."""
        Tallied.tally += 1
        options = {key: tuple(map(np.asarray, value)) if key == "out"
                   else value for key, value in options.items()}
        inputs = [np.asarray(x) if isinstance(x, Tallied) else x
                  for x in inputs]
        result = np.asarray(getattr(ufunc, method)(*inputs, **options))
        return result.view(Tallied)


def operations(function, X, layers):
    """Return how many operations on whole arrays the function does."""
    Tallied.tally = 0
    function(X.view(Tallied), [(W.view(Tallied), b.view(Tallied))
                               for W, b in layers])
    return Tallied.tally


def python_lines(function, X, layers):
    """Return how many lines of Python run, in all functions called."""
    count, before = 0, sys.gettrace()

    def trace(frame, event, arg):
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        function(X, layers)
    finally:
        sys.settrace(before)
    return count


@exercise("F11", "no loop over examples, one over layers")
def f11(forward):
    """Check (X, layers) -> output, layers being pairs (W, b)."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(c, d)), rng.normal(size=c))
              for d, c in ((3, 5), (5, 4), (4, 2))]
    X = rng.normal(size=(7, 3))
    for depth in (1, 2, 3):
        some = layers[:depth]
        expect(ask(lambda X: forward(X, some), X), *_network(X, some))
    count, unit = operations, "array operations"
    if not count(forward, X, layers):           # it works on copies
        count, unit = python_lines, "lines of Python run"
    few, many = (count(forward, np.tile(X, (times, 1)), layers)
                 for times in (1, 10))
    require(few == many, f"{few} {unit} for 7 examples, {many} for 70:"
            " one product serves all rows, without a loop")
    flat = count(forward, X, layers[:1])
    require(few > flat, f"{few} {unit} for three layers, {flat} for one:"
            " is there a loop over the layers?")


def _network(X, layers):
    """Return the output, what it is, and the outputs of known mistakes."""
    outputs = []
    for gates in ("between", "everywhere", "nowhere"):
        H = X
        for k, (W, b) in enumerate(layers):
            H = H @ W.T + b
            last = k == len(layers) - 1
            if gates == "everywhere" or gates == "between" and not last:
                H = relu(H)
        outputs.append(H)
    right, everywhere, nowhere = outputs
    return right, f"the output of {len(layers)} layers", {
        "no ReLU after the last layer": everywhere,
        "ReLU belongs between the layers": nowhere}


@exercise("E8", "a neuron, and what affine layers collapse to")
def e8(neuron, collapse):
    """Check (x, w, b, activation) -> number, and layers -> (W, b)."""
    rng = np.random.default_rng(0)
    for activation in (relu, tanh, sigmoid):
        x, w, b = rng.normal(size=4), rng.normal(size=4), rng.normal()
        what = f"a neuron with {activation.__name__}"
        expect(ask(neuron, x, w, b, activation), activation(w @ x + b),
               what, {
                   "the activation comes last": w @ activation(x) + b,
                   "the bias goes inside the activation":
                       activation(w @ x) + b,
                   "apply the activation": w @ x + b,
                   "the bias is missing": activation(w @ x),
                   "add up the products: one number": activation(w * x + b)})
    for sizes in ((3, 3, 3), (2, 5, 3), (3, 2, 4, 1)):
        layers = [(rng.normal(size=(c, d)), rng.normal(size=c))
                  for d, c in zip(sizes, sizes[1:])]
        got = ask(lambda: collapse(layers))
        require(isinstance(got, (tuple, list)) and len(got) == 2,
                "return two arrays: (W, b)")
        _compare_collapsed(got, layers)


def _compare_collapsed(got, layers):
    """Compare (W, b) with those of all layers together."""
    W, b = layers[0]
    plain = b                               # as if no weight moved it
    for weight, bias in layers[1:]:
        W, b = weight @ W, weight @ b + bias
        plain = plain + bias if plain.shape == bias.shape else bias
    known = {}
    if len({w.shape for w, _ in layers}) == 1:
        known["a later weight stands on the left"] = np.linalg.multi_dot(
            [w for w, _ in layers]) if len(layers) > 1 else W
    expect(got[0], W, "W", known)
    expect(got[1], b, "b", {
        "later weights act on earlier biases too": plain,
        "this is the last bias alone": layers[-1][1]})
