"""Without NumPy: the same verdicts, and the same numbers."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from suite import ALL
from without_numpy import verdicts

from lmbook.derivation.worlds import plain
from lmbook.derivation.worlds.plain_arrays import Array

HERE = Path(__file__).parent
# A line that is not proved is wrong if the numbers that were drawn show it.
NUMBERS = {"WrongStep", "UnprovedStep"}
WITHOUT = ("has no attribute", "unexpected keyword argument")


@pytest.fixture(scope="module")
def told():
    """What a process without NumPy tells of each derivation, by name."""
    run = subprocess.run([sys.executable, HERE / "without_numpy.py"],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    rows = map(json.loads, run.stdout.splitlines())
    return {row.pop("name"): row for row in rows}


def test_what_does_not_run_lacks_a_sample(told):
    # The samples of some facts and the comparisons with a library use more
    # of NumPy than the engine does.
    missing = [row["missing"] for row in told.values() if "missing" in row]
    assert all(any(words in said for words in WITHOUT) for said in missing)
    assert len(told) == len(ALL) and len(missing) <= 0.15 * len(ALL)


def test_the_verdicts_are_the_same_without_numpy(told):
    planted, luck = 0, []
    for build in ALL:
        theirs = told[f"{build.__module__}.{build.__name__}"]
        if "missing" in theirs:
            continue
        ours = verdicts(build())
        for error, verdict in ours["planted"].items():
            if {verdict, theirs["planted"][error]} == NUMBERS:
                luck.append(error)
                theirs["planted"][error] = verdict
        assert ours == theirs
        planted += len(ours["planted"])
    assert planted >= 400 and len(luck) <= 0.03 * planted, luck


# ------------------------------------------------- the arrays, against NumPy

VALUES = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 0.5, 800.0, -800.0, math.inf,
          -math.inf, math.nan]
PAIRS = [(a, b) for a in VALUES for b in VALUES]


def same(ours, theirs):
    """Are shape and values equal?  Nan equals nan here."""
    ours, theirs = plain.asarray(ours), np.asarray(theirs, dtype=float)
    assert ours.shape == theirs.shape
    assert np.allclose(ours.tolist(), theirs, rtol=1e-12, atol=0,
                       equal_nan=True), (ours.tolist(), theirs)


@pytest.mark.parametrize("name", ["exp", "log", "sin", "cos", "sqrt", "tanh",
                                  "sign", "isfinite"])
def test_functions_on_the_edges(name):
    with np.errstate(all="ignore"):
        same(getattr(plain, name)(VALUES), getattr(np, name)(VALUES))


@pytest.mark.parametrize("sign", [
    "__add__", "__sub__", "__mul__", "__truediv__", "__rtruediv__",
    "__pow__", "__rpow__", "__lt__", "__gt__", "__eq__", "__ne__"])
def test_operators_on_the_edges(sign):
    left, right = (list(side) for side in zip(*PAIRS))
    with np.errstate(all="ignore"):
        theirs = getattr(np.array(left), sign)(np.array(right))
    same(getattr(plain.array(left), sign)(plain.array(right)), theirs)


def test_maximum_and_argmax_prefer_nan():
    left, right = (list(side) for side in zip(*PAIRS))
    same(plain.maximum(left, right), np.maximum(left, right))
    for values in ([1, 3, 2], [1, math.nan, 7, math.nan], [math.inf, 2]):
        assert plain.argmax(plain.array(values)) == np.argmax(values)
    assert math.isnan(plain.array([1, math.nan, 0]).min())
    assert not plain.allclose([math.nan], [math.nan], 1, 1)
    assert not plain.allclose([math.inf], [1.0], 1, 1)
    assert plain.allclose([1.0, 2.0], [1.0, 2.0 + 1e-9], 1e-6, 0)


def test_rearrangements():
    ours, theirs = (xp.array([[[1., 2, 3], [4, 5, 6]]]) for xp in (plain, np))
    square = [[1.0, 2], [3, 4]]
    same(plain.transpose(ours, [2, 0, 1]), np.transpose(theirs, [2, 0, 1]))
    same(plain.moveaxis(ours, 2, 0), np.moveaxis(theirs, 2, 0))
    same(plain.broadcast_to(ours, (4, 1, 2, 3)),
         np.broadcast_to(theirs, (4, 1, 2, 3)))
    same(ours.sum(1), theirs.sum(1))
    same(ours.sum(), theirs.sum())
    same(ours.reshape(3, -1).T, theirs.reshape(3, -1).T)
    same(plain.einsum(plain.array(square), [0, 0], [0]),
         np.einsum(np.array(square), [0, 0], [0]))
    same(plain.array(square) @ plain.array(square).T,
         np.array(square) @ np.array(square).T)
    same(plain.stack([ours, ours], -1), np.stack([theirs, theirs], -1))
    same(plain.trace(plain.array(square)), np.trace(square))
    same(plain.diag(plain.array([1, 2])), np.diag([1, 2]))


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="does not broadcast"):
        plain.array([1, 2]) + plain.array([1, 2, 3])
    with pytest.raises(ValueError, match="does not reshape"):
        plain.array([1, 2]).reshape(3)
    with pytest.raises(ValueError, match="cannot be stacked"):
        plain.asarray([[1, 2], [3]])
    with pytest.raises(ValueError):
        float(Array([1.0, 2.0], (2,)))
