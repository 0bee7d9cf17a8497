"""Every rule: differences, torch, both modes, twice, and planted faults."""

import re

import numpy as np
import pytest
import torch
from autodiff_cases import (
    CASES, NAMES, ONE_SIDED, RULES, reverse, rule_of)

import lmbook.autodiff as ad
from lmbook.autodiff import array, tensor
from lmbook.gradcheck import GradientError, check_jacobian, check_vjp

EVERY = pytest.mark.parametrize("name, ours, theirs, inputs", CASES,
                                ids=NAMES)


def check(name, ours, inputs, draws=2):
    """Compare the tape with central differences."""
    check_vjp(*reverse(ours), inputs, draws=draws,
              both_sides=name not in ONE_SIDED)


def check_forward(ours, inputs):
    """Compare the duals with central differences, input by input."""
    for k, x in enumerate(inputs):
        def of(z):
            return ours(*inputs[:k], z, *inputs[k + 1:])
        check_jacobian(
            lambda z: ad.jvp(of, z, np.zeros(z.shape))[0],
            lambda z: ad.jacobian(of, z, mode="forward"), x)


def test_every_rule_has_a_case():
    assert {name.split()[0] for name in NAMES} == set(RULES)
    assert len(set(NAMES)) == len(NAMES)


@EVERY
def test_vjp_by_differences(name, ours, theirs, inputs):
    check(name, ours, inputs)


@EVERY
def test_jvp_by_differences(name, ours, theirs, inputs):
    check_forward(ours, inputs)


@EVERY
def test_equal_to_torch(name, ours, theirs, inputs):
    mine = [ad.Tensor(x) for x in inputs]
    other = [torch.tensor(x, requires_grad=True) for x in inputs]
    out, expected = ours(*mine), theirs(*other)
    u = np.random.default_rng(3).normal(size=out.shape)
    out.backward(u)
    np.testing.assert_allclose(
        out.data, expected.detach().numpy(), rtol=1e-13, atol=1e-14)
    for a, b in zip(mine, torch.autograd.grad(
            expected, other, torch.tensor(u))):
        np.testing.assert_allclose(a.grad, b.numpy(), rtol=1e-12, atol=1e-13)


@EVERY
def test_second_derivatives(name, ours, theirs, inputs):
    # s(x) = sum(w out^2) is curved whatever the rule
    rng = np.random.default_rng(4)
    v = rng.normal(size=inputs[0].shape)
    w = rng.normal(size=ours(*map(ad.Tensor, inputs)).shape)
    rest = inputs[1:]

    def scalar(x):
        return (w * ours(x, *rest) ** 2).sum()

    def scalar_torch(x):
        out = theirs(x, *map(torch.tensor, rest))
        return (torch.tensor(w) * out ** 2).sum()

    expected = torch.autograd.functional.hvp(
        scalar_torch, torch.tensor(inputs[0]), torch.tensor(v))[1].numpy()
    for mode in ("forward-over-reverse", "reverse-over-forward",
                 "double-reverse"):
        np.testing.assert_allclose(
            ad.hvp(scalar, inputs[0], v, mode), expected,
            rtol=1e-11, atol=1e-11, err_msg=mode)


@EVERY
def test_plain_arrays_stay_plain(name, ours, theirs, inputs):
    out = ours(*inputs)
    assert isinstance(out, (np.ndarray, np.generic))
    np.testing.assert_array_equal(out, ours(*map(ad.Tensor, inputs)).data)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@EVERY
def test_type_is_kept(name, ours, theirs, inputs, dtype):
    if name == "astype":
        return
    leaves = [ad.Tensor(x.astype(dtype)) for x in inputs]
    out = ours(*leaves)
    out.backward(np.ones(out.shape))
    assert out.dtype == dtype
    assert {leaf.grad.dtype for leaf in leaves} == {np.dtype(dtype)}
    slopes = [np.ones(x.shape) for x in inputs]
    dual = ours(*(ad.Dual(x.astype(dtype), v)
                  for x, v in zip(inputs, slopes)))
    assert dual.value.dtype == dual.slope.dtype == dtype


# ------------------------------------------ wrong versions must be caught

class Planted:
    """Derivatives with a fault in one of them; `asked` are those used."""

    def __init__(self, right, k=None, fault=None):
        self.right, self.k, self.fault, self.asked = right, k, fault, set()

    def __getitem__(self, k):
        self.asked.add(k)
        if k != self.k:
            return self.right[k]
        return lambda g, *rest: self.fault(self.right[k](g, *rest))


FAULTS = {"wrong by 0.05 %": lambda g: 1.0005 * g,
          "sign": lambda g: -g,
          "forgotten": lambda g: 0 * g}


def positions(rule, monkeypatch, table, run):
    """Return which derivatives of `rule` a run asks for."""
    spy = Planted(getattr(rule, table))
    with monkeypatch.context() as patch:
        patch.setattr(rule, table, spy)
        run()
    assert spy.asked
    return sorted(spy.asked)


