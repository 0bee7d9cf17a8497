"""Random expressions, and true equalities that disguise them."""

from itertools import count

from lmbook.derivation.language import (
    Add, Call, D, Deriv, Div, Entry, Function, Index, Mul, Num, Pow, Total,
    children, delta, dim, exp, free, index, indices, log, rebuild, relu,
    scalar, sigmoid, sin, sqrt, step, tanh, tensor, total)

K, N = dim("K"), dim("N")
DIMS = (K, N)
i, j = indices("i j", K)
n, = indices("n", N)
OPEN = (i, j, n)
a, b = scalar("a"), scalar("b")
SOURCES = [tensor("z", K), tensor("y", K), tensor("w", N), tensor("W", K, K),
           tensor("X", N, K), a.tensor, b.tensor]
POSITIVE = [tensor("p", K, positive=True), scalar("c", positive=True).tensor,
            tensor("Q", N, K, positive=True)]
f = Function("f")
SMOOTH = [exp, sigmoid, tanh, sin, f, relu, step]


class Writer:
    """Writes random expressions; every bound index gets a name of its own."""

    def __init__(self, rng):
        self.rng, self.numbers = rng, count(1)
        self.table, self.opaque = {}, False

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def fresh(self, size):
        return index(f"k{next(self.numbers)}", size)

    def entry(self, known, sources=SOURCES):
        """Return an entry with indices from `known` only."""
        sizes = {k.dim for k in known}
        t = self.pick([t for t in sources if set(t.dims) <= sizes])
        return t[tuple(self.pick([k for k in known if k.dim == d])
                       for d in t.dims)]

    def positive(self, known, depth):
        match self.rng.integers(4 if depth else 2):
            case 0:
                return self.entry(known, POSITIVE)
            case 1:
                return exp(self.entry(known))
            case 2:
                return 1 + self.positive(known, depth - 1)
        return self.sum(known, self.positive, depth - 1)

    def sum(self, known, write, depth):
        k = self.fresh(self.pick(DIMS))
        return total(k, write((*known, k), depth))

    def any(self, known, depth):
        """Return a random expression, defined for all values."""
        if depth == 0:
            return self.entry(known)
        less = depth - 1
        match self.rng.integers(9):
            case 0:
                return self.any(known, less) + self.any(known, less)
            case 1 | 2:
                return self.any(known, less) * self.any(known, less)
            case 3 | 4:
                return self.sum(known, self.any, less)
            case 5:
                return self.pick(SMOOTH)(self.any(known, min(less, 1)))
            case 6:
                return self.any(known, less) / self.positive(known, less)
            case 7:
                root = self.pick([log, sqrt])
                return root(self.positive(known, less))
        return self.slope(known, less)

    def slope(self, known, depth):
        top = self.any(known, depth)
        if any(isinstance(e, Call) and e.name == "step" or
               isinstance(e, Deriv) for e in nodes(top)):
            return top * self.pick([2, 3])
        return D(top, self.entry(known))


def nodes(e):
    yield e
    for part in children(e):
        yield from nodes(part)


def replace_index(e, old, new):
    """Put one free index for another."""
    if e == old:
        return new
    return rebuild(e, (replace_index(p, old, new) for p in children(e)))


