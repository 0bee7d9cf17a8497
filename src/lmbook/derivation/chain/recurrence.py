"""Expressions of a recurrence: at the start, and after one more step."""

from dataclasses import replace

from ..language import (Add, Entry, Index, IndexMismatch, Num, Product, Tensor,
                        Total, children, expr, rebuild)
from .lines import Line


def latest(history):
    """Return the newest entry of a tensor over the steps.

    >>> from lmbook.derivation.language import dim, tensor
    >>> latest(tensor("g", dim("t"))).indices
    (t+1 in 1..t,)
    """
    if len(history.dims) != 1:
        raise IndexMismatch(f"{history} must have the steps as its one axis")
    return Entry(history, (newest(history.dims[0]),))


def newest(t):
    """Return the index t + 1, over the steps."""
    return Index(f"{t.name}+1", t)


def at_start(e, t):
    """Return `e` after no step: sums over the steps are empty.

    >>> from lmbook.derivation.language import dim, index, tensor, total
    >>> t = dim("t"); k = index("k", t); g = tensor("g", t)
    >>> at_start(total(k, g[k]), t)
    Num(0)
    """
    if isinstance(e, (Total, Product)) and e.index.dim == t:
        return expr(0 if isinstance(e, Total) else 1)
    if e == t:
        return expr(0)
    return rebuild(e, (at_start(part, t) for part in children(e)))


def one_more(e, t):
    """Return `e` after one more step: each sum gains its newest term.

    >>> from lmbook.derivation.language import dim, index, tensor, total
    >>> t = dim("t"); k = index("k", t); g = tensor("g", t)
    >>> print(named(one_more(total(k, g[k]), t), t))
    \\sum_{k=1}^{t} g_{k} + g_{t+1}
    """
    if isinstance(e, (Total, Product)) and e.index.dim == t:
        body = one_more(e.body, t)
        last = _put_newest(body, e.index, t)
        grown = type(e)(e.index, body)
        return grown + last if isinstance(e, Total) else grown * last
    if e == t:
        return Add((t, Num(1)))
    return rebuild(e, (one_more(part, t) for part in children(e)))


def _put_newest(e, index, t):
    """Let an index be t + 1: as a label of an entry, or as a number."""
    if e == index:
        return Add((t, Num(1)))
    if isinstance(e, Entry):
        return Entry(e.tensor, tuple(newest(t) if i == index else i
                                     for i in e.indices))
    return rebuild(e, (_put_newest(part, index, t) for part in children(e)))


def named(e, t):
    """Return `e` with the newest entry of each history as a scalar g_{t+1}.

    >>> from lmbook.derivation.language import dim, tensor
    >>> t = dim("t"); print(named(latest(tensor("g", t)), t))
    g_{t+1}
    """
    if isinstance(e, Entry) and newest(t) in e.indices:
        left = [i for i in e.indices if i != newest(t)]
        history = e.tensor
        if len(left) < len(e.indices) - 1:
            raise IndexMismatch(f"{history} has the steps on two axes")
        one = stepped(Tensor(history.name, (), history.positive,
                             history.nonneg, history.tex)[()], f"{t.name}+1")
        return replace(one.tensor, dims=tuple(i.dim for i in left))[
            tuple(left)]
    return rebuild(e, (named(part, t) for part in children(e)))


def substitute(e, values):
    """Replace scalars, given as a dict from entry to expression.

    >>> from lmbook.derivation.language import scalar
    >>> x, y = scalar("x"), scalar("y")
    >>> print(substitute(2 * x, {x: y + 1}))
    2 \\left( y + 1 \\right)
    """
    if e in values:
        return values[e]
    return rebuild(e, (substitute(part, values) for part in children(e)))


def stepped(state, when):
    """Return a state with its time, m_t, as a scalar to be displayed."""
    text = Line(state).latex
    return Tensor(f"{state.tensor.name} at {when}", (), state.tensor.positive,
                  state.tensor.nonneg, tex=f"{text}_{{{when}}}")[()]
