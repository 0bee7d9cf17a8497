"""The checks of the chapter on what networks can represent."""

import itertools

import numpy as np

from ..functional import relu
from ..models.inequalities import solve
from ..models.one_hidden import (
    constant_start, descend, forward, gradients)
from .registry import ask, exercise, expect, numbers, require

CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0.0, 1, 1, 0])
GRID = np.array(list(itertools.product(range(-2, 9), repeat=4)))
SCALES = 1, 1 / 2, 1 / 1024             # exact in binary: ties stay ties


@exercise("E1", "a threshold network for superincreasing sequences")
def e1(W, b, v, c):
    """Check 4-3-1 weights: hidden 1{W x + b >= 0}, accept in [-1, 1]."""
    W, b = numbers(W, "W"), numbers(b, "b")
    v, c = numbers(v, "v"), numbers(c, "c")
    for name, part, shape in (("W", W, (3, 4)), ("b", b, (3,)),
                              ("v", v, (3,)), ("c", c, ())):
        require(part.shape == shape, f"{name} has shape {part.shape},"
                f" expected {shape}")
    for scale in SCALES:
        _superincreasing(GRID * scale, lambda X: np.abs(
            (X @ W.T + b >= 0) @ v + c) <= 1)


def _superincreasing(rows, accepts):
    """Check which of the rows of four numbers a network accepts."""
    sums = np.cumsum(rows, axis=1)[:, :-1]
    right = (rows[:, 1:] > sums).all(axis=1)
    tied = (rows[:, 1:] >= sums).all(axis=1) & ~right
    got = accepts(rows)
    require(got.any() or rows.max() < 8, "your network accepts nothing on"
            " the grid, not even (1, 2, 4, 8): which sum reaches the"
            " interval?")
    for wrong, hint in (
            (got & ~right & ~tied, "is accepted: one of the three questions"
             " is not asked, or its failure does not count"),
            (tied & got, "is accepted, though it has a tie: a unit that"
             " fires on >= should fire on failure"),
            (right & ~got, "is refused, though each term is above the sum"
             " of those before" + (": a margin between success and failure"
                                   " is too wide for small numbers"
                                   if rows.max() < 8 else ""))):
        row = ", ".join(f"{x:g}" for x in rows[wrong.argmax()])
        require(not wrong.any(), f"({row}) {hint}")


@exercise("E2", "one ReLU layer cannot compute XOR")
def e2(A, reach, times):
    """Check demands A (w1, w2, b) >= reach and multipliers times >= 0."""
    signs = np.array([-1.0, 1, 1, -1])
    rows = np.column_stack([CORNERS, np.ones(4)])
    expect(A, signs[:, None] * rows, "A", {
        "a dark corner needs a score of at most 0: turn its row round":
            rows,
        "the bias has a column of its own, of ones": signs[:, None]
            * np.column_stack([CORNERS, np.zeros(4)])})
    expect(reach, [0, 1, 1, 0], "reach", {
        "a ReLU that gives 0 has a score of at most 0, not 1": np.ones(4),
        "a ReLU that gives 1 has a score of 1": np.zeros(4)})
    times = numbers(times, "times")
    require(times.shape == (4,),
            f"times has shape {times.shape}, expected (4,)")
    require((times >= 0).all(),
            "a negative multiplier turns its demand round")
    require(times.any(), "all multipliers are 0: that adds nothing")
    left = times @ np.asarray(A, dtype=float)
    require(np.allclose(left, 0), f"the left sides add up to {left} times"
            " (w1, w2, b): they should cancel")


