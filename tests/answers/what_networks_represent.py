"""Answers to E1 to E6, L10 and L11: right ones, and wrong ones."""

import numpy as np

CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
SUPER = np.array([[1, -1, 0, 0], [1, 1, -1, 0], [1, 1, 1, -1]])
ONES = np.ones(3)

SIGN = np.array([-1, 1, 1, -1])[:, None]
ROWS = np.column_stack([CORNERS, np.ones(4)])
REACH = np.array([0, 1, 1, 0])

W = np.ones((2, 2))
V = np.array([1, -2])
FIRST = W, np.array([0, -1]), V, 0
SECOND = W, np.array([1, -1]), V, -1


def zero_gradients(X, y, hidden=3):
    return (np.zeros((hidden, X.shape[1])), np.zeros(hidden),
            np.zeros(hidden), -np.mean(y))


def bias_after(y, lr, steps):
    return (1 - (1 - lr) ** steps) * np.mean(y)


def bias_by_steps(y, lr, steps):
    c = 0.0
    for _ in range(steps):
        c -= lr * np.mean(c - y)
    return c


def collapse(W, b, v, c):
    return W[0], b[0], len(v) * v[0], c


def other_collapse(W, b, v, c):
    return W.mean(0), b.mean(), v.sum(), c


TWO = {"good": [1, 0], "bad": [0, 1], "not": [-1, -1]}
THETA = np.array([1, -1])
FOUR = {"good": [1, 0, -1, 0], "bad": [0, 1, 0, -1],
        "not": [-1, -1, 1, 1]}
VERY = [("very good", "good"), ("bad", "very bad")]


def moving(y):
    return {"c"} if np.mean(y) else set()


def tanh_slope(u):
    return 1 - np.tanh(u) ** 2


RIGHT = {
    "E1": [(SUPER, np.zeros(3), ONES, 1),
           (2 * SUPER, np.zeros(3), 5 * ONES, -1)],
    "E2": [(SIGN * ROWS, REACH, np.ones(4)),
           (SIGN * ROWS, REACH, np.full(4, 0.5))],
    "E3": [(FIRST, SECOND),
           (FIRST, (np.array([[1, -1], [-1, 1]]), [0, 0], [1, 1], 0))],
    "E4": [(zero_gradients, bias_after),
           (lambda X, y: zero_gradients(X, y, 7), bias_by_steps)],
    "E5": [(collapse, 1 / 12), (other_collapse, 0.0833)],
    "E6": [(TWO, THETA, VERY)],
    "L10": [(moving,)],
    "L11": [(np.sin, np.cos, 1.0), (np.sin, np.cos, -0.5),
            (lambda u: np.exp(-u ** 2),
             lambda u: -2 * u * np.exp(-u ** 2), 0.25)],
}

