"""The array tape: by hand, laws, 500 random graphs, depth, every error."""

import gc
import weakref

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import (
    arrays, mutually_broadcastable_shapes)

import lmbook.autodiff as ad
from lmbook.autodiff import Dual, Tensor
from lmbook.autodiff.shapes import broadcast_to, sum_to


# ---------------------------------------------------------------- by hand

def test_linear_layer_by_hand():
    # z = W x = (1 - 2, 3 - 4) = (-1, -1); sum z^2 = 2
    # d/dz = 2 z = (-2, -2); dx = W^T dz = (-8, -12); dW = dz x^T
    W, x = Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([1.0, -1.0])
    z = W @ x
    loss = (z * z).sum()
    loss.backward()
    assert loss.item() == 2
    np.testing.assert_array_equal(z.grad, [-2, -2])
    np.testing.assert_array_equal(x.grad, [-8, -12])
    np.testing.assert_array_equal(W.grad, [[-2, 2], [-2, 2]])


def test_broadcast_by_hand():
    # b is added to two rows: its gradient is the sum of two rows of ones
    b = Tensor([1.0, 2.0, 3.0])
    (np.zeros((2, 3)) + b).sum().backward()
    np.testing.assert_array_equal(b.grad, [2, 2, 2])


def test_repeated_index_by_hand():
    # row 0 is used twice: 1 + 10; row 1 once
    table = Tensor([[1.0], [2.0], [3.0]])
    table[[0, 1, 0]].backward([[1.0], [5.0], [10.0]])
    np.testing.assert_array_equal(table.grad, [[11], [5], [0]])


def test_weights_of_the_outputs():
    x = Tensor([1.0, 2.0])
    (x * x).backward([1.0, 10.0])              # 2 x times the weights
    np.testing.assert_array_equal(x.grad, [2, 40])


def test_inputs_add_up_and_results_start_again():
    x = Tensor([3.0])
    y = x * x
    z = y * 2
    z.backward()
    z.backward()                               # 12 twice
    np.testing.assert_array_equal(x.grad, [24])
    np.testing.assert_array_equal(y.grad, [2])
    x.grad = None
    z.backward()
    np.testing.assert_array_equal(x.grad, [12])


def test_what_a_drawing_reads():
    w, x = Tensor([1.0], name="w"), Tensor([2.0], name="x")
    y = (w * x + 1).relu()
    assert [node.op or node.name for node in ad.topological_order(y)] == [
        "x", "w", "*", "+", "relu"]
    product, = y.parents[0].parents                 # the 1 is a constant
    assert product.parents == (w, x) and w.parents == ()
    assert w.grad is None and y.name == ""
    assert repr(w) == "Tensor([1.])"
    assert repr(Tensor(Dual(1.0, 2.0))) == "Tensor(Dual(1.0, 2.0))"


def test_both_sides_and_lists():
    x = Tensor([2.0, 4.0])
    for out, value, slope in [
            (1 + x, [3, 5], [1, 1]), (np.ones(2) - x, [-1, -3], [-1, -1]),
            ([3, 3] * x, [6, 12], [3, 3]), (8 / x, [4, 2], [-2, -0.5]),
            (np.float64(2) ** x, [4, 16], np.log(2) * np.array([4, 16])),
            (np.eye(2) @ x, [2, 4], [1, 1])]:
        x.grad = None
        out.backward(np.ones(2))
        np.testing.assert_allclose(out.data, value)
        np.testing.assert_allclose(x.grad, slope)


def test_numbers_and_lists_as_parts():
    x = Tensor([2.0, 4.0])
    y = ad.stack([x[0], 1.0, x[1]])
    z = ad.concatenate([[5.0], y, x])
    z.backward(np.arange(6.0))
    np.testing.assert_array_equal(z.data, [5, 2, 1, 4, 2, 4])
    np.testing.assert_array_equal(x.grad, [1 + 4, 3 + 5])


def test_comparisons_are_plain():
    x = Tensor([1.0, 2.0])
    for mask, expected in [(x > 1, [0, 1]), (x < [2, 2], [1, 0]),
                           (x >= x, [1, 1]), (1 <= x, [1, 1])]:
        assert isinstance(mask, np.ndarray)
        np.testing.assert_array_equal(mask, expected)
    assert len(x) == 2 and x.size == 2 and x.ndim == 1


# ------------------------------------------------------------------- laws

NUMBERS = st.floats(-10, 10)


@given(st.data())
def test_backward_is_linear(data):
    x = data.draw(arrays(np.float64, (2, 3), elements=NUMBERS))
    u, v = (data.draw(arrays(np.float64, (2, 2), elements=NUMBERS))
            for _ in range(2))
    a = data.draw(NUMBERS)
    _, pullback = ad.vjp(lambda x: (x @ x.T).tanh(), x)
    np.testing.assert_allclose(
        pullback(a * u + v), a * pullback(u) + pullback(v), atol=1e-8)


@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3),
       st.integers(0, 99))
