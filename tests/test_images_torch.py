"""The image classifier: shapes, equality, modes, files, the loop."""

import numpy as np
import pytest
import torch
from torch.nn import functional

import lmbook.functional as F
from lmbook.data.images import load_images
from lmbook.models.images_torch import (
    ImageClassifier, evaluate, evaluating, fit, predict, train_epoch)


def convolve(x, weight, bias):
    """Convolve by loops: x (C, H, W), weight (K, C, 3, 3), padding 1."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    out = np.empty((len(weight), *x.shape[1:]))
    for k, row, column in np.ndindex(out.shape):
        window = padded[:, row:row + 3, column:column + 3]
        out[k, row, column] = (window * weight[k]).sum() + bias[k]
    return out


def pool(x):
    """Return the largest of each 2 x 2 places of x (C, H, W)."""
    c, h, w = x.shape
    return x.reshape(c, h // 2, 2, w // 2, 2).max((2, 4))


def test_forward_is_the_formula_in_numpy():
    torch.manual_seed(0)
    model = ImageClassifier((8, 4), 3, channels=(2, 3)).double().eval()
    state = {k: v.numpy() for k, v in model.state_dict().items()}
    image = np.random.default_rng(0).normal(size=(8, 4))
    h = pool(F.relu(convolve(image[None], state["conv1.weight"],
                             state["conv1.bias"])))
    h = pool(F.relu(convolve(h, state["conv2.weight"],
                             state["conv2.bias"])))
    expected = state["output.weight"] @ h.ravel() + state["output.bias"]
    got = model(torch.tensor(image)[None]).detach().numpy()[0]
    assert np.allclose(got, expected)


def test_size_must_fit():
    with pytest.raises(ValueError, match=r"divisible by 4, got \(8, 6\)"):
        ImageClassifier((8, 6), 10)


def test_evaluating_restores_each_layer_also_after_an_error():
    model = ImageClassifier((4, 4), 2)
    model.conv1.eval()                      # frozen on purpose
    with pytest.raises(RuntimeError), evaluating(model):
        assert not any(m.training for m in model.modules())
        assert not torch.is_grad_enabled()
        raise RuntimeError
    assert model.training and model.dropout.training
    assert not model.conv1.training and torch.is_grad_enabled()


def test_evaluate_is_the_mean_over_images_whatever_the_batches():
    torch.manual_seed(0)
    model = ImageClassifier((4, 4), 3).double()
    images = torch.rand(1500, 4, 4, dtype=torch.float64)
    labels = torch.arange(1500) % 3
    loss, accuracy = evaluate(model, images, labels)
    model.eval()
    logits = model(images).detach()
    assert np.isclose(loss, F.cross_entropy(logits.numpy(), labels.numpy()))
    assert accuracy == (logits.argmax(1) == labels).double().mean()
    assert np.array_equal(predict(model, images), logits.argmax(1))


def test_one_epoch_of_one_batch_is_one_step_of_adam():
    torch.manual_seed(0)
    model, same = (ImageClassifier((4, 4), 2, dropout=0).double()
                   for _ in range(2))
    same.load_state_dict(model.state_dict())
    images = torch.rand(6, 4, 4, dtype=torch.float64)
    labels = torch.tensor([0, 1, 1, 0, 1, 0])
    train_epoch(model, torch.optim.Adam(model.parameters()), images,
                labels, batch_size=6)
    adam = torch.optim.Adam(same.parameters())
    functional.cross_entropy(same(images), labels).backward()
    adam.step()
    for ours, theirs in zip(model.parameters(), same.parameters()):
        assert torch.allclose(ours, theirs)


def test_stale_gradients_do_not_enter():
    torch.manual_seed(0)
    model, same = (ImageClassifier((4, 4), 2, dropout=0) for _ in range(2))
    same.load_state_dict(model.state_dict())
    for p in model.parameters():
        p.grad = torch.full_like(p, 100.0)
    data = torch.rand(4, 4, 4), torch.tensor([0, 1, 1, 0])
    for m in (model, same):
        train_epoch(m, torch.optim.SGD(m.parameters(), lr=0.1), *data, 4)
    for ours, theirs in zip(model.parameters(), same.parameters()):
        assert torch.allclose(ours, theirs)


def test_train_epoch_trains_with_dropout_after_an_evaluation():
    model = ImageClassifier((4, 4), 2).eval()
    seen = []
    model.dropout.register_forward_hook(
        lambda layer, *_: seen.append(layer.training))
    data = torch.rand(4, 4, 4), torch.tensor([0, 1, 1, 0])
    train_epoch(model, torch.optim.Adam(model.parameters()), *data)
    assert seen == [True]


def test_fit_learns_digits_and_repeats_itself():
    digits = load_images("digits")
    train, dev = digits.split("train"), digits.split("dev")
    runs = []
    for _ in range(2):
        torch.manual_seed(0)
        model = ImageClassifier((8, 8), 10)
        adam = torch.optim.Adam(model.parameters(), lr=0.01)
        runs.append(fit(model, adam, train, dev, epochs=6))
    assert runs[0] == runs[1]
    assert evaluate(model, *dev)[1] > 0.9


def test_fit_says_that_the_loss_is_no_number():
    model = ImageClassifier((4, 4), 2)
    data = torch.full((2, 4, 4), float("nan")), torch.tensor([0, 1])
    adam = torch.optim.Adam(model.parameters())
    with pytest.raises(ValueError, match="became nan in epoch 0"):
        fit(model, adam, data, data, epochs=1)


def test_graded_labels_cannot_be_trained_on():
    images, labels = load_images("digits").split("graded")
    model = ImageClassifier((8, 8), 10)
    with pytest.raises((IndexError, RuntimeError)):
        evaluate(model, images, labels)
