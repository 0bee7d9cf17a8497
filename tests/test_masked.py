"""The masked-word model: by hand, beside torch, and its wrong versions."""

import numpy as np
import pytest
import torch

from lmbook.data.fourgrams import fourgrams
from lmbook.functional import cross_entropy, cross_entropy_vjp
from lmbook.gradcheck import GradientError, check_vjp
from lmbook.models.masked import (
    MaskedModel, add_rows, hide, hide_each, hide_random)
from lmbook.nn import CrossEntropyLoss
from lmbook.optim import SGD
from lmbook.training import evaluate, fit

V, D, H, W = 6, 3, 4, 4
WINDOWS = np.array([[5, 3, 2, 4], [1, 1, 5, 1], [3, 3, 3, 3], [2, 4, 1, 5],
                    [4, 1, 2, 2], [1, 5, 5, 3], [5, 2, 4, 1]])
POSITIONS = np.array([2, 0, 2, 1, 0, 2, 1])     # none hides word 3
NAMES = ["embedding", "hidden_weight", "hidden_bias", "output_weight",
         "output_bias"]


def new_rng(seed=0):
    """A fresh generator."""
    return np.random.default_rng(seed)


def small(dtype=np.float64, seed=0):
    """A small model whose biases are not 0."""
    model = MaskedModel(V, W, D, H, rng=new_rng(seed), dtype=dtype)
    model.parameters().data[:] = new_rng(seed).normal(
        size=model.parameters().data.size)
    return model


def gradients(model, ids, targets):
    """The loss, and the gradient of every parameter."""
    loss = CrossEntropyLoss()
    model.zero_grad()
    value = loss(model(ids), targets)
    model.backward(loss.backward())
    return float(value), [p.grad.copy() for p in model.parameters()]


# ---------------------------------------------------------------- by hand

def test_by_hand():
    # V = 3, w = 2, D = 1, H = 1: vectors 2 (mask), 1, -1; the window is
    # (mask, word 2), so u = 1*2 + 2*(-1) + 0 = 0 and s = 1/2.
    # Position 0: z = (0, 2, 2) * 1/2 + (0, 0, -1) = (0, 1, 0)
    model = MaskedModel(3, 2, 1, 1, rng=new_rng(), dtype=np.float64)
    E, B, b, U, c = model.parameters()
    E.data, B.data = [[2], [1], [-1]], [[1, 2]]
    U.data = [[[0], [2], [2]], [[9], [9], [9]]]
    c.data = [[0, 0, -1], [7, 8, 9]]
    assert model([[0, 2]]).tolist() == [[0, 1, 0]]
    # a cotangent (1, 0, -1): dU = dz s = (1/2, 0, -1/2), dc = dz,
    # ds = 1*0 + 0*2 - 1*2 = -2, du = -2 * 1/4 = -1/2,
    # dB = du x = (-1, 1/2), dE[mask] = -1/2 * 1, dE[2] = -1/2 * 2
    model.backward(np.array([[1.0, 0.0, -1.0]]))
    assert U.grad.tolist() == [[[0.5], [0], [-0.5]], [[0], [0], [0]]]
    assert c.grad.tolist() == [[1, 0, -1], [0, 0, 0]]
    assert b.grad.tolist() == [-0.5] and B.grad.tolist() == [[-1, 0.5]]
    assert E.grad.tolist() == [[-0.5], [0], [-1]]


def test_hiding_by_hand():
    inputs, targets = hide([[5, 3, 8, 2], [7, 7, 1, 4]], [2, 0])
    assert inputs.tolist() == [[5, 3, 0, 2], [0, 7, 1, 4]]
    assert targets.tolist() == [8, 7]
    inputs, targets = hide([[5, 3]], 1)
    assert inputs.tolist() == [[5, 0]] and targets.tolist() == [3]


def test_rows_that_repeat_add_up():
    table = np.zeros((3, 2), np.float32)
    rows = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]], np.float32)
    add_rows(table, np.array([2, 0, 2]), rows)
    assert table.tolist() == [[2, 20], [0, 0], [5, 50]]
    forgetful = np.zeros((3, 2), np.float32)
    forgetful[[2, 0, 2]] += rows                # keeps the last of the two
    assert forgetful.tolist() == [[2, 20], [0, 0], [4, 40]]


# ------------------------------------------------------------------ laws

