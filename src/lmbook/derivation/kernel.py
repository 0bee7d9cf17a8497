"""The kernel: one normal form, so that equal expressions become one object.

This is the file to trust.  It uses Python's integers and fractions only.

A *polynomial* is a dictionary {monomial: coefficient}; a *monomial* is a
sorted tuple of (atom, exponent) with rational exponents.  An *atom* is
whatever arithmetic cannot open: an entry z[i], a size K, exp of a monomial, a
sum over bound indices.  Atoms with the same key are the same object.

Sums are kept in one shape: a product under a sum is split into its connected
components, a Kronecker delta removes the index it binds, and bound indices
get canonical names.  So sum_kl a_k b_l and (sum a)(sum b) are one object.

Everything here is an equality between real numbers wherever both sides are
defined.  Sound and incomplete: `is_zero` answers True only with a proof, for
every size; what it cannot decide it does not claim.
"""

import itertools
import math
from fractions import Fraction
from functools import lru_cache

from .language import (Add, Call, Const, Delta, Deriv, Dim, Div, Entry, Index,
                       Mul, Neg, Num, Pow, Product, Total, tensors)


class Undecided(ValueError):
    """The kernel has no rule for this expression."""


# --- atoms ---------------------------------------------------------------

class Atom:
    """One generator of the normal form; equal keys are the same object.

    kinds: entry, size, position, constant, root, delta, step, iszero, exp,
    log, call, power (of a polynomial that is no monomial), sum.
    """

    __slots__ = ("kind", "data", "key", "free", "height", "tensors",
                 "positive")
    table = {}

    def __repr__(self):
        return self.key


def atom(kind, data, key, *, free=(), parts=(), positive=False):
    """Return the atom with this key; `parts` are the polynomials inside."""
    key = f"{kind}[{key}]"
    if key in Atom.table:
        return Atom.table[key]
    inside = [a for p in parts for m in p for a, _ in m]
    new = Atom()
    new.kind, new.data, new.key, new.positive = kind, data, key, positive
    new.free = frozenset(free).union(*(a.free for a in inside))
    new.height = max([a.height for a in inside], default=0)
    new.tensors = frozenset().union(*(a.tensors for a in inside))
    if kind == "entry":
        new.tensors = frozenset([data[0]])
    if kind == "sum":
        new.free -= set(data[0])
        new.height += 1
    return Atom.table.setdefault(key, new)


def monomial_key(m):
    """Return the text that names a monomial."""
    return "*".join(a.key if e == 1 else f"{a.key}^{e}" for a, e in m)


def key_of(p):
    """Return the text that names a polynomial, whatever its order."""
    return " + ".join(sorted(f"{c} {monomial_key(m)}" for m, c in p.items()))


def dim_of(index):
    """Return the dimension in the name of an index, "i@K"."""
    return index.partition("@")[2]


# --- arithmetic ----------------------------------------------------------

ONE = ()
_fresh = itertools.count()


def fresh(index):
    """Return a new index name over the same dimension."""
    return f"~{next(_fresh)}@{dim_of(index)}"


def tidy(c):
    """Return a Fraction that is whole as an int (faster, same value)."""
    return c.numerator if c.denominator == 1 else c


def constant(c):
    """Return a number as a polynomial."""
    return {ONE: tidy(c)} if c else {}


def single(a, e=1):
    """Return a power of one atom as a polynomial."""
    return normal({a: e})


def add(*polys):
    """Return the sum of polynomials."""
    out = {}
    for p in polys:
        for m, c in p.items():
            c = tidy(out.get(m, 0) + c)
            if c:
                out[m] = c
            else:
                out.pop(m, None)
    return out


def scale(p, c):
    """Return c * p for a number c."""
    return {m: tidy(c * d) for m, d in p.items()} if c else {}


def multiply(p, q):
    """Return the product of two polynomials."""
    out = {}
    for m, c in p.items():
        for n, d in q.items():
            for k, e in product_of(m, n).items():
                e = tidy(out.get(k, 0) + c * d * e)
                if e:
                    out[k] = e
                else:
                    out.pop(k, None)
    return out