@exercise("E3", "two layers compute XOR, in two ways")
def e3(first, second):
    """Check two different (W, b, v, c), with ReLU in the hidden layer."""
    for what, found in (("the first", first), ("the second", second)):
        require(isinstance(found, (tuple, list)) and len(found) == 4,
                f"{what}: pass (W, b, v, c)")
        parts = [numbers(part, what) for part in found]
        shapes = [part.shape for part in parts]
        require(shapes == [(2, 2), (2,), (2,), ()],
                f"{what}: the shapes are {shapes},"
                " expected (2, 2), (2,), (2,), ()")
        got = forward(CORNERS, parts, relu)[0]
        expect(got, XOR, f"{what}, at the four corners", {
            "the output bias is missing: everything is 1 too high": XOR + 1,
            "the output bias is not wanted here": XOR - 1,
            "this is OR: the second unit has no say": [0, 1, 1, 1],
            "this is x1 + x2: the second unit has no say": [0, 1, 1, 2],
            "lit and dark are exchanged": 1 - XOR})
    same = all(np.allclose(a, b) for a, b in zip(first, second))
    require(not same, "these are the same weights twice")


@exercise("E4", "a zero start: its gradients and where it leads")
def e4(zero_gradients, bias_after):
    """Check (X, y) -> four gradients, and (y, lr, steps) -> the bias c."""
    rng = np.random.default_rng(4)
    for X, y in ((CORNERS, XOR), (CORNERS, [0, 1, 1, 1]),
                 (rng.normal(size=(5, 3)), rng.normal(size=5))):
        X, y = np.array(X), np.array(y, dtype=float)
        got = ask(zero_gradients, X, y)
        require(isinstance(got, (tuple, list)) and len(got) == 4,
                "return four gradients: (dW, db, dv, dc)")
        start = constant_start(0.0, X.shape[1], len(np.atleast_1d(got[1])))
        right = gradients(X, y, start, np.tanh, _tanh_slope)
        for name, value, wanted in zip(("dW", "db", "dv"), got, right):
            expect(value, wanted, name)
        expect(got[3], right[3], "dc", {
            "the output bias does feel the labels": 0.0,
            "divide by the number of examples": right[3] * len(y)})
        for lr, steps in ((0.5, 0), (0.5, 1), (0.1, 7), (1.0, 3)):
            c = (1 - (1 - lr) ** steps) * y.mean()
            expect(ask(bias_after, y, lr, steps), c,
                   f"the bias after {steps} steps of size {lr}", {
                       "this is where it ends, not where it is": y.mean(),
                       "it moves only while it is off: each step shrinks"
                       " the rest": lr * steps * y.mean()})


