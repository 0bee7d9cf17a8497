"""What PyTorch says about the exercises on the fixed-window model."""

import copy

import torch
from torch import nn
from torch.nn import functional as F

from ..models.fixed_window_torch import FixedWindowLM
from .registry import NotYet, require

V, W, D, H, BLOCKS, RATE = 11, 3, 4, 6, 2, 0.5
IDS = torch.tensor([[1, 1, 7], [7, 0, 10], [7, 7, 3], [3, 7, 7]])


def _called(function, *arguments):
    """Return what the reader's function gives, or why there is nothing."""
    require(callable(function), "pass the function itself, without"
            f" calling it: got {type(function).__name__}")
    try:
        got = function(*arguments)
    except Exception as error:
        raise NotYet(f"it raised {type(error).__name__}: {error}") from error
    require(got is not None, "it returned None: is the return missing?")
    return got


# ------------------------------------------------------------------- J1

def made(make_model):
    """Return the reader's model, in 64 bits and evaluation mode."""
    model = _called(make_model, V, W, D, H, BLOCKS, RATE)
    require(isinstance(model, nn.Module), "it must return an nn.Module, got"
            f" {type(model).__name__}")
    return model.double().eval()


def check_shapes(model):
    """One context and a batch: shapes, equality, log-probabilities."""
    batch, one = _called(model, IDS), _called(model, IDS[1])
    for got, right in ((batch, (4, V)), (one, (V,))):
        require(tuple(got.shape) == right, f"the shape is"
                f" {tuple(got.shape)}, expected {right}")
    require(torch.allclose(batch[1], one), "one context gives other values"
            " than the same context in a batch")
    total = batch.exp().sum(-1)
    require(not torch.allclose(batch.sum(-1), torch.ones(4).double()),
            "these are probabilities: return their logarithms")
    require(torch.allclose(total, torch.ones(4).double()), "exp of the"
            " values of a context must sum to 1: end with log_softmax over"
            " the last axis")
    require(not torch.allclose(batch[2], batch[3]), "the order of the words"
            " is lost: concatenate the embeddings, do not add them")


def check_parameters(model):
    """The sizes of all parameters, in the order of their use."""
    right = [tuple(p.shape) for p in FixedWindowLM(
        V, W, D, H, BLOCKS, RATE).parameters()]
    got = [tuple(p.shape) for p in model.parameters()]
    require(not got or got[-1] != (V,), "the last layer has a bias: pass"
            " bias=False")
    require(sorted(got) == sorted(right), "the parameters have the shapes"
            f" {got}, expected {right}")
    require(got == right, "define the layers in the order in which they are"
            f" used: the shapes are {got}, expected {right}")


def check_dropout(model):
    """Dropout acts in train mode, with a new draw for each call."""
    model.train()
    torch.manual_seed(0)
    first, second = model(IDS), model(IDS)
    model.eval()
    require(not torch.equal(first, second), "dropout does nothing in train"
            " mode")
    require(torch.equal(model(IDS), model(IDS)), "dropout is on in"
            " evaluation mode")


class Variant(FixedWindowLM):
    """The model with a mistake, chosen by `how`."""

    def forward(self, ids, how=""):
        """Return the log-probabilities that the mistake gives."""
        h = self.hidden(self.embedding(ids).flatten(-2))
        h = self.norm(h if how == "tanh" else torch.tanh(h))
        for block in self.blocks:
            inner = block.linear(h)
            if how != "inner":
                inner = torch.tanh(inner)
            if how == "late":
                h = h + block.norm(inner)
            else:
                h = block.norm(inner if how == "skip" else h + inner)
        return F.log_softmax(self.output(h), -1)


def same_weights(model):
    """Return the reader's values, the right ones, those of mistakes."""
    right = Variant(V, W, D, H, BLOCKS, RATE).double().eval()
    with torch.no_grad():
        generator = torch.Generator().manual_seed(0)
        for p, theirs in zip(right.parameters(), model.parameters()):
            p.copy_(torch.randn(p.shape, generator=generator).double())
            theirs.copy_(p)
        mistakes = {hint: right(IDS, how).numpy() for hint, how in {
            "the block forgets to add its input": "skip",
            "in a block LayerNorm comes after the sum, not before": "late",
            "tanh is missing after the first layer": "tanh",
            "tanh is missing in the blocks": "inner"}.items()}
        return model(IDS).numpy(), right(IDS).numpy(), mistakes


# ------------------------------------------------------------------- J2

TRAIN = [([0, 2, 4, 1], [1, 0, 2, 2]), ([1, 1, 3, 0], [0, 1, 2, 0]),
         ([4, 2, 2, 3], [2, 2, 1, 0])]