@lru_cache(200_000)
def product_of(m, n):
    """Return the product of two monomials, a polynomial."""
    if not m or not n:
        return {m or n: 1}
    powers = dict(m)
    for a, e in n:
        powers[a] = powers.get(a, 0) + e
    return normal(powers)


def product_all(polys):
    """Return the product of polynomials."""
    out = constant(1)
    for p in polys:
        out = multiply(out, p)
    return out


def normal(powers):
    """Return the polynomial of a product of powers of atoms."""
    powers = {a: tidy(e) for a, e in powers.items() if e}
    for a, e in powers.items():
        if a.kind in ("delta", "step", "iszero"):       # 0 or 1: x^2 = x
            if e < 0:
                raise Undecided(f"division by {a}, which can be 0")
            powers[a] = 1
    for a, e in powers.items():
        rule = REDUCTIONS.get(a.kind)
        found = rule and rule(a, e, powers)
        if found is not None:
            return found
    return {tuple(sorted(powers.items(), key=lambda pair: pair[0].key)): 1}


def _reduce_delta(a, e, powers):
    """delta_ij f(j) = delta_ij f(i)."""
    keep, drop = a.data
    touched = {b: k for b, k in powers.items()
               if b is not a and drop in b.free}
    if not touched:
        return None
    rest = {b: k for b, k in powers.items() if b not in touched}
    moved = (power(rename(single(b), {drop: keep}), k)
             for b, k in touched.items())
    return multiply(normal(rest), product_all(moved))


def _reduce_power(a, e, powers):
    """P^(k + f) = P^k P^f with P^k multiplied out, k whole, 0 <= f < 1."""
    if e < 1:
        return None
    rest = {**powers, a: e - math.floor(e)}
    return multiply(power(dict(a.data), math.floor(e)), normal(rest))


def _reduce_root(a, e, powers):
    """2^(3/2) = 2 * 2^(1/2)."""
    whole = math.floor(e)
    if not whole:
        return None
    rest = normal({**powers, a: e - whole})
    return scale(rest, Fraction(a.data) ** whole)


def _reduce_cosine(a, e, powers):
    """cos^2 = 1 - sin^2."""
    if a.data[0] != "cos" or e < 2:
        return None
    sine = single(call_atom("sin", a.data[1], a.data[2]), 2)
    rest = normal({**powers, a: e - 2})
    return multiply(rest, add(constant(1), scale(sine, -1)))


REDUCTIONS = {"delta": _reduce_delta, "power": _reduce_power,
              "root": _reduce_root, "call": _reduce_cosine}


# --- leaves --------------------------------------------------------------

def entry(tensor, idx, positive=False):
    """Return an entry of a tensor; `idx` names its indices."""
    mark = "+" if positive else ""
    key = f"{tensor}{mark}({','.join(idx)})"
    return single(atom("entry", (tensor, idx), key, free=idx,
                       positive=positive))


def delta(i, j):
    """Return Kronecker's delta of two index names."""
    if i == j:
        return constant(1)
    i, j = sorted((i, j))
    return single(atom("delta", (i, j), f"{i},{j}", free=(i, j)))


def size(name):
    """Return a dimension as a number."""
    return single(atom("size", name, name, positive=True))


def position(i):
    """Return an index as a number, its own position."""
    return single(atom("position", i, i, free=(i,), positive=True))


def number_constant(name):
    """Return a positive constant, such as pi."""
    return single(atom("constant", name, name, positive=True))


# --- powers, exponentials, logarithms, functions ---------------------------

def is_positive(a):
    """Can this atom only be a positive number?"""
    if a.kind == "sum":
        return all(is_positive(b) for b, _ in a.data[1])
    if a.kind == "power":
        return all(c > 0 and all(is_positive(b) for b, _ in m)
                   for m, c in a.data)
    return a.positive


def content(p, only_positive):
    """Split p = number * monomial * rest, the number positive.

    Taking out P^-1 can multiply P out, so repeat until nothing is shared.
    """
    number, powers = Fraction(1), {}
    while True:
        part, shared = _shared(p, only_positive)
        if part == 1 and not shared:
            return number, powers, p
        number *= part
        p = scale(add(*(scale(_divided(m, shared), c)
                        for m, c in p.items())), 1 / part)
        for a, e in shared.items():
            powers[a] = powers.get(a, 0) + e


