"""The classifier of mean word vectors: by hand, laws, torch, mistakes."""

import numpy as np
import pytest
import torch

from answers.sentiment_classification import (
    forward, loss_and_gradients, one_after_another, step)
from lmbook import nn, optim
from lmbook.data import load, words
from lmbook.gradcheck import GradientError, check_vjp
from lmbook.models.classifier import (
    MeanEmbedding, accuracy, classifier, encode, shares, vocabulary)
from lmbook.training import fit, minibatches

RNG = np.random.default_rng(5)
IDS = np.array([[1, 1, 2, 0], [3, 0, 0, 0], [4, 2, 3, 3]])
LABELS = np.array([0, 1, 1])
LAYERS = {"Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh, "ReLU": nn.ReLU,
          "GELU": nn.GELU, "LeakyReLU": nn.LeakyReLU}


# ---------------------------------------------------------------- by hand

def test_mean_and_gradient_by_hand():
    layer = MeanEmbedding(5, 2, rng=np.random.default_rng(0))
    layer.weight.data = [[9, 9], [1.5, 0], [0, 3], [6, 6], [0, 6]]
    # (1.5 + 1.5 + 0) / 3 = 1, (0 + 0 + 3) / 3 = 1; the padding is no word
    np.testing.assert_allclose(layer(IDS), [[1, 1], [6, 6], [3, 5.25]])
    layer.backward(np.array([[3.0, 0], [0, 1], [4, 4]]))
    # word 1: 2/3 of 3; word 2: 1/3 of 3 and 1/4 of 4; word 3: all of 1
    # and 2/4 of 4; word 4: 1/4 of 4
    np.testing.assert_allclose(layer.weight.grad, [
        [0, 0], [2, 0], [2, 1], [2, 3], [1, 1]])


def test_vocabulary_and_ids():
    index = vocabulary([["b", "a"], ["b", "c", "a"]])
    assert list(index) == ["<pad>", "<unk>", "a", "b"]
    np.testing.assert_array_equal(
        encode([["b"], ["c", "a", "zebra"]], index), [[3, 0, 0], [1, 2, 1]])


# ------------------------------------------------------------------- laws

def test_rows_sum_to_one_and_order_is_lost():
    rows = shares(IDS, 5).toarray()
    np.testing.assert_allclose(rows.sum(1), 1)
    np.testing.assert_array_equal(rows, shares(IDS[:, ::-1], 5).toarray())


def test_what_else_is_in_the_batch_does_not_matter():
    model = classifier(5, 4, [6], rng=np.random.default_rng(0))
    wide = np.pad(IDS, ((0, 0), (0, 7)))
    np.testing.assert_allclose(model(wide), model(IDS), rtol=1e-13)
    np.testing.assert_allclose(model(IDS[1:2, :1]), model(IDS)[1:2])


def test_votes():
    model = classifier(5, 4, rng=np.random.default_rng(0))
    alone = model(np.arange(1, 5)[:, None])         # each word by itself
    np.testing.assert_allclose(
        model(IDS)[2], alone[np.array([4, 2, 3, 3]) - 1].mean(0))
    # "not" (1) cancels: f(1 2) - f(1 3) = (f(2) - f(3)) / 2
    pair = model(np.array([[1, 2], [1, 3]]))
    np.testing.assert_allclose(pair[0] - pair[1], (alone[1] - alone[2]) / 2)
    deep = classifier(5, 4, [6], rng=np.random.default_rng(0))
    deep[0].weight.data *= 30                       # so that gates shut
    alone, pair = deep(np.array([[2], [3]])), deep(np.array([[1, 2], [1, 3]]))
    assert not np.allclose(pair[0] - pair[1], (alone[0] - alone[1]) / 2)


def test_float32_throughout():
    model = classifier(5, 4, [3], rng=RNG, dtype=np.float32)
    assert model(IDS).dtype == np.float32
    model.backward(np.ones((3, 2), np.float32))
    assert model.parameters().grad.dtype == np.float32


def test_errors():
    with pytest.raises(ValueError, match="sentence 1 has no words"):
        encode([["a"], []], {"<pad>": 0, "<unk>": 1})
    with pytest.raises(ValueError, match="sentence 0 has no words"):
        shares([[0, 0]], 3)
    with pytest.raises(ValueError, match="id 7 is no word: expected 0 .. 2"):
        shares([[1, 7]], 3)
    with pytest.raises(ValueError, match="at least 3 times in 1 different"):
        vocabulary([["a", "a"]], least=3)
    with pytest.raises(ValueError, match="got 0 and 4"):
        MeanEmbedding(0, 4, rng=RNG)
    with pytest.raises(ValueError, match="3 sentences and 2 labels"):
        accuracy(classifier(5, 2, rng=RNG), IDS, [0, 1])
    with pytest.raises(ValueError, match="needs a forward pass"):
        MeanEmbedding(3, 2, rng=RNG).backward(np.ones((1, 2)))


# ------------------------------------------------------------------ torch

def twin(model, sizes, activation):
    """Return the same network in torch, without its embedding."""
    layers = []
    for n, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layers += [getattr(torch.nn, activation)()] * (n > 0)
        layers.append(torch.nn.Linear(inputs, outputs, dtype=torch.float64))
    net = torch.nn.Sequential(*layers)
    bag = torch.nn.EmbeddingBag(7, sizes[0], mode="mean", padding_idx=0,
                                dtype=torch.float64)
    arrays = [torch.tensor(p.data) for p in model.parameters()]
    with torch.no_grad():
        for p, q in zip([bag.weight, *net.parameters()], arrays):
            p.copy_(q)
    return bag, net