def test_hiding_leaves_the_windows_alone():
    before = WINDOWS.copy()
    for hidden in (hide(WINDOWS, POSITIONS), hide_each(WINDOWS),
                   hide_random(WINDOWS, rng=new_rng())):
        inputs, targets = hidden
        assert ((inputs == 0).sum(1) == 1).all()
        inputs[inputs == 0] = targets
        np.testing.assert_array_equal(
            inputs, np.tile(before, (len(inputs) // len(before), 1)))
    np.testing.assert_array_equal(WINDOWS, before)


def test_random_positions_are_all_used_and_repeatable():
    windows = np.ones((4000, 4), int)
    first, _ = hide_random(windows, rng=new_rng(1))
    again, _ = hide_random(windows, rng=new_rng(1))
    np.testing.assert_array_equal(first, again)
    # 1000 of each are expected; the deviation is 27
    assert (abs((first == 0).sum(0) - 1000) < 140).all()


def test_the_order_of_the_rows_does_not_matter():
    ids, targets = hide(WINDOWS, POSITIONS)
    order = np.array([3, 6, 0, 5, 1, 4, 2])
    one, other = small(), small()
    np.testing.assert_allclose(one(ids)[order], other(ids[order]), 1e-12)
    value, grads = gradients(one, ids, targets)
    value_other, grads_other = gradients(other, ids[order], targets[order])
    assert np.isclose(value, value_other, rtol=1e-13)
    for a, b in zip(grads, grads_other):
        np.testing.assert_allclose(a, b, 1e-11, 1e-14)


def test_the_hidden_word_is_not_seen():
    ids, _ = hide(WINDOWS, 1)
    others = WINDOWS.copy()
    others[:, 1] = 5
    model = small()
    np.testing.assert_array_equal(model(ids), model(hide(others, 1)[0]))
    p = model.probabilities(WINDOWS[0], 1)
    np.testing.assert_array_equal(p, model.probabilities(others[0], 1))
    assert np.isclose(p.sum(), 1) and (p > 0).all()
    assert np.isclose(-np.log(p[WINDOWS[0, 1]]), cross_entropy(
        model(hide(WINDOWS[:1], 1)[0])[0], WINDOWS[0, 1]))


def test_positions_without_a_mask_get_no_gradient():
    model = small()
    _, (dE, _, _, dU, dc) = gradients(model, *hide(WINDOWS, POSITIONS))
    assert not dU[3].any() and not dc[3].any()
    assert dU[:3].any((1, 2)).all() and dc[:3].any(1).all()
    assert dE.any(1).all()                      # every word is seen


def test_gradients_add_up_until_zeroed():
    model, loss = small(), CrossEntropyLoss()
    ids, targets = hide(WINDOWS, POSITIONS)
    _, once = gradients(model, ids, targets)
    loss(model(ids), targets)
    model.backward(loss.backward())
    for p, g in zip(model.parameters(), once):
        np.testing.assert_allclose(p.grad, 2 * g, 1e-12)


def test_float32_by_default():
    model = MaskedModel(V, rng=new_rng())
    assert model.parameters().data.dtype == np.float32
    assert model(hide(WINDOWS, 0)[0]).dtype == np.float32
    assert model.probabilities(WINDOWS[0], 0).dtype == np.float32


# ------------------------------------------- independent implementations

def full_form(ids, targets, E, B, b, U, c):
    """Loss and gradients with 4V outputs and one-hot arrays, by einsum."""
    R, T = np.eye(V)[ids], np.eye(V)[targets]
    m = (ids == 0) * 1.0                                    # (N, w)
    X = np.einsum("npv,va->npa", R, E)
    B4 = B.reshape(len(B), W, -1)                           # (H, w, D)
    s = 1 / (1 + np.exp(-np.einsum("hpa,npa->nh", B4, X) - b))
    z = np.einsum("pvh,nh->npv", U, s) + c
    S = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    loss = -np.einsum("np,nv,npv->", m, T, np.log(S)) / len(ids)
    dz = m[:, :, None] * (S - T[:, None]) / len(ids)        # (N, w, V)
    du = np.einsum("npv,pvh->nh", dz, U) * s * (1 - s)
    return loss, [np.einsum("npw,nh,hpc->wc", R, du, B4),
                  np.einsum("nh,npc->hpc", du, X).reshape(B.shape),
                  du.sum(0), np.einsum("npv,nh->pvh", dz, s), dz.sum(0)]


def by_torch(ids, targets, parameters):
    """Loss and gradients by autograd, with all 4V outputs."""
    theirs = [torch.tensor(p, requires_grad=True) for p in parameters]
    E, B, b, U, c = theirs
    ids, targets = torch.tensor(ids), torch.tensor(targets)
    s = torch.sigmoid(E[ids].reshape(len(ids), -1) @ B.T + b)
    z = torch.einsum("pvh,nh->npv", U, s) + c
    loss = torch.nn.functional.cross_entropy(z[ids == 0], targets)
    loss.backward()
    return loss.item(), [p.grad.numpy() for p in theirs]


@pytest.mark.parametrize("other", [
    lambda *a: full_form(*a[:2], *a[2]), by_torch])
@pytest.mark.parametrize("positions", [POSITIONS, 0, 3])
def test_all_outputs_give_the_same_gradients(other, positions):
    ids, targets = hide(WINDOWS, positions)
    model = small()
    value, mine = gradients(model, ids, targets)
    expected, theirs = other(ids, targets,
                             [p.data for p in model.parameters()])
    assert np.isclose(value, expected, rtol=1e-10)
    for name, a, b in zip(NAMES, mine, theirs):
        np.testing.assert_allclose(a, b, 1e-10, 1e-14, err_msg=name)


@pytest.mark.parametrize("dtype, tolerance", [
    (np.float64, 1e-10), (np.float32, 1e-6)])
def test_torch_at_the_size_of_the_chapter(dtype, tolerance):
    rng = new_rng()
    ids, targets = hide_random(rng.integers(1, 251, (100, 4)), rng=rng)
    model = MaskedModel(251, rng=rng, dtype=dtype)
    value, mine = gradients(model, ids, targets)
    expected, theirs = by_torch(ids, targets,
                                [p.data for p in model.parameters()])
    assert np.isclose(value, expected, rtol=tolerance)
    for name, a, b in zip(NAMES, mine, theirs):
        scale = np.abs(b).max()
        assert np.abs(a - b).max() <= tolerance * scale, name


# --------------------------------------------- gradients, right and wrong

IDS, TARGETS = hide(WINDOWS, POSITIONS)


def loss_of(*parameters):
    """The loss as a function of the five arrays."""
    return cross_entropy(loaded(parameters)(IDS), TARGETS)


def loaded(parameters, model=MaskedModel):
    """A model with these arrays."""
    made = model(V, W, D, H, rng=new_rng(), dtype=np.float64)
    made.load_state_dict(dict(zip(NAMES, parameters)))
    return made


def vjp_with(model):
    """The gradients of `loss_of` as some model computes them."""
    def vjp(g, *parameters):
        made = loaded(parameters, model)
        made.backward(cross_entropy_vjp(g, made(IDS), TARGETS))
        return tuple(p.grad.copy() for p in made.parameters())
    return vjp


def check(model):
    """Central differences in every block of parameters."""
    check_vjp(loss_of, vjp_with(model),
              tuple(p.data for p in small().parameters()), rng=new_rng())


def test_every_block_of_parameters_by_central_differences():
    check(MaskedModel)


class FromUnmasked(MaskedModel):
    """L5: the vectors of the words behind the mask get its gradient."""

    def backward(self, grad_output):
        ids, order, *rest = self.cache
        self.keep(np.where(ids == 0, TARGETS[order][:, None], ids), order,
                  *rest)
        super().backward(grad_output)


class Forgetful(MaskedModel):
    """Of several gradients for one word only the last is kept."""

    def backward(self, grad_output):
        ids, _, _, x, s = self.cache
        super().backward(grad_output)
        self.embedding.grad[:] = 0
        dx = self.hidden_bias.grad @ self.hidden_weight.data
        self.embedding.grad[ids] += dx.reshape(W, D)


class Unsorted(MaskedModel):
    """The gradient arrives in the order of the batch, not by position."""

    def backward(self, grad_output):
        order = self.cache[1]
        super().backward(grad_output[np.argsort(order)])


class MeanOfBatch(MaskedModel):
    """The hidden bias gets a mean over the batch, not the sum."""

    def backward(self, grad_output):
        super().backward(grad_output)
        self.hidden_bias.grad /= len(grad_output)


class Neighbour(MaskedModel):
    """The output bias of the next position gets the gradient."""

    def backward(self, grad_output):
        super().backward(grad_output)
        self.output_bias.grad = np.roll(self.output_bias.grad, 1, axis=0)


@pytest.mark.parametrize("wrong, block", [
    (FromUnmasked, 0), (Forgetful, 0), (Unsorted, "[0-4]"), (MeanOfBatch, 2),
    (Neighbour, 4)])
def test_wrong_versions_are_caught(wrong, block):
    with pytest.raises(GradientError, match=f"input {block} of 5"):
        check(wrong)


# -------------------------------------------------------------- training

def test_training_finds_a_rule():
    # the third word is always the first one, the others are noise
    rng = new_rng()
    windows = rng.integers(1, V, (400, 4))
    windows[:, 2] = windows[:, 0]
    model = MaskedModel(V, W, D, 16, rng=rng)
    sgd = SGD(model.parameters(), lr=0.5, momentum=0.9)
    fit(model, sgd, *hide(windows, 2), epochs=20, batch_size=20, rng=rng)
    assert evaluate(model, *hide(windows, 2)) < 0.05
    assert [model.probabilities([w, 1, 5, 2], 2).argmax()
            for w in range(1, V)] == list(range(1, V))


def test_docs_in_two_epochs():
    # a uniform guess costs log 250 = 5.52 nats, word frequencies 4.4
    data, rng = fourgrams("docs"), new_rng()
    model = MaskedModel(len(data.words), rng=rng)
    sgd = SGD(model.parameters(), lr=0.1, momentum=0.9)
    dev = hide_random(data.windows["dev"], rng=new_rng(1))
    history = fit(model, sgd, *hide_each(data.windows["train"]), epochs=2,
                  batch_size=100, rng=rng, validation=dev)
    assert history.validation[1] < history.validation[0] < 4
    assert history.validation[1] < 3.5


def test_saved_and_loaded(tmp_path):
    model, other = small(), small(seed=1)
    model.save(tmp_path / "masked.npz")
    other.load_state(tmp_path / "masked.npz")
    np.testing.assert_array_equal(model(IDS), other(IDS))


# ------------------------------------------------------------- bad input

@pytest.mark.parametrize("ids, message", [
    ([[0, 1, 2]], "windows have 3 words, expected 4"),
    ([[0, 1, 2, 6]], "id 6 is not a word: expected 0 .. 5"),
    ([[0, 1, -2, 3]], "id -2 is not a word"),
    (np.empty((0, 4), int), r"shape \(0, 4\), expected .* N at least 1"),
    ([0, 1, 2, 3], r"shape \(4,\)"),
    ([[0.0, 1.0, 2.0, 3.0]], "float64"),
    ([[0, 1, 2, 3], [1, 1, 2, 3]], "row 1 has 0 masks"),
    ([[0, 1, 2, 3], [0, 1, 0, 3], [1, 2, 3, 0]], "row 1 has 2 masks"),
    ([[1, 1, 2, 3], [0, 1, 0, 3]], "row 0 has 0 masks")])
def test_ids_that_are_no_masked_windows(ids, message):
    with pytest.raises(ValueError, match=message):
        small()(ids)


@pytest.mark.parametrize("windows, positions, message", [
    ([[1, 2]], 2, r"position 2 is outside the window: expected 0 .. 1"),
    ([[1, 2]], -1, "position -1 is outside"),
    ([[1, 2], [1, 2]], [0, 5], "position 5 is outside"),
    ([[1, 2]], [0, 1], r"positions .* shape \(2,\), .* or \(1,\)"),
    ([[1, 2]], 0.5, "whole numbers"),
    ([[0, 2]], 1, r"id 0 is not a word: expected 1 \.\."),
    (np.empty((0, 4), int), 0, "N at least 1")])
def test_windows_that_cannot_be_hidden(windows, positions, message):
    with pytest.raises(ValueError, match=message):
        hide(windows, positions)


@pytest.mark.parametrize("hiding", [
    hide_each, lambda w: hide_random(w, rng=new_rng())])
def test_no_windows_to_hide(hiding):
    with pytest.raises(ValueError, match="N at least 1"):
        hiding(np.empty((0, 4), int))


@pytest.mark.parametrize("words, position", [
    ([1, 2, 3, 4], 4), ([1, 2, 3, 4], -1), ([[1, 2, 3, 4]], 0)])
def test_no_such_place_to_predict(words, position):
    with pytest.raises(ValueError, match=f"position {position} of words"):
        small().probabilities(words, position)


@pytest.mark.parametrize("sizes", [(0, 4, 16, 128), (5, 0, 1, 1),
                                   (5, 4, 0, 1), (5, 4, 1, -1)])
def test_sizes_below_one(sizes):
    with pytest.raises(ValueError, match="sizes must be at least 1"):
        MaskedModel(*sizes, rng=new_rng())


def test_backward_needs_a_forward_pass():
    model = small()
    model.probabilities(WINDOWS[0], 0)          # serves no backward pass
    with pytest.raises(ValueError, match="needs a forward pass before"):
        model.backward(np.zeros((1, V)))
