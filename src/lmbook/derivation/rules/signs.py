"""Manifest signs: an expression that is seen to be nonnegative.

Only the form is looked at: squares, exponentials, sums and products of what
is nonnegative.  What is not seen is not claimed.
"""

from .. import kernel
from ..language import (Add, Call, Const, Delta, Dim, Div, Entry, Index, Mul,
                        Neg, Num, Pow, Product, Total)

NONNEGATIVE = {"exp", "relu", "step", "iszero", "sigmoid", "sqrt", "Phi"}


def nonnegative(e, definitions=None, known=()):
    """Is `e` manifestly at least 0?

    `definitions` is a kernel.Definitions; `known` holds expressions that a
    cited fact says are at least 0.

    >>> from lmbook.derivation.language import scalar
    >>> x = scalar("x")
    >>> nonnegative(x**2 + 1), nonnegative(x)
    (True, False)
    """
    definitions = definitions or kernel.Definitions()

    def seen(x):
        return nonnegative(x, definitions, known)

    if any(_equal(e, k, definitions) for k in known):
        return True
    match e:
        case Num(value):
            return value >= 0
        case Dim() | Index() | Const() | Delta():
            return True
        case Call(name):
            return name in NONNEGATIVE
        case Entry(tensor) if tensor in definitions.table:
            return seen(definitions.table[tensor][1])
        case Entry(tensor):
            return tensor.positive or tensor.nonneg
    return _compound(e, seen, definitions)


def _compound(e, seen, definitions):
    """The sign of a compound, from those of its parts, which `seen` tells."""
    match e:
        case Add((Num(value), Neg(Delta() | Call() as part))):
            return value >= 1 and _at_most_one(part)
        case Add(args) | Mul(args):
            return all(map(seen, args)) or _square(e, definitions)
        case Div(a, b):
            return seen(a) and seen(b)
        case Pow(base, Num(n)):
            return seen(base) or n.denominator == 1 and n % 2 == 0
        case Pow(base, _):
            return seen(base)
        case Total(_, body) | Product(_, body):
            return seen(body)
    return False


def _at_most_one(e):
    return isinstance(e, Delta) or e.name in {"step", "iszero", "sigmoid",
                                              "Phi"}


def _equal(a, b, definitions):
    return kernel.is_zero(kernel.add(definitions.lower(a),
                                     kernel.scale(definitions.lower(b), -1)))


def _square(e, definitions):
    """x * x is a square; so is c x * x with a nonnegative c."""
    if not isinstance(e, Mul):
        return False
    rest = list(e.args)
    for a in e.args:
        if rest.count(a) > 1:
            rest.remove(a)
            rest.remove(a)
    return len(rest) < len(e.args) and all(
        nonnegative(a, definitions) for a in rest)
