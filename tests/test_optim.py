"""Optimisers: by hand, then step by step beside torch.optim."""

import itertools

import numpy as np
import pytest
import torch

from lmbook import nn, optim
from lmbook.nn import Parameter
from lmbook.optim import paths

SHAPES = [(3, 4), (4,), (2, 3, 2)]
STEPS = 200


# ---------------------------------------------------------------- by hand

def walk(optimizer, x, gradients):
    """The parameter after each step along given gradients."""
    path = []
    for g in gradients:
        x.grad = [g]
        optimizer.step()
        path.append(x.data.item())
    return path


def test_first_step_of_momentum_is_not_damped():
    # v1 = g = 1; v2 = 0.5 * 1 + (1 - 0.75) * 1 = 0.75;
    # v3 = 0.5 * 0.75 + 0.25 = 0.625; x falls by each of them
    x = Parameter([0.0])
    sgd = optim.SGD([x], lr=1.0, momentum=0.5, dampening=0.75)
    assert walk(sgd, x, [1, 1, 1]) == [-1, -1.75, -2.375]


def test_nesterov_looks_ahead():
    # v1 = 1, step 1 + 0.5 * 1 = 1.5; v2 = 1.5, step 1 + 0.75 = 1.75
    x = Parameter([0.0])
    sgd = optim.SGD([x], lr=1.0, momentum=0.5, nesterov=True)
    assert walk(sgd, x, [1, 1]) == [-1.5, -3.25]


def test_decay_of_adam_and_of_adamw():
    # With g = 0: AdamW shrinks by lr * decay; Adam sees the decay as a
    # gradient and takes a whole step of lr against it.
    x, y = Parameter([2.0]), Parameter([2.0])
    optim.AdamW([x], lr=0.1, weight_decay=0.5).step()
    optim.Adam([y], lr=0.1, weight_decay=0.5, eps=0.0).step()
    np.testing.assert_allclose([x.data.item(), y.data.item()], [1.9, 1.9])
    x, y = Parameter([40.0]), Parameter([40.0])
    optim.AdamW([x], lr=0.1, weight_decay=0.5).step()
    optim.Adam([y], lr=0.1, weight_decay=0.5, eps=0.0).step()
    np.testing.assert_allclose([x.data.item(), y.data.item()], [38, 39.9])


def test_a_walk_along_a_valley():
    # slopes (x, 10 y), rate 0.1: (10, 1) - (1, 1), then (9, 0) - (0.9, 0)
    path = paths.walk(optim.SGD, [10.0, 1.0], lambda x: [1, 10] * x, 2, lr=0.1)
    np.testing.assert_allclose(path, [[10, 1], [9, 0], [8.1, 0]], atol=1e-15)
    assert paths.walk(optim.Adam, [1.0], np.cos, 0).tolist() == [[1.0]]
    with pytest.raises(ValueError, match="at least 0, got -1"):
        paths.walk(optim.SGD, [1.0], np.cos, -1)


def test_slopes_cannot_move_the_walker():
    def slopes(x):
        x -= 100                # a copy: this must not be seen
        return x

    path = paths.walk(optim.SGD, [1.0], slopes, 1, lr=1.0)
    assert path.tolist() == [[1.0], [100.0]]


# ------------------------------------------------- equal to torch, always

def grid(**options):
    """Every combination of some options."""
    return [dict(zip(options, values))
            for values in itertools.product(*options.values())]


COMMON = {"weight_decay": [0.0, 0.03], "maximize": [False, True]}
CASES = [("SGD", "SGD", options) for options in grid(
    lr=[0.05], momentum=[0.0, 0.9], dampening=[0.0, 0.4],
    nesterov=[False, True], **COMMON)
    if not options["nesterov"]
    or (options["momentum"] and not options["dampening"])]
CASES += [("AdaGrad", "Adagrad", options) for options in grid(
    lr=[0.1], lr_decay=[0.0, 0.02], eps=[1e-10, 0.1],
    initial_accumulator_value=[0.0, 0.5], **COMMON)]
CASES += [("RMSProp", "RMSprop", options) for options in grid(
    lr=[0.01], alpha=[0.99, 0.8], eps=[1e-8, 0.1], momentum=[0.0, 0.9],
    centered=[False, True], **COMMON)]
CASES += [(name, name, options) for name in ("Adam", "AdamW")
          for options in grid(lr=[0.01], betas=[(0.9, 0.999), (0.0, 0.5)],
                              eps=[1e-8, 0.1], **COMMON)]
CASES += [(ours, theirs, {}) for ours, theirs in [
    ("SGD", "SGD"), ("AdaGrad", "Adagrad"), ("RMSProp", "RMSprop"),
    ("Adam", "Adam"), ("AdamW", "AdamW")]]          # the defaults


def label(case):
    """A name for one case."""
    return " ".join([case[0]] + [f"{k}={v}" for k, v in case[2].items()])


def worst_difference(ours, theirs, options):
    """The largest difference from torch over 200 steps, relative to 1."""
    rng = np.random.default_rng(0)
    mine = [Parameter(rng.normal(size=shape)) for shape in SHAPES]
    leaves = [torch.tensor(p.data, requires_grad=True) for p in mine]
    reference = theirs(leaves, **options)
    optimizer = ours(mine, **options)
    worst = 0.0
    for _ in range(STEPS):
        for p, leaf in zip(mine, leaves):
            # a bowl, with noise, and now and then no gradient at all
            p.grad = (p.data - 1 + rng.normal(size=p.shape)) * (
                rng.random(p.shape) < 0.8)
            leaf.grad = torch.tensor(p.grad)
        given = optimizer.parameters.grad.copy()
        optimizer.step()
        reference.step()
        np.testing.assert_array_equal(optimizer.parameters.grad, given)
        for p, leaf in zip(mine, leaves):
            gap = np.abs(p.data - leaf.detach().numpy())
            worst = max(worst, (gap / np.maximum(1, np.abs(p.data))).max())
    return worst


