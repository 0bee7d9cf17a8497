"""Answers to G2 to G6 and F12: right ones, and wrong ones with their hint."""

import numpy as np

import lmbook.functional as F


def parts(R, labels, E, W, b):
    H = R @ E
    P = F.softmax(H @ W.T + b)
    P[np.arange(len(R)), labels] -= 1
    return H, P / len(R)


def loss_and_gradients(R, labels, E, W, b):
    H, dZ = parts(R, labels, E, W, b)
    loss = F.cross_entropy(H @ W.T + b, labels)
    return loss, R.T @ (dZ @ W), dZ.T @ H, dZ.sum(0)


def with_dE(other):
    def wrong(R, labels, E, W, b):
        loss, _, dW, db = loss_and_gradients(R, labels, E, W, b)
        return loss, other(R, parts(R, labels, E, W, b)[1] @ W), dW, db
    return wrong


def scaled(R, labels, *rest):
    loss, *slopes = loss_and_gradients(R, labels, *rest)
    return loss, *(len(R) * g for g in slopes)


def uphill(*batch):
    loss, *slopes = loss_and_gradients(*batch)
    return loss, *(-g for g in slopes)


def step(R, labels, parameters, lr, sign=-1.0):
    slopes = loss_and_gradients(R, labels, *parameters)[1:]
    return [p + sign * lr * g for p, g in zip(parameters, slopes)]


def one_after_another(R, labels, parameters, lr):
    E, W, b = parameters
    dW, db = loss_and_gradients(R, labels, E, W, b)[2:]
    W = W - lr * dW
    return E - lr * loss_and_gradients(R, labels, E, W, b)[1], W, b - lr * db


def forward(R, E, layers, activation, first=False, last=False, between=True):
    h = activation(R @ E) if first else R @ E
    for W, b in layers[:-1]:
        h = h @ W.T + b
        h = activation(h) if between else h
    W, b = layers[-1]
    z = h @ W.T + b
    return activation(z) if last else z


def mistake(**options):
    return lambda *arguments: forward(*arguments, **options)


def curves(seeds=5, slope=-0.1):
    rng = np.random.default_rng(0)
    loss = 0.69 + slope * np.arange(4) + 0.01 * rng.random((seeds, 4))
    return np.stack((loss, loss, np.full((seeds, 4), 0.7)), axis=-1)


SIZES = ((), (512,), (512, 512), (512, 512, 512))
SWEEP = {size: curves() for size in SIZES}
FIVE = {name: curves()
        for name in ("Sigmoid", "Tanh", "ReLU", "GELU", "LeakyReLU")}
RATES = {1e-4: [.7] * 5, 1e-3: [.6] * 5, 1e-2: [.6] * 5, 1e-1: [.9] * 5}
KEYS = {"architecture": "a", "weights": "b", "model": "c",
        "same architecture": "b", "why then": "abc", "deeper": "b"}


def at_best(run):
    best = run[..., 1].argmin(1)
    return run[np.arange(len(run)), best, 1:]


def best_rate(losses):
    mean = {lr: np.mean(values) for lr, values in losses.items()}
    best = min((lr for lr in mean if np.isfinite(mean[lr])), key=mean.get)
    return best, best in (min(losses), max(losses))


def by_argmin(losses):
    rates = list(losses)
    best = rates[int(np.argmin([np.mean(losses[lr]) for lr in rates]))]
    return best, best in (min(losses), max(losses))


def by_min(losses):
    mean = {lr: np.mean(values) for lr, values in losses.items()}
    best = min(mean, key=mean.get)
    return best, best in (min(losses), max(losses))


def luckiest(losses):
    best = min(losses, key=lambda lr: np.nanmin(losses[lr]))
    return best, best in (min(losses), max(losses))


def summary(values):
    return values.mean(), values.std(ddof=1) / np.sqrt(len(values))


def difference(a, b):
    return summary(a - b)


def apart(a, b):
    return a.mean() - b.mean(), np.hypot(summary(a)[1], summary(b)[1])


RIGHT = {
    "G2": [(loss_and_gradients, step)],
    "G3": [(forward, SWEEP)],
    "G4": [(at_best, FIVE)],
    "G5": [(best_rate, RATES)],
    "G6": [(summary, difference)],
    "F12": [(KEYS,), (KEYS | {"why then": "C, B, A"},),
            (KEYS | {"model": "(c)", "why then": ["a", "b", "c"]},)],
}

