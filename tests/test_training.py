"""The training loop: every example once, the best weights, no noise."""

import io
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

from lmbook import functional as F, nn, optim
from lmbook.training import History, evaluate, fit, minibatches


def new_rng(seed=0):
    """A fresh generator."""
    return np.random.default_rng(seed)


def data(n=120, seed=0, noise=0.0):
    """Points of the plane and on which side of a line they lie."""
    rng = new_rng(seed)
    x = rng.normal(size=(n, 2))
    return x, (x[:, 0] + noise * rng.normal(size=n) > x[:, 1]).astype(int)


def classifier(*middle, seed=1):
    """A small network that ends in two logits."""
    rng = new_rng(seed)
    return nn.Sequential(nn.Linear(2, 8, rng=rng), nn.Tanh(), *middle,
                         nn.Linear(8, 2, rng=rng))


# ---------------------------------------------------------------- batches

@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 99))
def test_every_example_comes_once(n, size, seed):
    batches = list(minibatches(n, size, new_rng(seed)))
    assert sorted(np.concatenate(batches)) == list(range(n))
    assert {len(b) for b in batches[:-1]} <= {size}
    assert 1 <= len(batches[-1]) <= size


def test_order_is_new_each_time_and_repeats_with_the_seed():
    rng = new_rng()
    first, second = (list(minibatches(50, 50, rng))[0] for _ in range(2))
    again = list(minibatches(50, 50, new_rng()))[0]
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, again)


# -------------------------------------------------------------- the loop

