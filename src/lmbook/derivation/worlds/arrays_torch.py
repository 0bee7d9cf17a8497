"""Dense arrays for worlds: PyTorch, with derivatives by autograd."""

import math

import torch


class TorchEngine:
    """Arrays that are nodes of an autograd graph."""
    xp, tolerance = torch, 1e-7
    permute = staticmethod(torch.permute)
    broadcast = staticmethod(torch.broadcast_tensors)
    functions = {
        "exp": torch.exp, "log": torch.log, "sin": torch.sin,
        "cos": torch.cos, "sqrt": torch.sqrt, "tanh": torch.tanh,
        "sigmoid": torch.sigmoid, "relu": torch.relu,
        "step": lambda x: (x > 0).to(torch.float64),
        "iszero": lambda x: (x == 0).to(torch.float64),
        "Phi": lambda x: torch.erfc(-x / math.sqrt(2)) / 2,
    }

    def array(self, x):
        """Return a number or an array in double precision."""
        return torch.as_tensor(x, dtype=torch.float64)

    def node(self, x):
        """Return a node of its own, even for h2 = h1 or a constant."""
        x = torch.as_tensor(x, dtype=torch.float64).clone()
        return x if x.requires_grad else x.requires_grad_()

    def numpy(self, x):
        """Return the values as a NumPy array."""
        return x.detach().numpy()

    def jacobian(self, world, e):
        """Return (array, axes of e.top); the tensor's axes come last."""
        node = world.node(e.bottom.tensor)
        world.depth += 1
        top, axes = world.value(e.top)
        world.depth -= 1
        shape = tuple(top.shape) + tuple(node.shape)
        if not top.requires_grad:
            return self.array(0.0).expand(shape), axes
        keep = world.depth > 0
        return self._rows(top, node, keep).reshape(shape), axes

    def _rows(self, top, node, keep):
        """Pull each unit vector back; `keep` to differentiate again."""
        def pull(weights, batched=False):
            # Not materialize_grads: it forgets the axis of the batch.
            rows, = torch.autograd.grad(
                top, node, weights, is_grads_batched=batched,
                create_graph=keep, retain_graph=True, allow_unused=True)
            if rows is None:
                shape = units.shape[:1] * batched + node.shape
                rows = torch.zeros(shape, dtype=torch.float64)
            return rows

        n = top.numel()
        units = torch.eye(n, dtype=torch.float64).reshape(n, *top.shape)
        return pull(units, True) if n > 3 else torch.stack(
            [pull(unit) for unit in units])

    def slope(self, world, function, which, e):
        """Return the derivative of an elementwise function."""
        def derivative(*args):
            own = [self.node(x) for x in args]
            return torch.autograd.grad(function(*own).sum(), own[which],
                                       create_graph=True,
                                       materialize_grads=True)[0]
        return derivative
