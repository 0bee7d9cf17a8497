"""Graded exercises: tests with points, and mistakes with names."""

import difflib
import inspect
import itertools
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .mistakes import MISTAKES
from .registry import NotYet, close, expect


class Mistake(NotYet):
    """A wrong answer with a name of `MISTAKES` and a hint in words."""

    def __init__(self, name, what, more=""):
        super().__init__(f"{what}: {MISTAKES[name]}{more}")
        self.name = name


@dataclass(frozen=True)
class Graded:
    """One test: what it tests, its points, and how.

    `run` receives the functions by name and raises `Mistake`.
    """

    function: str
    name: str
    points: int
    run: Callable


def find(functions, name, signatures):
    """Return the function called `name` if it takes what it should."""
    if not callable(functions.get(name)):
        others = [other for other in functions if other not in signatures]
        near = difflib.get_close_matches(name, others, n=1, cutoff=0.7)
        raise Mistake("missing-function", name,
                      f"; is it {near[0]}?" if near else "")
    try:
        inspect.signature(functions[name]).bind(*signatures[name])
    except TypeError as error:
        raise Mistake("wrong-arguments", name, f", {name}"
                      f"({', '.join(signatures[name])}): {error}") from None
    except ValueError:
        pass                                    # no signature to look at
    return functions[name]


def call(function, name, arguments):
    """Return what the function gives for these very arguments.

    Errors: `Mistake` if it raises, returns nothing, or asks to leave.
    """
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = function(*arguments)
    except (Exception, SystemExit) as error:
        shapes = ", ".join(str(a.shape) for a in arguments
                           if isinstance(a, np.ndarray))
        raise Mistake("raises", name, f", {type(error).__name__}: {error}"
                      f" (arrays of shape {shapes})") from error
    if result is None:
        raise Mistake("returns-none", name)
    return result


def several(result, names, name):
    """Return the results, a tuple or list, if as many as names."""
    if not isinstance(result, (tuple, list)) or len(result) != len(names):
        got = (f"{len(result)} things" if isinstance(result, (tuple, list))
               else f"one {type(result).__name__}")
        raise Mistake("wrong-number-of-results", name,
                      f", {got}, expected ({', '.join(names)})")
    return result


def in_order(got, expected, names, name):
    """Raise `Mistake` if the right arrays come in a wrong order."""
    for order in itertools.permutations(range(len(got))):
        if list(order) != sorted(order) and all(
                is_close(got[k], right)
                for k, right in zip(order, expected)):
            raise Mistake("wrong-return-order", name,
                          f": return ({', '.join(names)})")


def compare(got, expected, what, known):
    """Raise `Mistake` unless `got` is `expected`; name known mistakes.

    `known` lists pairs: the name of a mistake, the value that it gives.
    """
    must_be_array(got, what)
    got = got.astype(float)
    if close(got, expected):
        return
    for mistake, value in (*known, ("sign", -expected)):
        if close(got, value):
            raise Mistake(mistake, what)
    name = ("wrong-shape" if got.shape != expected.shape else
            "wrong-value" if np.isfinite(got).all() else "not-finite")
    try:
        expect(got, expected, what)
    except NotYet as hint:
        more = str(hint).removeprefix(f"{what}: ")
        raise Mistake(name, what, f"; {more}") from None


def must_be_array(got, what):
    """Raise `Mistake` unless `got` is an array of real numbers."""
    if not isinstance(got, np.ndarray):
        raise Mistake("not-an-array", what, f", not {type(got).__name__}")
    if got.dtype.kind not in "fiub":
        raise Mistake("not-an-array", what, f" of numbers, not {got.dtype}")


def unchanged(before, after, what):
    """Raise `Mistake` if an array is no longer what it was."""
    for k, (old, new) in enumerate(zip(before, after)):
        if not np.array_equal(old, new):
            raise Mistake("changes-its-arguments", what,
                          f", argument {k}: work on a copy")


def is_close(a, b):
    """Return whether `a` is an array close to `b`, without complaint."""
    return isinstance(a, np.ndarray) and a.dtype.kind in "fiub" and (
        close(a.astype(float), b))
