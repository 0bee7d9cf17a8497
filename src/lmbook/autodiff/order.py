"""The order in which derivatives travel: each node after its inputs."""


def topological_order(output):
    """Return the nodes that `output` is computed from, inputs first.

    A node has a tuple `parents`, the nodes it was computed from.  Each node
    appears once, after its parents; `output` is the last.  No recursion:
    the depth of the graph is limited by memory alone.

    Source: depth-first search; Cormen et al. (2009), section 22.4.

    >>> from lmbook.autodiff import Value
    >>> x = Value(3.0, name="x")
    >>> y = x * x + x
    >>> [node.op or node.name for node in topological_order(y)]
    ['x', '*', '+']
    """
    order, seen, stack = [], set(), [output]
    while stack:
        node = stack.pop()
        if node is None:                     # all parents of the next one
            order.append(stack.pop())        # stand in the order already
        elif node not in seen:
            seen.add(node)
            if node.parents:
                stack += node, None, *node.parents
            else:
                order.append(node)
    return order
