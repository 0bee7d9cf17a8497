"""The scalar tape: by hand, random graphs against torch, depth, faults."""

import inspect
import math

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

from lmbook.autodiff import Value, topological_order, value
from lmbook.gradcheck import GradientError, check_vjp

FUNCTIONS = ["exp", "log", "tanh", "relu", "sigmoid"]


# ---------------------------------------------------------------- by hand

def test_neuron_by_hand():
    # w x + b = 3 * 2 + 1 = 7; the slopes are x = 2, w = 3, 1
    w, x, b = Value(3, name="w"), Value(2, name="x"), Value(1, name="b")
    y = (w * x + b).relu()
    y.backward()
    assert (y.data, w.grad, x.grad, b.grad) == (7, 2, 3, 1)


def test_node_used_twice_by_hand():
    # y = x^2 + x: the slope is 2 * 3 + 1
    x = Value(3.0)
    (x * x + x).backward()
    assert x.grad == 7


@pytest.mark.parametrize("f, expected, slope", [
    (lambda x: 5 + x, 7, 1), (lambda x: x + 5, 7, 1),
    (lambda x: 5 - x, 3, -1), (lambda x: x - 5, -3, 1),
    (lambda x: 5 * x, 10, 5), (lambda x: x * 5, 10, 5),
    (lambda x: 5 / x, 2.5, -1.25), (lambda x: x / 5, 0.4, 0.2),
    (lambda x: -x, -2, -1), (lambda x: x ** 3, 8, 12),
    (lambda x: x ** -1, 0.5, -0.25), (lambda x: x ** 0, 1, 0),
    (lambda x: x.exp(), math.e ** 2, math.e ** 2),
    (lambda x: x.log(), math.log(2), 0.5),
    (lambda x: (x - 2).relu(), 0, 0),
    (lambda x: (x - 2).sigmoid(), 0.5, 0.25),
    (lambda x: (x - 2).tanh(), 0, 1),
    (lambda x: (x - 1000).sigmoid(), 0, 0),
    (lambda x: (x - 2) ** 0, 1, 0),
])
def test_operations_by_hand(f, expected, slope):
    x = Value(2)
    y = f(x)
    y.backward()
    assert y.data == pytest.approx(expected)
    assert x.grad == pytest.approx(slope)


def test_inputs_add_up_and_results_start_again():
    x = Value(3.0)
    y = x * x
    z = y * 2
    z.backward()
    z.backward()
    assert (x.grad, y.grad, z.grad) == (24, 2, 1)
    x.backward()                      # an input may be its own output
    assert x.grad == 25


def test_what_a_drawing_reads():
    w, x = Value(3.0, name="w"), Value(2.0, name="x")
    y = (w * x) ** 2 + 1
    square, one = y.parents
    assert (y.op, square.op, square.parents[0].op) == ("+", "**2", "*")
    assert square.parents[0].parents == (w, x)
    assert square.slopes == (12.0,) and one.data == 1 and one.op == ""
    assert repr(y) == "Value(data=37, grad=0)"
    y.name = "y"
    assert y.name == "y" and not hasattr(y, "__dict__")


def test_order_has_each_node_once_after_its_parents():
    x = Value(1.0)
    y = x
    for _ in range(60):               # 2^60 paths, 61 nodes
        y = y + y
    order = topological_order(y)
    assert len(order) == 61 and order[0] is x and order[-1] is y
    y.backward()
    assert x.grad == 2.0 ** 60


# ------------------------------------------------------------------- laws

@given(st.floats(-20, 20), st.floats(-20, 20))
def test_product_rule(a, b):
    x = Value(a)
    (x.tanh() * (x * b).sigmoid()).backward()
    s = 1 / (1 + math.exp(-a * b))
    t = math.tanh(a)
    assert x.grad == pytest.approx((1 - t * t) * s + t * b * s * (1 - s))


# -------------------------------------------------- against torch, at random

