"""Layers: by hand, beside torch, by central differences; planted errors."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from lmbook import functional as F, nn
from lmbook.gradcheck import GradientError

N, D = 4, 5


def new_rng(seed=0):
    """A fresh generator."""
    return np.random.default_rng(seed)


X = new_rng().normal(size=(N, D))
DEEP = new_rng(1).normal(size=(2, 3, D))


# ---------------------------------------------------------------- by hand

def test_linear_by_hand():
    # W = (1 2; 3 4; 5 6), b = (1, 0, -1), x = (1, -1):
    # z = (1-2+1, 3-4, 5-6-1) = (0, -1, -2)
    layer = nn.Linear(2, 3, rng=new_rng())
    layer.weight.data = [[1, 2], [3, 4], [5, 6]]
    layer.bias.data = [1, 0, -1]
    assert layer([[1, -1]]).tolist() == [[0, -1, -2]]
    # dZ = (1, 0, 2): dX = row 1 + 2 * row 3, dW = dZ^T x, db = dZ
    assert layer.backward([[1, 0, 2]]).tolist() == [[11, 14]]
    assert layer.weight.grad.tolist() == [[1, -1], [0, 0], [2, -2]]
    assert layer.bias.grad.tolist() == [1, 0, 2]


@pytest.mark.parametrize("make", [
    lambda: nn.Linear(D, D, rng=new_rng()), lambda: nn.LayerNorm(D)])
def test_gradients_add_until_zeroed(make):
    layer, grads = make(), []
    for _ in range(2):
        layer(X)
        layer.backward(DEEP[0, :1] * np.ones((N, 1)))
        grads.append(layer.parameters().grad.copy())
    assert grads[0].all()
    np.testing.assert_allclose(grads[1], 2 * grads[0], 1e-12)
    layer.zero_grad()
    assert not layer.parameters().grad.any()


def test_each_forward_pass_serves_one_backward_pass():
    layer, loss = nn.Linear(D, 2, rng=new_rng()), nn.CrossEntropyLoss()
    loss(layer(X), [0] * N)
    layer.backward(loss.backward())
    for again in (loss.backward, lambda: layer.backward(np.ones((N, 2)))):
        with pytest.raises(ValueError, match="needs a forward pass before"):
            again()


def test_linear_starts_within_torch_s_bounds():
    layer = nn.Linear(100, 400, rng=new_rng())
    reference = torch.nn.Linear(100, 400)
    for ours, theirs in zip(layer.parameters(), reference.parameters()):
        top = np.abs(ours.data).max()
        assert 0.097 < top <= 0.1       # 1 / sqrt(100), nearly reached
        assert float(theirs.detach().abs().max()) <= 0.1
        assert ours.shape == tuple(theirs.shape)
    assert abs(layer.weight.data.std() * 3 ** 0.5 - 0.1) < 0.001


def test_dropout_by_hand():
    drop = nn.Dropout(0.75, rng=new_rng())
    x = np.full((50, 50), 3.0)
    out = drop(x)
    assert set(out.ravel()) == {0.0, 12.0}      # 3 / (1 - 0.75)
    grad = drop.backward(np.ones_like(x))
    np.testing.assert_array_equal(grad, out / 3)    # the same mask
    np.testing.assert_array_equal(drop.eval()(x), x)
    np.testing.assert_array_equal(drop.backward(x), x)


# ------------------------------------------- independent implementation

def pair(name, *sizes, **options):
    """A layer of ours, torch's of the same name, the same weights."""
    more = {"rng": new_rng(3)} if name == "Linear" else {}
    ours = getattr(nn, name)(*sizes, **options, **more)
    if name == "Softmax":
        sizes = [options.pop("axis", -1)]
    theirs = getattr(torch.nn, name)(*sizes, **options).double()
    for p in ours.parameters():
        p.data = p.data + new_rng(4).normal(size=p.shape)
    theirs.load_state_dict({name: torch.tensor(array) for name, array
                            in ours.state_dict().items()})
    return ours, theirs


