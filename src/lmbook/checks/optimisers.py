"""The checks of the chapter on optimisers, F5 and F6."""

import itertools

import numpy as np

from .registry import ask, exercise, expect, require

THETA, G = np.array([1.0, -2.0, 0.5]), np.array([0.4, 3.0, -0.2])
V, R = np.array([-0.3, 1.0, 0.8]), np.array([0.1, 2.0, 0.3])


@exercise("F5", "one step of SGD, with every option, as PyTorch takes it")
def f5(sgd_step):
    """Check (theta, g, v, t, lr, momentum, dampening, ...) -> theta, v."""
    for options in itertools.product(
            (0.1,), (0.0, 0.9), (0.0, 0.4), (0.0, 0.3), (False, True),
            (False, True)):
        _, momentum, dampening, _, nesterov, _ = options
        if nesterov and (momentum == 0 or dampening):
            continue                            # PyTorch refuses these
        for t, v in ((2, V), (1, np.zeros(3))):
            _one_sgd(sgd_step, (THETA, G, v, t, *options))


def _one_sgd(sgd_step, arguments):
    """Compare one step, and name the mistakes that give what it gives."""
    _, _, _, t, _, mu, damp, decay, nesterov, maximize = arguments
    what = (f"step {t} with momentum={mu:g}, dampening={damp:g},"
            f" weight_decay={decay:g}, nesterov={nesterov},"
            f" maximize={maximize}")
    got = _parts(ask(sgd_step, *arguments), 2, "theta and v")
    right = _sgd(*arguments)
    wrong = {hint: _sgd(*arguments, wrong=hint)[0] for hint in SGD_HINTS}
    expect(got[0], right[0], f"theta after {what}", wrong)
    if mu:
        expect(got[1], right[1], f"v after {what}",
               {"keep v without the look-ahead and without the rate":
                (arguments[0] - right[0]) / arguments[4]})


SGD_HINTS = (
    "maximize turns the sign of g",
    "turn the sign of g first, then add the decay",
    "weight decay adds weight_decay * theta to g",
    "the first velocity is g itself, undamped",
    "the new gradient is multiplied by 1 - dampening",
    "the step goes along the velocity",
    "with Nesterov the step goes along g + momentum * v",
    "the learning rate stays outside the velocity",
    "without momentum there is no velocity, and dampening does nothing")


def _sgd(theta, g, v, t, lr, mu, damp, decay, nesterov, maximize, wrong=""):
    """Return theta and v after a step, with one of SGD_HINTS ignored."""
    hint = SGD_HINTS.index(wrong) if wrong else -1
    sign = -1 if maximize and hint != 0 else 1
    g = sign * (g + decay * theta) if hint == 1 else (
        sign * g + (hint != 2) * decay * theta)
    if not mu:
        undamped = hint != 8 or t == 1
        return theta - lr * (g if undamped else (1 - damp) * g), v
    new = g if hint == 4 else (1 - damp) * g
    if hint == 7:
        v = mu * v + lr * new
        return theta - (lr * g + mu * v if nesterov else v), v
    v = g if t == 1 and hint != 3 else mu * v + new
    if hint == 5:
        return theta - lr * g, v
    return theta - lr * (g + mu * v if nesterov and hint != 6 else v), v


@exercise("F6", "one step each of AdaGrad, RMSProp, Adam and AdamW")
def f6(adagrad_step, rmsprop_step, adam_step, adamw_step):
    """Check four functions of theta, g, the averages and the options."""
    for eps in (1e-8, 0.1):
        for r in (np.zeros(3), R):
            _squares(adagrad_step, "AdaGrad", (THETA, G, r, 0.5, eps))
            _squares(rmsprop_step, "RMSProp", (THETA, G, r, 0.5, 0.9, eps))
        for t, m, r in ((5, V, R), (1, np.zeros(3), np.zeros(3))):
            options = (THETA, G, m, r, t, 0.5, 0.9, 0.99, eps)
            _adam(adam_step, "Adam", options, 0.0)
            _adam(adamw_step, "AdamW", options, 0.3)


