"""Answers to F1, F11 and E8: right ones, wrong ones with their hint."""

import numpy as np

import lmbook.functional as F
from lmbook.checks.layer_functions import SIGNATURES

from six_functions import PLANTED, RIGHT as SIX


def six(text):
    names = {}
    exec(text, names)
    return tuple(names.get(name) for name in SIGNATURES)


def network(X, layers, last=False):
    for k, (W, b) in enumerate(layers):
        X = X @ W.T + b
        if last or k < len(layers) - 1:
            X = F.relu(X)
    return X


def with_functions(X, layers):          # which copy their arguments
    for k, (W, b) in enumerate(layers):
        X = F.linear(F.relu(X) if k else X, W, b)
    return X


def with_asarray(X, layers):
    X = np.asarray(X)
    layers = [(np.asarray(W), np.asarray(b)) for W, b in layers]
    for k, (W, b) in enumerate(layers):
        X = (np.maximum(X, 0) if k else X) @ W.T + b
    return X


def with_lists(X, layers):
    return network(np.array(X.tolist()), [
        (np.array(W.tolist()), np.array(b.tolist())) for W, b in layers])


def row_by_row(X, layers):
    return np.stack([network(x, layers) for x in X])


def affine(X, layers):
    for W, b in layers:
        X = X @ W.T + b
    return X


def neuron(x, w, b, activation):
    return activation(w @ x + b)


def collapse(layers):
    W, b = layers[0]
    for weight, bias in layers[1:]:
        W, b = weight @ W, weight @ b + bias
    return W, b


def wrong_side(layers):
    W, b = layers[0]
    for weight, bias in layers[1:]:
        W, b = W @ weight, weight @ b + bias
    return W, b


RIGHT = {
    "F1": [six(SIX)],
    "F11": [(network,), (with_functions,), (with_asarray,), (with_lists,)],
    "E8": [(neuron, collapse)],
}

WRONG = [("F1", six(SIX.replace(old, new)), hint)
         for old, new, mistake, _, hint in PLANTED
         if mistake not in ("missing-function", "wrong-value")]
WRONG += [
    ("F11", (row_by_row,), "one product serves all rows"),
    ("F11", (lambda X, layers: network(X, layers, last=True),),
     "no ReLU after the last layer"),
    ("F11", (affine,), "ReLU belongs between the layers"),
    ("F11", (lambda X, layers: [W for W, b in layers],), "output of 1"),
    ("F11", (lambda X, layers: np.stack([
        with_functions(x, layers) for x in X]),),
     r"lines of Python run for 7 examples, .*one product serves all rows"),
    ("F11", (lambda X, layers: with_asarray(X, layers) if len(X) == 7
             else np.array([with_asarray(x, layers) for x in X]),),
     "one product serves all rows"),
    ("F11", (lambda X, layers: network(X, layers + [
        (np.eye(len(layers[-1][1])), 0)] * (3 - len(layers))),), "output of"),
    ("E8", (lambda x, w, b, f: w @ f(x) + b, collapse),
     "with relu: the activation comes last"),
    ("E8", (lambda x, w, b, f: f(w @ x) + b, collapse),
     "bias goes inside"),
    ("E8", (lambda x, w, b, f: w @ x + b, collapse),
     "apply the activation"),
    ("E8", (lambda x, w, b, f: f(w @ x), collapse), "bias is missing"),
    ("E8", (lambda x, w, b, f: f(w * x + b), collapse), "one number"),
    ("E8", (neuron, lambda layers: collapse(layers)[0]),
     "return two arrays"),
    ("E8", (neuron, wrong_side), "a later weight stands on the left"),
    ("E8", (neuron, lambda layers: (
        collapse(layers)[0], sum(b for _, b in layers))),
     "act on earlier biases too"),
    ("E8", (neuron, lambda layers: (collapse(layers)[0], layers[-1][1])),
     "the last bias alone"),
]
