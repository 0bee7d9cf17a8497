"""Answers to J1, J2, J4, L15 and L17."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from lmbook.models.fixed_window_torch import FixedWindowLM

# ------------------------------------------------------------------- J1


class Block(nn.Module):
    """The reader's residual block, or one with a mistake."""

    def __init__(self, size, rate, how=""):
        super().__init__()
        self.linear, self.norm = nn.Linear(size, size), nn.LayerNorm(size)
        self.dropout, self.how = nn.Dropout(rate), how

    def forward(self, h):
        inner = self.linear(h)
        if self.how != "inner":
            inner = torch.tanh(inner)
        if self.how == "skip":
            return self.dropout(self.norm(inner))
        if self.how == "late":
            return self.dropout(h + self.norm(inner))
        return self.dropout(self.norm(h + inner))


class Model(nn.Module):
    """The reader's model, or one with a mistake."""

    def __init__(self, v, w, d, h, blocks, rate, how=""):
        super().__init__()
        self.how = how
        self.table = nn.Embedding(v, d)
        self.first = nn.Linear(d if how == "bag" else w * d, h)
        self.norm, self.dropout = nn.LayerNorm(h), nn.Dropout(rate)
        if how == "silent":
            self.dropout, rate = nn.Dropout(0.0), 0.0
        self.blocks = nn.Sequential(
            *(Block(h, rate, how) for _ in range(blocks)))
        self.last = nn.Linear(h, v, bias=how == "bias")

    def forward(self, ids):
        e = self.table(ids)
        e = e.sum(-2) if self.how == "bag" else e.flatten(-2)
        if self.how == "batch":
            e = e.reshape(-1, self.first.in_features)
        h = self.first(e)
        h = self.dropout(self.norm(
            h if self.how == "tanh" else torch.tanh(h)))
        logits = self.last(self.blocks(h))
        if self.how == "softmax":
            return logits.softmax(-1)
        if self.how == "logits":
            return logits
        if self.how == "axis":
            return logits.log_softmax(0)
        if self.how == "loud":
            return F.dropout(logits, 0.5).log_softmax(-1)
        return logits.log_softmax(-1)


def wrong_model(how):
    return lambda *sizes: Model(*sizes, how)


class Disorder(Model):
    """The last layer is defined first."""

    def __init__(self, v, w, d, h, blocks, rate):
        super().__init__(v, w, d, h, blocks, rate)
        table, self.table = self.table, None
        del self.table
        self.table = table


# ------------------------------------------------------------------- J2


def run_epoch(model, optimizer, train, dev, how=""):
    if how != "asleep":
        model.train()
    else:
        model.eval()
    for contexts, targets in train:
        if how != "stale":
            optimizer.zero_grad()
        loss = F.nll_loss(model(contexts), targets)
        if how != "idle":
            loss.backward()
        optimizer.step()
    if how != "awake":
        model.eval()
    with torch.no_grad():
        sums = [F.nll_loss(model(c), t, reduction="sum") for c, t in dev]
    if how != "stuck":
        model.train()
    sizes = [len(t) for _, t in dev]
    means = np.array([s.item() / n for s, n in zip(sums, sizes)])
    loss = sum(sums).item() / sum(sizes)
    return {"mean": np.exp(means).mean(), "batches": np.exp(means.mean()),
            "loss": loss, "sum": sum(sums).item()}.get(how, np.exp(loss))


def wrong_epoch(how):
    return lambda *arguments: run_epoch(*arguments, how)


# ------------------------------------------------------------------- J4


def compare(log_p, log_q, seen):
    return [[np.exp(-logs[part].mean()) for part in (seen, ~seen)]
            for logs in (log_p, log_q)]


def changed(function):
    return lambda *a: function(np.array(compare(*a)))


def mean_of_exp(log_p, log_q, seen):
    return [[np.exp(-logs[part]).mean() for part in (seen, ~seen)]
            for logs in (log_p, log_q)]


def over_all(log_p, log_q, seen):
    return [[np.exp(-logs[part].sum() / len(seen))
             for part in (seen, ~seen)] for logs in (log_p, log_q)]


FAR = [9, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8]

# ------------------------------------------------------------ L15, L17


def perplexity(losses, sizes):
    return np.exp(losses @ sizes / sizes.sum())


def first_layer(embedding, hidden, ids):
    return hidden(embedding(ids).flatten(-2))


