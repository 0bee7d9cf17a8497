"""Answers to C1, C2, C3 and C8."""

import math

import numpy as np

from lmbook import functional as F
from lmbook.autodiff import Value, topological_order

# ------------------------------------------------------------------- C1

def forward(x, y, z):
    a, b = math.log(x), math.exp(y)
    return a, b, b * z, a + b * z


def local(x, y, z):
    return 1 / x, math.exp(y), z, math.exp(y), 1, 1


def total(x, y, z):
    return 1 / x, z * math.exp(y), math.exp(y)


# ------------------------------------------------------------------- C2

class Engine:
    """A tape as a reader may write it; each trap is one method."""

    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.parents, self.slopes = parents, slopes

    @classmethod
    def of(cls, *arguments):
        return cls(*arguments)

    def __add__(self, y):
        return self.of(self.data + y.data, (self, y), (1, 1))

    def __mul__(self, y):
        return self.of(self.data * y.data, (self, y), (y.data, self.data))

    def exp(self):
        out = math.exp(self.data)
        return self.of(out, (self,), (out,))

    def relu(self):
        return self.of(max(self.data, 0), (self,), (self.data > 0,))

    def order(self):
        done, seen, stack = [], set(), [(self, False)]
        while stack:
            node, finished = stack.pop()
            if finished:
                done.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack += [(p, False) for p in node.parents]
        return done[::-1]

    def give(self, parent, amount):
        parent.grad += amount

    def backward(self):
        self.grad = 1.0
        for node in self.order():
            for parent, slope in zip(node.parents, node.slopes):
                self.give(parent, slope * node.grad)


class Overwrites(Engine):
    def give(self, parent, amount):
        parent.grad = amount


class Once(Engine):
    def backward(self):
        self.grad = 1.0
        for node in self.order():
            for parent, slope in dict(zip(node.parents, node.slopes)).items():
                parent.grad += slope * node.grad


class Early(Engine):
    def order(self):
        seen, stack = [], [self]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.append(node)
                stack += reversed(node.parents)
        return seen


class Recursive(Engine):
    def order(self):
        done, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                done.append(node)

        visit(self)
        return done[::-1]


class NoGate(Engine):
    def relu(self):
        return self.of(max(self.data, 0), (self,), (1,))


class Unstarted(Engine):
    def backward(self):
        for node in self.order():
            for parent, slope in zip(node.parents, node.slopes):
                self.give(parent, slope * node.grad)


class NoStart(Engine):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.grad = None

    def give(self, parent, amount):
        parent.grad = (parent.grad or 0) + amount


class WrongValue(Engine):
    def __add__(self, y):
        return self.of(self.data - y.data, (self, y), (1, 1))


class Matrix:
    """The array engine; `wrong` names one mistake."""

    wrong = ""

    def __init__(self, data, parents=(), rules=()):
        self.data, self.grad = data, np.zeros_like(data)
        self.parents, self.rules = parents, rules

    def __matmul__(self, y):
        back = y.data if self.wrong == "transpose" else y.data.T
        return type(self)(self.data @ y.data, (self, y), (
            lambda g: g @ back, lambda g: self.data.T @ g))

    def __add__(self, y):
        repeated = y.data.ndim < self.data.ndim and self.wrong != "rows"
        return type(self)(self.data + y.data, (self, y), (
            lambda g: g, lambda g: g.sum(0) if repeated else g))

    def relu(self):
        return type(self)(np.maximum(self.data, 0), (self,), (
            lambda g: g * (self.data > 0),))

    def backward(self):
        self.grad = np.ones_like(self.data)
        for node in reversed(topological_order(self)):
            for parent, rule in zip(node.parents, node.rules):
                old = 0 if self.wrong == "overwrite" else parent.grad
                parent.grad = old + rule(node.grad)


def matrix(mistake):
    return type("Wrong", (Matrix,), {"wrong": mistake})


# ------------------------------------------------------------------- C3

def branched(x, y, W1, b1, W2, b2, U, b3, W3, W4, wrong=""):
    H = len(b1)
    a1, a2 = W1 @ x + b1, W2 @ x + b2
    c1, c2 = F.sigmoid(a1), np.maximum(a2, 0)
    c = np.concatenate([c1, c2])
    m = U @ c + b3
    z = W3 @ m + W4 @ x
    loss = F.cross_entropy(z, y)
    dz = F.softmax(z) - y
    dm = W3.T @ dz
    dc = U.T @ dm
    da1 = dc[:H] * (1 if wrong == "no slope" else c1 * (1 - c1))
    da2 = dc[H:] * (1 if wrong == "no gate" else a2 > 0)
    paths = {"one": W1.T @ da1, "two": W2.T @ da2, "skip": W4.T @ dz}
    paths.pop(wrong, None)
    found = {"x": sum(paths.values()), "W1": np.outer(da1, x), "b1": da1,
             "W2": np.outer(da2, x), "b2": da2, "U": np.outer(dm, c),
             "b3": dm, "W3": np.outer(dz, m), "W4": np.outer(dz, x)}
    if wrong == "outer":
        found["W3"] = found["W3"].T
    if wrong == "missing":
        del found["b3"]
    return loss, found