WRONG = [
    ("E1", (SUPER[:, :3], np.zeros(3), ONES, 1),
     r"W has shape \(3, 3\), expected \(3, 4\)"),
    ("E1", (-SUPER, np.zeros(3), 2 * ONES, -6), "has a tie"),
    ("E1", (-SUPER, -ONES, 2 * ONES, -6),
     r"\(-1, -0.5, -1, -1\) is refused.*a margin"),
    ("E1", (SUPER, np.zeros(3), ONES, 5), "accepts nothing"),
    ("E1", (SUPER, np.zeros(3), ONES, 0), "its failure does not count"),
    ("E1", (SUPER * [[1], [1], [0]], [0, 0, -1], ONES, 1),
     "one of the three questions is not asked"),
    ("E1", (SUPER, np.ones(3), ONES, 1), "is refused, though"),
    ("E2", (ROWS, REACH, np.ones(4)), "turn its row round"),
    ("E2", (SIGN * CORNERS, REACH, np.ones(4)), "the shape is"),
    ("E2", (SIGN * ROWS * [1, 1, 0], REACH, np.ones(4)),
     "the bias has a column"),
    ("E2", (SIGN * ROWS, np.ones(4), np.ones(4)),
     "reach: .*at most 0, not 1"),
    ("E2", (SIGN * ROWS, REACH, ONES), r"times has shape \(3,\)"),
    ("E2", (SIGN * ROWS, REACH, [1, -1, -1, 1]), "negative multiplier"),
    ("E2", (SIGN * ROWS, REACH, np.zeros(4)), "adds nothing"),
    ("E2", (SIGN * ROWS, REACH, [0, 1, 1, 1]), "should cancel"),
    ("E3", (FIRST, FIRST), "same weights twice"),
    ("E3", (FIRST, SECOND[:3]), r"the second: pass \(W, b, v, c\)"),
    ("E3", (FIRST, (*SECOND[:3], 0)), "the output bias is missing"),
    ("E3", ((*FIRST[:3], -1), SECOND), "the output bias is not wanted"),
    ("E3", ((W, [0, -1], [1, 0], 0), SECOND), "this is x1 . x2"),
    ("E3", ((W, [0, -1], [1, -1], 0), SECOND), "this is OR"),
    ("E3", ((W, [0, -1], [-1, 2], 1), SECOND), "lit and dark"),
    ("E3", ((W, 0, V, 0), SECOND), "the shapes are"),
    ("E4", (lambda X, y: (*zero_gradients(X, y)[:3], 0.0), bias_after),
     "dc: the output bias does feel"),
    ("E4", (lambda X, y: (*zero_gradients(X, y)[:3], -np.sum(y)),
            bias_after), "dc: divide by the number"),
    ("E4", (lambda X, y: (*zero_gradients(X, y)[:3], np.mean(y)),
            bias_after), "dc: the sign is wrong"),
    ("E4", (lambda X, y: (zero_gradients(X, y)[0].T,
                          *zero_gradients(X, y)[1:]), bias_after),
     "dW: .*transposed|dW: the shape"),
    ("E4", (zero_gradients, lambda y, lr, steps: np.mean(y)),
     "where it ends"),
    ("E4", (zero_gradients, lambda y, lr, steps: lr * steps * np.mean(y)),
     "each step shrinks"),
    ("E5", (lambda W, b, v, c: (W[0], b[0], v[0], c), 1 / 12),
     "multiply v by their number"),
    ("E5", (lambda W, b, v, c: (W, b, v, c), 1 / 12), "w is one row"),
    ("E5", (collapse, 1 / 8), "monotone units do better"),
    ("E5", (collapse, 1 / 16), "true, but it is not reached"),
    ("E5", (collapse, 2 / 3), "J has a half and a mean"),
    ("E5", (collapse, 0), "then it could fit XOR"),
    ("E6", (TWO, -THETA, VERY), "f.good. = -1 is not above"),
    ("E6", ({**TWO, "not": [0, 0]}, THETA, VERY), "f.good. = 1 is not"),
    ("E6", ({**TWO, "not": [-1, 0]}, THETA, VERY), "f.not bad. = -1"),
    ("E6", ({"good": [1, 0]}, THETA, VERY), "vectors maps"),
    ("E6", ({**TWO, "bad": [0]}, THETA, VERY), "the shape of theta"),
    ("E6", (FOUR, [1, -1, 1, -1], VERY),
     r"theta has shape \(4,\).*two entries are enough"),
    ("E6", (TWO, THETA, [("good", "not good"), ("not bad", "bad")]),
     "another pair"),
    ("E6", (TWO, THETA, [("very good", "good"), ("very bad", "bad")]),
     "both can hold: give the words the scores"),
    ("E6", (TWO, THETA, [("not so good", "so not good"),
                         ("good", "very good")]), "cannot hold even alone"),
    ("L10", (lambda y: set(),), "the output bias feels"),
    ("L10", (lambda y: {"c"},), "where it wants to be"),
    ("L10", (lambda y: {"b", "c"},), "multiplied by a zero"),
    ("L10", (lambda y: np.mean(y),), "return a set"),
    ("L11", (np.tanh, tanh_slope, 1.0), "never gets below 1/12"),
    ("L11", (np.sin, np.cos, 0.0), "try another constant"),
    ("L11", (np.sin, lambda u: -np.cos(u), 1.0), "the slope: the sign"),
    ("L11", (lambda u: u ** 2, lambda u: 2 * u, 1.0), "diverges"),
]