DEV = [([0, 1, 2, 3, 4, 0], [1, 0, 2, 1, 0, 1]), ([3], [2])]


def _batches(pairs):
    """Return pairs of tensors, contexts (B,) of one word and targets."""
    return [tuple(map(torch.tensor, pair)) for pair in pairs]


def _start():
    """Return a model, its optimizer, and a list that notes its modes."""
    model = nn.Sequential(nn.Embedding(5, 3), nn.Dropout(0.0),
                          nn.LogSoftmax(-1)).double()
    with torch.no_grad():
        model[0].weight.copy_(torch.arange(15.0).reshape(5, 3) % 4 / 2)
    modes = []
    model[1].register_forward_hook(
        lambda layer, *_: modes.append(layer.training))
    return model, torch.optim.SGD(model.parameters(), lr=0.7), modes


def _epoch(model, optimizer, train, clear=True):
    """Train as one should, or without clearing the gradients."""
    for contexts, targets in train:
        if clear:
            optimizer.zero_grad()
        F.nll_loss(model(contexts), targets).backward()
        optimizer.step()


def one_epoch(run_epoch):
    """Return (what run_epoch did, what is right, what mistakes do)."""
    model, optimizer, modes = _start()
    got = {"value": _called(run_epoch, model, optimizer, _batches(TRAIN),
                            _batches(DEV))}
    got |= {"weights": model[0].weight.detach().numpy().copy(),
            "modes": modes, "after": model.training}
    if isinstance(got["value"], torch.Tensor):
        got["value"] = got["value"].item()
    right, mistakes = {}, {"weights": {}}
    for clear in (False, True):
        model, optimizer, _ = _start()
        _epoch(model, optimizer, _batches(TRAIN), clear)
        weights = model[0].weight.detach().numpy().copy()
        if not clear:
            mistakes["weights"] = {
                "the gradients of earlier minibatches are still in it":
                weights, "nothing was learnt: backward, then step":
                _start()[0][0].weight.detach().numpy()}
    right["weights"] = weights
    right["value"], mistakes["value"] = _perplexities(model)
    return got, right, mistakes


def _perplexities(model):
    """Return the perplexity on DEV, and what mistakes give."""
    with torch.no_grad():
        means = torch.stack([F.nll_loss(model(c), t)
                             for c, t in _batches(DEV)])
    sizes = torch.tensor([6.0, 1.0]).double()
    loss = (means @ sizes / 7).item()
    right = torch.tensor(loss).double().exp().item()
    return right, {
        "this is the mean of the perplexities of the batches: take exp"
        " last": means.exp().mean().item(),
        "the two batches have 6 tokens and 1: every token weighs the same":
            means.mean().exp().item(),
        "this is the mean loss: take exp": loss,
        "this is the sum of the losses: divide by the tokens": loss * 7}


# ------------------------------------------------------------------- J4

def told_apart(first, second):
    """Return whether a window of 5 tells two contexts apart.

    None if an id is not from 0 to 99.
    """
    torch.manual_seed(0)
    model = FixedWindowLM(100, 5, 4, 8).double()
    try:
        one, two = map(model.next_logits, (first, second))
    except ValueError:
        return None
    return bool((one != two).any())


# ------------------------------------------------------------------ L17

def first_layers(first_layer):
    """Yield (got, right, mistakes, what) for one context and a batch."""
    generator = torch.Generator().manual_seed(0)
    embedding, hidden = nn.Embedding(V, D).double(), nn.Linear(
        W * D, H).double()
    with torch.no_grad():
        for p in (*embedding.parameters(), *hidden.parameters()):
            p.copy_(torch.randn(p.shape, generator=generator).double())
        for ids, what in ((IDS[1], "one context"), (IDS, "a batch"),
                          (IDS[:1], "a batch of one")):
            e = embedding(ids)                          # (..., W, D)
            right = hidden(e.flatten(-2))
            mixed = hidden(e.transpose(-1, -2).flatten(-2))
            got = _called(first_layer, *copy.deepcopy((embedding, hidden)),
                          ids.clone())
            require(isinstance(got, torch.Tensor), f"{what}: expected a"
                    f" tensor, got {type(got).__name__}")
            yield got.detach().numpy(), right.numpy(), {
                "the embeddings are interleaved: all numbers of the first"
                " word come first": mixed.numpy(),
                "keep the axis of the batch": right.reshape(-1).numpy(),
                "one context has no axis for the batch":
                    right[None].numpy(),
            }, f"the first layer for {what}"
