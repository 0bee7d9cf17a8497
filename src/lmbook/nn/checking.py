"""Check a layer: its gradients, and what dropout promises."""

import copy

import numpy as np

from ..gradcheck import GradientError, check_vjp


def check_module(module, x, **options):
    """Raise `GradientError` unless `backward` is right for x and all.

    Every call works on a copy of the module, so that dropout draws the
    same mask each time and the module stays as it was.

    Shapes: `x` whatever the module takes.
    Errors: `GradientError` naming the input or parameter; `ValueError`
    for a module in float32, too coarse for differences.
    Source: `lmbook.gradcheck.check_vjp`, which takes the `options`.

    >>> from lmbook.nn import Linear
    >>> layer = Linear(3, 2, rng=np.random.default_rng(0))
    >>> check_module(layer, [[1.0, 2.0, 3.0]])
    """
    names, parameters = zip(("x", None), *module.named_parameters())
    values = tuple(p.data.copy() for p in parameters[1:])
    if any(value.dtype != np.float64 for value in values):
        raise ValueError("expected a float64 module, got float32")

    def forward(x, *values):
        fresh = copy.deepcopy(module)
        for p, value in zip(fresh.parameters(), values):
            p.data = value
        return fresh, fresh.forward(x)

    def vjp(u, x, *values):
        fresh, _ = forward(x, *values)
        fresh.zero_grad()
        dx = fresh.backward(u)
        return (dx, *(p.grad for p in fresh.parameters()))

    try:
        check_vjp(lambda *xs: forward(*xs)[1], vjp, (x, *values), **options)
    except GradientError as error:
        listed = ", ".join(f"{k} {name}" for k, name in enumerate(names))
        raise GradientError(f"{module}: {error} (inputs: {listed})") from None


def check_dropout(module, x, draws=2000):
    """Raise `AssertionError` unless dropout keeps its two promises.

    In training the mean output over many draws is `x`, to five standard
    errors; in evaluation the output is `x` itself.  The mode is restored.

    Shapes: `x` any shape, entries of any size but 0.

    >>> from lmbook.nn import Dropout
    >>> check_dropout(Dropout(0.3, rng=np.random.default_rng(0)), [1.0, 2.0])
    """
    x = np.asarray(x, dtype=np.float64)
    with module.evaluating():
        output = module.forward(x)
        if not np.array_equal(output, x):
            first = np.flatnonzero(output != x)[0]
            raise AssertionError(
                f"{module} in evaluation turned {x.flat[first]:.7g} into"
                f" {output.flat[first]:.7g}: expected no change")
        module.train()
        ratios = np.stack([module.forward(x) / x for _ in range(draws)])
    mean, error = ratios.mean(), ratios.std() / np.sqrt(ratios.size)
    if abs(mean - 1) > 5 * error:
        raise AssertionError(f"{module} in training multiplies by"
                             f" {mean:.3f} on average: expected 1")
