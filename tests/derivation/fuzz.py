"""Kernel fuzz: true lines in disguise, wrong lines, derivatives.

Everything is random but seeded: case n is the same on every machine.
"""

import numpy as np
from disguise import (DIMS, OPEN, POSITIVE, SOURCES, K, N, Disguise,
                      Writer, i, j, n)
from mutate import line_mutants
from normal_value import value

from lmbook.derivation import Fact
from lmbook.derivation.kernel import (Definitions, Undecided, add, index_name,
                                      is_zero, scale)
from lmbook.derivation.language import D, free, total
from lmbook.derivation.rules import rewrite
from lmbook.derivation.worlds import compare, draw, evaluate

SIZES = dict(zip(DIMS, (3, 2)))
FULL = {"true": 9_000, "wrong": 27_000, "slopes": 1_200, "facts": 3_000}


def accepted(left, right, table=()):
    """Return whether the kernel proves two lines equal."""
    low = Definitions(table).lower
    try:
        return is_zero(add(low(left), scale(low(right), -1)))
    except Undecided:
        return False


def line(number):
    """Return the writer and the random expression of a case."""
    writer = Disguise(np.random.default_rng([number, 1]))
    return writer, writer.any(OPEN, int(writer.rng.integers(2, 5)))


def true_case(number):
    """Return (is proved, line, disguised line, definitions)."""
    writer, left = line(number)
    right = writer(left, int(writer.rng.integers(3, 9)))
    return (accepted(left, right, writer.table), left, right, writer.table)


def wrong_cases(number, count=3):
    """Yield (refuted by numbers, accepted, line, mutant)."""
    writer, left = line(number)
    mutants = [m for _, m in line_mutants(left, SOURCES)
               if free(m) <= set(OPEN)]
    for at in writer.rng.permutation(len(mutants))[:count]:
        yield (*judged(left, mutants[at], writer.rng), left, mutants[at])


def judged(left, right, rng, table=()):
    """Return (refuted by numbers, accepted by the kernel)."""
    return refuted(left, right, rng, table), accepted(left, right, table)


def refuted(left, right, rng, table=()):
    """Return whether two lines differ in a random world."""
    try:
        world = draw([left, right], table, rng=rng, sizes=dict(SIZES))
    except ValueError:                       # no real value: nothing to say
        return False
    return bool(compare(left, right, world).difference > 1e-6)


def slope_case(number):
    """Return (kernel's derivative, autograd's derivative), two floats."""
    writer = Writer(np.random.default_rng([number, 2]))
    top = writer.any(OPEN, 3)
    e = D(top, writer.entry(OPEN, SOURCES))
    world = draw([e], (), rng=writer.rng, sizes=dict(SIZES))
    axes = sorted(free(e), key=index_name)
    at = [int(writer.rng.integers(world.size(k.dim))) for k in axes]
    ours = value(Definitions().lower(e), world, {
        index_name(k): place + 1 for k, place in zip(axes, at)})
    return ours, float(evaluate(e, world, axes)[tuple(at)])


def facts():
    """Return facts that sums, symmetric matrices and definitions obey."""
    Q, W, z, y = (s for name in "QWzy" for s in SOURCES + POSITIVE
                  if s.name == name)

    def rows(sizes, rng):
        return {Q: rng.dirichlet(np.ones(sizes[K]), size=sizes[N])}

    def symmetric(sizes, rng):
        half = rng.normal(size=(sizes[K], sizes[K]))
        return {W: half + half.T}

    def product(sizes, rng):
        w, v = rng.normal(size=(sizes[K],) * 2), rng.normal(size=sizes[K])
        return {W: w, y: v, z: w @ v}

    return [Fact("rows", total(j, Q[n, j]), 1, rows),
            Fact("symmetric", W[i, j], W[j, i], symmetric),
            Fact("product", z[i], total(j, W[i, j] * y[j]), product)]


def fact_case(number):
    """Return (value before, value after using a fact, whether it was used).

    The fact is used in a random line, in a world that obeys it.
    """
    writer = Writer(np.random.default_rng([number, 4]))
    fact = writer.pick(facts())
    e = writer.any(OPEN, 4) * writer.sum(OPEN, writer.any, 2)
    world = draw([e, fact.left, fact.right], (), [fact], rng=writer.rng,
                 sizes=dict(SIZES))
    at = {index_name(k): int(writer.rng.integers(world.size(k.dim))) + 1
          for k in OPEN}
    before = Definitions().lower(e)
    try:
        after = rewrite(before, [fact.rule(Definitions())])
    except Undecided:                        # refused: nothing is claimed
        after = before
    return (value(before, world, at), value(after, world, at),
            after != before)


def close(left, right):
    return abs(left - right) <= 1e-8 * (1 + abs(left) + abs(right))


def run(kind, numbers):
    """Return (cases, those that went wrong, their numbers)."""
    total, bad = 0, []
    for number in numbers:
        good, count = KINDS[kind](number)
        total += count
        bad += [] if good else [number]
    return total, bad


def _slope(number):
    return close(*slope_case(number)), 1


def _fact(number):
    """Count the lines in which the fact was used."""
    before, after, used = fact_case(number)
    return close(before, after), int(used)


def _wrong(number):
    """Count the mutants refuted by numbers; none may be accepted."""
    seen = [(no, yes) for no, yes, _, _ in wrong_cases(number)]
    return not any(no and yes for no, yes in seen), sum(
        no for no, _ in seen)


KINDS = {"true": lambda n: (true_case(n)[0], 1), "wrong": _wrong,
         "slopes": _slope, "facts": _fact}