RIGHT = {
    "J1": [(Model,), (FixedWindowLM,)],
    "J2": [(run_epoch,)],
    "J4": [(compare, FAR), (compare, [list(FAR[0]) + [4] * 5, [4] * 9])],
    "L15": [(perplexity,)],
    "L17": [(first_layer,), (lambda e, f, ids: f(
        e(ids).reshape(*ids.shape[:-1], -1)),)],
}

WRONG = [
    ("J1", (wrong_model("skip"),), "forgets to add its input"),
    ("J1", (wrong_model("late"),), "LayerNorm comes after the sum"),
    ("J1", (wrong_model("tanh"),), "tanh is missing after the first"),
    ("J1", (wrong_model("inner"),), "tanh is missing in the blocks"),
    ("J1", (wrong_model("bag"),), "the order of the words is lost"),
    ("J1", (wrong_model("batch"),), "expected .11,."),
    ("J1", (wrong_model("softmax"),), "return their logarithms"),
    ("J1", (wrong_model("logits"),), "end with log_softmax"),
    ("J1", (wrong_model("axis"),), "one context gives other values"),
    ("J1", (wrong_model("bias"),), "pass bias=False"),
    ("J1", (wrong_model("silent"),), "dropout does nothing"),
    ("J1", (wrong_model("loud"),), "other values|dropout is on"),
    ("J1", (Disorder,), "in the order in which they are used"),
    ("J1", (lambda *s: Model(*s[:3], 7, *s[4:]),), "parameters have the"),
    ("J1", (lambda *s: None,), "is the return missing"),
    ("J1", (lambda *s: 3,), "must return an nn.Module"),
    ("J1", (3,), "pass the function itself"),
    ("J2", (wrong_epoch("stale"),), "gradients of earlier minibatches"),
    ("J2", (wrong_epoch("idle"),), "nothing was learnt"),
    ("J2", (wrong_epoch("asleep"),), "dropout was off while you trained"),
    ("J2", (wrong_epoch("awake"),), "dropout was on while you measured"),
    ("J2", (wrong_epoch("stuck"),), "put the mode back"),
    ("J2", (wrong_epoch("mean"),), "take exp last"),
    ("J2", (wrong_epoch("batches"),), "every token weighs the same"),
    ("J2", (wrong_epoch("loss"),), "this is the mean loss"),
    ("J2", (wrong_epoch("sum"),), "divide by the tokens"),
    ("J2", (lambda *a: run_epoch(*a) and None,), "is the return missing"),
    ("J4", (changed(lambda r: r[:, ::-1]), FAR), "column 1 the seen"),
    ("J4", (changed(np.transpose), FAR), "one row for each model"),
    ("J4", (changed(np.log), FAR), "these are losses"),
    ("J4", (changed(lambda r: 1 / r), FAR), "exp of minus"),
    ("J4", (mean_of_exp, FAR), "not the mean of exp"),
    ("J4", (over_all, FAR), "tokens of the kind"),
    ("J4", (compare, ([4, 5], [4, 6])), "tells these apart"),
    ("J4", (compare, ([4, 5], [4, 5])), "are the same"),
    ("J4", (compare, ([1, 4, 5], [4, 5])), "leave out <s>"),
    ("J4", (compare, ([1000] * 5, [4] * 5)), "from 0 to 99"),
    ("J4", (compare, 3), "pass two contexts"),
    ("L15", (lambda x, n: np.exp(x).mean(),), "the mean of the perplex"),
    ("L15", (lambda x, n: np.exp(x) @ n / n.sum(),), "weighted by tokens"),
    ("L15", (lambda x, n: np.exp(x.mean()),), "not every batch"),
    ("L15", (lambda x, n: x @ n / n.sum(),), "this is the mean loss"),
    ("L15", (lambda x, n: 2 ** (x @ n / n.sum()),), "the base is e"),
    ("L17", (lambda e, f, ids: f(e(ids)),), "mat1 and mat2 shapes"),
    ("L17", (lambda e, f, ids: f(e(ids).flatten()),),
     "mat1 and mat2 shapes"),
    ("L17", (lambda e, f, ids: f(e(ids).reshape(-1, 12)),),
     "no axis for the batch"),
    ("L17", (lambda e, f, ids: f(e(ids).mT.flatten(-2)),), "interleaved"),
    ("L17", (lambda e, f, ids: f(e(ids).flatten(-2)).squeeze(0),),
     "keep the axis|the shape is"),
    ("L17", (lambda e, f, ids: 3,), "expected a tensor"),
]