WRONG = [
    ("G2", (lambda *batch: loss_and_gradients(*batch)[0], step),
     "return four things"),
    ("G2", (scaled, step), "dE: divide by the number of sentences"),
    ("G2", (uphill, step), "dE: the sign is wrong"),
    ("G2", (with_dE(lambda R, dH: (R > 0).T @ dH), step),
     "its share of the error"),
    ("G2", (with_dE(lambda R, dH: dH), step), "the gradients of the means"),
    ("G2", (with_dE(lambda R, dH: (R.T @ dH).T), step),
     "dE: it is transposed"),
    ("G2", (loss_and_gradients, lambda *a: step(*a, sign=1.0)),
     "E after a step: walk downhill"),
    ("G2", (loss_and_gradients, lambda R, y, p, lr: step(R, y, p, 1.0)),
     "multiply the gradient by the learning rate"),
    ("G2", (loss_and_gradients, one_after_another),
     "every gradient before you move"),
    ("G2", (loss_and_gradients, lambda R, y, p, lr: [
        new - old for new, old in zip(step(R, y, p, lr), p)]),
     "this is the change alone"),
    ("G2", (loss_and_gradients, lambda *a: step(*a)[0]),
     "step returns three arrays"),
    ("G3", (mistake(last=True), SWEEP), "no activation after the last"),
    ("G3", (mistake(between=False), SWEEP), "follows each hidden layer"),
    ("G3", (mistake(first=True), SWEEP), "the mean of the vectors"),
    ("G3", (forward, {(): curves()}), r"no runs for \(512, 512\)"),
    ("G3", (forward, SWEEP | {(): curves(3)}), "3 seeds; one run proves"),
    ("G3", (forward, SWEEP | {(512,): curves(slope=0.1)}),
     "it did not learn"),
    ("G3", (forward, SWEEP | {(): np.repeat(curves(1), 5, axis=0)}),
     "did you change the seed"),
    ("G3", (forward, SWEEP | {(): curves()[0]}),
     r"expected \(seeds, epochs, 3\)"),
    ("G3", (forward, SWEEP | {(): curves() * np.nan}), "losses are finite"),
    ("G4", (lambda run: run[:, -1, 1:], FIVE), "the last epoch"),
    ("G4", (lambda run: np.stack((run[..., 1].min(1), run[..., 2].max(1)),
                                 1), FIVE), "take both from one epoch"),
    ("G4", (lambda run: run[np.arange(len(run)), run[..., 0].argmin(1), 1:],
            FIVE), "not by the training loss|the last epoch"),
    ("G4", (lambda run: run[np.arange(len(run)), run[..., 2].argmax(1), 1:],
            FIVE), "not by the accuracy"),
    ("G4", (lambda run: run[:, run[..., 1].mean(0).argmin(), 1:], FIVE),
     "an epoch for each seed"),
    ("G4", (at_best, {"ReLU": curves()}), "no runs for GELU"),
    ("G5", (lambda losses: best_rate(losses)[0], RATES),
     "return two things"),
    ("G5", (luckiest, RATES), "not the luckiest run"),
    ("G5", (by_argmin, RATES), "not finite cannot be best"),
    ("G5", (by_min, RATES), "not finite cannot be best"),
    ("G5", (lambda losses: (best_rate(losses)[0], False), RATES),
     "is at the edge"),
    ("G5", (lambda losses: (best_rate(losses)[0], True), RATES),
     "is not at the edge"),
    ("G5", (best_rate, {.1: [.6] * 5}), "at least four learning rates"),
    ("G5", (best_rate, {.1: [.6] * 5, .2: [.6] * 5, .3: [.6] * 5,
                        .4: [.6] * 5}), "30 times the smallest"),
    ("G5", (best_rate, RATES | {.1: [.9]}), "at least five seeds"),
    ("G6", (lambda v: (v.mean(), v.std(ddof=1)), difference),
     "deviation of one run"),
    ("G6", (lambda v: (v.mean(), v.std() / np.sqrt(len(v))), difference),
     "not by n .ddof=1."),
    ("G6", (lambda v: (v.mean(), v.var(ddof=1) / len(v)), difference),
     "take the root"),
    ("G6", (np.mean, difference), "return two numbers"),
    ("G6", (summary, apart), "the runs share their seeds"),
    ("G6", (summary, lambda a, b: summary(b - a)), "the sign is wrong"),
    ("F12", (["a"],), "answer with a dict"),
    ("F12", ({"model": "c"},), "still to answer: architecture, weights"),
    ("F12", (KEYS | {"same architecture": "a"},), "run the two networks"),
    ("F12", (KEYS | {"why then": "abce"},), "backpropagation was not"),
    ("F12", (KEYS | {"deeper": "a"},), "count the kinks"),
    ("F12", (KEYS | {"deeper": "(a)"},), "deeper.*not 'a'; count"),
    ("F12", (KEYS | {"deeper": "yes"},), "count the kinks"),
    ("F12", (KEYS | {"weights": "a"},), "a step of descent changes"),
]
