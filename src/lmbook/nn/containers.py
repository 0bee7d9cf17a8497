"""Networks made of layers: one after another, and around a skip."""

from .module import Module


class Sequential(Module):
    """Layers applied one after another; backward goes the other way.

    Errors: `ValueError` for a layer given twice: it keeps what backward
    needs of one call only, and the second would overwrite the first.
    Source: `torch.nn.Sequential`.

    >>> import numpy as np
    >>> from lmbook.nn import Linear, ReLU
    >>> rng = np.random.default_rng(0)
    >>> net = Sequential(Linear(4, 8, rng=rng), ReLU(),
    ...                  Linear(8, 3, rng=rng))
    >>> net(np.ones((2, 4))).shape
    (2, 3)
    >>> net.backward(np.ones((2, 3))).shape
    (2, 4)
    >>> [name for name, _ in net.named_parameters()]
    ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    def __init__(self, *layers):
        self.layers = layers
        seen = set()
        for module in self.modules():
            if id(module) in seen:
                raise ValueError(f"{module} is given twice: make two of it,"
                                 " since each keeps one forward pass")
            seen.add(id(module))

    def children(self):
        """Yield ('0', first layer), ('1', second layer), and so on."""
        return ((str(k), layer) for k, layer in enumerate(self.layers))

    def forward(self, x):
        """Return the output of the last layer."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad_output):
        """Return the gradient with respect to the first layer's input."""
        for k, layer in reversed(list(enumerate(self.layers))):
            grad_output = layer.backward(grad_output)
            if grad_output is None and k > 0:
                raise ValueError(f"layer {k}, {layer}, gives layer {k - 1}"
                                 " no gradient: it has input_grad=False")
        return grad_output

    def __len__(self):
        """Return the number of layers."""
        return len(self.layers)

    def __getitem__(self, index):
        """Return one layer, or some of them as a new Sequential."""
        if isinstance(index, slice):
            return Sequential(*self.layers[index])
        return self.layers[index]

    def __repr__(self):
        """Return the layers in order."""
        inside = ", ".join(map(repr, self.layers))
        return f"{type(self).__name__}({inside})"


class Residual(Sequential):
    """x + f(x), where f is the layers one after another.

    The input reaches the output by two ways, so two gradients add.

    Errors: `ValueError` if f changes the shape.
    Source: He, Zhang, Ren and Sun (2016), equation 1.

    >>> import numpy as np
    >>> from lmbook.nn import ReLU
    >>> block = Residual(ReLU())
    >>> block(np.array([-1.0, 2.0])), block.backward(np.array([1.0, 1.0]))
    (array([-1.,  4.]), array([1., 2.]))
    """

    def forward(self, x):
        """Return x + f(x)."""
        output = super().forward(x)
        if output.shape != x.shape:
            raise ValueError(f"x has shape {x.shape}, f(x) {output.shape}:"
                             " a residual block must keep the shape")
        return x + output

    def backward(self, grad_output):
        """Return the gradient along the skip plus the one through f."""
        inner = super().backward(grad_output)
        if inner is None:
            raise ValueError(f"{self} needs the gradient of its first"
                             " layer, which has input_grad=False")
        return grad_output + inner
