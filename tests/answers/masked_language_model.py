"""Answers to J5 to J8, L5, L6 and L20: right, and wrong with their hint."""

import numpy as np

from lmbook.functional import softmax
from lmbook.gradcheck import numerical_jacobian
from lmbook.training import History


def loss_and_gradients(ids, targets, E, W, b, Q, c, *, every=False,
                       slope=True, last=False, share=None):
    n = np.arange(len(ids))
    x = E[ids].reshape(len(ids), -1)
    a = 1 / (1 + np.exp(-(x @ W.T + b)))
    w, V, H = Q.shape
    z = (a @ Q.reshape(-1, H).T + c.ravel()).reshape(-1, w, V)
    dz = softmax(z)
    loss = -np.log(dz[n, (ids == 0).argmax(1), targets]).mean()
    dz[n, :, targets] -= 1
    if not every:
        dz *= (ids == 0)[:, :, None]
    dz = dz.reshape(len(ids), -1) / (len(ids) if share is None else share)
    du = dz @ Q.reshape(-1, H)
    du = du * a * (1 - a) if slope else du
    dE, dX = np.zeros_like(E), (du @ W).reshape(*ids.shape, -1)
    if last:
        dE[ids] += dX
    else:
        np.add.at(dE, ids, dX)
    return (loss, dE, du.T @ x, du.sum(0), (dz.T @ a).reshape(Q.shape),
            dz.sum(0).reshape(c.shape))


def with_option(**options):
    return lambda *batch: loss_and_gradients(*batch, **options)


def transposed(*batch):
    loss, dE, dW, *others = loss_and_gradients(*batch)
    return loss, dE, dW.T, *others


def summed_loss(ids, *batch):
    loss, *gradients = loss_and_gradients(ids, *batch)
    return len(ids) * loss, *gradients


def failing(function, parameters, step=1e-6, tolerance=1e-6, only=None):
    _, gradients = function(*parameters)
    wrong = []
    for k, gradient in enumerate(gradients):
        def loss_of(block):
            given = [*parameters]
            given[k] = block
            return function(*given)[0]
        error = np.abs(numerical_jacobian(loss_of, parameters[k])
                       - gradient).flat[:only]
        if error.max() > tolerance * np.abs(gradient).max():
            wrong.append(k)
    return wrong


