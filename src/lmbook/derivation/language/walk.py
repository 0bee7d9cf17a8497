"""Walks over expressions: parts, free and bound indices, tensors."""

from .tree import (Add, Call, Const, Delta, Deriv, Dim, Div, Entry, Index, Mul,
                   Neg, Num, Pow, Product, Total)


def children(e):
    """Return the parts of an expression that are expressions.

    >>> from lmbook.derivation.language import exp, scalar
    >>> children(exp(scalar("x")) + 1)[1]
    Num(1)
    """
    match e:
        case Add(args) | Mul(args) | Call(_, args):
            return args
        case Neg(arg):
            return (arg,)
        case Div(a, b) | Pow(a, b) | Deriv(a, b):
            return (a, b)
        case Total(_, body) | Product(_, body):
            return (body,)
        case Entry(_, parts):
            return parts
        case Delta(i, j):
            return (i, j)
    return ()


def rebuild(e, parts):
    """Return `e` with its parts replaced, in the order of `children`.

    >>> from lmbook.derivation.language import exp, expr, scalar
    >>> rebuild(exp(scalar("x")), (expr(1),)).args
    (Num(1),)
    """
    parts = tuple(parts)
    match e:
        case Add() | Mul():
            return type(e)(parts)
        case Call():
            return Call(e.name, parts, e.orders)
        case Entry():
            return Entry(e.tensor, parts)
        case Total() | Product():
            return type(e)(e.index, *parts)
        case Num() | Const() | Dim() | Index():
            return e
    return type(e)(*parts)


def bound_indices(e):
    """Return every index bound by a sum or product inside `e`.

    >>> from lmbook.derivation.language import dim, indices, total
    >>> i, = indices("i", dim("K"))
    >>> bound_indices(total(i, 1))
    {i in 1..K}
    """
    own = {e.index} if isinstance(e, (Total, Product)) else set()
    return own.union(*map(bound_indices, children(e)))


def free(e):
    """Return the indices that `e` depends on.

    >>> from lmbook.derivation.language import dim, indices, tensor, total
    >>> i, j = indices("i j", dim("K")); z = tensor("z", dim("K"))
    >>> free(total(i, z[i] * z[j]))
    {j in 1..K}
    """
    if isinstance(e, Index):
        return {e}
    found = set().union(*map(free, children(e)))
    if isinstance(e, (Total, Product)):
        found.discard(e.index)
    return found


def tensors(e):
    """Return every tensor that occurs in `e`.

    >>> from lmbook.derivation.language import exp, scalar
    >>> tensors(exp(scalar("x")))
    {x of shape ()}
    """
    own = {e.tensor} if isinstance(e, Entry) else set()
    return own.union(*map(tensors, children(e)))