def test_sum_to_is_the_transpose_of_broadcasting(shapes, seed):
    # <broadcast x, g> = <x, sum_to g>
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shapes.input_shapes[0])
    g = rng.normal(size=shapes.result_shape)
    down = sum_to(g, x.shape)
    assert down.shape == x.shape
    np.testing.assert_allclose((broadcast_to(x, g.shape) * g).sum(),
                               (x * down).sum(), atol=1e-12)


@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3),
       st.sampled_from("+-*/"))
def test_broadcast_operands_as_in_torch(shapes, op):
    rng = np.random.default_rng(1)
    x, y = (rng.uniform(1, 2, shape) for shape in shapes.input_shapes)
    f = {"+": lambda x, y: x + y, "-": lambda x, y: x - y,
         "*": lambda x, y: x * y, "/": lambda x, y: x / y}[op]
    mine = [Tensor(x), Tensor(y)]
    other = [torch.tensor(a, requires_grad=True) for a in (x, y)]
    f(*mine).sum().backward()
    f(*other).sum().backward()
    for a, b in zip(mine, other):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-13)


# --------------------------------------------- random graphs, against torch

ANY_SHAPE = 10                       # the first ones need no axis
UNARY = [
    (lambda x: x.tanh(),) * 2, (lambda x: x.sigmoid(),) * 2,
    (lambda x: x.relu(),) * 2, (lambda x: -x,) * 2,
    (lambda x: x.tanh().exp(),) * 2, (lambda x: (x * x + 1).log(),) * 2,
    (lambda x: (x * x + 1).sqrt(),) * 2, (lambda x: x.tanh() ** 3,) * 2,
    (lambda x: 1 / (2 + x.tanh()),) * 2, (lambda x: 0.5 - x,) * 2,
    (lambda x: x.sum(-1, keepdims=True),) * 2, (lambda x: x.mean(0),) * 2,
    (lambda x: x.reshape(-1, 1),) * 2, (lambda x: x.mT,) * 2,
    (lambda x: x[0],) * 2, (lambda x: x[..., 1:],) * 2,
    (lambda x: x[[0, 0, 1]],) * 2,
    (lambda x: x.max(-1, keepdims=True),
     lambda x: torch.amax(x, -1, keepdim=True)),
    (lambda x: x.softmax(-1),) * 2, (lambda x: x.log_softmax(0),) * 2,
    (lambda x: x.logsumexp(-1),) * 2,
]
BINARY = [
    (lambda x, y: x + y,) * 2, (lambda x, y: x - y,) * 2,
    (lambda x, y: x.tanh() * y,) * 2, (lambda x, y: x / (y * y + 1),) * 2,
    (lambda x, y: x @ y,) * 2,
    (lambda x, y: x @ y.mT, lambda x, y: x @ y.transpose(-2, -1)),
    (lambda x, y: ad.concatenate([x, y, x], -1),
     lambda x, y: torch.cat([x, y, x], -1)),
    (lambda x, y: ad.stack([x, y]), lambda x, y: torch.stack([x, y])),
    (lambda x, y: ad.where(x > 0, x, y),
     lambda x, y: torch.where(x > 0, x, y)),
]
SHAPES = [(), (2,), (3,), (1, 2), (2, 3), (3, 2), (2, 1), (2, 2, 3)]
REFUSED = (IndexError, ValueError, RuntimeError)


def grow(rng, leaves, others, nodes):
    """Grow the same random graph on both sides; skip what does not fit."""
    mine, other = list(leaves), list(others)
    used = set()
    while len(mine) < len(leaves) + nodes:
        table, count = ((UNARY, 1), (BINARY, 2))[rng.integers(2)]
        k = rng.integers(len(table))
        at = rng.integers(len(mine), size=count)
        if count == 1 and k >= ANY_SHAPE and not other[at[0]].shape:
            continue
        try:
            expected = table[k][1](*(other[i] for i in at))
        except REFUSED:
            continue
        if expected.ndim > 3 or expected.numel() > 60 or 0 in expected.shape:
            continue
        out = table[k][0](*(mine[i] for i in at))
        assert out.shape == tuple(expected.shape)
        mine.append(out)
        other.append(expected)
        used.add((count, int(k)))
    return mine, other, used


def test_500_random_graphs():
    rng = np.random.default_rng(11)
    used, shared = set(), 0
    for graph in range(500):
        start = [rng.normal(size=SHAPES[i])
                 for i in rng.integers(len(SHAPES), size=3)]
        leaves = [Tensor(x) for x in start]
        others = [torch.tensor(x, requires_grad=True) for x in start]
        mine, other, ops = grow(rng, leaves, others, 8)
        used |= ops
        # every node counts, so every node is reached
        sum((node * node).sum() for node in mine).backward()
        sum((node * node).sum() for node in other).backward()
        shared += len(mine)
        for a, b in zip(mine, other):
            np.testing.assert_allclose(a.data, b.detach().numpy(),
                                       rtol=1e-10, atol=1e-10)
        for a, b in zip(leaves, others):
            np.testing.assert_allclose(a.grad, b.grad.numpy(),
                                       rtol=1e-10, atol=1e-10)
    assert len(used) == len(UNARY) + len(BINARY)
    assert shared == 500 * 11


