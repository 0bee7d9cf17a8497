"""A scalar tape in the plain design, written to be compared with `Value`.

Every node keeps a closure that pushes its gradient to its operands; the
order comes from a recursive walk with a set.  This is the design that most
courses start from; it is here to be timed, not to be used.
"""

import math


class Node:
    """A number that knows how to pass its gradient on."""

    def __init__(self, data, children=(), op=""):
        self.data = data
        self.grad = 0
        self.push = lambda: None
        self.children = set(children)
        self.op = op

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, n):
        out = Node(self.data ** n, (self,), f"**{n}")

        def push():
            self.grad += n * self.data ** (n - 1) * out.grad

        out.push = push
        return out

    def exp(self):
        out = Node(math.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def relu(self):
        out = Node(0 if self.data < 0 else self.data, (self,), "relu")

        def push():
            self.grad += (out.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            node.push()

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __truediv__(self, other):
        return self * other ** -1

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return other + -self

    def __rmul__(self, other):
        return self * other
