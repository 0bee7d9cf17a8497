"""The fixed-window language model: shapes, equality, training, files."""

import pickle

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

import lmbook.functional as ours
from lmbook.models.fixed_window_torch import (
    FixedWindowLM, familiar, load_model, save_model, windows)
from lmbook.models.window_training_torch import (
    fit, mean_by_sentence, mean_loss, perplexity,
    token_log_probabilities, train_epoch)


def tiny(dropout=0.0, **sizes):
    """Return a model of 64 bits, from seed 0."""
    torch.manual_seed(0)
    sizes = dict(vocab_size=7, window=3, embedding_dim=2, hidden_dim=5,
                 num_blocks=2) | sizes
    return FixedWindowLM(dropout=dropout, **sizes).double()


def counting(repeats=20):
    """Return windows of a text in which the next word is certain."""
    return windows([[3, 4, 5, 6]] * repeats, 3)


# ------------------------------------------------------------- the model

def test_forward_is_the_formula_in_numpy():
    model = tiny().eval()
    w = {k: v.numpy() for k, v in model.state_dict().items()}
    ids = [4, 1, 4]
    e = np.concatenate([w["embedding.weight"][i] for i in ids])

    def normed(x, name):
        x = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
        return x * w[name + ".weight"] + w[name + ".bias"]

    h = normed(np.tanh(w["hidden.weight"] @ e + w["hidden.bias"]), "norm")
    for k in ("blocks.0", "blocks.1"):
        inner = w[k + ".linear.weight"] @ h + w[k + ".linear.bias"]
        h = normed(h + np.tanh(inner), k + ".norm")
    expected = ours.log_softmax(w["output.weight"] @ h)
    assert np.allclose(model(ids).detach(), expected, atol=1e-12)
    assert model.output.bias is None


def test_one_context_and_a_batch_agree():
    model = tiny().eval()
    ids = torch.tensor([[1, 1, 4], [0, 6, 2]])
    batch = model(ids)
    assert batch.shape == (2, 7) and model(ids[0]).shape == (7,)
    assert torch.allclose(batch[0], model(ids[0]))
    assert torch.allclose(batch[1:], model(ids[1:]))
    assert torch.allclose(batch.exp().sum(1), torch.ones(2).double())
    assert torch.equal(batch, model(ids.to(torch.int32)))
    assert torch.equal(batch, model(ids.numpy()))


def test_the_order_of_the_words_matters():
    model = tiny().eval()
    assert not torch.allclose(model([3, 4, 5]), model([5, 4, 3]))


def test_the_window_of_six_by_256_is_flattened():
    model = FixedWindowLM(9, 6, 256, 1048).eval()
    assert model.hidden.weight.shape == (1048, 1536)
    assert model([1, 1, 1, 1, 1, 1]).shape == (9,)
    with pytest.raises(RuntimeError) as error:
        model.hidden(model.embedding(torch.ones(6, dtype=int)))
    assert str(error.value) == ("mat1 and mat2 shapes cannot be multiplied"
                                " (6x256 and 1536x1048)")


@pytest.mark.parametrize("ids, message", [
    ([1, 2], r"shape \(3,\) or \(B, 3\), got \(2,\)"),
    ([[1, 2, 3, 4]], r"got \(1, 4\)"),
    ([[[1, 2, 3]]], r"got \(1, 1, 3\)"),
    (5, r"got \(\)"),
    ([1, 2, 7], "id 7 is not in the vocabulary: expected 0 to 6"),
    ([1, -1, 2], "id -1 is not in the vocabulary"),
    ([1.0, 2.0, 3.0], "whole numbers, got torch.float64"),
    ([True, False, True], "whole numbers, got torch.bool"),
])
def test_wrong_ids_are_refused(ids, message):
    with pytest.raises(ValueError, match=message):
        tiny()(ids)


def test_the_gradient_reaches_every_parameter():
    model = tiny()
    contexts, targets = counting()
    F.nll_loss(model(contexts), torch.as_tensor(targets)).backward()
    for name, p in model.named_parameters():
        assert p.grad is not None and p.grad.abs().max() > 1e-6, name


