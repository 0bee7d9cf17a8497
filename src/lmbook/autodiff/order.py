"""The order in which derivatives travel: each node after its inputs."""


def topological_order(output):
    """Return the nodes `output` is computed from, inputs first.

    A node has a tuple `parents`, the nodes it was computed from.
    Each node appears once, after its parents; `output` is the last.
    No recursion: memory alone limits the depth of the graph.

    Source: depth-first search; Cormen et al. (2009), section 22.4.

    >>> from lmbook.autodiff import Value
    >>> x = Value(3.0, name="x")
    >>> y = x * x + x
    >>> [n.op or n.name for n in topological_order(y)]
    ['x', '*', '+']
    """
    order, seen, stack = [], set(), [output]
    while stack:
        node = stack.pop()
        if node is None:              # all parents of the next one
            order.append(stack.pop())     # are in the order already
        elif node not in seen:
            seen.add(node)
            if node.parents:
                stack += node, None, *node.parents
            else:
                order.append(node)
    return order
