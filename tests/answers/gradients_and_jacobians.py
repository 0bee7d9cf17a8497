"""Answers to A1, A3 and A4: right ones, and wrong ones with their hint."""

import numpy as np


def gradient(x):
    wave = np.cos(x[2] + 6 * x[1])
    return np.array([2 * x[0] * x[1], x[0] ** 2 + 6 * wave, wave])


VALUE = [3 * np.pi, 3, -1]                # cos(3 pi) = -1, 9 - 6 = 3


def with_entry(place, value):
    """Return the gradient with one entry replaced by value(x)."""
    def wrong(x):
        got = gradient(x)
        got[place] = value(x)
        return got
    return wrong


def wave(x):
    return np.cos(x[2] + 6 * x[1])


def jacobian(x):
    first = np.cos(x.prod()) * np.array([x[1] * x[2], x[0] * x[2],
                                         x[0] * x[1]])
    fall = -np.sin(x[1] + x[2])
    return np.array([first, [0, fall, fall],
                     [0, 0, -x[2] * np.exp(-x[2] ** 2 / 2)]])


PEAK = np.array([[0, 0, np.pi], [0, 0, 0], [0, 0, 0]])   # at (1, pi, 0)


def with_row(place, change):
    """Return the Jacobian with one row replaced by change(x, row)."""
    def wrong(x):
        got = jacobian(x)
        got[place] = change(x, got[place])
        return got
    return wrong


def shape(out, inside):
    return out + inside


def slopes(f, x, h=1e-5, distance=2.0):
    got = np.zeros(np.shape(f(x)) + x.shape)
    for place in np.ndindex(x.shape):
        v = np.zeros(x.shape)
        v[place] = h
        got[(..., *place)] = (f(x + v) - f(x - v)) / (distance * h)
    return got


def flat_slopes(f, x):
    return slopes(f, x).reshape(max(np.size(f(x)), 1), -1)


def input_first(f, x):
    return np.moveaxis(slopes(f, x), range(-x.ndim, 0), range(x.ndim))


def nudges_in_place(f, x):
    x += 1e-5
    return slopes(f, x)


def one_sided_over_both(f, x):
    got = slopes(f, x)
    return got / 2


def one_sided(f, x, h=1e-7):
    got = np.zeros(np.shape(f(x)) + x.shape)
    for place in np.ndindex(x.shape):
        v = np.zeros(x.shape)
        v[place] = h
        got[(..., *place)] = (f(x + v) - f(x)) / h
    return got


RIGHT = {
    "A1": [(gradient, VALUE), (gradient, [9.4248, 3.0, -1.0])],
    "A3": [(jacobian, PEAK),
           (jacobian, [[0, 0, 3.1416], [0, 0, 0], [0, 0, 0]])],
    "A4": [(shape, slopes),
           (shape, lambda f, x: slopes(f, x, h=1e-3)),
           (shape, lambda f, x: slopes(f, x, h=1e-7)),
           (lambda out, inside: [*out, *inside], slopes)],
}

WRONG = [
    ("A1", (lambda x: gradient(x)[None], VALUE), "the shape of its input"),
    ("A1", (lambda x: gradient(x)[:, None], VALUE), "flatten it"),
    ("A1", (with_entry(1, lambda x: x[0] ** 2 + wave(x)), VALUE),
     "inner slope 6 is missing"),
    ("A1", (with_entry(1, lambda x: 6 * wave(x)), VALUE),
     r"x\^2 y moves with y too"),
    ("A1", (lambda x: gradient(x)[::-1], VALUE), "keep the order x, y, z"),
    ("A1", (lambda x: -gradient(x), VALUE), "the sign is wrong"),
    ("A1", (lambda x: gradient(np.array([3, np.pi / 2, 0])), VALUE),
     r"at \(1.0, 2.0, -0.5\): entry"),
    ("A1", (gradient(np.ones(3)), VALUE), "pass the function itself"),
    ("A1", (gradient, [9.4248, 14.919, 0.9865]), "set to degrees"),
    ("A1", (gradient, [9.4248, 15, 1]), r"value at .*entry \(1,\) is 15"),
    ("A1", (gradient, [-1, 3, 9.4248]), "value at .*keep the order"),
    ("A3", (lambda x: jacobian(x).T, PEAK), "it is transposed"),
    ("A3", (with_row(0, lambda x, row: np.cos(x.prod()) * np.ones(3)), PEAK),
     "row 1 lacks its inner slopes"),
    ("A3", (with_row(1, lambda x, row: -row), PEAK), "minus a sine"),
    ("A3", (with_row(2, lambda x, row: [0, 0, np.exp(-x[2] ** 2 / 2)]),
            PEAK), "lacks the inner slope -x3"),
    ("A3", (with_row(2, lambda x, row: -row), PEAK), "with its sign"),
    ("A3", (jacobian, PEAK.T), "value at .*it is transposed"),
    ("A3", (jacobian, [[0, 0, np.pi], [0, -0.0548, -0.0548], [0, 0, 0]]),
     "set to degrees"),
    ("A3", (jacobian, [[0, 0, 3], [0, 0, 0], [0, 0, 0]]),
     r"entry \(0, 2\) is 3, expected 3.14159"),
    ("A4", (lambda out, inside: inside + out, slopes),
     "the output comes first"),
    ("A4", (lambda out, inside: (int(np.prod(out)), int(np.prod(inside))),
            slopes), "keep the axes apart"),
    ("A4", (lambda out, inside: out, slopes), r"is \(\), expected \(3,\)"),
    ("A4", (lambda out, inside: 6, slopes), "a tuple of sizes, got int"),
    ("A4", (shape, flat_slopes), "keep the axes of output and input apart"),
    ("A4", (shape, input_first), "axes of the output come first"),
    ("A4", (shape, nudges_in_place), "changed its argument 1 in place"),
    ("A4", (shape, lambda f, x: slopes(f, x, distance=1.0)),
     "the whole distance, 2h"),
    ("A4", (shape, one_sided_over_both), "by h, not by 2h"),
    ("A4", (shape, one_sided), "nudge to both sides"),
    ("A4", (shape, lambda f, x: one_sided(f, x, h=1e-9)),
     "nudge to both sides"),
    ("A4", (shape, lambda f, x: slopes(f, x, h=1e-15)), "entry .* expected"),
]