def planted(wrong):
    return lambda **arrays: branched(**arrays, wrong=wrong)


# ------------------------------------------------------------------- C8

RULES = {
    "negate": ("nothing", lambda g, kept: -g),
    "exp": ("output", lambda g, out: g * out),
    "log": ("input", lambda g, x: g / x),
    "square": ("input", lambda g, x: g * 2 * x),
    "tanh": ("output", lambda g, out: g * (1 - out ** 2)),
    "sigmoid": ("output", lambda g, out: g * out * (1 - out)),
    "relu": ("output", lambda g, out: g * (out > 0)),
}


def kept_bytes(N, D, H):
    return 8 * N * (D + H)


def but(**changes):
    return RULES | changes


RIGHT = {
    "C1": [(forward, local, total)],
    "C2": [(Engine,), (Value,), (Engine, Matrix)],
    "C3": [(planted(""),)],
    "C8": [(RULES, kept_bytes),
           (but(relu=("input", lambda g, x: g * (x > 0)),
                log=("output", lambda g, out: g * np.exp(-out))),
            kept_bytes)],
}

WRONG = [
    ("C1", (lambda x, y, z: (math.log10(x), *forward(x, y, z)[1:3],
                             math.log10(x) + math.exp(y) * z), local, total),
     r"forward at \(2.0, -1.0, 0.5\): use the natural logarithm"),
    ("C1", (lambda x, y, z: forward(x, y, z)[:3], local, total),
     "expected 4 numbers in a row"),
    ("C1", (forward, lambda x, y, z: (1 / x, math.exp(y), math.exp(y), z, 1,
                                      1), total), "to z it is b"),
    ("C1", (forward, lambda x, y, z: (1 / x, y, z, math.exp(y), 1, 1),
            total), "slope of exp is its value"),
    ("C1", (forward, local, lambda x, y, z: (1 / x, math.exp(y),
                                             math.exp(y))),
     "its slope z is missing"),
    ("C1", (forward, local, lambda x, y, z: (1 / x, z * math.exp(y), 1)),
     "whose slope there is exp"),
    ("C2", (Overwrites,), r"e = add\(c, d\): a node that is used twice"),
    ("C2", (Once,), "each use contributes"),
    ("C2", (Early,), "visit a node after everything that uses it"),
    ("C2", (Recursive,), "too deep for a function that calls itself"),
    ("C2", (NoGate,), r"gradients of c = relu\(b\): entry \(1,\) is 1"),
    ("C2", (Unstarted,), "the last box has gradient 1"),
    ("C2", (NoStart,), "start every gradient at 0"),
    ("C2", (WrongValue,), r"value of c = add\(a, b\): entry"),
    ("C2", (Engine(1.0),), "raised TypeError"),
    ("C2", (Engine, matrix("rows")), "broadcast over the rows: sum over"),
    ("C2", (Engine, matrix("overwrite")), "X: what is used twice has"),
    ("C2", (Engine, matrix("transpose")), "X: a gradient goes back through"),
    ("C3", (planted("skip"),), "one is missing, that of the skip"),
    ("C3", (planted("one"),), "one is missing, that of the sigmoid"),
    ("C3", (planted("two"),), "one is missing, that of the ReLU"),
    ("C3", (planted("no slope"),), "b1: the slope of the sigmoid is missing"),
    ("C3", (planted("no gate"),), "b2: the slope of ReLU is missing"),
    ("C3", (planted("outer"),), "W3: an outer product: errors times inputs"),
    ("C3", (planted("missing"),), "no gradient for b3"),
    ("C3", (lambda **arrays: branched(**arrays)[0],), "return .loss, gradients"),
    ("C8", ({"exp": RULES["exp"]}, kept_bytes), "a rule for each of negate"),
    ("C8", (but(exp=lambda g, out: g * out), kept_bytes),
     "exp: expected a pair"),
    ("C8", (but(negate=("input", lambda g, x: -g)), kept_bytes),
     "keep nothing"),
    ("C8", (but(square=("output", lambda g, out: 2 * g * out ** 0.5)),
            kept_bytes), "two inputs have the same square"),
    ("C8", (but(tanh=("output", lambda g, out: g * (1 - np.tanh(out) ** 2))),
            kept_bytes), "you kept the output: write the slope with it"),
    ("C8", (but(exp=("output", lambda g, out: out)), kept_bytes),
     "multiply by the gradient that arrives"),
    ("C8", (but(sigmoid=("output", lambda g, out: g)), kept_bytes),
     "sigmoid, which keeps the output: the slope is missing"),
    ("C8", (but(log=("nothing", lambda g, x: g / x)), kept_bytes),
     "raised TypeError"),
    ("C8", (RULES, lambda N, D, H: N * (D + H)), "eight bytes"),
    ("C8", (RULES, lambda N, D, H: 8 * N * (D + 2 * H)), "need not be kept"),
    ("C8", (RULES, lambda N, D, H: 8 * N * H), "the input of the layer too"),
    ("C8", (RULES, lambda N, D, H: 8 * N * D + N * H),
     "a mask of single bytes is enough"),
    ("C8", (RULES, lambda N, D, H: kept_bytes(N, D, H) + 8 * D * H),
     "the weights are there anyway"),
]