def _squares(step, name, arguments):
    """Compare one step of AdaGrad or RMSProp."""
    theta, g, r, lr, *alpha, eps = arguments
    keep, new = (alpha[0], 1 - alpha[0]) if alpha else (1, 1)
    after = keep * r + new * g ** 2
    root = np.sqrt(after)
    what = f"after a step of {name} with eps={eps:g}"
    got = _parts(ask(step, *arguments), 2, "theta and r")
    expect(got[1], after, f"r {what}", {
        "add the squares of g": keep * r + new * g,
        "the new square is multiplied by 1 - alpha": keep * r + g ** 2,
        "alpha is the share that is kept": new * r + keep * g ** 2,
        "r is the average of squares, not its root": root})
    expect(got[0], theta - lr * g / (root + eps), f"theta {what}", {
        "add eps to the root, not below it":
            theta - lr * g / np.sqrt(after + eps),
        "divide by the root of r": theta - lr * g / (after + eps),
        "update r first, then step": theta - lr * g / (np.sqrt(r) + eps),
        "eps is missing": theta - lr * g / root})


def _adam(step, name, arguments, decay):
    """Compare one step of Adam or AdamW."""
    theta, g, m, r, t, lr, beta1, beta2, eps = arguments
    right = _adam_step(*arguments, decay)
    extra = (decay,) if name == "AdamW" else ()
    got = _parts(ask(step, *arguments, *extra), 3, "theta, m and r")
    what = f"after step {t} of {name} with eps={eps:g}"
    coupled = _adam_step(theta, g + decay * theta, *arguments[2:], 0.0)
    for k, letter, beta in ((1, "m", beta1), (2, "r", beta2)):
        expect(got[k], right[k], f"{letter} {what}", {
            "the decay must not enter the averages": coupled[k],
            "return the average before its correction":
                right[k] / (1 - beta ** t)})
    mistakes = _adam_mistakes(arguments, decay, right, coupled)
    expect(got[0], right[0], f"theta {what}", mistakes)


def _adam_mistakes(arguments, decay, right, coupled):
    """Return a hint for each wrong theta that we know of."""
    theta, _, _, _, t, lr, beta1, beta2, eps = arguments
    m, r = right[1:]
    c1, c2 = 1 - beta1 ** t, 1 - beta2 ** t
    keep = 1 - lr * decay
    shrunk, root = keep * theta, np.sqrt(r / c2)
    return {
        "correct both averages: divide by 1 - beta^t":
            shrunk - lr * m / (np.sqrt(r) + eps),
        "correct r too": shrunk - lr * m / c1 / (np.sqrt(r) + eps),
        "correct m too": shrunk - lr * m / (root + eps),
        "add eps to the root, not below it":
            shrunk - lr * m / c1 / np.sqrt(r / c2 + eps),
        "add eps to the corrected root":
            shrunk - lr * m / c1 * np.sqrt(c2) / (np.sqrt(r) + eps),
        "shrink theta before the step, not after it":
            keep * (theta - lr * m / c1 / (root + eps)),
        "the decay is multiplied by lr": right[0] + (lr - 1) * decay * theta,
        "where is the decay?": right[0] + lr * decay * theta,
        "shrink theta itself: this is L2, as in Adam": coupled[0]}


def _adam_step(theta, g, m, r, t, lr, beta1, beta2, eps, decay):
    """Return theta, m and r after one step."""
    m, r = beta1 * m + (1 - beta1) * g, beta2 * r + (1 - beta2) * g ** 2
    root = np.sqrt(r / (1 - beta2 ** t)) + eps
    theta = (1 - lr * decay) * theta
    return theta - lr * m / (1 - beta1 ** t) / root, m, r


def _parts(got, n, names):
    """Return the answer if it has as many parts as asked for."""
    require(isinstance(got, (tuple, list)) and len(got) == n,
            f"return {n} things: {names}")
    return got