def _divided(m, shared):
    powers = dict(m)
    for a, e in shared.items():
        powers[a] = powers.get(a, 0) - e
    return normal(powers)


def _shared(p, only_positive):
    """Return the greatest common number and powers of the terms of p."""
    numbers = [Fraction(c) for c in p.values()]
    number = Fraction(math.gcd(*(c.numerator for c in numbers)),
                      math.lcm(*(c.denominator for c in numbers)))
    terms = [dict(m) for m in p]
    lows = {a: min(m.get(a, 0) for m in terms) for a in set().union(*terms)}
    return number, {
        a: e for a, e in lows.items()
        if e and a.kind not in ("delta", "step", "iszero")
        and (is_positive(a) or not only_positive)}


def rational_power(c, e):
    """Return c ** e for a positive rational c as a polynomial."""
    if isinstance(e, int):
        return constant(Fraction(c) ** e)
    c = Fraction(c)
    powers = {}
    for value, sign in ((c.numerator, 1), (c.denominator, -1)):
        for prime, times in factor(value):
            root = atom("root", prime, str(prime), positive=True)
            powers[root] = powers.get(root, 0) + sign * times * e
    return normal(powers)


def factor(n):
    """Return the prime factors of n with their multiplicities."""
    out, prime = [], 2
    while n > 1:
        times = 0
        while n % prime == 0:
            n, times = n // prime, times + 1
        if times:
            out.append((prime, times))
        prime += 1
    return out


def power(p, e):
    """Return p ** e for a rational exponent e."""
    e = tidy(e)
    if e == 0:
        return constant(1)
    if not p:
        if e > 0:
            return {}
        raise Undecided("division by zero")
    if e == 1:
        return p
    if len(p) > 1 and isinstance(e, int) and e > 0:
        if e > 12:
            raise Undecided(f"the exponent {e} is too large to multiply out")
        return multiply(p, power(p, e - 1))
    number, shared, rest = content(p, only_positive=not isinstance(e, int))
    out = multiply(rational_power(number, e),
                   normal({a: k * e for a, k in shared.items()}))
    if rest == {ONE: -1} and isinstance(e, int):
        return scale(out, -1 if e % 2 else 1)
    return out if rest == {ONE: 1} else multiply(out, _power_atom(rest, e))


def _power_atom(p, e):
    if len(p) == 1 and isinstance(e, int):              # what can be 0 or 1
        (m, c), = p.items()
        return scale(normal({a: k * e for a, k in m}), Fraction(c) ** e)
    if len(p) == 1:                                     # (P^a)^b = P^(a b)
        ((m, c),) = p.items()
        if c == 1 and len(m) == 1 and m[0][1] != int(m[0][1]):
            return normal({m[0][0]: m[0][1] * e})
    data = tuple(sorted(p.items(), key=lambda item: monomial_key(item[0])))
    return normal({atom("power", data, key_of(p), parts=[p]): e})


def exponential(p):
    """exp(c1 m1 + c2 m2) = exp(m1)^c1 exp(m2)^c2; exp(log x) = x."""
    out = constant(1)
    for m, c in p.items():
        if len(m) == 1 and m[0][0].kind == "log" and m[0][1] == 1:
            piece = power(dict(m[0][0].data), c)
        else:
            piece = single(atom("exp", m, monomial_key(m), parts=[{m: 1}],
                                positive=True), c)
        out = multiply(out, piece)
    return out


def logarithm(p):
    """log splits over factors that are known to be positive, no others."""
    if not p:
        raise Undecided("the logarithm of zero")
    number, shared, rest = content(p, only_positive=True)
    out = {}
    for value, sign in ((number.numerator, 1), (number.denominator, -1)):
        for prime, times in factor(value):
            out = add(out, scale(_log_atom(constant(prime)), sign * times))
    for a, e in shared.items():
        out = add(out, scale(_log_of_atom(a), e))
    return out if rest == {ONE: 1} else add(out, _log_atom(rest))