@pytest.mark.parametrize("fault", FAULTS)
@EVERY
def test_planted_vjp(name, ours, theirs, inputs, fault, monkeypatch):
    rule = rule_of(name)

    def run():
        check(name, ours, inputs, draws=1)

    for k in positions(rule, monkeypatch, "vjps", run):
        with monkeypatch.context() as patch:
            patch.setattr(rule, "vjps", Planted(rule.vjps, k, FAULTS[fault]))
            with pytest.raises(GradientError,
                               match=r"by central differences, vjp\(u\) \. v"
                               r" = .* by the rule, relative error .*;"
                               r" entry .* of the gradient is"):
                run()


@pytest.mark.parametrize("fault", FAULTS)
@EVERY
def test_planted_jvp(name, ours, theirs, inputs, fault, monkeypatch):
    rule = rule_of(name)

    def run():
        check_forward(ours, inputs)

    for k in positions(rule, monkeypatch, "jvps", run):
        with monkeypatch.context() as patch:
            patch.setattr(rule, "jvps", Planted(rule.jvps, k, FAULTS[fault]))
            with pytest.raises(GradientError, match="entry .* of the"
                               " Jacobian is .* by the rule, .* by central"):
                run()


def caught(name, ours, *inputs):
    """Return the message with which a fault is refused."""
    with pytest.raises(GradientError) as caught:
        check(name, ours, inputs)
    return str(caught.value)


SQUARE = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[2.0, 1.0], [4.0, 7]])


@pytest.mark.parametrize("k, wrong", [
    (0, lambda g, out, x, y: g @ y), (1, lambda g, out, x, y: x @ g),
    (0, lambda g, out, x, y: y.mT @ g), (1, lambda g, out, x, y: g @ x.mT)])
def test_planted_transpose(k, wrong, monkeypatch):
    rule = RULES["@"]
    vjps = [wrong if i == k else right for i, right in enumerate(rule.vjps)]
    monkeypatch.setattr(rule, "vjps", vjps)
    message = caught("@", lambda x, y: x @ y, *SQUARE)
    assert message.startswith(f"input {k} of 2, shape (2, 2): u . (J v) =")
    assert "of the gradient is" in message


def test_planted_missing_sum(monkeypatch):
    matrix, row = np.ones((2, 3)), np.ones(3)
    with monkeypatch.context() as patch:
        patch.setattr(tensor, "sum_to", lambda g, shape: g)
        assert caught("+", lambda x, y: x + y, matrix, row) == (
            "the gradient for input 1 has shape (2, 3), the input (3,)")
    monkeypatch.setattr(tensor, "sum_to", lambda g, shape: g[0])
    assert caught("+", lambda x, y: x + y, matrix, row).startswith(
        "input 1 of 2, shape (3,): u . (J v) =")


def test_planted_equals_for_plus_equals(monkeypatch):
    def assign(node, g):
        node.gradient = g
    monkeypatch.setattr(tensor, "_add", assign)
    x = np.array([1.0, 2.0])
    message = caught("*", lambda x: x * x, x)
    truth, got = re.search(r"= (\S+) by central differences, vjp\(u\) \. v"
                           r" = (\S+) by the rule", message).groups()
    assert float(truth) == pytest.approx(2 * float(got))  # one term of two


def test_planted_repeats(monkeypatch):
    # zeros[index] += g keeps one of the gradients of a repeated row
    def place(g, index, shape):
        out = np.zeros(shape)
        out[index] += g
        return out
    rule = RULES["[]"]
    monkeypatch.setattr(rule, "vjps", [
        lambda g, out, x, index: place(g, index, x.shape)])
    assert "entry (0," in caught("[]", lambda x: x[[0, 0, 1]],
                                 np.array([[1.0, 2.0], [3.0, 4.0]]))


def test_equal_largest_entries_share():
    x = ad.Tensor([2.0, 2.0, 1.0])
    x.max().backward()
    np.testing.assert_array_equal(x.grad, [0.5, 0.5, 0])      # as torch.amax
    leaf = torch.tensor([2.0, 2.0, 1.0], requires_grad=True)
    torch.amax(leaf).backward()
    np.testing.assert_array_equal(x.grad, leaf.grad)


def test_kinks_as_in_torch():
    for ours, theirs in [(ad.relu, torch.relu),
                         (lambda x: x ** 0, None), (lambda x: x ** 1, None),
                         (lambda x: x ** 2, None)]:
        x, leaf = ad.Tensor([0.0]), torch.zeros(1, requires_grad=True)
        ours(x).sum().backward()
        (theirs or ours)(leaf).sum().backward()
        np.testing.assert_array_equal(x.grad, leaf.grad)
    x, y = ad.Tensor([0.0, 0.0]), ad.Tensor([2.0, 0.0])
    (x ** y).sum().backward()
    np.testing.assert_array_equal(y.grad, [0, 0])


def test_excluded_class_has_no_gradient():
    x = ad.Tensor([0.0, -np.inf, 1.0])
    x.logsumexp().backward()
    assert x.grad[1] == 0 and np.isfinite(x.grad).all()


def test_operators_and_methods_are_the_rules():
    assert array.Array.__matmul__ is RULES["@"]
    assert array.Array.exp is RULES["exp"] is ad.exp