# ------------------------------------------------------------ depth, memory

def test_depth_100_000():
    x = y = Tensor([1.0])
    for _ in range(50_000):
        y = y * 1.0 + x                        # 100,000 operations deep
    y.backward()
    assert x.grad == 50_001
    del y


def test_nothing_is_left_behind():
    # no circle of references: the graph goes when its output goes
    gc.disable()
    try:
        x = Tensor([1.0])
        array = np.ones(1000).view(type("Watched", (np.ndarray,), {}))
        watch = weakref.ref(array)
        y = (x * array).sum()
        y.backward()
        del array, y
        x.grad = None
        assert watch() is None
    finally:
        gc.enable()


# ----------------------------------------------------- changes are refused

def test_backward_refuses_what_changed():
    w = Tensor([1.0, 2.0], name="w")
    loss = (w * w).sum()
    w.data = w.data - 0.1
    with pytest.raises(ValueError, match=(
            r"^backward through '\*' of shapes \(2,\), \(2,\): its argument"
            r" 0, 'w' of shape \(2,\), was given new values after the"
            r" forward pass; compute the output again$")):
        loss.backward()
    (w * w).sum().backward()
    np.testing.assert_allclose(w.grad, [1.8, 3.8])


def test_a_view_keeps_the_old_values():
    w = Tensor([[1.0, 2.0], [3.0, 4.0]])
    y = w.T
    w.data = np.zeros((2, 2))
    np.testing.assert_array_equal(y.data, [[1, 3], [2, 4]])
    with pytest.raises(ValueError, match="through 'transpose'"):
        y.sum().backward()


def test_nothing_can_change_unseen():
    given_, constant = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    index = np.array([0, 1])
    x = Tensor(given_)
    y = (x * constant)[index]
    given_[:], constant[:], index[:] = 0, 0, 0
    y.backward(np.ones(2))
    np.testing.assert_array_equal(y.data, [3, 8])
    np.testing.assert_array_equal(x.grad, [3, 4])
    for array in (x.data, y.data, x.grad, y.grad):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        x.data -= 1
    value, pullback = ad.vjp(ad.exp, [0.0])
    with pytest.raises(ValueError, match="read-only"):
        value[0] = 5


def test_constant_of_a_lower_level_keeps_its_values():
    w = Tensor([2.0])
    x = Tensor(Tensor([3.0]))                  # one level above w
    y = x * w
    w.data = [7.0]
    y.backward()
    np.testing.assert_array_equal(x.grad.data, [2])
    with pytest.raises(ValueError, match="given new values"):
        x.grad.backward()


def refused(call, *arguments):
    """Return the message of the ValueError that a call raises."""
    with pytest.raises(ValueError) as caught:
        call(*arguments)
    return str(caught.value)


def test_messages():
    x = Tensor([1.0, 2.0])
    assert refused((x * x).backward) == (
        "backward of an output of shape (2,) needs grad, an array of that"
        " shape")
    assert refused((x * x).backward, 1.0) == (
        "grad of shape () for a tensor of shape (2,)")
    assert refused(setattr, x * x, "data", [1.0, 2.0]) == (
        "this tensor was computed by '*': only an input can be given new"
        " values")
    assert refused(setattr, x, "data", [1.0]) == (
        "new values of shape (1,) for a tensor of shape (2,)")
    assert refused(setattr, x, "data", x * 2) == (
        "new values must be an array, got a Tensor: take its data")
    assert refused(setattr, x, "grad", [1.0]) == (
        "grad of shape (1,) for a tensor of shape (2,)")
    assert refused(lambda: x @ np.ones(3)) == (
        "matmul of shapes (2,) and (3,): the inner lengths must agree, the"
        " batch axes broadcast")
    assert refused(lambda: 2.0 @ x) == (
        "matmul of shapes () and (2,): the inner lengths must agree, the"
        " batch axes broadcast")
    assert refused(lambda: x + np.ones(3)).startswith(
        "operands could not be broadcast together with shapes (2,) (3,)")
    assert refused(ad.stack, [x, x[:1]]) == (
        "stack needs parts of one shape, got [(1,), (2,)]")
    assert refused(ad.stack, []) == "stack needs parts of one shape, got []"
    assert refused(lambda: x.mT) == (
        "mT swaps the last two axes: shape (2,) has fewer")
    assert refused(Tensor, "a") == "expected real numbers, got 'a'"
    assert refused(Tensor, [1j]) == "expected real numbers, got [1j]"
    assert refused(Tensor, [True]) == "expected real numbers, got [True]"
    assert refused(np.asarray, x) == (
        "NumPy cannot follow a Tensor: use the functions of lmbook.autodiff,"
        " or take the array out with .data or .value")
    assert refused(Tensor, [x, x]) == refused(np.asarray, x)
    assert refused(lambda: x * Dual([1.0, 1.0], [1.0, 1.0])) == (
        "*: a Tensor and a Dual of one level meet; put one inside the other")


def test_numpy_functions_are_refused():
    with pytest.raises(TypeError, match="operand 'Tensor' does not support"):
        np.exp(Tensor([1.0]))