@pytest.mark.parametrize("case", CASES, ids=label)
def test_every_step_is_torch_s(case):
    ours, theirs, options = case
    assert worst_difference(getattr(optim, ours),
                            getattr(torch.optim, theirs), options) < 1e-12


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", optim.__all__)
def test_type_is_kept(name, dtype):
    if name != "Optimizer":
        x = Parameter(np.ones(3, dtype))
        optimizer = getattr(optim, name)([x], weight_decay=0.1)
        x.grad += 1
        optimizer.step()
        assert x.data.dtype == dtype and (x.data < 1).all()
        assert {m.dtype for m in optimizer.state.values()} == {
            np.dtype(dtype)}


def test_a_variance_rounded_below_zero_is_zero():
    # g constant: the average of g^2 and the squared average of g become
    # equal, and their difference may fall to either side of 0
    x = Parameter(np.linspace(0.1, 1, 50))
    leaf = torch.tensor(x.data, requires_grad=True)
    leaf.grad = torch.tensor(x.data)
    x.grad = x.data
    options = {"alpha": 0.5, "centered": True, "lr": 0.0}
    ours, theirs = optim.RMSProp([x], **options), torch.optim.RMSprop(
        [leaf], **options)
    for _ in range(100):
        ours.step()
        theirs.step()
    assert np.isfinite(x.data).all()
    assert leaf.isnan().any()


def test_the_step_size_may_change_on_the_way():
    x = Parameter([0.0])
    sgd = optim.SGD([x], lr=1.0)
    first = walk(sgd, x, [1])
    sgd.lr = 0.5
    assert first + walk(sgd, x, [1]) == [-1, -1.5]


# --------------------------------------------- wrong versions, and caught

class DampedAtOnce(optim.SGD):
    """Momentum whose first step is damped like the others."""

    def step(self):
        self.steps += 1
        super().step()


class NoCorrection(optim.Adam):
    """Adam without bias correction."""

    def step(self):
        self.steps = 10 ** 9
        super().step()


class DecayInGradient(optim.AdamW):
    """AdamW that adds its decay to the gradient as well."""

    def coupled_decay(self):
        return self.weight_decay


@pytest.mark.parametrize("wrong, right, options", [
    (DampedAtOnce, "SGD", {"momentum": 0.9, "dampening": 0.4}),
    (NoCorrection, "Adam", {}),
    (DecayInGradient, "AdamW", {"weight_decay": 0.1})])
def test_a_wrong_rule_is_seen(wrong, right, options):
    options = {"lr": 0.01, **options}
    assert worst_difference(wrong, getattr(torch.optim, right),
                            options) > 1e-3


X = [Parameter([1.0])]
BAD = [
    ("SGD", {"lr": -1}, "learning rate must be at least 0, got -1"),
    ("SGD", {"momentum": -0.1}, "momentum must be at least 0, got -0.1"),
    ("SGD", {"weight_decay": -2}, "weight_decay must be at least 0, got -2"),
    ("SGD", {"nesterov": True}, "got momentum 0.0 and dampening 0.0"),
    ("SGD", {"nesterov": True, "momentum": 0.9, "dampening": 0.1},
     "got momentum 0.9 and dampening 0.1"),
    ("Adagrad", {"lr_decay": -1}, "lr_decay must be at least 0, got -1"),
    ("Adagrad", {"eps": -1}, "eps must be at least 0, got -1"),
    ("Adagrad", {"initial_accumulator_value": -1},
     "initial_accumulator_value must be at least 0, got -1"),
    ("RMSprop", {"alpha": -1}, "alpha must be at least 0, got -1"),
    ("RMSprop", {"momentum": -1}, "momentum must be at least 0, got -1"),
    ("RMSprop", {"eps": -1}, "eps must be at least 0, got -1"),
    ("Adam", {"betas": (1.0, 0.9)}, r"beta 1 must lie in \[0, 1\), got 1.0"),
    ("Adam", {"betas": (0.9, -0.1)}, "beta 2 .* got -0.1"),
    ("Adam", {"eps": -1}, "eps must be at least 0, got -1"),
    ("AdamW", {"weight_decay": -1}, "weight_decay must be at least 0"),
]


@pytest.mark.parametrize("name, options, message", BAD)
def test_bad_options_are_refused_as_torch_does(name, options, message):
    ours = {"Adagrad": "AdaGrad", "RMSprop": "RMSProp"}.get(name, name)
    with pytest.raises(ValueError, match=message):
        getattr(optim, ours)(X, **options)
    with pytest.raises(ValueError):
        getattr(torch.optim, name)([torch.zeros(1, requires_grad=True)],
                                   **options)


def test_other_arguments_are_refused():
    with pytest.raises(ValueError, match="learning rate .* got nan"):
        optim.SGD(X, lr=float("nan"))
    with pytest.raises(ValueError, match="needs at least one parameter"):
        optim.SGD([])
    with pytest.raises(NotImplementedError, match="Optimizer has no update"):
        optim.Optimizer(X, 0.1, 0.0, False).step()


def test_an_optimiser_of_parameters_that_moved_says_so():
    rng = np.random.default_rng(0)
    layer = nn.Linear(2, 2, rng=rng)
    early = optim.SGD(layer.parameters(), lr=0.1)
    early.step()
    net = nn.Sequential(layer, nn.Linear(2, 2, rng=rng))
    net.parameters()
    with pytest.raises(ValueError, match="moved into a larger model"):
        early.step()
    optim.SGD(net.parameters()).step()
    optim.SGD(net[0].parameters()).step()       # a part of the model's
