"""Wrong backward rules: which checker sees them?"""

import warnings

import numpy as np
import torch

from lmbook.gradcheck import GradientError, check_vjp

X = np.array([0.7, -1.3, 0.4, -0.6, 1.9])


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def softmax_rule(u, x):
    s = softmax(x)
    return s * (u - (s * u).sum())


def one_entry(rule):
    """Return a rule wrong by 0.05 % in its first entry only."""
    def wrong(u, x):
        out = rule(u, x)
        return out * np.where(np.arange(out.size) == 0, 1.0005, 1.0)
    return wrong


def scaled(rule):
    return lambda u, x: 1.0005 * rule(u, x)


SMOOTH = {
    "tanh": (np.tanh, torch.tanh, lambda u, x: u * (1 - np.tanh(x)**2)),
    "sine": (np.sin, torch.sin, lambda u, x: u * np.cos(x)),
    "exp": (np.exp, torch.exp, lambda u, x: u * np.exp(x)),
    "softmax": (softmax, lambda x: torch.softmax(x, 0), softmax_rule),
}


def relu(x):
    return np.maximum(x, 0)


def rules():
    """Yield (name, function, the same in torch, rule, a point)."""
    for name, (f, theirs, rule) in SMOOTH.items():
        yield f"{name}, 0.05 % too large", f, theirs, scaled(rule), X
        yield f"{name}, one entry 0.05 %", f, theirs, one_entry(rule), X
    yield ("ReLU, gradient let through below 0", relu, torch.relu,
           lambda u, x: u, abs(X))
    yield ("ReLU, gradient stopped above 0", relu, torch.relu,
           lambda u, x: 0 * u, -abs(X))


def refused(f, rule, x):
    try:
        check_vjp(f, rule, x)
    except GradientError:
        return True
    return False


def refused_by_torch(f, rule, x):
    """Return whether torch.autograd.gradcheck sees the same error."""
    class Planted(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return f(x)

        @staticmethod
        def backward(ctx, u):
            x, = ctx.saved_tensors
            return torch.from_numpy(rule(u.numpy(), x.detach().numpy()))

    point = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return not torch.autograd.gradcheck(Planted.apply, point,
                                            raise_exception=False)


def planted_gradients():
    """Return one row per wrong rule: who refuses it."""
    return [{"rule": name, "refused": refused(f, rule, x),
             "refused by torch.autograd.gradcheck":
             refused_by_torch(theirs, rule, x)}
            for name, f, theirs, rule, x in rules()]
