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
