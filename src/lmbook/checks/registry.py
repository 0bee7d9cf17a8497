"""The register of exercises, and the questions every check asks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

EXERCISES = {}


class NotYet(AssertionError):
    """An answer that is not right yet; the message is a hint."""


@dataclass(frozen=True)
class Exercise:
    """One exercise: its name, what it asks for, and how it is checked.

    `check` receives the answers.  `proof`, if there is one, receives a
    derivation that has been verified, and says whether it proves the claim.
    """

    name: str
    title: str
    check: Callable
    proof: Callable | None = None


def exercise(name, title, proof=None):
    """Register the decorated function as the check of exercise `name`.

    Errors: `ValueError` if the name is taken.

    >>> @exercise("doctest", "one")
    ... def one(answer):
    ...     require(answer == 1, "count again")
    >>> EXERCISES.pop("doctest").title
    'one'
    """
    def register(function):
        if name in EXERCISES:
            raise ValueError(f"exercise {name} is registered twice")
        EXERCISES[name] = Exercise(name, title, function, proof)
        return function
    return register


def require(condition, hint):
    """Raise `NotYet` with the hint unless the condition holds.

    >>> require(1 > 2, "one is less than two")
    Traceback (most recent call last):
    lmbook.checks.registry.NotYet: one is less than two
    """
    if not condition:
        raise NotYet(hint)


def ask(function, *arguments, overflow="ignore"):
    """Return what the reader's function gives, with hints if it fails.

    The function gets copies, and may not change them.  `overflow="raise"`
    refuses an overflow that leaves no trace in the value, as in 1 / inf.
    Errors: `NotYet` if it is no function, raises, or changes an argument.

    >>> ask(np.sum, np.ones(3))
    np.float64(3.0)
    """
    require(callable(function), "pass the function itself, without calling"
            f" it: got {type(function).__name__}")
    copies = [np.copy(a) if isinstance(a, np.ndarray) else a
              for a in arguments]
    try:
        with np.errstate(all="ignore", over=overflow):
            result = function(*copies)
    except FloatingPointError as error:
        raise NotYet(f"{error}: choose the form whose exponential stays"
                     " small") from error
    except Exception as error:
        shapes = ", ".join(str(np.shape(a)) for a in arguments)
        raise NotYet(f"it raised {type(error).__name__}: {error}"
                     f" (arguments of shape {shapes})") from error
    for k, (before, after) in enumerate(zip(arguments, copies)):
        require(np.array_equal(before, after),
                f"it changed its argument {k} in place: work on a copy")
    require(result is not None, "it returned None: is the return missing?")
    return result


def numbers(got, what):
    """Return `got` as an array of floats, or say that it is none.

    >>> numbers([1, 2], "the answer")
    array([1., 2.])
    """
    try:
        return np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        raise NotYet(f"{what}: expected numbers, got"
                     f" {type(got).__name__}") from None


def expect(got, expected, what, mistakes=None):
    """Raise `NotYet` unless `got` is `expected`, naming known mistakes.

    `mistakes` maps a hint to the value that this mistake would give.
    Errors: `NotYet` for a wrong shape, NaN, the sign, a transpose, one of
    the mistakes, or, with the first wrong entry, any other difference.

    >>> expect(3.0, 2.0, "the loss", {"do not add 1": 3.0})
    Traceback (most recent call last):
    lmbook.checks.registry.NotYet: the loss: do not add 1
    """
    got, expected = numbers(got, what), np.asarray(expected, float)
    if close(got, expected):
        return
    known = dict(mistakes or {})
    known["the sign is wrong"] = -expected
    known["it is transposed"] = expected.T
    for hint, value in known.items():
        require(not close(got, value), f"{what}: {hint}")
    require(got.shape == expected.shape, f"{what}: the shape is"
            f" {got.shape}, expected {expected.shape}")
    require(np.isfinite(got).all(), f"{what}: it is not finite: does an"
            " exponential overflow, or a logarithm see 0?")
    at = np.argmax(np.abs(got - expected))
    raise NotYet(f"{what}: entry {_place(at, got.shape)} is"
                 f" {got.flat[at]:.6g}, expected {expected.flat[at]:.6g}")


def close(a, b):
    """Return whether two arrays have one shape and nearly equal entries."""
    b = np.asarray(b, dtype=float)
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-9)


def _place(at, shape):
    """Return the position of a flat index as a tuple of whole numbers."""
    return tuple(int(i) for i in np.unravel_index(at, shape))