def grow(rng, start, nodes):
    """Return the same random graph of Values and of torch numbers."""
    mine = [Value(x) for x in start]
    other = [torch.tensor(x, dtype=torch.float64, requires_grad=True)
             for x in start]
    leaves = len(mine)
    for _ in range(nodes):
        i, j = rng.integers(len(mine), size=2)
        c = float(rng.uniform(-2, 2))
        f = [lambda x, y: x + y, lambda x, y: x - y,
             lambda x, y: x.tanh() * y, lambda x, y: x / (y * y + 1),
             lambda x, y: c - x, lambda x, y: c * x + c,
             lambda x, y: c / (x * x + 1), lambda x, y: -x,
             lambda x, y: x.tanh() ** 3, lambda x, y: (x * x + 1) ** 0.5,
             lambda x, y: x.tanh().exp(), lambda x, y: (x * x + 1).log(),
             lambda x, y: x.relu(), lambda x, y: x.sigmoid()][
                 rng.integers(14)]
        mine.append(f(mine[i], mine[j]))
        other.append(f(other[i], other[j]))
    return mine[:leaves], other[:leaves], sum(mine, Value(0)), sum(other)


def test_500_random_graphs():
    rng = np.random.default_rng(5)
    for _ in range(500):
        start = rng.normal(size=3)
        mine, other, out, expected = grow(rng, start.tolist(), 8)
        out.backward()
        expected.backward()
        assert out.data == pytest.approx(expected.item(), rel=1e-10)
        for a, b in zip(mine, other):
            assert a.grad == pytest.approx(b.grad.item(), rel=1e-10,
                                           abs=1e-10)


def test_relu_at_zero_as_in_torch():
    x, leaf = Value(0.0), torch.zeros((), requires_grad=True)
    x.relu().backward()
    torch.relu(leaf).backward()
    assert x.grad == leaf.grad == 0


def test_depth_100_000():
    x = y = Value(1.0)
    for _ in range(50_000):
        y = y * 1.0 + x
    y.backward()
    assert x.grad == 50_001
    del y


# ----------------------------------------- wrong versions must be caught

def check(f, x=0.7, kind=Value):
    """Compare the tape with central differences."""
    def vjp(u, x):
        leaf = kind(x)
        f(leaf).backward()
        return u * leaf.grad
    check_vjp(lambda x: f(kind(float(x))).data,
              lambda u, x: vjp(u, float(x)), x, both_sides=False)


OPERATIONS = {
    "+": lambda x: x + 3, "-": lambda x: 3 - x, "*": lambda x: x * 3,
    "/": lambda x: 3 / x, "neg": lambda x: -x, "**3": lambda x: x ** 3,
    **{name: lambda x, name=name: getattr(x, name)() for name in FUNCTIONS}}


@pytest.mark.parametrize("op", OPERATIONS)
def test_planted_slope(op, monkeypatch):
    check(OPERATIONS[op])
    right = Value.__init__

    def wrong(self, data, parents=(), slopes=(), label="", **rest):
        if label == op:
            slopes = tuple(1.0005 * s for s in slopes)
        right(self, data, parents, slopes, label, **rest)

    monkeypatch.setattr(Value, "__init__", wrong)
    with pytest.raises(GradientError, match=r"relative error 0\.0005; entry"
                       r" \(\) of the gradient is .* by the rule"):
        check(OPERATIONS[op])


@pytest.mark.parametrize("right, wrong", [
    ("parent.grad += slope", "parent.grad = slope"),
    ("parent.grad += slope", "parent.grad -= slope"),
    ("in reversed(order):", "in order:"),
    ("(1.0, 1.0)", "(1.0, 0.0)"),
])
def test_planted_in_the_source(right, wrong):
    source = inspect.getsource(value)
    assert right in source
    module = {"__name__": "lmbook.autodiff.planted",
              "__package__": "lmbook.autodiff"}
    exec(source.replace(right, wrong), module)

    def f(x):
        return x * x + x
    check(f)
    with pytest.raises(GradientError, match="input 0 of 1, shape"):
        check(f, kind=module["Value"])


# ------------------------------------------------------------------ errors

@pytest.mark.parametrize("call, message", [
    (lambda: Value("a"), "expected a real number, got 'a'"),
    (lambda: Value(1j), "expected a real number, got 1j"),
    (lambda: Value(2) * [1], "expected a real number, got [1]"),
    (lambda: Value(2) ** Value(1),
     "expected a real number, got Value(data=1, grad=0)"),
    (lambda: Value(-1).log(), "log needs a number > 0, got -1"),
    (lambda: Value(-2) ** 0.5, "(-2) ** 0.5 is not a real number"),
])
def test_messages(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == message