PAIRS = {
    "Linear": lambda: pair("Linear", D, 3),
    "Linear without bias": lambda: pair("Linear", D, 3, bias=False),
    "ReLU": lambda: pair("ReLU"), "Tanh": lambda: pair("Tanh"),
    "Sigmoid": lambda: pair("Sigmoid"), "GELU": lambda: pair("GELU"),
    "LeakyReLU": lambda: pair("LeakyReLU"),
    "LeakyReLU 0.3": lambda: pair("LeakyReLU", 0.3),
    "Softmax": lambda: pair("Softmax"),
    "Softmax, axis 0": lambda: pair("Softmax", axis=0),
    "LayerNorm": lambda: pair("LayerNorm", D),
    "LayerNorm, eps 0.1": lambda: pair("LayerNorm", D, eps=0.1),
}


class TorchResidual(torch.nn.Sequential):
    """x + f(x) in torch."""

    def forward(self, x):
        return x + super().forward(x)


def stacks():
    """A deep network, ours and torch's, with the same weights."""
    def build(lib, residual, linear):
        return lib.Sequential(
            linear(D, 6), lib.Tanh(), lib.LayerNorm(6),
            residual(linear(6, 7), lib.GELU(), linear(7, 6), lib.ReLU()),
            residual(residual(lib.Sigmoid()), linear(6, 6)),
            linear(6, 3), lib.LeakyReLU(), lib.Softmax(-1))
    rng = new_rng(5)
    ours = build(nn, nn.Residual, lambda i, o: nn.Linear(i, o, rng=rng))
    theirs = build(torch.nn, TorchResidual, torch.nn.Linear).double()
    theirs.load_state_dict({name: torch.tensor(array) for name, array
                            in ours.state_dict().items()})
    return ours, theirs


PAIRS["stack"] = stacks


def equal_to_torch(ours, theirs, x):
    """Compare output, gradient of the input, gradients of parameters."""
    leaf = torch.tensor(x, requires_grad=True)
    expected = theirs(leaf)
    got = ours(x)
    np.testing.assert_allclose(got, expected.detach().numpy(), 0, 1e-9)
    g = new_rng(6).normal(size=got.shape)
    expected.backward(torch.tensor(g))
    np.testing.assert_allclose(
        ours.backward(g), leaf.grad.numpy(), 0, 1e-9)
    reference = dict(theirs.named_parameters())
    for name, p in ours.named_parameters():
        np.testing.assert_allclose(
            p.grad, reference.pop(name).grad.numpy(), 0, 1e-9)
    assert not reference


@pytest.mark.parametrize("x", [X, X[0], DEEP], ids=["batch", "one", "deep"])
@pytest.mark.parametrize("name", PAIRS)
def test_equal_to_torch(name, x):
    equal_to_torch(*PAIRS[name](), x)


@settings(max_examples=25)
@given(st.lists(st.sampled_from(
    ["Tanh", "ReLU", "GELU", "Sigmoid", "LayerNorm", "Linear"]),
    min_size=1, max_size=6), st.integers(0, 2 ** 32 - 1))
def test_any_stack_equals_torch(names, seed):
    layers = [pair(name, *{"Linear": (D, D), "LayerNorm": (D,)}.get(
        name, ())) for name in names]
    ours = nn.Sequential(nn.Residual(*(a for a, _ in layers)), nn.Tanh())
    theirs = torch.nn.Sequential(
        TorchResidual(*(b for _, b in layers)), torch.nn.Tanh())
    equal_to_torch(ours, theirs, new_rng(seed).normal(size=(3, D)))