def _log_of_atom(a):
    if a.kind == "exp":
        return {a.data: 1}
    if a.kind == "root":
        return _log_atom(constant(a.data))
    return _log_atom(dict(a.data) if a.kind == "power" else {((a, 1),): 1})


def _log_atom(p):
    data = tuple(sorted(p.items(), key=lambda item: monomial_key(item[0])))
    return single(atom("log", data, key_of(p), parts=[p]))


def zero_or_one(kind, p):
    """The indicator of p > 0 (step) or of p = 0 (iszero)."""
    if not p:
        return constant(int(kind == "iszero"))
    if set(p) == {ONE}:
        return constant(int(kind == "step" and p[ONE] > 0))
    rest = content(p, only_positive=True)[2]
    data = tuple(sorted(rest.items(), key=lambda item: monomial_key(item[0])))
    return single(atom(kind, data, key_of(rest), parts=[rest]))


def call_atom(name, orders, data):
    """Return the atom of a function that stays unopened."""
    args = [dict(p) for p in data]
    key = f"{name}{orders}({'; '.join(map(key_of, args))})"
    return atom("call", (name, orders, data), key, parts=args)


def call(name, orders, args):
    """Return a function of polynomials; orders count the primes of f."""
    x = args[0]
    match name:
        case "exp":
            return exponential(x)
        case "log":
            return logarithm(x)
        case "sqrt":
            return power(x, Fraction(1, 2))
        case "step" | "iszero":
            return zero_or_one(name, x)
        case "relu":
            return multiply(x, zero_or_one("step", x))
        case "sigmoid":
            bottom = add(constant(1), exponential(scale(x, -1)))
            return power(bottom, -1)
        case "tanh":
            bottom = add(constant(1), exponential(scale(x, 2)))
            return add(constant(1), scale(power(bottom, -1), -2))
    if name in ("sin", "cos") and not x:
        return constant(int(name == "cos"))
    data = tuple(tuple(sorted(p.items(), key=lambda i: monomial_key(i[0])))
                 for p in args)
    return single(call_atom(name, orders, data))


# --- sums ----------------------------------------------------------------

def sum_over(bound, p):
    """Return the sum of p over the indices named in `bound`."""
    return add(*(scale(sum_monomial(tuple(bound), m), c)
                 for m, c in p.items()))


@lru_cache(100_000)
def sum_monomial(bound, m):
    """Return the sum of one monomial in its one shape."""
    for a, e in m:
        if a.kind == "delta" and set(a.data) & set(bound):
            i, j = a.data if a.data[0] in bound else a.data[::-1]
            rest = {tuple(pair for pair in m if pair[0] is not a): 1}
            left = tuple(b for b in bound if b != i)
            return sum_over(left, rename(rest, {i: j}))
    for a, e in m:
        if opens(a, e) and a.free & set(bound):
            names, body = open_sum(a)
            rest = normal({**dict(m), a: e - 1})
            return sum_over(bound + names, multiply(rest, {body: 1}))
    return split_components(bound, m)


def opens(a, e):
    """Is this a power of a sum that is written out, factor by factor?"""
    return a.kind == "sum" and isinstance(e, int) and 0 < e <= 4


def open_sum(a, name=fresh):
    """Return a sum's bound indices under new names, and its body."""
    names = tuple(map(name, a.data[0]))
    renamed = rename({a.data[1]: 1}, dict(zip(a.data[0], names)))
    (body, c), = renamed.items()
    if c != 1:
        raise Undecided(f"the body of {a} changes when it is renamed")
    return names, body


def split_components(bound, m):
    """sum_kl a_k b_l = (sum_k a_k)(sum_l b_l)."""
    groups = [({i}, []) for i in bound]
    outside = []
    for a, e in m:
        hit = [g for g in groups if g[0] & a.free]
        if not hit:
            outside.append((a, e))
            continue
        merged = (set().union(*(g[0] for g in hit)),
                  [pair for g in hit for pair in g[1]] + [(a, e)])
        groups = [g for g in groups if g not in hit] + [merged]
    parts = [normal(dict(outside))]
    for names, pairs in groups:
        if pairs:
            parts.append(close_sum(names, pairs))
        else:
            parts.extend(size(dim_of(i)) for i in names)
    return product_all(parts)