class Disguise(Writer):
    """Rewrites that keep the value of an expression.

    Inside a function, a sum or a denominator the kernel is sure to cancel
    single factors only, so there only such are put in.
    """

    def __call__(self, e, times):
        for _ in range(times):
            self.opaque = False
            e = self.somewhere(e, self.rng.integers(sum(
                1 for _ in self.places(e))))
        return e

    def places(self, e):
        yield e
        if isinstance(e, (Entry, Index)):
            return
        parts = children(e)[:1] if isinstance(e, Deriv) else children(e)
        for part in parts:
            if not isinstance(part, Index):
                yield from self.places(part)

    def somewhere(self, e, number):
        """Rewrite the part with this number, counted from the top."""
        if number == 0:
            return self.rewrite(e)
        number -= 1
        parts = list(children(e))
        self.opaque |= isinstance(e, (Call, Total))
        for n, part in enumerate(parts):
            self.opaque |= isinstance(e, Div) and n == 1
            inside = sum(1 for _ in self.places(part))
            if number < inside:
                parts[n] = self.somewhere(part, number)
                return rebuild(e, parts)
            number -= inside
        return e

    def rewrite(self, e):
        known = sorted(free(e), key=lambda k: k.name)
        rules = [self.add_zero, self.times_one, self.round_trip, self.linear,
                 self.defined, *self.by_form(e)]
        if known:
            rules.append(self.delta_sum)
        return self.pick(rules)(e, known)

    def by_form(self, e):
        match e:
            case Add() | Mul():
                return [self.reorder, self.distribute] * 2
            case Total():
                return [self.rename, self.split, self.push] * 2
            case Call("exp", (Add(),)):
                return [self.split_exp] * 3
            case Call("relu" | "step" | "sigmoid" | "tanh"):
                return [self.spell_out] * 3
            case Deriv(Add(), _):
                return [self.split_slope] * 3
            case Pow(_, Num()):
                return [self.multiply_out] * 3
        return []

    def factor(self, known):
        return self.positive(tuple(known), 0 if self.opaque else 1)

    def add_zero(self, e, known):
        t = self.entry(known)
        return e + t - t

    def times_one(self, e, known):
        one = self.factor(known)
        return one * e / one

    def round_trip(self, e, known):
        return log(exp(e)) if self.rng.random() < 0.5 else -(-(e * 2) / 2)

    def linear(self, e, known):
        """The slope of e t in t, t new."""
        t = tensor(f"t{next(self.numbers)}", *(k.dim for k in known))
        other = [self.fresh(k.dim) for k in known]
        moved = e
        for k, o in zip(known, other):
            moved = replace_index(moved, k, o)
        if not known:
            return D(e * t[()], t[()])
        return D(total(*other, moved * t[tuple(other)]), t[tuple(known)])

    def defined(self, e, known):
        t = tensor(f"s{next(self.numbers)}", *(k.dim for k in known))
        if any(isinstance(x, Deriv) for x in nodes(e)):
            return e * 1
        self.table[t] = tuple(known), e
        return t[tuple(known)]

    def delta_sum(self, e, known):
        k = self.pick(known)
        new = self.fresh(k.dim)
        return total(new, delta(new, k) * replace_index(e, k, new))

    def reorder(self, e, known):
        return type(e)(e.args[::-1])

    def distribute(self, e, known):
        if isinstance(e, Add):
            c = self.factor(known)
            return Add(tuple(c * x for x in e.args)) / c
        n = next((n for n, x in enumerate(e.args) if isinstance(x, Add)),
                 None)
        if n is None:
            return e
        rest = e.args[:n] + e.args[n + 1:]
        return Add(tuple(Mul((*rest, x)) for x in e.args[n].args))

    def rename(self, e, known):
        new = self.fresh(e.index.dim)
        return Total(new, replace_index(e.body, e.index, new))

    def split(self, e, known):
        if isinstance(e.body, Add):
            return Add(tuple(self.rename(Total(e.index, x), known)
                             for x in e.body.args))
        half = self.rename(e, known)
        return (e + half) / 2

    def push(self, e, known):
        """Move a factor inside, or swap two sums."""
        if isinstance(e.body, Total):
            return Total(e.body.index, Total(e.index, e.body.body))
        c = self.entry(known)
        return Total(e.index, c * e.body) - Total(e.index, e.body * c) + e

    def split_exp(self, e, known):
        return Mul(tuple(map(exp, e.args[0].args)))

    def spell_out(self, e, known):
        x, = e.args
        return {"relu": lambda: x * step(x), "step": lambda: e * e,
                "sigmoid": lambda: 1 / (1 + exp(-x)) if self.opaque
                else 1 - 1 / (1 + exp(x)),
                "tanh": lambda: 1 - 2 / (1 + exp(2 * x)) if self.opaque
                else 2 * sigmoid(2 * x) - 1}[e.name]()

    def split_slope(self, e, known):
        return Add(tuple(Deriv(x, e.bottom) for x in e.top.args))

    def multiply_out(self, e, known):
        times = e.exponent.value
        return e if times != 2 else e.base * e.base
