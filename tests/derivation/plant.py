"""Plant one error in a derivation and see whether it is refused.

A step is proved again with a wrong line in it.  Reading the print back and
the search for a counterexample are left out: the proof alone must refuse.
"""

import numpy as np
from mutate import latex_typos, line_mutants

from lmbook.derivation import (Derivation, MisprintedLine, UnprovedStep,
                               Verdict)
from lmbook.derivation.chain.lines import Line
from lmbook.derivation.kernel import Undecided, add, is_zero, scale
from lmbook.derivation.reading import read, symbols_of
from lmbook.derivation.worlds import compare, draw, occurring, plan

REFUSED = (Verdict, ValueError)
WORLDS = 8


class Bare(Derivation):
    """A derivation that refuses at once and reads no print."""

    def _refuse(self, line, facts, name):
        raise UnprovedStep(name)

    def _check_ink(self, line, name, text=None):
        pass

    def _gap(self, line, name):
        """The line before is the same for all mutants: lower it once."""
        before, low = self.lines[-1].entry, self.kernel.lower
        memo = vars(self.kernel).setdefault("memo", {})
        try:
            if before not in memo:
                memo.clear()
                memo[before] = low(before)
            return add(memo[before], scale(low(line.entry), -1))
        except Undecided as problem:
            raise UnprovedStep(f"{name}: {problem}")


def bare(d, before, kind=Bare):
    """Return a derivation with the table of `d` that ends in `before`."""
    new = kind(d.title)
    new.table, new.named, new.kernel = d.table, dict(d.named), d.kernel
    new._add(Line(before), "", "", ())
    return new


def step_accepts(d, before, after, facts, kind=Bare):
    """Return whether `before = after` passes with the facts of a step."""
    try:
        bare(d, before, kind).eq(after, "", *facts)
    except REFUSED:
        return False
    return True


def line_planted(d, number, mutant):
    """Return whether `mutant` passes in place of a line.

    The first line is followed by the step after it.  A bound or a limit is
    a fixed expression, so there a mutant passes if it equals the line.
    """
    lines = d.lines
    if number == 0:
        if d.relations[1] != "=":
            return same(d, lines[0], mutant)
        return step_accepts(d, mutant, lines[1].source, d.facts[1])
    if d.relations[number] != "=":
        return same(d, lines[number], mutant)
    return step_accepts(d, lines[number - 1].source, mutant,
                        d.facts[number])


def same(d, line, mutant):
    try:
        other = Line(mutant)
        low = d.kernel.lower
        return line.dims == other.dims and is_zero(
            add(low(line.entry), scale(low(other.entry), -1)))
    except ValueError:
        return False


def truth(d, left, right, facts, seed):
    """Return whether two lines agree in many worlds with new numbers."""
    rng = np.random.default_rng([seed, 3])
    pair = [Line(left).entry, Line(right).entry]
    shown = [*pair, *(line.entry for line in d.lines)]
    for sizes in plan(occurring(shown, d.table)[0], rng, WORLDS):
        world = draw(shown, d.table, facts, rng=rng, sizes=sizes)
        if not compare(*pair, world).difference <= 1e-7:
            return False
    return True


def line_results(d, number):
    """Yield (kind of error, mutant, is refused, is true all the same)."""
    line = d.lines[number]
    for kind, mutant in line_mutants(line.source, pool(d)):
        passed = line_planted(d, number, mutant)
        facts = [f for fs in d.facts[number:number + 2] for f in fs]
        yield (kind, mutant, not passed, passed and truth(
            d, line.source, mutant, facts, number))


def pool(d):
    """Return the defined tensors, which a slip may put in a line."""
    return sorted(d.table, key=lambda t: t.name)


def typo_results(d, number):
    """Yield (kind of slip, text, is refused, means the same)."""
    line = d.lines[number]
    for kind, text in latex_typos(line.latex):
        try:
            d._check_ink(line, "the line", text)
        except MisprintedLine:
            yield kind, text, True, False
            continue
        seen = read(text, symbols_of(line.source))
        yield kind, text, False, truth(d, line.source, seen, (), number)


def definition_results(d, tensor, reference, inputs):
    """Yield (kind of error, body, is refused, is the same function)."""
    indices, body = d.table[tensor]
    for kind, mutant in line_mutants(body, pool(d)):
        new = Bare(d.title)
        new.table = {**d.table, tensor: (indices, mutant)}
        try:
            new.agrees(tensor, reference, *inputs)
        except (*REFUSED, KeyError, RecursionError):
            yield kind, mutant, True, False
            continue
        yield kind, mutant, False, truth(d, body, mutant, (), 0)


def recorded(build):
    """Return (derivation, the comparisons with a library it made)."""
    made, original = [], Derivation.agrees

    def agrees(self, left, reference, *inputs):
        made.append((getattr(left, "tensor", left), reference, inputs))
        return original(self, left, reference, *inputs)

    Derivation.agrees = agrees
    try:
        return build(), made
    finally:
        Derivation.agrees = original