def test_the_gradient_agrees_with_central_differences():
    model = tiny()
    contexts, targets = counting(2)
    loss = F.nll_loss(model(contexts), torch.as_tensor(targets))
    loss.backward()
    for p in model.parameters():
        at = np.unravel_index(p.numel() // 2, p.shape)
        grad, start, found = p.grad[at].item(), p.data[at].item(), []
        for step in (1e-5, -1e-5):
            p.data[at] = start + step
            found.append(mean_loss(model, contexts, targets))
        p.data[at] = start
        assert np.isclose((found[0] - found[1]) / 2e-5, grad, atol=1e-8)


def test_a_word_used_twice_gets_both_gradients():
    model = tiny()
    e = model.embedding(torch.tensor([4, 1, 4])).detach()
    e.requires_grad_()
    model.embedding.forward = lambda ids: e
    model([4, 1, 4])[2].backward()
    by_place = e.grad.clone()
    del model.embedding.forward
    model([4, 1, 4])[2].backward()
    grad = model.embedding.weight.grad
    assert torch.allclose(grad[4], by_place[0] + by_place[2])
    assert torch.allclose(grad[1], by_place[1])
    assert not grad[[0, 2, 3, 5, 6]].any()


def test_next_logits_pads_cuts_and_leaves_the_mode():
    model = tiny(dropout=0.5)
    model.blocks[0].eval()
    logits = model.next_logits([4])
    assert logits.dtype == np.float64 and logits.shape == (7,)
    assert np.isclose(np.exp(logits).sum(), 1)
    assert np.array_equal(logits, model.next_logits([1, 1, 4]))
    assert np.array_equal(model.next_logits(np.array([6, 1, 1, 4])), logits)
    assert np.array_equal(model.next_logits([]), model.next_logits([1]))
    assert model.training and not model.blocks[0].training
    with pytest.raises(ValueError, match="whole numbers"):
        model.next_logits([4.0])


# ------------------------------------------------------------ the windows

def test_windows_by_hand():
    # <s> <s> 5 | 5 6 </s>: three targets; an empty sentence: only </s>
    contexts, targets = windows([[5, 6], []], 2)
    assert contexts.tolist() == [[1, 1], [1, 5], [5, 6], [1, 1]]
    assert targets.tolist() == [5, 6, 2, 2]


def test_windows_wider_than_a_sentence_or_one_wide():
    assert windows([[5]], 4)[0].tolist() == [[1, 1, 1, 1], [1, 1, 1, 5]]
    assert windows([[5]], 1)[0].tolist() == [[1], [5]]


def test_windows_refuses_what_it_cannot_cut():
    with pytest.raises(ValueError, match="at least one sentence"):
        windows([], 2)
    with pytest.raises(ValueError, match="id 1 of <s>"):
        windows([[5, 1, 6]], 2)


# ----------------------------------------------------------- the training

def test_perplexity_by_hand():
    # all 4 words equally likely: perplexity 4, whatever the targets
    model = FixedWindowLM(4, 1, 2, 3).double()
    model.output.weight.data.zero_()
    assert np.isclose(perplexity(model, [[1], [2]], [0, 3]), 4)


def test_perplexity_weighs_tokens_whatever_the_batches():
    model = tiny(dropout=0.5)
    contexts, targets = counting(9)
    model.eval()
    logp = model(contexts).detach().numpy()[np.arange(45), targets]
    model.train()
    for size in (1, 7, 45, 100):
        assert np.allclose(token_log_probabilities(
            model, contexts, targets, size), logp)
        assert np.isclose(mean_loss(model, contexts, targets, size),
                          -logp.mean())
    assert np.isclose(perplexity(model, contexts, targets),
                      np.exp(-logp.mean()))
    assert model.training
    wrong = np.mean([np.exp(-part.mean()) for part in np.split(logp, 15)])
    assert wrong > perplexity(model, contexts, targets) + 1e-3


def test_one_epoch_of_one_batch_is_one_step_of_adam():
    model, same = tiny(), tiny()
    contexts, targets = counting(2)
    train_epoch(model, torch.optim.Adam(model.parameters()), contexts,
                targets, batch_size=10)
    adam = torch.optim.Adam(same.parameters())
    F.cross_entropy(same(contexts), torch.as_tensor(targets)).backward()
    adam.step()
    for a, b in zip(model.parameters(), same.parameters()):
        assert torch.allclose(a, b)


def test_stale_gradients_do_not_enter():
    model, same = tiny(), tiny()
    for p in model.parameters():
        p.grad = torch.full_like(p, 100.0)
    for m in (model, same):
        torch.manual_seed(1)
        train_epoch(m, torch.optim.SGD(m.parameters(), lr=0.1),
                    *counting(), 4)
    for a, b in zip(model.parameters(), same.parameters()):
        assert torch.allclose(a, b)


def test_training_has_dropout_on_and_measuring_has_it_off():
    model, seen = tiny(dropout=0.5).eval(), []
    model.dropout.register_forward_hook(
        lambda layer, *_: seen.append(layer.training))
    adam = torch.optim.Adam(model.parameters())
    fit(model, adam, counting(2), counting(1), epochs=2)
    assert seen == [True, False, True, False]


def test_fit_learns_and_repeats_itself():
    runs = []
    for _ in range(2):
        model = tiny(dropout=0.1, hidden_dim=16)
        adam = torch.optim.Adam(model.parameters(), lr=0.02)
        runs.append(fit(model, adam, counting(), counting(1), epochs=25))
    assert runs[0] == runs[1]
    assert perplexity(model, *counting(1)) < 1.1
    assert model.next_logits([3, 4]).argmax() == 5


def test_early_stopping_keeps_the_best_weights():
    # dev says the opposite of train: it gets worse once train is learnt
    model = tiny()
    adam = torch.optim.Adam(model.parameters(), lr=0.05)
    contexts, targets = counting(5)
    dev = contexts, 8 - targets.clip(2, 6)
    losses = [loss for _, loss in fit(model, adam, (contexts, targets), dev,
                                      epochs=60, patience=3)]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 3 < 60
    assert np.isclose(mean_loss(model, *dev), losses[best])


def test_fit_refuses_bad_numbers():
    model = tiny()
    adam = torch.optim.Adam(model.parameters())
    for wrong in (dict(epochs=0), dict(epochs=1, patience=0)):
        with pytest.raises(ValueError, match="at least 1, got 0"):
            fit(model, adam, counting(), counting(), **wrong)
    model.output.weight.data[0, 0] = float("nan")
    with pytest.raises(ValueError, match="nan.*in epoch 0"):
        fit(model, adam, counting(), counting(), epochs=1)
    with pytest.raises(ValueError, match="2 contexts and 1 targets"):
        mean_loss(model, [[1, 1, 1]] * 2, [0])
    with pytest.raises(ValueError, match="at least one"):
        mean_loss(model, np.zeros((0, 3), int), [])


# -------------------------------------------------------------- the files

def test_saved_weights_predict_the_same(tmp_path):
    model = tiny(dropout=0.5, num_blocks=0)
    save_model(model, tmp_path / "model.pt")
    same = load_model(tmp_path / "model.pt")
    assert not same.training and same.config == model.config
    assert np.array_equal(same.next_logits([4]), model.next_logits([4]))


def test_a_file_with_a_program_is_refused(tmp_path):
    torch.save({"config": nn.Linear(1, 1)}, tmp_path / "model.pt")
    with pytest.raises(pickle.UnpicklingError, match="global"):
        load_model(tmp_path / "model.pt")


# ----------------------------------------------------- where a model wins

def test_familiar_by_hand():
    seen = np.array([[3, 4, 5], [1, 1, 6]])
    #   4 5 | 3 4 5 | nothing | begins with <s>, though seen
    asked = np.array([[9, 4, 5], [3, 4, 5], [4, 5, 3], [1, 1, 6]])
    assert familiar(asked, seen).tolist() == [2, 3, 0, 0]


def test_error_by_sentences_is_larger_if_tokens_repeat():
    rng = np.random.default_rng(0)
    one = rng.normal(size=4000)
    targets = np.full(4000, 2)                  # sentences of one token
    mean, error = mean_by_sentence(one, targets)
    assert np.isclose(mean, one.mean())
    assert np.isclose(error, one.std() / 4000 ** 0.5)
    copies = np.repeat(one, 4), np.tile([5, 5, 5, 2], 4000)
    assert np.isclose(mean_by_sentence(*copies)[1], error)
