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


def gated(arrays):
    """Return (loss, gradients by name) of the gated network by torch.

    Shapes: x (D), t (C), W1 and W2 (H, D), b1 and b2 (H), Wg (G, 2 H),
    bg (G), W3 (C, G), W4 (C, D).
    """
    leaf = {name: torch.tensor(a, dtype=torch.float64, requires_grad=True)
            for name, a in arrays.items()}
    x = leaf["x"]
    c1 = torch.sigmoid(F.linear(x, leaf["W1"], leaf["b1"]))         # (H,)
    c2 = torch.relu(F.linear(x, leaf["W2"], leaf["b2"]))            # (H,)
    gate = F.linear(torch.cat([c1, c2]), leaf["Wg"], leaf["bg"])    # (G,)
    scores = F.linear(gate, leaf["W3"]) + F.linear(x, leaf["W4"])   # (C,)
    loss = -(leaf["t"] * torch.log_softmax(scores, 0)).sum()
    loss.backward()
    return loss.item(), {name: np.asarray(a.grad)
                         for name, a in leaf.items() if name != "t"}