@pytest.mark.parametrize("activation", LAYERS)
@pytest.mark.parametrize("hidden", [(), (8,), (8, 5), (8, 5, 6)])
def test_equal_to_torch_at_every_step(hidden, activation):
    rng = np.random.default_rng(1)
    model = classifier(7, 3, hidden, activation=LAYERS[activation], rng=rng)
    bag, net = twin(model, (3, *hidden, 2), activation)
    theirs = [bag.weight, *net.parameters()]
    reference = torch.optim.SGD(theirs, lr=0.5)
    ours = optim.SGD(model.parameters(), lr=0.5)
    loss = nn.CrossEntropyLoss()
    for _ in range(8):
        ids = rng.integers(1, 7, size=(6, 5))
        ids[::2, 3:] = 0
        labels = rng.integers(2, size=6)
        reference.zero_grad()
        ours.zero_grad()
        value = torch.nn.functional.cross_entropy(
            net(bag(torch.tensor(ids))), torch.tensor(labels))
        value.backward()
        assert np.isclose(loss(model(ids), labels), value.item())
        model.backward(loss.backward())
        for p, q in zip(model.parameters(), theirs):
            np.testing.assert_allclose(p.grad, q.grad, rtol=1e-9, atol=1e-12)
        reference.step()
        ours.step()
    for p, q in zip(model.parameters(), theirs):
        np.testing.assert_allclose(p.data, q.detach(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("classes", [2, 3])
def test_descent_by_hand_is_autograd_at_every_step(classes):
    rng = np.random.default_rng(2)
    ours = [rng.normal(size=s) for s in ((9, 4), (classes, 4), (classes,))]
    theirs = [torch.tensor(p, requires_grad=True) for p in ours]
    R = shares(rng.integers(1, 9, size=(40, 6)), 9).toarray()
    labels = rng.integers(classes, size=40)
    for epoch in range(5):
        for some in minibatches(40, 8, rng):
            E, W, b = theirs
            value = torch.nn.functional.cross_entropy(
                torch.tensor(R[some]) @ E @ W.T + b,
                torch.tensor(labels[some]))
            slopes = torch.autograd.grad(value, theirs)
            theirs = [(p - 0.3 * g).detach().requires_grad_()
                      for p, g in zip(theirs, slopes)]
            ours = step(R[some], labels[some], ours, 0.3)
            for p, q in zip(ours, theirs):
                np.testing.assert_allclose(p, q.detach(), 1e-10, 1e-13)


def test_hand_written_equals_package():
    model = classifier(5, 4, rng=np.random.default_rng(3))
    loss, *slopes = loss_and_gradients(
        shares(IDS, 5).toarray(), LABELS,
        *(p.data for p in model.parameters()))
    entropy = nn.CrossEntropyLoss()
    assert np.isclose(entropy(model(IDS), LABELS), loss)
    model.backward(entropy.backward())
    for p, g in zip(model.parameters(), slopes):
        np.testing.assert_allclose(p.grad, g, rtol=1e-12)


def test_forward_of_the_exercise_equals_package():
    model = classifier(5, 4, (6, 3), rng=np.random.default_rng(3))
    E, *flat = (p.data for p in model.parameters())
    layers = list(zip(flat[::2], flat[1::2]))
    np.testing.assert_allclose(
        forward(shares(IDS, 5).toarray(), E, layers,
                lambda z: z * (z > 0)), model(IDS), rtol=1e-12)


# ---------------------------------------------------------------- learning

def test_learns_the_plain_reviews():
    corpus = load("reviews")
    part = {name: corpus.split(name) for name in corpus.splits}
    tokens = {name: [words(s) for s in p.paragraphs]
              for name, p in part.items()}
    index = vocabulary(tokens["train"])
    rng = np.random.default_rng(0)
    model = classifier(len(index), 16, rng=rng)
    adam = optim.Adam(model.parameters(), lr=0.004)
    fit(model, adam, encode(tokens["train"], index), part["train"].labels,
        epochs=6, batch_size=32, rng=rng, progress=False)
    dev, labels = encode(tokens["dev"], index), np.array(part["dev"].labels)
    plain = np.array(part["dev"].kinds) == "plain"
    assert accuracy(model, dev[plain], labels[plain]) > 0.7
    assert accuracy(model, dev, labels) > 0.6


# --------------------------------------------------------- wrong, on purpose

def test_a_lost_repetition_is_caught():
    def f(table):
        return shares(IDS, 5) @ table

    def vjp(u, table):
        grad = np.zeros_like(table)
        for row, g in zip(IDS, u):
            row = row[row > 0]
            grad[row] += g / len(row)           # the second one is lost
        return grad

    with pytest.raises(GradientError):
        check_vjp(f, vjp, RNG.normal(size=(5, 2)))


def test_padding_in_the_mean_is_caught():
    table = RNG.normal(size=(5, 2))
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(table[IDS].mean(1), shares(IDS, 5) @ table)


def test_moving_one_parameter_early_is_caught():
    parameters = [RNG.normal(size=s) for s in ((5, 4), (2, 4), (2,))]
    rows = shares(IDS, 5).toarray()
    right = step(rows, LABELS, parameters, 0.5)
    late = one_after_another(rows, LABELS, parameters, 0.5)
    assert np.allclose(right[1], late[1]) and not np.allclose(
        right[0], late[0])
