"""Every sum written out: the same lines in plain scalar symbols.

A second witness, for the tests: SymPy differentiates with respect to scalar
symbols only, where it is reliable, and both sides are compared with 50
digits at random points.
"""

from itertools import product
from math import prod
from operator import neg, truediv

import mpmath
import sympy as sp

from ..language import (Add, Call, Const, Delta, Deriv, Dim, Div, Entry, Index,
                        Mul, Neg, Num, Pow, Product, Total, children, free)
from .arrays import coefficients, ordered
from .sampling import draw, occurring


class Opaque(sp.Function):
    """A function that is constant but for jumps: its derivative is 0."""
    nargs = 1

    def fdiff(self, argindex=1):
        """Return the derivative: 0."""
        return sp.Integer(0)


class Heavy(Opaque):
    """1 where the argument is positive, else 0."""


class Zero(Opaque):
    """1 where the argument is 0, else 0."""


FUNCTIONS = {
    "exp": sp.exp, "log": sp.log, "sin": sp.sin, "cos": sp.cos,
    "sqrt": sp.sqrt, "tanh": sp.tanh, "step": Heavy, "iszero": Zero,
    "sigmoid": lambda u: 1 / (1 + sp.exp(-u)),
    "relu": lambda u: u * Heavy(u),
    "Phi": lambda u: sp.erfc(-u / sp.sqrt(2)) / 2,
}
ARITHMETIC = {Neg: neg, Add: sp.Add, Mul: sp.Mul, Div: truediv, Pow: pow}
NUMERIC = [{"Heavy": lambda u: mpmath.mpf(int(u > 0)),
            "Zero": lambda u: mpmath.mpf(int(u == 0))}, "mpmath"]


def symbol(t, place):
    """Return the scalar that stands for an entry; places start at 1."""
    where = ",".join(map(str, place))
    return sp.Symbol(f"{t.name}[{where}]" if place else t.name, real=True)


def explicit(e, sizes, assignment, definitions=(), held=()):
    """Return `e` at the places `assignment` as a SymPy expression.

    The entries of the tensors `held` stay symbols, defined or not.

    >>> from lmbook.derivation.language import dim, indices, tensor, total
    >>> K = dim("K"); i, = indices("i", K); z = tensor("z", K)
    >>> explicit(total(i, i * z[i]), {K: 2}, {})
    z[1] + 2*z[2]
    """
    rest = sizes, assignment, dict(definitions), held
    match e:
        case Num(value):
            return sp.Rational(value.numerator, value.denominator)
        case Const("pi"):
            return sp.pi
        case Dim():
            return sp.Integer(sizes[e])
        case Index():
            return sp.Integer(assignment[e])
        case Delta(i, j):
            return sp.Integer(assignment[i] == assignment[j])
    if type(e) in ARITHMETIC:
        return ARITHMETIC[type(e)](*(explicit(c, *rest) for c in children(e)))
    return _structure(e, *rest)


def _structure(e, sizes, assignment, definitions, held):
    def at(part, places=assignment, kept=held):
        return explicit(part, sizes, places, definitions, kept)

    match e:
        case Call():
            return call(e, [at(a) for a in e.args])
        case Total(i, body) | Product(i, body):
            parts = [at(body, {**assignment, i: n})
                     for n in range(1, sizes[i.dim] + 1)]
            return sum(parts) if isinstance(e, Total) else prod(parts)
        case Entry(t, indices):
            place = tuple(assignment[i] for i in indices)
            if t in held or t not in definitions:
                return symbol(t, place)
            own, body = definitions[t]
            return at(body, dict(zip(own, place)))
        case Deriv(top, bottom):
            t = bottom.tensor
            x = symbol(t, [assignment[i] for i in bottom.indices])
            slope = sp.diff(at(top, kept={*held, t}), x)
            return slope if t in held else released(slope, t, sizes, at)
    raise ValueError(f"{e!r} cannot be written out")


def released(slope, t, sizes, at):
    """Return `slope` with the held entries of `t` written out."""
    counters = [Index(f"_{n}", d) for n, d in enumerate(t.dims)]
    for place in places(t.dims, sizes):
        x = symbol(t, place)
        if slope.has(x):
            whole = at(Entry(t, tuple(counters)), dict(zip(counters, place)))
            slope = slope.xreplace({x: whole})
    return slope


def call(e, args):
    """Return a function of SymPy expressions, primes included."""
    if e.name in FUNCTIONS:
        return FUNCTIONS[e.name](*args)
    names = [sp.Dummy() for _ in args]
    stand_in = 0
    for k, (a, b, w) in enumerate(zip(*coefficients(e.name, len(args)))):
        angle = sum(exact(v) * x for v, x in zip(w, names))
        stand_in += exact(a) * (sp.exp(angle / 2) if k == 0
                                else sp.sin(angle + exact(b)))
    for x, count in zip(names, e.orders):
        stand_in = sp.diff(stand_in, x, count)
    return stand_in.xreplace(dict(zip(names, args)))


def exact(number):
    """Return a float as the fraction it is."""
    return sp.Rational(float(number))


def explicitly_equal(left, right, definitions, sizes=2, facts=(), *, rng,
                     points=3):
    """Are two lines equal at one size, at random points, to 30 digits?

    With facts, whose data are rounded, to 9 digits.
    """
    dims, leaves, _ = occurring([left, right], dict(definitions))
    sizes = sizes if isinstance(sizes, dict) else dict.fromkeys(dims, sizes)
    axes = ordered(free(left) | free(right))
    lines = [explicit(e, sizes, dict(zip(axes, place)), definitions)
             for place in places([i.dim for i in axes], sizes)
             for e in (left, right)]
    symbols = [symbol(t, p) for t in leaves for p in places(t.dims, sizes)]
    numbers = sp.lambdify(symbols, lines, modules=NUMERIC, cse=True)
    tolerance = 1e-9 if facts else 1e-30
    with mpmath.workdps(50):
        for _ in range(points):
            world = draw([left, right], definitions, facts, rng=rng,
                         sizes=sizes)
            flat = [v for t in leaves for v in world.values[t].flat]
            got = numbers(*map(mpmath.mpf, flat))
            if any(abs(a - b) > tolerance * (1 + abs(a))
                   for a, b in zip(got[::2], got[1::2])):
                return False
    return True


def places(dims, sizes):
    """Return every tuple of positions, counted from 1."""
    return product(*(range(1, sizes[d] + 1) for d in dims))
