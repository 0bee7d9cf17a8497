"""Answers to F5 and F6: right ones, and wrong ones with their hint."""

import numpy as np

from lmbook import optim
from lmbook.nn import Parameter


def sgd(theta, g, v, t, lr, momentum, dampening, weight_decay, nesterov,
        maximize, wrong=""):
    if maximize and wrong != "sign":
        g = -g
    if wrong != "decay":
        push = weight_decay * theta
        g = g - push if maximize and wrong == "order" else g + push
    if momentum:
        rate = lr if wrong == "inside" else 1
        if t == 1 and wrong not in ("first", "inside"):
            v = g
        else:
            damp = 0 if wrong == "dampening" else dampening
            v = momentum * v + rate * (1 - damp) * g
        if wrong == "inside":
            return theta - (lr * g + momentum * v if nesterov else v), v
        if wrong == "velocity":
            return theta - lr * g, v
        look = nesterov and wrong != "nesterov"
        g = g + momentum * v if look else v
    return theta - lr * g, g if wrong == "direction" else v


def by_the_book(theta, g, v, t, lr, *options):
    """The package's SGD, put into the state the exercise gives."""
    names = ("momentum", "dampening", "weight_decay", "nesterov", "maximize")
    x = Parameter(theta)
    optimizer = optim.SGD([x], lr=lr, **dict(zip(names, options)))
    optimizer.state["velocity"][:] = v
    optimizer.steps, x.grad = t - 1, g
    optimizer.step()
    return x.data, optimizer.state["velocity"]


def mistake(name):
    return lambda *arguments: sgd(*arguments, wrong=name)


def adagrad(theta, g, r, lr, eps):
    r = r + g ** 2
    return theta - lr * g / (np.sqrt(r) + eps), r


def rmsprop(theta, g, r, lr, alpha, eps):
    r = alpha * r + (1 - alpha) * g ** 2
    return theta - lr * g / (np.sqrt(r) + eps), r


def adam(theta, g, m, r, t, lr, beta1, beta2, eps, wrong=""):
    m = beta1 * m + (1 - beta1) * g
    r = beta2 * r + (1 - beta2) * g ** 2
    m_hat = m if "m" in wrong else m / (1 - beta1 ** t)
    r_hat = r if "r" in wrong else r / (1 - beta2 ** t)
    root = np.sqrt(r_hat + eps) if "e" in wrong else np.sqrt(r_hat) + eps
    if "c" in wrong:
        m, r = m_hat, r_hat
    return theta - lr * m_hat / root, m, r


def adamw(theta, g, m, r, t, lr, *others):
    *others, decay = others
    return adam((1 - lr * decay) * theta, g, m, r, t, lr, *others)


def l2(theta, g, *others):
    *others, decay = others
    return adam(theta, g + decay * theta, *others)


def slip(letters):
    return lambda *arguments: adam(*arguments, wrong=letters)


def package(name, options, memories):
    """A rule of the package, put into the state the exercise gives."""
    def step(theta, g, *others):
        state = others[:len(memories)]
        t, values = 1, others[len(memories):]
        if name.startswith("Adam"):
            (t, lr, *betas), values = values[:4], values[4:]
            values = (lr, betas, *values)
        x = Parameter(theta)
        optimizer = getattr(optim, name)([x], **dict(zip(options, values)))
        for memory, value in zip(memories, state):
            optimizer.state[memory][:] = value
        optimizer.steps, x.grad = t - 1, g
        optimizer.step()
        return x.data, *(optimizer.state[memory] for memory in memories)
    return step


def always_a_velocity(theta, g, v, t, lr, mu, damp, decay, nesterov,
                      maximize):
    g = (-g if maximize else g) + decay * theta
    v = g if t == 1 else mu * v + (1 - damp) * g
    return theta - lr * (g + mu * v if nesterov else v), v


def eps_hat(theta, g, m, r, t, lr, beta1, beta2, eps):
    _, m, r = adam(theta, g, m, r, t, lr, beta1, beta2, eps)
    rate = lr * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
    return theta - rate * m / (np.sqrt(r) + eps), m, r


