"""What PyTorch says about the exercises on computation graphs."""

import numpy as np
import torch
from torch.nn import functional as F


def gradients(program):
    """Return (output, gradients of the inputs) of a program by torch."""
    inputs, steps = program
    values = [torch.tensor(v, dtype=torch.float64, requires_grad=True)
              for v in inputs]
    for operation, *operands in steps:
        chosen = [values[k] for k in operands]
        values.append(getattr(torch, operation)(*chosen))
    grads = torch.autograd.grad(values[-1], values[:len(inputs)],
                                allow_unused=True)
    return values[-1].item(), [0.0 if g is None else g.item() for g in grads]


def twice(x, weight, bias):
    """Return (values, gradients, mistakes) of a layer used twice by torch.

    Shapes: x (N, D), weight (D, D), bias (D).  The gradients are those of
    the sum of relu(X W + b) W + relu(X W + b).  `mistakes` holds for each
    of the three {hint: the gradient with that mistake}.
    """
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, weight, bias)]
    x, first, bias = leaves
    second = torch.tensor(weight, requires_grad=True)
    unit = torch.relu(x @ first + bias)
    parts = unit @ second, unit
    by_x = [torch.autograd.grad(part.sum(), x, retain_graph=True)[0].numpy()
            for part in parts]
    sum(parts).sum().backward()
    grad, on = np.ones_like(by_x[0]), unit.detach().numpy() > 0
    lost = "what is used twice has two gradients: add them"
    right = x.grad, first.grad + second.grad, bias.grad
    return sum(parts).detach().numpy(), [a.numpy() for a in right], [
        {lost: by_x[0], f"{lost} both": by_x[1],
         "a gradient goes back through the transposed weight":
             ((grad @ weight + grad) * on) @ weight},
        {lost: first.grad.numpy(), f"{lost} both": second.grad.numpy()}, {}]


def branched(arrays):
    """Return (loss, gradients by name) of two branches and a skip by torch.

    Shapes: x (D), y (C), W1 and W2 (H, D), b1 and b2 (H), U (R, 2 H),
    b3 (R), W3 (C, R), W4 (C, D).
    """
    leaf = {name: torch.tensor(a, dtype=torch.float64, requires_grad=True)
            for name, a in arrays.items()}
    x = leaf["x"]
    c1 = torch.sigmoid(F.linear(x, leaf["W1"], leaf["b1"]))         # (H,)
    c2 = torch.relu(F.linear(x, leaf["W2"], leaf["b2"]))            # (H,)
    mix = F.linear(torch.cat([c1, c2]), leaf["U"], leaf["b3"])      # (R,)
    scores = F.linear(mix, leaf["W3"]) + F.linear(x, leaf["W4"])   # (C,)
    loss = -(leaf["y"] * torch.log_softmax(scores, 0)).sum()
    loss.backward()
    return loss.item(), {name: np.asarray(a.grad)
                         for name, a in leaf.items() if name != "y"}
