"""What the kernel's normal form is worth: its output, not its input.

A slow, plain evaluation, one entry at a time, that shares nothing with the
kernel but the shape of its data.
"""

import math
from itertools import product

from lmbook.derivation.worlds.arrays import coefficients


def value(p, world, places):
    """Return a polynomial of the kernel as a float.

    `places` gives each free index, such as `i@K`, its position from 1.
    """
    return math.fsum(float(c) * math.prod(
        _power(_atom(a, world, places), e) for a, e in m)
        for m, c in p.items())


def _power(x, e):
    return x ** int(e) if e == int(e) else x ** float(e)


def _atom(a, world, places):
    match a.kind:
        case "entry":
            name, indices = a.data
            array = next(v for t, v in world.values.items() if t.name == name)
            return float(array[tuple(places[i] - 1 for i in indices)])
        case "size":
            return next(n for d, n in world.sizes.items() if d.name == a.data)
        case "position":
            return places[a.data]
        case "delta":
            return float(places[a.data[0]] == places[a.data[1]])
        case "constant":
            return math.pi
        case "root":
            return a.data
        case "sum":
            return _sum(*a.data, world, places)
    return _function(a, lambda p: value(p, world, places))


def _function(a, of):
    """Return an atom made of polynomials, each of which `of` evaluates."""
    match a.kind:
        case "exp":
            return math.exp(of({a.data: 1}))
        case "log":
            return math.log(of(dict(a.data)))
        case "power":
            return of(dict(a.data))
        case "step":
            return float(of(dict(a.data)) > 0)
        case "iszero":
            return float(of(dict(a.data)) == 0)
        case "call":
            name, orders, data = a.data
            return _call(name, orders, [of(dict(p)) for p in data])
    raise ValueError(f"an atom of kind {a.kind!r} has no value")


def _sum(names, body, world, places):
    sizes = {d.name: n for d, n in world.sizes.items()}
    ranges = [range(1, sizes[i.partition("@")[2]] + 1) for i in names]
    return math.fsum(
        value({body: 1}, world, {**places, **dict(zip(names, at))})
        for at in product(*ranges))


def _call(name, orders, args):
    if name == "Phi":
        return math.erfc(-args[0] / math.sqrt(2)) / 2
    if not orders:
        return {"sin": math.sin, "cos": math.cos}[name](args[0])
    return _stand_in(name, orders, args)


def _stand_in(name, orders, args):
    """The generic function of the worlds, differentiated on paper."""
    out, turns = 0.0, sum(orders) * math.pi / 2
    for k, (a, b, w) in enumerate(zip(*coefficients(name, len(args)))):
        angle = sum(v * x for v, x in zip(w, args))
        chain = math.prod(v ** n for v, n in zip(w, orders))
        wave = (math.exp(angle / 2) / 2 ** sum(orders) if k == 0
                else math.sin(angle + b + turns))
        out += a * chain * wave
    return float(out)