def shrink_late(theta, g, m, r, t, lr, *others):
    *others, decay = others
    new, *averages = adam(theta, g, m, r, t, lr, *others)
    return new - lr * decay * new, *averages


ALL = adagrad, rmsprop, adam, adamw
BETAS = "lr", "betas", "eps", "weight_decay"
PACKAGE = (
    package("AdaGrad", ("lr", "eps"), ("total",)),
    package("RMSProp", ("lr", "alpha", "eps"), ("square",)),
    package("Adam", BETAS, ("mean", "square")),
    package("AdamW", BETAS, ("mean", "square")))


def swap(place, function):
    return (*ALL[:place], function, *ALL[place + 1:])


RIGHT = {"F5": [(sgd,), (by_the_book,)], "F6": [ALL, PACKAGE]}

WRONG = [
    ("F5", (lambda *a: sgd(*a)[0],), "return 2 things: theta and v"),
    ("F5", (mistake("sign"),), "maximize turns the sign of g"),
    ("F5", (mistake("decay"),), "weight decay adds"),
    ("F5", (mistake("order"),), "turn the sign of g first"),
    ("F5", (mistake("first"),), "first velocity is g itself, undamped"),
    ("F5", (mistake("dampening"),), "multiplied by 1 - dampening"),
    ("F5", (mistake("velocity"),), "along the velocity"),
    ("F5", (mistake("nesterov"),), r"along g \+ momentum"),
    ("F5", (mistake("inside"),), "stays outside the velocity"),
    ("F5", (mistake("direction"),), "keep v without the look-ahead"),
    ("F5", (always_a_velocity,), "there is no velocity"),
    ("F6", swap(2, eps_hat), "Adam .*add eps to the corrected root"),
    ("F6", swap(3, shrink_late), "shrink theta before the step"),
    ("F6", swap(0, lambda *a: adagrad(*a)[0]), "return 2 things"),
    ("F6", swap(0, lambda th, g, r, lr, eps:
                (th - lr * g / np.sqrt(r + g**2 + eps), r + g**2)),
     "AdaGrad .*add eps to the root"),
    ("F6", swap(0, lambda th, g, r, lr, eps:
                (th - lr * g / (np.sqrt(r + g**2) + eps), r + g)),
     "add the squares of g"),
    ("F6", swap(0, lambda th, g, r, lr, eps:
                (th - lr * g / (r + g**2 + eps), r + g**2)),
     "divide by the root of r"),
    ("F6", swap(0, lambda th, g, r, lr, eps:
                (th - lr * g / (np.sqrt(r) + eps), r + g**2)),
     "update r first"),
    ("F6", swap(0, lambda th, g, r, lr, eps: adagrad(th, g, r, lr, 0)),
     "eps is missing"),
    ("F6", swap(1, lambda th, g, r, lr, al, eps:
                adagrad(th, g, al * r, lr, eps)),
     "multiplied by 1 - alpha"),
    ("F6", swap(1, lambda th, g, r, lr, al, eps:
                rmsprop(th, g, r, lr, 1 - al, eps)),
     "alpha is the share that is kept"),
    ("F6", swap(1, lambda *a: (rmsprop(*a)[0], np.sqrt(rmsprop(*a)[1]))),
     "not its root"),
    ("F6", swap(2, slip("mr")), "correct both averages"),
    ("F6", swap(2, slip("r")), "correct r too"),
    ("F6", swap(2, slip("m")), "correct m too"),
    ("F6", swap(2, slip("e")), "Adam .*add eps to the root"),
    ("F6", swap(2, slip("c")), "before its correction"),
    ("F6", swap(3, l2), "must not enter the averages"),
    ("F6", swap(3, lambda *a: adam(*a[:-1])), "where is the decay"),
    ("F6", swap(3, lambda th, *a: adam((1 - a[-1]) * th, *a[:-1])),
     "multiplied by lr"),
    ("F6", swap(3, lambda *a: (l2(*a)[0], *adamw(*a)[1:])),
     "this is L2, as in Adam"),
]