@pytest.mark.parametrize("scale", [1, 1000])
def test_loss_equals_torch_and_the_function(scale):
    logits, targets = scale * X, np.array([0, 4, 2, 2])
    loss = nn.CrossEntropyLoss()
    leaf = torch.tensor(logits, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(leaf, torch.tensor(targets))
    expected.backward()
    np.testing.assert_allclose(loss(logits, targets), expected.item())
    np.testing.assert_allclose(
        loss.backward(), leaf.grad.numpy(), 0, 1e-15)
    general = nn.Loss(F.cross_entropy, F.cross_entropy_vjp)
    np.testing.assert_allclose(general(logits, targets), expected.item())
    np.testing.assert_allclose(
        general.backward(), leaf.grad.numpy(), 0, 1e-15)


# ------------------------------------------------ gradients, type, inputs

@pytest.mark.parametrize("name", PAIRS)
def test_gradients_by_central_differences(name):
    ours, _ = PAIRS[name]()
    nn.check_module(ours, X)
    nn.check_module(ours, DEEP)


def test_dropout_in_a_network_is_checked_with_one_mask():
    rng = new_rng()
    net = nn.Sequential(nn.Linear(D, 6, rng=rng), nn.Tanh(),
                        nn.Dropout(0.4, rng=rng), nn.Linear(6, 2, rng=rng))
    before = copy.deepcopy(net).parameters().data
    nn.check_module(net, X)
    nn.check_module(net.eval(), X)
    np.testing.assert_array_equal(net.parameters().data, before)
    nn.check_dropout(net[2], X)
    assert not net[2].training


def every_layer(dtype):
    """One of each layer that keeps the width D."""
    rng = new_rng()
    return [nn.Linear(D, D, rng=rng, dtype=dtype), nn.ReLU(), nn.Tanh(),
            nn.Sigmoid(), nn.GELU(), nn.LeakyReLU(), nn.Softmax(),
            nn.LayerNorm(D, dtype=dtype), nn.Dropout(0.5, rng=rng),
            nn.Residual(nn.ReLU()), nn.Sequential()]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("k", range(11))
def test_type_is_kept_and_nothing_is_changed(k, dtype):
    layer, x = every_layer(dtype)[k], X.astype(dtype)
    g, kept = np.ones_like(x), x.copy()
    out = layer(x)
    dx = layer.backward(g)
    assert out.dtype == dx.dtype == layer.parameters().grad.dtype == dtype or (
        not len(layer.parameters()))
    assert out.dtype == dx.dtype == dtype
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_array_equal(g, 1)


# --------------------------------------------------- planted wrong layers

class Untransposed(nn.Linear):
    """Returns dZ W^T for dX: with a square weight the shape is right."""

    def backward(self, grad_output):
        super().backward(grad_output)
        return grad_output @ self.weight.data.T


class Unsummed(nn.Linear):
    """Forgets the sum over the batch: takes the first example's db."""

    def backward(self, grad_output):
        before = self.bias.grad.copy()
        dx = super().backward(grad_output)
        self.bias.grad = before + grad_output[0]
        return dx


class Unscaled(nn.Dropout):
    """Does not divide by 1 - p."""

    def forward(self, x):
        keep = 1 - self.p if self.training else 1
        return super().forward(x) * keep

    def backward(self, grad_output):
        return super().backward(grad_output) * (1 - self.p)


class AlwaysOn(nn.Dropout):
    """Ignores evaluation mode."""

    def forward(self, x):
        before, self.training = self.training, True
        out = super().forward(x)
        self.training = before
        return out


class InPlace(nn.ReLU):
    """Changes its input."""

    def forward(self, x):
        out = super().forward(x)
        x[x < 0] = 0
        return out


class NoSkip(nn.Residual):
    """Forgets that the input reaches the output twice."""

    def backward(self, grad_output):
        return super().backward(grad_output) - grad_output


PLANTED = [
    (lambda: nn.check_module(Untransposed(D, D, rng=new_rng()), X),
     r"input 0 of 3.*of the gradient is .* \(inputs: 0 x, 1 weight, 2 bias"),
    (lambda: nn.check_module(Unsummed(D, 3, rng=new_rng()), X),
     r"input 2 of 3, shape \(3,\).*2 bias"),
    (lambda: nn.check_dropout(Unscaled(0.3, rng=new_rng()), X),
     r"Dropout\(0.3\) in training multiplies by 0.70\d on average: exp"),
    (lambda: nn.check_dropout(AlwaysOn(0.3, rng=new_rng()), X),
     r"Dropout\(0.3\) in evaluation turned .* expected no change"),
    (lambda: nn.check_module(InPlace(), X), "f changed its argument 0 in pl"),
    (lambda: nn.check_module(NoSkip(nn.Tanh()), X), "input 0 of 1"),
]


@pytest.mark.parametrize("check, message", PLANTED)
def test_a_planted_error_is_caught(check, message):
    with pytest.raises(AssertionError) as caught:
        check()
    assert caught.match("(?s)" + message)


def test_missing_batch_sum_cannot_even_be_added():
    bias = nn.Parameter(np.zeros(3))
    with pytest.raises(ValueError, match="broadcast"):
        bias.grad += np.ones((N, 3))
    with pytest.raises(ValueError, match=r"\(4, 3\), expected \(3,\)"):
        bias.grad = bias.grad + np.ones((N, 3))


# ----------------------------------------------- errors that name the value

def linear(*sizes, **options):
    """A linear layer with its own generator."""
    return nn.Linear(*sizes, rng=new_rng(), **options)


def after_forward(layer, x, g):
    """Run forward, then backward with a gradient."""
    layer(x)
    layer.backward(g)


TWICE = nn.ReLU()
ERRORS = {
    r"Linear\(5, 2\): backward needs a forward pass":
        lambda: linear(D, 2).backward(np.ones((N, 2))),
    r"ReLU\(\): backward needs": lambda: nn.Sequential(
        linear(D, 2), nn.ReLU()).backward(X),
    r"x has shape \(4, 5\), weight has shape \(2, 3\)":
        lambda: linear(3, 2)(X),
    r"grad_output has shape \(4, 3\), the output has shape \(4, 2\)":
        lambda: after_forward(linear(D, 2), X, np.ones((N, 3))),
    r"grad_output has shape \(2,\)":
        lambda: after_forward(nn.Dropout(rng=new_rng()), X, np.ones(2)),
    "x is float64, the parameters are float32":
        lambda: linear(D, 2, dtype=np.float32)(X),
    "at least 1 feature on each side, got 0 and 3": lambda: linear(0, 3),
    r"weight has shape \(6,\)": lambda: nn.LayerNorm(6)(X),
    r"p must lie in \[0, 1\), got 1": lambda: nn.Dropout(1, rng=new_rng()),
    r"x has shape \(4, 5\), f\(x\) \(4, 2\)":
        lambda: nn.Residual(linear(D, 2))(X),
    r"ReLU\(\) is given twice":
        lambda: nn.Sequential(TWICE, nn.Residual(TWICE)),
    "one type, got float32 and float64": lambda: nn.Sequential(
        linear(D, 2), linear(2, 2, dtype=np.float32)).parameters(),
    "one parameter is given twice":
        lambda: nn.Parameters([linear(2, 2).weight] * 2),
    "float32 or float64, got float16":
        lambda: nn.Parameter(np.ones(2, np.float16)),
    "parameter holds NaN": lambda: nn.Parameter([np.nan]),
    r"data has shape \(2,\), expected \(2, 5\)":
        lambda: setattr(linear(D, 2).weight, "data", np.ones(2)),
    "target 5 is not a class: expected 0 .. 4":
        lambda: nn.CrossEntropyLoss()(X, [0, 1, 2, 5]),
    r"targets \(int64\) have shape \(2,\), logits \(4, 5\)":
        lambda: nn.CrossEntropyLoss()(X, [0, 1]),
    r"targets \(float64\) have shape \(0,\)":
        lambda: nn.CrossEntropyLoss()(X[:0], []),
    "logits holds NaN": lambda: nn.CrossEntropyLoss()(X * np.nan, [0] * N),
    "got float32": lambda: nn.check_module(
        linear(D, 2, dtype=np.float32), X),
    "layer 1, .* gives layer 0 no gradient: it has input_grad=False":
        lambda: after_forward(nn.Sequential(
            nn.Tanh(), linear(D, 2, input_grad=False)), X, np.ones((N, 2))),
    r"Residual\(Linear\(5, 5\)\) needs the gradient": lambda: after_forward(
        nn.Residual(linear(D, D, input_grad=False)), X, X),
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_name_the_value(message):
    with pytest.raises(ValueError, match=message):
        ERRORS[message]()


def test_a_forward_pass_that_failed_keeps_nothing():
    for layer in (linear(3, 2), nn.LayerNorm(3), nn.ReLU(), nn.Softmax()):
        with pytest.raises(ValueError):
            layer(X * np.nan)
        with pytest.raises(ValueError, match="backward needs"):
            layer.backward(X)


def test_a_module_without_passes_says_so():
    with pytest.raises(NotImplementedError, match="has no forward"):
        nn.Module()(1)
    with pytest.raises(NotImplementedError, match="has no backward"):
        nn.Module().backward(1)


# ------------------------------------------------ one vector for them all

def test_parameters_are_windows_into_one_vector():
    ours, _ = stacks()
    every = ours.parameters()
    assert every.data.size == every.grad.size == sum(
        p.data.size for p in every)
    for p in every:
        assert np.shares_memory(p.data, every.data)
        assert np.shares_memory(p.grad, every.grad)
    inner = ours[3].parameters()                # a part, not a copy
    assert np.shares_memory(inner.data, every.data)
    assert ours.parameters().data.base is every.data.base
    every.data[:] = 1
    assert all((p.data == 1).all() for p in ours.parameters())
    every[1:3].grad[:] = 2
    assert every.grad.sum() == 2 * sum(p.data.size for p in every[1:3])


def test_numbers_survive_a_move_and_a_copy():
    first, second = linear(2, 3), linear(3, 1)
    first.weight.grad += 5
    data = first.weight.data.copy()
    net = nn.Sequential(first, second)
    net.parameters()
    twin = copy.deepcopy(net)
    np.testing.assert_array_equal(first.weight.data, data)
    np.testing.assert_array_equal(first.weight.grad, 5)
    net.parameters().data[:] = 0
    np.testing.assert_array_equal(twin[0].weight.data, data)
    np.testing.assert_array_equal(twin[0].weight.grad, 5)


def test_first_layer_may_skip_the_gradient_of_its_input():
    layer, other = linear(D, 2), linear(D, 2, input_grad=False)
    after_forward(layer, X, np.ones((N, 2)))
    other(X)
    assert other.backward(np.ones((N, 2))) is None
    np.testing.assert_array_equal(
        other.parameters().grad, layer.parameters().grad)


def test_modes_reach_every_layer_and_come_back():
    net = nn.Sequential(nn.Residual(nn.Dropout(rng=new_rng())), nn.Tanh())
    net[1].eval()
    with pytest.raises(KeyError), net.evaluating():
        assert not any(m.training for m in net.modules())
        raise KeyError
    assert [m.training for m in net.modules()] == [True, True, True, False]
    assert all(m.training for m in net.train().modules())


def test_names_and_repr_are_torch_s():
    ours, theirs = stacks()
    assert [name for name, _ in ours.named_parameters()] == [
        name for name, _ in theirs.named_parameters()]
    assert repr(nn.Sequential(linear(2, 3), nn.Dropout(rng=new_rng()))) == (
        "Sequential(Linear(2, 3), Dropout(0.5))")
    assert len(ours) == 8 and repr(ours[-2:]) == (
        "Sequential(LeakyReLU(), Softmax())")