def close_sum(names, pairs):
    """Return the sum atom, its bound indices renamed canonically."""
    height = 1 + max(a.height for a, _ in pairs)
    by_dim = itertools.groupby(sorted(names, key=dim_of), key=dim_of)
    orders = itertools.product(*(itertools.permutations(sorted(g))
                                 for _, g in by_dim))
    m = tuple(sorted(pairs, key=lambda pair: pair[0].key))
    best = None
    for order in itertools.islice(orders, 120):
        order = list(itertools.chain(*order))
        new = [f"#{height}.{k}@{dim_of(i)}" for k, i in enumerate(order)]
        renamed = rename({m: 1}, dict(zip(order, new)))
        key = key_of(renamed)
        if best is None or key < best[0]:
            best = key, tuple(new), renamed
    _, new, renamed = best
    (body, c), = renamed.items()
    sign = atom("sum", (new, body), f"{','.join(new)}: {monomial_key(body)}",
                parts=[{body: 1}])
    return scale(single(sign), c)


# --- replacing what atoms are made of -------------------------------------

def transform(p, change):
    """Replace every atom by the polynomial change(atom); None keeps it."""
    out = {}
    for m, c in p.items():
        new = [(change(a), a, e) for a, e in m]
        if all(q is None for q, _, _ in new):
            out = add(out, {m: c})
            continue
        kept = normal({a: e for q, a, e in new if q is None})
        moved = (power(q, e) for q, _, e in new if q is not None)
        out = add(out, scale(multiply(kept, product_all(moved)), c))
    return out


def rebuild_atom(a, inner):
    """Rebuild an atom from its parts, each polynomial passed to `inner`."""
    match a.kind:
        case "exp":
            return exponential(inner({a.data: 1}))
        case "log":
            return logarithm(inner(dict(a.data)))
        case "power":
            return inner(dict(a.data))
        case "step" | "iszero":
            return zero_or_one(a.kind, inner(dict(a.data)))
        case "call":
            name, orders, data = a.data
            return call(name, orders, [inner(dict(p)) for p in data])
        case "sum":
            names, body = open_sum(a, _name_by_height)
            return sum_over(names, inner({body: 1}))
    return {((a, 1),): 1}


def _name_by_height(canonical):
    """Return ~h.k for #h.k, so that caches are hit where `fresh` would miss.

    Nothing is captured: a sum inside another has a lower height, what is put
    in mentions at most the names opened around it, and the sum is closed as
    soon as its body is rebuilt.
    """
    return "~" + canonical.removeprefix("#")


def rename(p, names):
    """Rename free indices; canonical bound names never collide with them."""
    pairs = tuple(sorted(names.items()))
    return transform(p, lambda a: _rename_atom(a, pairs))


@lru_cache(200_000)
def _rename_atom(a, pairs):
    names = dict(pairs)
    if not a.free & names.keys():
        return None
    match a.kind:
        case "entry":
            tensor, idx = a.data
            return entry(tensor, tuple(names.get(i, i) for i in idx),
                         a.positive)
        case "delta":
            return delta(*(names.get(i, i) for i in a.data))
        case "position":
            return position(names[a.data])
        case "sum":                     # no name put in is one of its own
            return sum_over(a.data[0], rename({a.data[1]: 1}, names))
    return rebuild_atom(a, lambda p: rename(p, names))


def replace_tensor(p, name, value):
    """Replace each entry of a tensor by value(indices)."""
    def change(a):
        if name not in a.tensors:
            return None
        if a.kind == "entry":
            return value(a.data[1])
        return rebuild_atom(a, inner)

    def inner(q):
        return transform(q, change)

    return inner(p)


# --- derivatives -----------------------------------------------------------

def derivative(p, tensor, idx):
    """Return the derivative of p by the entry tensor[idx]."""
    out = {}
    for m, c in p.items():
        for a, e in m:
            if tensor not in a.tensors:
                continue
            slope = atom_derivative(a, tensor, idx)
            rest = normal({**dict(m), a: e - 1})
            out = add(out, scale(multiply(slope, rest), tidy(c * e)))
    return out


