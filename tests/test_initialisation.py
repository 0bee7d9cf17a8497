"""First weights: their size, as published, as a law, and as torch has it."""

import numpy as np
import pytest
import torch

from lmbook import nn
from lmbook.nn import kaiming_normal, xavier_normal


def rng(seed=0):
    return np.random.default_rng(seed)


def test_by_hand():
    # One input, one output: Xavier's variance is 2 / (1 + 1) = 1, so the
    # weight is the standard normal number itself.  He's is 2 / 1 = 2.
    number = rng().normal()
    assert xavier_normal(1, 1, rng=rng()) == pytest.approx(number)
    assert kaiming_normal(1, 1, rng=rng()) == pytest.approx(
        number * np.sqrt(2))


def test_the_shape_is_out_in():
    assert xavier_normal(3, 5, rng=rng()).shape == (3, 5)
    assert kaiming_normal(3, 5, rng=rng()).shape == (3, 5)


@pytest.mark.parametrize("activation, weights", [
    (nn.ReLU, kaiming_normal),
    (lambda: nn.LeakyReLU(0.4),
     lambda n, m, rng: kaiming_normal(n, m, 0.4, rng=rng)),
    (nn.Sequential, lambda n, m, rng: kaiming_normal(n, m, 1.0, rng=rng)),
    (nn.Sequential, xavier_normal),
])
def test_law_the_mean_square_stays(activation, weights):
    ratios = []
    for seed in range(20):
        random = rng(seed)
        h = random.normal(size=(50, 300))
        out = activation()(h @ weights(300, 300, rng=random).T)
        ratios.append((out ** 2).mean() / (h ** 2).mean())
    error = np.std(ratios) / np.sqrt(len(ratios))
    assert abs(np.mean(ratios) - 1) < 4 * error < 0.1


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.7])
def test_kaiming_has_the_spread_of_torch(slope):
    theirs = torch.empty(400, 300)
    torch.nn.init.kaiming_normal_(
        theirs, a=slope, generator=torch.Generator().manual_seed(0))
    ours = kaiming_normal(400, 300, slope, rng=rng())
    assert ours.std() == pytest.approx(theirs.std().item(), rel=0.01)
    assert abs(ours.mean()) < 1e-3


@pytest.mark.parametrize("gain", [1.0, 5 / 3])
def test_xavier_has_the_spread_of_torch(gain):
    theirs = torch.empty(400, 100)
    torch.nn.init.xavier_normal_(
        theirs, gain, generator=torch.Generator().manual_seed(0))
    ours = xavier_normal(400, 100, gain, rng=rng())
    assert ours.std() == pytest.approx(theirs.std().item(), rel=0.02)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="got 0 and 3"):
        xavier_normal(3, 0, rng=rng())
    with pytest.raises(ValueError, match="got 3 and 0"):
        kaiming_normal(0, 3, rng=rng())
    with pytest.raises(ValueError, match="gain must be at least 0, got -1"):
        xavier_normal(3, 3, -1, rng=rng())
    with pytest.raises(ValueError, match="must be finite, got nan"):
        kaiming_normal(3, 3, np.nan, rng=rng())


def test_initialise_sets_every_linear_layer():
    net = nn.Sequential(
        nn.Linear(4, 3, rng=rng()), nn.Residual(nn.Sequential(
            nn.Linear(3, 3, bias=False, rng=rng()), nn.ReLU())))
    counter = iter((1.0, 2.0))
    assert nn.initialise(net, lambda n, m, rng: np.full(
        (n, m), next(counter)), rng=rng()) is net
    found = {name: p.data for name, p in net.named_parameters()}
    assert found["0.weight"].tolist() == [[1.0] * 4] * 3
    assert not found["0.bias"].any()
    assert (net.parameters().data[15:] == 2).all()
    with pytest.raises(ValueError, match=r"shape \(4, 3\), expected"):
        nn.initialise(net, lambda n, m, rng: np.ones((m, n)), rng=rng())


def test_spreads_by_hand():
    # x = (1, -2), W = 2 I: z = (2, -4), root mean square sqrt(20 / 2);
    # ReLU leaves (2, 0): sqrt(4 / 2).  Back: (3, 3) -> (3, 0) -> (6, 0).
    net = nn.Sequential(nn.Linear(2, 2, rng=rng()), nn.ReLU())
    nn.initialise(net, lambda n, m, rng: 2 * np.eye(n), rng=rng())
    assert nn.forward_spread(net, np.array([[1.0, -2.0]])) == pytest.approx(
        np.sqrt([10, 2]))
    assert nn.backward_spread(net, np.array([[3.0, 3.0]])) == pytest.approx(
        np.sqrt([18, 4.5]))


def test_backward_spread_equals_torch():
    net = nn.Sequential(*(layer for seed in range(3) for layer in (
        nn.Linear(5, 5, rng=rng(seed)), nn.Tanh())))
    x, g = rng(4).normal(size=(6, 5)), rng(5).normal(size=(6, 5))
    places = [torch.tensor(x, requires_grad=True)]
    for layer in net.layers[::2]:
        places.append(places[-1] @ torch.tensor(layer.weight.data).T
                      + torch.tensor(layer.bias.data))
        places.append(places[-1].tanh())
    for place in places:
        place.retain_grad()
    places[-1].backward(torch.tensor(g))
    net(x)
    assert nn.backward_spread(net, g) == pytest.approx(
        [place.grad.square().mean().sqrt().item() for place in places[:-1]])
    assert nn.forward_spread(net, x) == pytest.approx(
        [place.square().mean().sqrt().item() for place in places[1:]])


# ------------------------------------------------- wrong versions, caught

def ratio(activation, weights, seed=0):
    """Return by how much one wide layer changes the mean square."""
    net = nn.Sequential(nn.Linear(400, 400, rng=rng(seed)), activation())
    nn.initialise(net, weights, rng=rng(seed))
    x = rng(seed + 1).normal(size=(200, 400))
    return nn.forward_spread(net, x)[1]**2 / (x ** 2).mean()


@pytest.mark.parametrize("wrong, expected", [
    (xavier_normal, 0.5),                       # forgets that ReLU halves
    (lambda n, m, rng: 2 * kaiming_normal(n, m, rng=rng), 4.0),
    (lambda n, m, rng: rng.normal(scale=2 / m, size=(n, m)), 2 / 400),
], ids=["half forgotten", "twice too large", "variance for spread"])
def test_wrong_spreads_are_seen(wrong, expected):
    assert ratio(nn.ReLU, kaiming_normal) == pytest.approx(1, rel=0.05)
    assert ratio(nn.ReLU, wrong) == pytest.approx(expected, rel=0.05)