def test_one_epoch_is_torch_s():
    x, y = data()
    ours, theirs = classifier(), torch.nn.Sequential(
        torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    theirs.double().load_state_dict({
        name: torch.tensor(a) for name, a in ours.state_dict().items()})
    fit(ours, optim.Adam(ours.parameters(), lr=0.01), x, y, epochs=2,
        batch_size=32, rng=new_rng(7))
    adam, rng = torch.optim.Adam(theirs.parameters(), lr=0.01), new_rng(7)
    for _ in range(2):
        for batch in minibatches(len(x), 32, rng):
            adam.zero_grad()
            torch.nn.functional.cross_entropy(
                theirs(torch.tensor(x[batch])),
                torch.tensor(y[batch])).backward()
            adam.step()
    for p, q in zip(ours.parameters(), theirs.parameters()):
        np.testing.assert_allclose(p.data, q.detach().numpy(), 0, 1e-11)


def test_a_line_is_learnt():
    net = classifier()
    history = fit(net, optim.SGD(net.parameters(), lr=0.3, momentum=0.9),
                  *data(), epochs=20, batch_size=16, rng=new_rng())
    x, y = data(seed=9)
    assert (net(x).argmax(1) == y).mean() > 0.95
    assert history.best == 19 and history.validation == []
    assert history.train[0] > 5 * history.train[-1]


def test_any_loss_may_be_used():
    x, y = data()
    net = nn.Sequential(nn.Linear(2, 1, rng=new_rng()))
    loss = nn.Loss(F.binary_cross_entropy_with_logits,
                   F.binary_cross_entropy_with_logits_vjp)
    history = fit(net, optim.SGD(net.parameters(), lr=1.0), x, y[:, None],
                  epochs=10, batch_size=20, rng=new_rng(), loss=loss)
    assert history.train[-1] < 0.2


def test_early_stopping_restores_the_best_weights():
    x, y = data(60, noise=2.0)
    held_out = data(200, seed=3, noise=2.0)
    net = classifier()
    history = fit(net, optim.Adam(net.parameters(), lr=0.1), x, y,
                  epochs=300, batch_size=10, rng=new_rng(),
                  validation=held_out, patience=4)
    losses = history.validation
    assert len(losses) == history.best + 5 < 300
    assert losses[history.best] == min(losses) < losses[-1]
    assert evaluate(net, *held_out) == losses[history.best]


def test_without_patience_all_epochs_run_and_the_best_is_restored():
    x, y = data(60, noise=2.0)
    held_out = data(200, seed=3, noise=2.0)
    net = classifier()
    history = fit(net, optim.Adam(net.parameters(), lr=0.1), x, y, epochs=30,
                  batch_size=10, rng=new_rng(), validation=held_out)
    assert len(history.train) == len(history.validation) == 30
    assert evaluate(net, *held_out) == min(history.validation)


def test_the_first_of_equal_losses_is_the_best():
    assert History([3, 2, 1], [0.5, 0.4, 0.4]).best == 1
    assert History([3, 2, 1]).best == 2


# --------------------------------------------------------- modes and means

class Watch(nn.Module):
    """Passes everything on and notes the mode of each forward pass."""

    def __init__(self):
        self.modes = []

    def forward(self, x):
        self.modes.append(self.training)
        return x

    def backward(self, grad_output):
        return grad_output


def test_training_mode_in_steps_evaluation_mode_between():
    watch = Watch()
    net = classifier(watch, nn.Dropout(0.5, rng=new_rng())).eval()
    fit(net, optim.SGD(net.parameters()), *data(40), epochs=2,
        batch_size=20, rng=new_rng(), validation=data(30))
    assert watch.modes == [True, True, False] * 2
    assert net.training
    net.eval()
    evaluate(net, *data())
    assert not net.training


def test_a_short_last_batch_weighs_what_it_should():
    net, (x, y) = classifier(), data(23)
    whole = F.cross_entropy(net(x), y)
    assert abs(evaluate(net, x, y, batch_size=10) - whole) < 1e-14
    parts = [F.cross_entropy(net(x[s:s + 10]), y[s:s + 10])
             for s in (0, 10, 20)]
    assert abs(np.mean(parts) - whole) > 1e-3       # the usual mistake


def test_the_mean_of_an_epoch_is_over_examples():
    # with lr = 0 nothing changes, so the epoch's mean is the data's
    net, (x, y) = classifier(), data(23)
    history = fit(net, optim.SGD(net.parameters(), lr=0.0), x, y, epochs=1,
                  batch_size=10, rng=new_rng())
    assert abs(history.train[0] - F.cross_entropy(net(x), y)) < 1e-14


# ----------------------------------------------------------- the progress

class Terminal(io.StringIO):
    """Text that says it goes to a terminal."""

    def isatty(self):
        return True


def run(**options):
    """Train for two epochs."""
    net = classifier()
    fit(net, optim.SGD(net.parameters()), *data(40), epochs=2,
        batch_size=20, rng=new_rng(), validation=data(20), **options)


def test_progress_only_on_a_terminal(monkeypatch, capfd):
    run()
    assert capfd.readouterr() == ("", "")
    monkeypatch.setattr(sys, "stderr", Terminal())
    run(progress=False)
    assert sys.stderr.getvalue() == ""
    run()
    lines = sys.stderr.getvalue().split("\r")
    assert lines[1].startswith("[##########          ] 1/2  train 0.")
    assert lines[2].startswith("[####################] 2/2  train 0.")
    assert "validation 0." in lines[2]
    assert lines[2].endswith("\n") and "\n" not in lines[1]


def test_the_line_ends_when_training_stops_early(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    net = classifier()
    fit(net, optim.SGD(net.parameters(), lr=0.0), *data(40), epochs=9,
        batch_size=20, rng=new_rng(), validation=data(20), patience=1)
    assert sys.stderr.getvalue().count("\r") == 2
    assert sys.stderr.getvalue().endswith("\n")


# ------------------------------------------------------------------ errors

def failing(x=None, y=None, lr=0.1, **options):
    """Call fit with something wrong."""
    net, (a, b) = classifier(), data(20)
    return fit(net, optim.SGD(net.parameters(), lr=lr),
               a if x is None else x, b if y is None else y,
               **{"epochs": 3, "batch_size": 5, "rng": new_rng(), **options})


def unbounded():
    """Train a line by squares with steps far too long."""
    net = nn.Sequential(nn.Linear(2, 1, rng=new_rng()))
    squares = nn.Loss(lambda z, y: (z[:, 0] ** 2).mean(),
                      lambda g, z, y: 2 * g * z / len(z))
    with np.errstate(over="ignore"):
        fit(net, optim.SGD(net.parameters(), lr=1e60), *data(20), epochs=9,
            batch_size=5, rng=new_rng(), loss=squares)


ERRORS = {
    "20 inputs and 3 targets": lambda: failing(y=[0, 1, 0]),
    "0 inputs and 0 targets": lambda: failing(x=np.zeros((0, 2)), y=[]),
    "batch_size must be a whole number above 0, got 0":
        lambda: failing(batch_size=0),
    "batch_size must be a whole number above 0, got 2.5":
        lambda: failing(batch_size=2.5),
    "n must be a whole number above 0, got 0":
        lambda: minibatches(0, 3, new_rng()),
    "epochs must be at least 1, got 0": lambda: failing(epochs=0),
    "patience needs validation data .* got patience 3":
        lambda: failing(patience=3),
    "got patience 0": lambda: failing(patience=0, validation=data(20)),
    "the loss became inf: try a smaller learning rate than 1e.60": unbounded,
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_name_the_value(message):
    with pytest.raises(ValueError, match=message):
        ERRORS[message]()
