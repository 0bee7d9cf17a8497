"""The checks of the chapter on the fixed-window language model."""

import numpy as np

from .registry import ask, expect, exercise, require

LOSSES, SIZES = np.array([1.0, 2.0, 4.0]), np.array([100, 60, 3])


@exercise("J1", "a fixed-window language model")
def j1(make_model):
    """Check (vocab_size, window, embedding_dim, hidden_dim, num_blocks,
    dropout) -> model, by its shapes, its parameters and its values."""
    from . import window_torch as peer
    model = peer.made(make_model)
    peer.check_shapes(model)
    peer.check_parameters(model)
    peer.check_dropout(model)
    got, right, mistakes = peer.same_weights(model)
    expect(got, right, "the log-probabilities", mistakes)


@exercise("J2", "an epoch of training, and the perplexity after it")
def j2(run_epoch):
    """Check (model, optimizer, train, dev) -> perplexity on dev."""
    from . import window_torch as peer
    got, right, mistakes = peer.one_epoch(run_epoch)
    expect(got["weights"], right["weights"],
           "the weights after three minibatches", mistakes["weights"])
    require(all(got["modes"][:3]), "dropout was off while you trained:"
            " call model.train() first")
    require(not any(got["modes"][3:]), "dropout was on while you measured:"
            " call model.eval() before")
    require(got["after"], "the model was in train mode before, and is in"
            " evaluation mode now: put the mode back")
    expect(got["value"], right["value"], "the perplexity on dev",
           mistakes["value"])


@exercise("J4", "where each model wins, and what a window cannot see")
def j4(compare, histories):
    """Check (log_p, log_q, seen) -> 2 x 2 perplexities, and two contexts.

    `histories` are two contexts of ids that differ, and that no model
    with a window of 5 words can tell apart.
    """
    rng = np.random.default_rng(0)
    log_p, log_q = np.log(rng.uniform(0.01, 0.9, size=(2, 9)))
    seen = np.array([1, 1, 0, 1, 0, 0, 1, 1, 1], dtype=bool)
    both, parts = (log_p, log_q), (seen, ~seen)
    right = np.array([[np.exp(-logs[part].mean()) for part in parts]
                      for logs in both])
    expect(ask(compare, log_p, log_q, seen), right, "the perplexities", {
        "row 1 is the first model, column 1 the seen contexts":
            right[:, ::-1],
        "one row for each model, one column for each kind": right.T,
        "exp of the mean, not the mean of exp": [
            [np.exp(-logs[part]).mean() for part in parts]
            for logs in both],
        "these are losses: take exp": np.log(right),
        "divide by the number of tokens of the kind, not of all": [
            [np.exp(-logs[part].sum() / 9) for part in parts]
            for logs in both],
        "exp of minus the mean log-probability": 1 / right})
    _check_histories(histories)


def _check_histories(histories):
    """Two lists of ids that differ, but not in the last five places."""
    from . import window_torch as peer
    require(isinstance(histories, (list, tuple)) and len(histories) == 2,
            "histories: pass two contexts, each a list of ids")
    first, second = (list(map(int, ids)) for ids in histories)
    require(first != second, "histories: the two contexts are the same")
    require(1 not in first + second, "histories: leave out <s>, id 1: it"
            " is put on the left of a short context")
    apart = peer.told_apart(first, second)
    require(apart is not None, "histories: take ids from 0 to 99")
    require(not apart, "histories: a window of 5 words tells these apart:"
            " they must differ further back only")


@exercise("L15", "perplexity from the losses of batches")
def l15(perplexity):
    """Check (mean loss of each batch, its tokens) -> perplexity."""
    right = np.exp(LOSSES @ SIZES / SIZES.sum())
    expect(ask(perplexity, LOSSES, SIZES), right, "the perplexity", {
        "this is the mean of the perplexities of the batches: take the"
        " mean of the losses first, and exp last": np.exp(LOSSES).mean(),
        "this is a mean of perplexities, weighted by tokens: take the mean"
        " of the losses first, and exp last":
            np.exp(LOSSES) @ SIZES / SIZES.sum(),
        "every token weighs the same, not every batch: the last batch has"
        " fewer": np.exp(LOSSES.mean()),
        "this is the mean loss: take exp": np.log(right),
        "with losses in nats the base is e, not 2": 2 ** np.log(right)})


@exercise("L17", "the first layer for one context and for a batch")
def l17(first_layer):
    """Check (embedding, hidden, ids) -> (H,) or (B, H)."""
    from . import window_torch as peer
    for got, right, mistakes, what in peer.first_layers(first_layer):
        expect(got, right, what, mistakes)