@exercise("E5", "equal rows are one unit, and one monotone unit fails")
def e5(collapse, bound):
    """Check (W, b, v, c) -> (w, b, v, c) of one unit, and a number."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(6, 2))
    for hidden in (1, 2, 5):
        w, (b, v, c) = rng.normal(size=2), rng.normal(size=3)
        wide = (np.tile(w, (hidden, 1)), np.full(hidden, b),
                np.full(hidden, v), np.array(c))
        got = ask(collapse, *wide)
        require(isinstance(got, (tuple, list)) and len(got) == 4,
                "return (w, b, v, c)")
        one, *rest = (numbers(part, "a part") for part in got)
        require(one.shape == (2,) and all(p.shape == () for p in rest),
                "w is one row, and b, v and c are numbers")
        out = rest[1] * np.sin(X @ one + rest[0]) + rest[2]
        expect(out, forward(X, wide, np.sin)[0],
               f"the outputs for {hidden} units", {
                   "the units add up: multiply v by their number":
                       forward(X, wide, np.sin)[0] if hidden == 1
                       else v * np.sin(X @ w + b) + c})
    _bound(numbers(bound, "the bound"))


def _bound(value):
    """Check the least loss on XOR of one monotone unit."""
    for wrong, hint in ((1 / 8, "a constant reaches 1/8: monotone units do"
                         " better"), (1 / 16, "true, but it is not reached:"
                         " two lit corners, not one, are below the highest"
                         " dark one"), (2 / 3, "this is the sum of squares:"
                         " J has a half and a mean over four"), (0.0, "then"
                         " it could fit XOR")):
        require(value.shape != () or abs(value - wrong) > 1e-3,
                f"the bound: {hint}")
    expect(np.round(value, 3), np.round(1 / 12, 3), "the bound")


@exercise("E6", "sums of word vectors cannot negate, with a ReLU they can")
def e6(vectors, theta, pair):
    """Check vectors and theta with ReLU, and a second impossible pair."""
    require(isinstance(vectors, dict) and {"not", "good", "bad"}
            <= set(vectors), "vectors maps 'not', 'good' and 'bad'")
    theta = numbers(theta, "theta")
    require(theta.shape == (2,), f"theta has shape {theta.shape}, expected"
            " (2,): two entries are enough, the vectors of the text have"
            " four")
    table = {word: numbers(v, word) for word, v in vectors.items()}
    require(all(v.shape == theta.shape for v in table.values()),
            "each vector needs the shape of theta")
    for better, worse in (("good", "not good"), ("not bad", "bad")):
        a, b = (float(theta @ relu(sum(table[word] for word in s.split())))
                for s in (better, worse))
        require(a > b, f"with ReLU, f({better}) = {a:g} is not above"
                f" f({worse}) = {b:g}")
    _second_pair(pair)


def _second_pair(pair):
    """Check [(better, worse), (better, worse)]: possible only apart."""
    require(isinstance(pair, (tuple, list)) and len(pair) == 2
            and all(isinstance(side, (tuple, list)) and len(side) == 2
                    for side in pair),
            "the pair is [(better, worse), (better, worse)]")
    require({frozenset(side) for side in pair} != {
        frozenset(("good", "not good")), frozenset(("bad", "not bad"))},
        "find another pair than that of the text")
    words = sorted({w for side in pair for s in side for w in s.split()})
    rows = np.array([[better.split().count(w) - worse.split().count(w)
                      for w in words] for better, worse in pair])
    for row, side in zip(rows, pair):
        require(row.any(), f"{side} cannot hold even alone: a sum does not"
                " see the order of its words")
    found = solve(rows, np.ones(2))
    require(found is None, "both can hold: give the words the scores"
            f" {dict(zip(words, np.round(found, 2).tolist()))}"
            if found is not None else "")


@exercise("L10", "which parameters move from a zero start")
def l10(moving):
    """Check y -> the set of names among W, b, v, c with a gradient."""
    for y in ([0, 1, 1, 1], [0, 1, 1, 0], [1, -1], [0, 0, 0]):
        got = ask(moving, np.array(y, dtype=float))
        require(isinstance(got, (set, frozenset, list, tuple)),
                "return a set of names")
        right = {"c"} if np.mean(y) else set()
        got = set(got)
        hint = {frozenset(): "the output bias feels the mean error",
                frozenset("c"): "the bias is where it wants to be"}.get(
                    frozenset(got), "the others are multiplied by a zero")
        require(got == right, f"for the labels {y} you give"
                f" {sorted(got)}; {hint}")


@exercise("L11", "XOR from a uniform constant start")
def l11(activation, slope, constant):
    """Check f, f' and a number: training from it has to learn XOR."""
    u = np.linspace(-3, 3, 61) + 0.0123
    f, df = (numbers(ask(part, u), "f(u)") for part in (activation, slope))
    require(f.shape == df.shape == u.shape,
            "f and its slope act on each entry of an array")
    rate = (np.asarray(activation(u + 1e-6))
            - np.asarray(activation(u - 1e-6))) / 2e-6
    expect(np.round(df, 3) + 0.0, np.round(rate, 3) + 0.0, "the slope")
    start = constant_start(float(constant), 2, 3)
    with np.errstate(all="ignore"):
        end = descend(CORNERS, XOR, start, activation, slope, 0.1, 4000)
        o = forward(CORNERS, end, activation)[0]
    loss = 0.5 * np.mean((o - XOR) ** 2)
    require(np.isfinite(loss), f"from {float(constant):g} the training"
            " diverges: try a smaller number")
    rises = np.diff(f)
    monotone = (rises >= 0).all() or (rises <= 0).all()
    require(loss < 1e-3, f"from {float(constant):g} the loss ends at"
            f" {loss:.4f}: " + (
                "a monotone unit never gets below 1/12 = 0.0833" if monotone
                else "this activation could do it; try another constant"))


def _tanh_slope(u):
    """Return the slope of tanh."""
    return 1 - np.tanh(u) ** 2
