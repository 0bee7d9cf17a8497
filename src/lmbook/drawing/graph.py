"""Read a tape: which nodes there are, and the words that stand for each.

A node is any object with `parents`, `data` and `op`, such as a `Value` or a
`Tensor`, or what a reader has built.  `grad` and `name` are used if it has
them.
"""

import graphlib
from collections import Counter
from dataclasses import dataclass

import numpy as np

LIMIT = 60
SIGNS = {"*": "×", "-": "−", "/": "÷", "neg": "minus", "mul": "×", "add": "+",
         "sub": "−", "div": "÷", "truediv": "÷", "matmul": "@"}


@dataclass(frozen=True)
class Node:
    """One box: its words, and the numbers of the nodes it was made from.

    `slopes` are the local derivatives, one for each parent, or empty.
    """

    title: str
    value: str
    grad: str
    parents: tuple
    slopes: tuple

    @property
    def lines(self):
        """The lines of text in the box, from top to bottom."""
        return [line for line in (self.title, self.value, self.grad) if line]


def read(output, names=None, gradients=True, slopes=False, limit=LIMIT):
    """Return the nodes behind `output` as a list, each after its parents.

    `names` maps words to nodes that have no name of their own.
    Errors: `ValueError` for an object that is no node, a name for a node
    that is not in the graph, a circle, or more nodes than `limit`.
    """
    tape = _tape(output)
    if len(tape) > limit:
        raise ValueError(
            f"the graph has {len(tape)} nodes, expected at most {limit}: draw"
            " a smaller example, or one part of it")
    number = {id(node): k for k, node in enumerate(tape)}
    words = {id(node): str(node.name) for node in tape
             if getattr(node, "name", "")}
    for name, node in (names or {}).items():
        if id(node) not in number:
            raise ValueError(f"{name!r} is the name of a node that is not in"
                             " the graph")
        words[id(node)] = str(name)
    shown = gradients and any(np.any(_grad(node)) for node in tape)
    return [Node(_title(node, words.get(id(node), "")), quantity(node.data),
                 "grad " + quantity(_grad(node), True) if shown else "",
                 tuple(number[id(p)] for p in node.parents),
                 _slopes(node) if slopes else ()) for node in tape]


def _tape(output):
    """Return every node behind `output`, each after its parents."""
    waiting, graph, nodes = [output], {}, {}
    while waiting:
        node = waiting.pop()
        if id(node) in graph:
            continue
        missing = [word for word in ("data", "parents", "op")
                   if not hasattr(node, word)]
        if missing:
            raise ValueError("expected the node of a tape, got"
                             f" {type(node).__name__} without {missing[0]}")
        nodes[id(node)] = node
        graph[id(node)] = [id(parent) for parent in node.parents]
        waiting += reversed(node.parents)
    order = graphlib.TopologicalSorter(dict.fromkeys(graph, ()))
    for key, above in graph.items():
        order.add(key, *above)
    try:
        return [nodes[key] for key in order.static_order()]
    except graphlib.CycleError:
        raise ValueError("the graph has a circle: a node is among its own"
                         " parents, or theirs") from None


def _title(node, name):
    """Return the name or the operation of a node, or both."""
    sign = SIGNS.get(node.op, node.op.replace("**", "power "))
    sign = sign if node.parents else ""
    return f"{name}: {sign}" if name and sign else name or sign


def _grad(node):
    """Return the gradient of a node, zero where there is none yet."""
    grad = getattr(node, "grad", None)
    return 0.0 if grad is None else getattr(grad, "data", grad)


def _slopes(node):
    """Return the local derivatives of a node as words, if it keeps them."""
    found = getattr(node, "slopes", ())
    if not all(np.ndim(slope) == 0 for slope in found):
        return ()
    return tuple(quantity(slope) for slope in found)


def quantity(value, grad=False):
    """Return a number as four digits, an array as its shape.

    Of the gradient of an array it is the length of the vector that counts.
    """
    value = np.asarray(value, dtype=float)
    if value.ndim and grad:
        return f"‖{np.linalg.norm(value):.3g}‖"
    if value.ndim:
        return f"({', '.join(str(size) for size in value.shape)})"
    return f"{float(value) + 0.0:.4g}".replace("-", "−")


def sentences(nodes):
    """Return one sentence for each node, for readers without the picture."""
    many = Counter(node.title for node in nodes)
    calls = [f"node {k}" if not node.title else
             f"{node.title} (node {k})" if many[node.title] > 1 else
             node.title for k, node in enumerate(nodes, 1)]
    found = []
    for call, node in zip(calls, nodes):
        source = " and ".join(calls[p] for p in node.parents)
        words = [f"{call} {'of ' + source if source else 'is given'}",
                 node.value, node.grad]
        pairs = ", ".join(f"{calls[p]}: {slope}" for p, slope in
                          zip(node.parents, node.slopes))
        words.append(pairs and f"local derivatives {pairs}")
        found.append("; ".join(word for word in words if word) + ".")
    return found
