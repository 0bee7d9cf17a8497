"""The symbols of some lines, by their LaTeX; two of one look are refused."""

from ..language import (Call, Const, Delta, Dim, Entry, Expr, Function, Index,
                        Product, Tensor, Total, children)
from ..printing import KNOWN, matrix_symbols, plain_name, tensor_name
from .tokens import words

BUILT_IN = {"sigmoid": r"\sigma", "Phi": r"\Phi", "exp": "e"}


class AmbiguousPrint(ValueError):
    """Two different symbols have the same LaTeX."""


def symbols_of(*lines):
    r"""Return a dictionary from LaTeX to symbol for every symbol used.

    >>> from lmbook.derivation.language import *
    >>> K = dim("K"); l, = indices("l", K); z = tensor("z", K)
    >>> sorted(symbols_of(total(l, exp(z[l]))))
    ['K', 'l', 'z']
    >>> symbols_of(scalar("z") * total(l, z[l]))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    lmbook.derivation.reading.symbols.AmbiguousPrint: both z of shape ...
    """
    names, built_in = {}, {}
    for line in lines:
        for key, symbol in _uses(line):
            _add(built_in if isinstance(symbol, str) else names, key, symbol)
    for key, symbol in names.items():
        apart = _indexed(symbol) and key != r"\delta"
        if key in built_in and not apart:
            _refuse(symbol, built_in[key], key)
    _check_labels(names)
    return names


def _uses(e):
    if not isinstance(e, Expr):
        for part in matrix_symbols(e):
            yield from (_uses(part) if isinstance(part, Expr) else [part])
        return
    yield from _own(e)
    for part in children(e):
        yield from _uses(part)


def _own(e):
    match e:
        case Index(name, size):
            yield from [(plain_name(name), e), (plain_name(size.name), size)]
        case Dim(name) | Const(name):
            yield plain_name(name), e
        case Entry(tensor):
            yield tensor_name(tensor), tensor
        case Total(index) | Product(index):
            yield from _own(index)
        case Delta():
            yield r"\delta", "Kronecker's delta"
        case Call(name, args) if name not in KNOWN:
            yield plain_name(name), Function(name, len(args))
        case Call(name) if name in BUILT_IN:
            yield BUILT_IN[name], f"the function {name}"


def _indexed(symbol):
    return isinstance(symbol, Tensor) and symbol.dims


def _add(names, key, symbol):
    for other_key, other in names.items():
        if (other_key == key) != (_identity(other) == _identity(symbol)):
            _refuse(other, symbol, f"{other_key} and {key}"
                    if other_key != key else key)
    names[key] = symbol


def _identity(symbol):
    if isinstance(symbol, Function):
        return "function", symbol.name, len(symbol.orders)
    return symbol


def _check_labels(names):
    """Refuse x_{1} or d_{k} beside an indexed x or d."""
    for key, symbol in names.items():
        start = [w for w, _ in words(key)] + ["_"]
        for other in names if _indexed(symbol) else ():
            if [w for w, _ in words(other)][:len(start)] == start:
                _refuse(symbol, names[other], f"{other} like an entry")


def _refuse(one, two, key):
    one, two = (s.name if isinstance(s, Function) else s for s in (one, two))
    raise AmbiguousPrint(f"both {_show(one)} and {_show(two)} print {key}")


def _show(symbol):
    return symbol if isinstance(symbol, str) else repr(symbol)