@lru_cache(50_000)
def atom_derivative(a, tensor, idx):
    """Return the derivative of one atom by the entry tensor[idx]."""
    match a.kind:
        case "entry":
            return product_all(itertools.starmap(delta,
                                                 zip(a.data[1], idx)))
        case "exp":
            return multiply(single(a), derivative({a.data: 1}, tensor, idx))
        case "log":
            inside = dict(a.data)
            return multiply(derivative(inside, tensor, idx),
                            power(inside, -1))
        case "power":
            return derivative(dict(a.data), tensor, idx)
        case "sum":
            names, body = open_sum(a)
            return sum_over(names, derivative({body: 1}, tensor, idx))
        case "call":
            return _call_derivative(a, tensor, idx)
    return {}                                           # steps are flat


def _call_derivative(a, tensor, idx):
    name, orders, data = a.data
    args = [dict(p) for p in data]
    out = {}
    for k, p in enumerate(args):
        inner = derivative(p, tensor, idx)
        if inner:
            out = add(out, multiply(_outer(name, orders, args, k), inner))
    return out


def _outer(name, orders, args, k):
    x = args[k]
    match name:
        case "sin":
            return call("cos", (), [x])
        case "cos":
            return scale(call("sin", (), [x]), -1)
        case "Phi":                 # the density of the normal distribution
            two_pi = scale(number_constant("pi"), 2)
            density = exponential(scale(multiply(x, x), Fraction(-1, 2)))
            return multiply(density, power(two_pi, Fraction(-1, 2)))
    if not orders:
        raise Undecided(f"no derivative is known for {name}")
    up = orders[:k] + (orders[k] + 1,) + orders[k + 1:]
    return call(name, up, args)


# --- from the author's tree to the normal form -------------------------------

def index_name(i):
    """Return the name of an index with its dimension, "i@K"."""
    return f"{i.name}@{i.dim.name}"


class Definitions:
    """Lowers trees; `table` maps a tensor to (its indices, its body)."""

    def __init__(self, table=()):
        self.table = dict(table)
        self.by_name = {t.name: t for t in self.table}
        self.cache = {}

    def lower(self, e, env=(), keep=frozenset()):
        """Return the normal form of e; tensors named in `keep` stay."""
        env = dict(env)

        def low(x):
            return self.lower(x, env, keep)

        match e:
            case Num(value):
                return constant(tidy(value))
            case Const(name):
                return number_constant(name)
            case Dim(name):
                return size(name)
            case Index():
                return position(env.get(e, index_name(e)))
            case Delta(i, j):
                return delta(env.get(i, index_name(i)),
                             env.get(j, index_name(j)))
            case Entry(tensor, idx):
                names = tuple(env.get(i, index_name(i)) for i in idx)
                return self.entry(tensor, names, keep)
            case Add(args):
                return add(*map(low, args))
            case Mul(args):
                return product_all(map(low, args))
            case Neg(arg):
                return scale(low(arg), -1)
            case Div(top, bottom):
                return multiply(low(top), power(low(bottom), -1))
            case Pow(base, exponent):
                return self.pow(low(base), low(exponent))
            case Call(name, args, orders):
                return call(name, orders, list(map(low, args)))
            case Total(i, body) | Product(i, body):
                name = fresh(index_name(i))
                p = self.lower(body, {**env, i: name}, keep)
                if isinstance(e, Total):
                    return sum_over((name,), p)
                return exponential(sum_over((name,), logarithm(p)))
            case Deriv(top, bottom):
                return self.deriv(top, bottom, env, keep)
        raise Undecided(f"no rule for {type(e).__name__}")

    def pow(self, base, exponent):
        """Return base ** exponent, as exp(exponent log base) if need be."""
        if set(exponent) <= {ONE}:
            return power(base, exponent.get(ONE, 0))
        return exponential(multiply(exponent, logarithm(base)))

    def entry(self, tensor, names, keep):
        """Return an entry, by its definition unless it is kept."""
        if tensor not in self.table or tensor.name in keep:
            return entry(tensor.name, names, tensor.positive)
        formal, body = self.table[tensor]
        relevant = keep & self.reach(tensor)
        if (tensor, relevant) not in self.cache:
            new = tuple(fresh(index_name(i)) for i in formal)
            self.cache[tensor, relevant] = new, self.lower(
                body, dict(zip(formal, new)), keep)
        new, p = self.cache[tensor, relevant]
        return rename(p, dict(zip(new, names)))

    def reach(self, tensor):
        """Return the names of all tensors a definition leads to."""
        seen, waiting = set(), [tensor]
        while waiting:
            t = waiting.pop()
            if t.name not in seen:
                seen.add(t.name)
                if t in self.table:
                    waiting.extend(tensors(self.table[t][1]))
        return frozenset(seen)

    def deriv(self, top, bottom, env, keep):
        """Differentiate with the tensor below as a variable of its own."""
        tensor = bottom.tensor
        for kept in keep:
            if (kept != tensor.name and kept in self.by_name
                    and tensor.name in self.reach(self.by_name[kept])):
                raise Undecided(f"a derivative by {kept} of a derivative by "
                                f"{tensor.name}, on which {kept} depends")
        idx = tuple(env.get(i, index_name(i)) for i in bottom.indices)
        p = self.lower(top, env, keep | {tensor.name})
        p = derivative(p, tensor.name, idx)
        if tensor in self.table and tensor.name not in keep:
            p = replace_tensor(p, tensor.name,
                               lambda idx: self.entry(tensor, idx, keep))
        return p


