"""GloVe: counts, the loss and its gradients, training, the best fit."""

import itertools

import numpy as np
import pytest
import torch
from scipy import sparse

from lmbook.data.fourgrams import fourgrams
from lmbook.gradcheck import (
    GradientError, check_vjp, numerical_jacobian)
from lmbook.models.glove import (
    DenseTargets, GloVe, SparseTargets, best_fit, centred, cooccurrence,
    fit, log_counts, losses_by_length, paper_weights, remaining)
from lmbook.optim import SGD, AdaGrad

BLOCKS = ("W", "U", "b", "t")


def point(V=5, D=3, seed=0):
    """Return random W, U, b, t."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=n) for n in ((V, D), (V, D), V, V)]


def random_logs(V=5, seed=1):
    return np.random.default_rng(seed).normal(size=(V, V))


def by_loops(logs, W, U, b, t, weights=None):
    """The loss and the gradients, one pair at a time, as in the paper."""
    f = np.ones_like(logs) if weights is None else weights
    loss, slopes = 0.0, [np.zeros_like(p) for p in (W, U, b, t)]
    for i, j in itertools.product(range(len(b)), repeat=2):
        error = W[i] @ U[j] + b[i] + t[j] - logs[i, j]
        loss += f[i, j] * error**2
        pull = 2 * f[i, j] * error
        for slope, at, part in zip(slopes, (i, j, i, j),
                                   (U[j], W[i], 1.0, 1.0)):
            slope[at] += pull * part
    return loss, *slopes


# ----------------------------------------------------------------- counts

def test_counts_by_hand():
    # 0 1 2 1 | 2 0, window 2: 01 02 12 11 21 and 20
    X = cooccurrence([[0, 1, 2, 1], [2, 0]], 3, 2).toarray()
    assert X.tolist() == [[0, 1, 1], [0, 1, 1], [1, 1, 0]]


def test_counts_by_distance_by_hand():
    # 0 1 0: pairs 01 and 10 at distance 1, 00 at distance 2
    X = cooccurrence([[0, 1, 0]], 2, 2, by_distance=True).toarray()
    assert X.tolist() == [[0.5, 1], [1, 0]]


@pytest.mark.parametrize("both_sides, by_distance, window", [
    *itertools.product((False, True), (False, True), (1, 3, 20))])
def test_counts_are_those_of_a_loop(both_sides, by_distance, window):
    rng = np.random.default_rng(0)
    sentences = [rng.integers(6, size=n) for n in (0, 1, 2, 7, 5)]
    X = np.zeros((6, 6))
    for ids in sentences:
        for i, j in itertools.combinations(range(len(ids)), 2):
            if j - i <= window:
                X[ids[i], ids[j]] += 1 / (j - i) if by_distance else 1
    got = cooccurrence(sentences, 6, window, both_sides=both_sides,
                       by_distance=by_distance)
    np.testing.assert_allclose(got.toarray(), X + X.T * both_sides)
    assert got.has_canonical_format


def test_an_array_of_windows_is_its_rows():
    runs = np.random.default_rng(0).integers(6, size=(9, 4))
    assert (cooccurrence(runs, 6) != cooccurrence(runs.tolist(), 6)).nnz == 0


@pytest.mark.parametrize("nothing", [[], [[]], [[], []], [[3]]])
def test_no_pairs(nothing):
    assert cooccurrence(nothing, 4).toarray().tolist() == [[0] * 4] * 4


@pytest.mark.parametrize("sentences, options, message", [
    ([[0, 4]], {}, "id 4 is outside 0 to 3"),
    ([[0, -1]], {}, "id -1 is outside 0 to 3"),
    ([[0.5, 1]], {}, "ids must be whole numbers, got float64"),
    ([[0, 1]], {"window": 0}, "window must be a whole number above 0"),
    ([[0, 1]], {"window": 1.5}, "window must be a whole number above 0"),
])
def test_counts_refuse(sentences, options, message):
    with pytest.raises(ValueError, match=message):
        cooccurrence(sentences, 4, **options)


# ------------------------------------------------------------- logarithms

def test_log_counts_by_hand():
    # log(2 * 3 + 1), log 1
    np.testing.assert_allclose(
        log_counts([[3, 0], [0, 3]], scale=2),
        [[np.log(7), 0], [0, np.log(7)]])


def test_sparse_log_counts_are_the_dense_ones():
    X = np.random.default_rng(0).integers(0, 3, (5, 5))
    thin = log_counts(sparse.csr_array(X), scale=1.5)
    np.testing.assert_allclose(thin.toarray(), log_counts(X, scale=1.5))


def test_a_text_and_its_double_have_the_same_log_counts():
    X = np.random.default_rng(0).integers(0, 3, (5, 5))
    np.testing.assert_allclose(log_counts(X, scale=2), log_counts(2 * X))


@pytest.mark.parametrize("counts, options, message", [
    ([[1, -2], [0, 1]], {}, "must not be negative, got -2"),
    ([[1, 2]], {}, r"shape \(1, 2\), expected a square"),
    ([1, 2], {}, r"shape \(2,\), expected a square"),
    ([[np.nan]], {}, "must be finite"),
    ([[1, 1], [0, 1]], {"smoothing": 0}, "row 1, column 0 is 0"),
    ([[1]], {"smoothing": -1}, "smoothing must be at least 0"),
    ([[1]], {"scale": 0}, "scale must be above 0"),
    (sparse.eye_array(2), {"smoothing": 0.5}, "need smoothing 1, got 0.5"),
    (-sparse.eye_array(2), {}, "must not be negative"),
])
def test_log_counts_refuse(counts, options, message):
    with pytest.raises(ValueError, match=message):
        log_counts(counts, **options)


def test_weights_of_the_paper():
    # figure 1 of the paper: x_max 100, alpha 3/4; 1/16 to the 3/4 is 1/8
    weights = paper_weights([[0, 6.25], [100, 1000]])
    assert weights.tolist() == [[0, 0.125], [1, 1]]
    thin = paper_weights(sparse.csr_array([[0, 6.25], [100, 1000]]))
    assert thin.toarray().tolist() == weights.tolist()


@pytest.mark.parametrize("options", [{"largest": 0}, {"alpha": -1}])
def test_weights_refuse(options):
    with pytest.raises(ValueError, match="must be above 0"):
        paper_weights([[1]], **options)


# ------------------------------------------------------ loss and gradients

def test_gradients_by_hand():
    # scores 1*2 + 0 + 1 = 3 against 1: error 2, so 2*2*2, 2*2*1, 4, 4
    one = np.ones((1, 1))
    got = DenseTargets(one).gradients(one, 2 * one, [0.0], [1.0])
    assert [np.ravel(x).item() for x in got] == [4, 8, 4, 4, 4]


@pytest.mark.parametrize("V, D", [(1, 1), (2, 1), (5, 3), (3, 5)])
@pytest.mark.parametrize("weighted", [False, True])
def test_gradients_are_those_of_loops(V, D, weighted):
    logs, blocks = random_logs(V), point(V, D)
    weights = np.abs(random_logs(V, 2)) if weighted else None
    targets = DenseTargets(logs, weights)
    for got, right in zip(targets.gradients(*blocks),
                          by_loops(logs, *blocks, weights), strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-12, atol=1e-12)
    assert targets.loss(*blocks) == pytest.approx(
        by_loops(logs, *blocks, weights)[0])


@pytest.mark.parametrize("weighted", [False, True])
def test_each_block_against_differences_and_torch(weighted):
    logs, blocks = random_logs(), point()
    weights = np.abs(random_logs(seed=2)) if weighted else np.ones((5, 5))
    targets = DenseTargets(logs, weights if weighted else None)
    leaves = [torch.tensor(p, requires_grad=True) for p in blocks]
    w, u, b, t = leaves
    error = w @ u.T + b[:, None] + t - torch.tensor(logs)
    loss = (torch.tensor(weights) * error**2).sum()
    theirs = torch.autograd.grad(loss, leaves)
    check_vjp(targets.loss, lambda g, *p: tuple(
        g * s for s in targets.gradients(*p)[1:]), tuple(blocks))
    for got, right in zip(targets.gradients(*blocks)[1:], theirs):
        np.testing.assert_allclose(got, right, rtol=1e-12)


@pytest.mark.parametrize("constant", [0.0, -1.25])
@pytest.mark.parametrize("V, D", [(1, 1), (7, 3), (40, 10)])
def test_sparse_equals_dense(V, D, constant):
    S = sparse.random_array((V, V), density=0.3, rng=0)
    blocks = point(V, D)
    dense = DenseTargets(S.toarray() + constant)
    thin = SparseTargets(S, constant)
    assert thin.pairs == dense.pairs
    assert thin.loss(*blocks) == pytest.approx(dense.loss(*blocks), 1e-10)
    for got, right in zip(thin.gradients(*blocks),
                          dense.gradients(*blocks), strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-10, atol=1e-10)


def test_sparse_equals_dense_on_docs_in_both_types():
    data = fourgrams("docs")
    logs = log_counts(cooccurrence(data.windows["train"], 251))
    for dtype, rtol in ((np.float64, 1e-10), (np.float32, 1e-3)):
        blocks = [p.astype(dtype) for p in point(251, 10)]
        dense = DenseTargets(logs.toarray(), dtype=dtype)
        thin = SparseTargets(logs, dtype=dtype)
        for got, right in zip(thin.gradients(*blocks),
                              dense.gradients(*blocks)):
            assert np.asarray(got).dtype == np.asarray(right).dtype
            np.testing.assert_allclose(
                got, right, rtol=rtol, atol=rtol * np.abs(right).max())


@pytest.mark.parametrize("kind", [DenseTargets, SparseTargets])
def test_nothing_is_changed(kind):
    logs = np.round(random_logs(), 1)
    given = sparse.csr_array(logs) if kind is SparseTargets else logs
    before, blocks = given.copy(), point()
    copies = [p.copy() for p in blocks]
    targets = kind(given)
    first = targets.gradients(*blocks)
    for again, got in zip(targets.gradients(*blocks), first):
        np.testing.assert_array_equal(again, got)
    assert abs(before - given).max() == 0
    for p, copy in zip(blocks, copies):
        np.testing.assert_array_equal(p, copy)
    counts = np.eye(3)
    log_counts(counts), paper_weights(counts), centred(counts)
    assert (counts == np.eye(3)).all()


@pytest.mark.parametrize("make, message", [
    (lambda: DenseTargets([[1.0, 2.0]]), "expected a square"),
    (lambda: DenseTargets([[np.inf]]), "must be finite"),
    (lambda: DenseTargets([[1.0]], [[-1.0]]), "weights must be at least 0"),
    (lambda: DenseTargets(np.eye(2), [[1.0]]), "weights must be at least 0"),
    (lambda: SparseTargets(np.eye(2)), "expected a sparse matrix"),
    (lambda: SparseTargets(sparse.csr_array((2, 3))), "expected a square"),
    (lambda: SparseTargets(sparse.eye_array(2), np.nan), "must be finite"),
])
def test_targets_refuse(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# ------------------------------------------------- wrong versions, caught

def wrong_gradients(logs, W, U, b, t):
    """Yield the name and the value of some wrong gradients by W."""
    E = W @ U.T + b[:, None] + t - logs
    mean = (logs + logs.T) / 2
    yield "symmetrised logs", 2 * (E + logs - mean) @ U
    yield "no factor 2", E @ U
    yield "transposed errors", 2 * E.T @ U
    yield "own vectors", 2 * E @ W
    yield "no bias", 2 * (E - b[:, None]) @ U
    yield "other sign", -2 * E @ U


@pytest.mark.parametrize("k", range(6))
def test_a_wrong_gradient_is_caught(k):
    logs, (W, U, b, t) = random_logs(), point()
    targets = DenseTargets(logs)
    name, _ = list(wrong_gradients(logs, W, U, b, t))[k]
    with pytest.raises(GradientError):
        check_vjp(lambda W: targets.loss(W, U, b, t), lambda g, W: g * dict(
            wrong_gradients(logs, W, U, b, t))[name], W)


def test_symmetrised_logs_give_the_gradient_of_another_loss():
    logs, (W, U, b, t) = random_logs(), point()
    mean = DenseTargets((logs + logs.T) / 2)
    wrong = mean.gradients(W, U, b, t)[1]
    slopes = numerical_jacobian(lambda W: mean.loss(W, U, b, t), W)
    np.testing.assert_allclose(wrong, slopes, rtol=1e-6, atol=1e-7)
    right = DenseTargets(logs).gradients(W, U, b, t)[1]
    np.testing.assert_allclose(wrong - right, (logs - logs.T) @ U)


# ---------------------------------------------------- parameters, training

@pytest.mark.parametrize("V, D", [(2, 1), (251, 10), (50, 300)])
def test_number_of_parameters(V, D):
    rng = np.random.default_rng(0)
    two, one = (GloVe(V, D, symmetric=symmetric, rng=rng)
                for symmetric in (False, True))
    assert two.parameters().data.size == 2 * V * (D + 1)
    assert one.parameters().data.size == V * (D + 1)
    assert np.abs(two.parameters().data).max() <= 0.5 / D


def test_one_vector_sees_its_row_and_its_column():
    model = GloVe(5, 3, symmetric=True, rng=np.random.default_rng(0))
    logs, theta = random_logs(), model.parameters()
    start = theta.data.copy()

    def loss(vector):
        theta.data[:] = vector
        return model.loss(DenseTargets(logs))

    slopes = numerical_jacobian(loss, start)
    theta.data[:] = start
    assert model.loss_and_grad(DenseTargets(logs)) == loss(start)
    np.testing.assert_allclose(theta.grad, slopes, rtol=1e-6, atol=1e-6)
    W, _, b, _ = model.blocks
    E = W @ W.T + b[:, None] + b - (logs + logs.T) / 2
    np.testing.assert_allclose(theta.grad[:15].reshape(5, 3), 4 * E @ W)
    np.testing.assert_allclose(model.scores(), model.scores().T)


def test_gradients_add_up_until_they_are_cleared():
    model = GloVe(5, 3, rng=np.random.default_rng(0))
    targets, theta = DenseTargets(random_logs()), model.parameters()
    model.loss_and_grad(targets)
    once = theta.grad.copy()
    model.loss_and_grad(targets)
    np.testing.assert_allclose(theta.grad, 2 * once)
    dW, dU, db, dt = targets.gradients(*model.blocks)[1:]
    np.testing.assert_allclose(once, np.concatenate(
        [x.ravel() for x in (dW, db, dU, dt)]))


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("D", [1, 3])
def test_training_reaches_the_best_fit(symmetric, D):
    logs = random_logs(8)
    model = GloVe(8, D, symmetric=symmetric, rng=np.random.default_rng(1))
    fit(model, DenseTargets(logs), epochs=2000)
    best = remaining(logs, symmetric=symmetric)[D]
    assert best - 1e-9 <= model.loss(DenseTargets(logs)) < best + 1e-3


@pytest.mark.parametrize("rule, lr", [(SGD, 0.01), (AdaGrad, 0.2)])
def test_other_optimisers_descend(rule, lr):
    logs = random_logs(6)
    model = GloVe(6, 2, rng=np.random.default_rng(0))
    history = fit(model, DenseTargets(logs), epochs=200,
                  optimizer=rule(model.parameters(), lr=lr))
    assert history["train"][-1] < 0.5 * history["train"][0]


def test_training_is_deterministic_and_follows_the_validation():
    logs, new = DenseTargets(random_logs()), DenseTargets(random_logs(seed=5))
    runs = []
    for _ in range(2):
        model = GloVe(5, 2, rng=np.random.default_rng(0))
        runs.append(fit(model, logs, epochs=20, validation=new))
        assert runs[-1]["validation"][-1] == model.loss(new) / 25
    np.testing.assert_array_equal(runs[0]["train"], runs[1]["train"])
    assert len(runs[0]["train"]) == len(runs[0]["validation"]) == 20


def test_sparse_training_is_dense_training():
    S = sparse.random_array((9, 9), density=0.3, rng=0)
    models = []
    for targets in (DenseTargets(S.toarray()), SparseTargets(S)):
        models.append(GloVe(9, 2, rng=np.random.default_rng(0)))
        fit(models[-1], targets, epochs=50)
    np.testing.assert_allclose(models[0].scores(), models[1].scores(), 1e-6)


def test_vectors_are_a_copy():
    two = GloVe(5, 2, rng=np.random.default_rng(0))
    W, U, _, _ = two.blocks
    np.testing.assert_array_equal(two.vectors, W + U)
    one = GloVe(5, 2, symmetric=True, rng=np.random.default_rng(0))
    one.vectors[:] = 9
    assert (one.vectors != 9).all()


@pytest.mark.parametrize("V, D", [(0, 1), (3, 0), (3, 1.5), (-2, 1)])
def test_model_refuses_sizes(V, D):
    with pytest.raises(ValueError, match="whole number above 0"):
        GloVe(V, D, rng=np.random.default_rng(0))


def test_fit_refuses():
    model = GloVe(3, 1, rng=np.random.default_rng(0))
    good, bad = DenseTargets(np.eye(3)), DenseTargets(np.eye(2))
    with pytest.raises(ValueError, match="epochs must be"):
        fit(model, good, epochs=0)
    for options in ({"targets": bad}, {"targets": good, "validation": bad}):
        with pytest.raises(ValueError, match=r"shape \(2, 2\), expected"):
            fit(model, epochs=1, **options)
    with pytest.raises(ValueError, match="loss became"), np.errstate(
            all="ignore"):
        fit(model, good, epochs=500,
            optimizer=SGD(model.parameters(), lr=1e3))


# ------------------------------------------------------------ the best fit

@pytest.mark.parametrize("symmetric", [False, True])
def test_best_fit_has_the_loss_that_remains(symmetric):
    logs = random_logs(6)
    losses = remaining(logs, symmetric=symmetric)
    assert (np.diff(losses) <= 1e-12).all()
    for D in range(1, 7):
        blocks = best_fit(logs, D, symmetric=symmetric)
        assert DenseTargets(logs).loss(*blocks) == pytest.approx(
            losses[D], abs=1e-9)
        if symmetric:
            np.testing.assert_allclose(blocks[0], blocks[1])
            np.testing.assert_allclose(blocks[2], blocks[3])


@pytest.mark.parametrize("symmetric", [False, True])
def test_at_the_best_fit_the_gradient_vanishes(symmetric):
    logs = random_logs(6)
    dW, dU, db, dt = DenseTargets(logs).gradients(
        *best_fit(logs, 2, symmetric=symmetric))[1:]
    slopes = (dW + dU, db + dt) if symmetric else (dW, dU, db, dt)
    for slope in slopes:
        np.testing.assert_allclose(slope, 0, atol=1e-10)


def test_one_vector_cannot_fit_a_negative_product():
    # left of the biases: [[-1/2, 1/2], [1/2, -1/2]], eigenvalue -1
    logs = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert remaining(logs)[1] == pytest.approx(0, abs=1e-12)
    assert remaining(logs, symmetric=True)[2] == pytest.approx(1)


@pytest.mark.parametrize("symmetric", [False, True])
def test_losses_by_length_are_those_of_each_fit(symmetric):
    logs, new = random_logs(6), random_logs(6, seed=7)
    curve = losses_by_length(logs, new, symmetric=symmetric)
    for D in range(1, 7):
        W, U, b, t = best_fit(logs, D, symmetric=symmetric)
        assert curve[D] == pytest.approx(
            np.square(W @ U.T + b[:, None] + t - new).mean())
    same = losses_by_length(logs, logs, symmetric=symmetric)
    np.testing.assert_allclose(
        36 * same, remaining(logs, symmetric=symmetric), atol=1e-9)


@pytest.mark.parametrize("call, message", [
    (lambda: remaining([[1.0, 2.0]]), "expected a square"),
    (lambda: remaining([[np.nan]]), "must be finite"),
    (lambda: best_fit(np.eye(2), 0), "between 1 and 2, got 0"),
    (lambda: best_fit(np.eye(2), 3), "between 1 and 2, got 3"),
    (lambda: losses_by_length(np.eye(2), np.eye(3)), "the new ones"),
])
def test_best_fit_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