def stopped(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best


def stopping(losses, patience):
    best = stopped(losses, patience)
    return min(best + patience, len(losses) - 1)


def followers(windows, trigram, V, divide=True):
    rows = (windows[:, :3] == trigram).all(1)
    counts = np.bincount(windows[rows, 3], minlength=V)
    return counts / (max(counts.sum(), 1) if divide else 1)


def carefree(windows, trigram, V):
    counts = followers(windows, trigram, V, divide=False)
    return counts / counts.sum()


def any_order(windows, trigram, V):
    rows = (np.sort(windows[:, :3]) == np.sort(trigram)).all(1)
    counts = np.bincount(windows[rows, 3], minlength=V)
    return counts / max(counts.sum(), 1)


def predicted(model, trigram):
    return softmax(model(np.array([[*trigram, 0]]))[0])


def embedding_gradient(windows, positions, dX, V, hidden=True, mask=True,
                       last=False):
    ids = windows.copy()
    if hidden:
        ids[np.arange(len(ids)), positions] = 0
    dE = np.zeros((V, dX.shape[-1]))
    if last:
        dE[ids] += dX
    else:
        np.add.at(dE, ids, dX)
    if not mask:
        dE[0] = 0
    return dE


def indicator(ids, V):
    n, w = ids.shape
    found = np.zeros((n, w * V))
    np.put_along_axis(found, ids + V * np.arange(w), 1, axis=1)
    return found


def in_place(ids, V):
    ids += V * np.arange(ids.shape[1])
    return indicator(ids - V * np.arange(ids.shape[1]), V)


def one_block(ids, V):
    found = np.zeros((len(ids), ids.shape[1] * V))
    np.put_along_axis(found, ids, 1, axis=1)
    return found


def curve(losses, rng):
    _, n, w = losses.shape
    return losses[:, np.arange(n), rng.integers(w, size=n)].mean(1)


def fresh_curve(losses, rng):
    _, n, w = losses.shape
    return np.array([one[np.arange(n), rng.integers(w, size=n)].mean()
                     for one in losses])


def deaf_curve(losses, rng):
    return curve(losses, np.random.default_rng(0))


HISTORY = History([4.0, 3.5, 3.2, 3.0], [4.1, 3.6, 3.4, 3.41])
CALM = np.tile([20, 21, 22, 23], 50)
WILD = np.tile([11, 16, 22, 27], 50)

RIGHT = {
    "J5": [(loss_and_gradients,)],
    "J6": [(failing,)],
    "J7": [(stopped, HISTORY, CALM, WILD)],
    "J8": [(followers, predicted),
           (followers, lambda model, t: model.probabilities([*t, 0], 3))],
    "L5": [(embedding_gradient,)],
    "L6": [(indicator,),
           (lambda ids, V: np.eye(V)[ids].reshape(len(ids), -1),)],
    "L20": [(curve,)],
}

WRONG = [
    ("J5", (lambda *batch: loss_and_gradients(*batch)[1:],),
     "return six things"),
    ("J5", (summed_loss,), "the loss: this is the sum"),
    ("J5", (with_option(share=1),), "dc: divide by the number"),
    ("J5", (with_option(every=True),),
     "dc: only the masked position has a loss"),
    ("J5", (with_option(slope=False),), "db: the slope of the logistic"),
    ("J5", (with_option(last=True),), "dE: a word that stands twice"),
    ("J5", (transposed,), "dW: it is transposed"),
    ("J5", (with_option(share=-6),), "dc: the sign is wrong"),
    ("J6", (lambda *a: failing(*a, tolerance=1e-2),),
     "one part in a thousand, and it passed"),
    ("J6", (lambda *a: failing(*a, only=1),),
     "wrong in its last number only, and it passed"),
    ("J6", (lambda *a: failing(*a, tolerance=0),), "were right, and blocks"),
    ("J6", (lambda *a: failing(*a)[:1] and [0],), "is wrong.*and it passed"),
    ("J6", (lambda *a: failing(*a) and [0, 1, 2, 3, 4],),
     "only block 0 is wrong, you report"),
    ("J6", (lambda *a: 7,), "return a list of block numbers"),
    ("J6", (["dE"],), "pass failing itself"),
    ("J7", (lambda losses, patience: int(np.argmin(losses)), HISTORY, CALM,
            WILD), "training had stopped before"),
    ("J7", (stopping, HISTORY, CALM, WILD), "where training stops"),
    ("J7", (lambda *a: stopped(*a) + 1, HISTORY, CALM, WILD),
     "epochs count from 0"),
    ("J7", (stopped, History([4.0] * 5, []), CALM, WILD),
     "for each epoch, four at least"),
    ("J7", (stopped, History([4.0] * 4, [3.9] * 4), CALM, WILD),
     "ends at 3.90 nats: train on"),
    ("J7", (stopped, None, CALM, WILD), "history.train: expected numbers|"
     "the history needs"),
    ("J7", (stopped, HISTORY, CALM[:20], WILD), "at least 100 masks"),
    ("J7", (stopped, HISTORY, WILD, CALM), "are the two swapped"),
    ("J8", (lambda *a: followers(*a, divide=False), predicted),
     "followers: these are counts"),
    ("J8", (any_order, predicted), "the order of the three words"),
    ("J8", (carefree, predicted), "0 / 0 is not a number|it is not finite"),
    ("J8", (followers, lambda model, t: model.probabilities([0, *t], 0)),
     "hide the fourth word"),
    ("J8", (followers, lambda model, t: model(np.array([[*t, 0]]))[0]),
     "these are scores"),
    ("L5", (lambda *a: embedding_gradient(*a, hidden=False),),
     "the hidden words did not go in"),
    ("L5", (lambda *a: embedding_gradient(*a, mask=False),),
     "the mask has a vector too"),
    ("L5", (lambda *a: embedding_gradient(*a, last=True),),
     "a word that stands twice"),
    ("L5", (lambda w, p, dX, V: embedding_gradient(w, p, dX, V) / len(w),),
     "this is a mean"),
    ("L6", (in_place,), "changed its argument 0 in place"),
    ("L6", (one_block,), "all positions share one block"),
    ("L6", (lambda ids, V: np.eye(V)[ids],), r"flatten it to \(N, w V\)"),
    ("L20", (fresh_curve,), "the mask is drawn again"),
    ("L20", (lambda losses, rng: losses.mean((1, 2)),),
     "the mean over all positions"),
    ("L20", (deaf_curve,), "draw the positions with the rng"),
    ("L20", (lambda losses, rng: curve(losses, rng).mean(),),
     "expected one number for each epoch"),
    ("L20", (lambda losses, rng: curve(losses, rng) * losses.shape[1],),
     "the mean over the windows|a curve that falls"),
]