# --- the zero test -----------------------------------------------------------

def is_zero(p, depth=3):
    """True only if p is 0 for every size and value where it is defined."""
    p = clear_denominators(p)
    if not p:
        return True
    if depth == 0 or not any(_hides_power(a) for m in p for a, _ in m):
        return False
    return all(is_zero(body, depth - 1)
               for body in symmetric_bodies(p))


def clear_denominators(p):
    """Multiply by every P^-e that occurs, P a polynomial: 0 stays 0."""
    for _ in range(8):
        low = {}
        for m in p:
            for a, e in m:
                if a.kind == "power" and e < 0:
                    low[a] = min(e, low.get(a, 0))
        if not low:
            break
        p = add(*(scale(_divided(m, low), c) for m, c in p.items()))
    return p


def _hides_power(a):
    return a.kind == "sum" and any(b.kind == "power" or _hides_power(b)
                                   for b, _ in a.data[1])


def symmetric_bodies(p):
    """Bring all sums over the same sizes under one sum, made symmetric.

    sum_n f(n) - sum_n g(n) is 0 if f(n) - g(n) is; for two indices over one
    size, f(n, m) + f(m, n) serves as well as 2 f(n, m).
    """
    groups = {}
    for m, c in p.items():
        names, body = (), {m: c}
        while len(body) == 1:
            (top, d), = body.items()
            found = next((a for a, e in top if opens(a, e)
                          or a.kind == "size" and e >= 1), None)
            if found is None:
                break
            new, inside = ((fresh(f"one@{found.data}"),), ONE)
            if found.kind == "sum":                 # K is a sum of ones
                new, inside = open_sum(found)
            names += new
            rest = normal({**dict(top), found: dict(top)[found] - 1})
            body = scale(multiply(rest, {inside: 1}), d)
        sizes = tuple(sorted(map(dim_of, names)))
        groups.setdefault(sizes, []).append((names, body))
    return [_symmetrised(sizes, terms) for sizes, terms in groups.items()]


def _symmetrised(sizes, terms):
    slots = [fresh(f"slot@{d}") for d in sizes]
    by_dim = [list(g) for _, g in itertools.groupby(slots, key=dim_of)]
    if math.prod(math.factorial(len(group)) for group in by_dim) > 720:
        return constant(1)                  # too many orders: not decided
    out = {}
    for orders in itertools.product(*map(itertools.permutations, by_dim)):
        order = list(itertools.chain(*orders))
        for names, body in terms:
            names = sorted(names, key=dim_of)
            out = add(out, rename(body, dict(zip(names, order))))
    return out
