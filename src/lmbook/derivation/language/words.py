"""The language of a derivation: what its author writes.

    K = dim("K"); i, l = indices("i l", K); z = tensor("z", K)
    s_i = exp(z[i]) / total(l, exp(z[l]))
"""

import re

from .tree import (Call, Const, Delta, Deriv, Dim, Entry, Index, IndexMismatch,
                   Product, Tensor, Total, expr)
from .walk import bound_indices, free


def dim(name):
    """Return a size that stands for every positive integer.

    >>> dim("K")
    dim('K')
    """
    return Dim(_checked(name))


def _checked(name):
    if not re.fullmatch(r"[A-Za-z]\w*", name):
        raise ValueError(f"{name!r} is not a name; expected a letter, then "
                         "letters, digits or _")
    return name


def indices(names, size):
    """Return one typed index per name, each running over `size`.

    >>> i, j = indices("i j", dim("K"))
    >>> i
    i in 1..K
    """
    return tuple(index(name, size) for name in names.split())


def index(name, size):
    """Return one typed index.

    >>> index("n", dim("N"))
    n in 1..N
    """
    return Index(_checked(name), size)


def tensor(name, *dims, positive=False, nonneg=False, tex=""):
    """Return a tensor with one dimension per axis.

    >>> W = tensor("W", dim("H"), dim("D"))
    >>> W
    W of shape (H, D)
    >>> W[index("d", dim("D")), index("h", dim("H"))]
    Traceback (most recent call last):
    ...
    lmbook.derivation.language.tree.IndexMismatch: axis 1 of W of shape \
(H, D) runs over H, but the index d runs over D
    """
    return Tensor(_checked(name), dims, positive, nonneg, tex)


def scalar(name, positive=False, nonneg=False, tex=""):
    """Return a scalar variable.

    >>> scalar("L") == scalar("L")
    True
    """
    return tensor(name, positive=positive, nonneg=nonneg, tex=tex)[()]


def total(*args):
    """Return the sum over one or more indices: total(i, j, body).

    >>> i, = indices("i", dim("K"))
    >>> total(i, total(i, 1))
    Traceback (most recent call last):
    ...
    ValueError: the index i is already bound inside this sum
    """
    return _bind(Total, args)


def product(*args):
    """Return the product over one or more indices of a positive body.

    >>> i, = indices("i", dim("K"))
    >>> free(product(i, exp(tensor("z", dim("K"))[i])))
    set()
    """
    return _bind(Product, args)


def _bind(kind, args):
    *bound, body = args
    body = expr(body)
    for i in reversed(bound):
        if i in bound_indices(body):
            raise ValueError(f"the index {i.name} is already bound inside "
                             "this sum")
        body = kind(i, body)
    return body


def delta(i, j):
    """Return Kronecker's delta: 1 where i = j, else 0.

    >>> i, j = indices("i j", dim("K"))
    >>> delta(i, index("n", dim("N")))
    Traceback (most recent call last):
    ...
    lmbook.derivation.language.tree.IndexMismatch: delta of i over K \
and n over N
    """
    if i.dim != j.dim:
        raise IndexMismatch(f"delta of {i.name} over {i.dim.name} and "
                            f"{j.name} over {j.dim.name}")
    return Delta(i, j)


def D(top, *bottoms):
    """Return the partial derivative of `top` with respect to entries.

    >>> K = dim("K"); i, j = indices("i j", K); z = tensor("z", K)
    >>> sorted(k.name for k in free(D(z[i], z[j])))
    ['i', 'j']
    """
    for bottom in bottoms:
        if not isinstance(bottom, Entry):
            raise ValueError(f"cannot differentiate by {bottom!r}; expected "
                             "a scalar or an entry such as z[j]")
        top = Deriv(expr(top), bottom)
    return top


def _call(name):
    def function(x):
        return Call(name, (expr(x),))
    function.__name__ = name
    function.__doc__ = f"Return {name} of an expression."
    return function


KNOWN = ("exp", "log", "sin", "cos", "sqrt", "tanh", "sigmoid", "relu",
         "step", "iszero", "Phi")
(exp, log, sin, cos, sqrt, tanh, sigmoid, relu, step, is_zero,
 normal_cdf) = map(_call, KNOWN)
pi = Const("pi")


class Function:
    """A generic smooth function f; `f.d()` is f', `g.d(2)` for an argument.

    >>> f = Function("f"); x = scalar("x")
    >>> f.d()(x).orders
    (1,)
    """

    def __init__(self, name, arity=1, orders=None):
        if name in KNOWN:
            raise ValueError(f"{name} is a known function; expected another "
                             "name")
        self.name, self.orders = name, orders or (0,) * arity

    def __call__(self, *args):
        if len(args) != len(self.orders):
            raise ValueError(f"{self.name} takes {len(self.orders)} "
                             f"arguments, {len(args)} were given")
        return Call(self.name, tuple(map(expr, args)), self.orders)

    def d(self, which=1):
        """Return the partial derivative in argument `which`, from 1."""
        orders = list(self.orders)
        orders[which - 1] += 1
        return Function(self.name, orders=tuple(orders))
