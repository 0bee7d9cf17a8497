"""The layers of evidence behind a step, and the verdict when one fails."""

import zlib

from .. import kernel
from ..language import free, tensors
from ..rules import nonnegative, rewrite
from ..worlds import compare, counterexample, draw_worlds, evaluate, ordered
from ..worlds.numeric import np
from ..reading import read, symbols_of
from .lines import Line
from .verdicts import (Conflict, IdleFact, MisprintedLine, UnprovedStep,
                       WrongStep)
from .whole import by_entries, whole


class Evidence:
    """Mixin: ink, proof, necessity of facts, and worlds."""

    def _check_ink(self, line, name, text=None):
        """Read the printed line back and prove it is what was meant."""
        text = line.latex if text is None else text
        try:
            seen = Line(read(text, symbols_of(line.source)))
            same = seen.dims == line.dims and (
                seen.entry == line.entry        # the very same tree, or
                or kernel.is_zero(kernel.add(   # another form of it
                    self.kernel.lower(seen.entry),
                    kernel.scale(self.kernel.lower(line.entry), -1))))
        except ValueError as problem:
            raise MisprintedLine(f"the print of {name} does not read back: "
                                 f"{problem}")
        if not same:
            raise MisprintedLine(
                f"the print of {name} reads back as something else",
                ("meant", line.latex), ("printed", text))

    def _gap(self, line, name):
        try:
            return kernel.add(
                self.kernel.lower(self.lines[-1].entry),
                kernel.scale(self.kernel.lower(line.entry), -1))
        except kernel.Undecided as problem:
            raise UnprovedStep(f"{name}: {problem}")

    def _check_names(self, *exprs):
        """One name is one tensor, with the same sizes and signs."""
        for t in set().union(*map(tensors, exprs)):
            known = self.named.setdefault(t.name, t)
            if (t.dims, t.positive, t.nonneg) != (
                    known.dims, known.positive, known.nonneg):
                raise ValueError(
                    f"the name {t.name} stands for two tensors in "
                    f"'{self.title}': {known} and {t}, of other sizes or "
                    "signs")

    def _check_facts(self, facts, relation, name):
        """Each fact has the relation the step needs, and obeys itself."""
        for fact in facts:
            if relation not in ("any", fact.relation):
                raise ValueError(f"{name}: the fact '{fact}' says "
                                 f"{fact.relation}, this step needs "
                                 f"{relation}")
            self._check_names(fact.left, fact.right)
            fact.check(self.table)

    def _proved(self, gap, facts):
        try:
            rules = [f.rule(self.kernel) for f in facts]
            return kernel.is_zero(rewrite(gap, rules))
        except kernel.Undecided:
            return False

    def _necessary(self, gap, remainder, facts, name):
        """Each fact of an inequality must be needed."""
        for fact in facts:
            left = [f for f in facts if f is not fact]
            known = [f.left - f.right for f in left if f.relation == ">="]
            equal = [f for f in left if f.relation == "="]
            if nonnegative(remainder, self.kernel, known) and self._proved(
                    gap, equal):
                raise IdleFact(f"{name}: the fact '{fact}' is cited, but the "
                               "step holds without it")

    def _refuse(self, line, facts, name):
        before = self.lines[-1]
        found = counterexample(before.entry, line.entry, self.table, facts,
                               rng=self._rng())
        shown = (("the line before", before.latex),
                 ("this line", line.latex))
        if found:
            raise WrongStep(f"{name} is wrong: {found}", *shown)
        raise UnprovedStep(f"{name} is not proved, though no counterexample "
                           "was found; split the step", *shown)

    def _refuse_limit(self, line, worlds, name):
        try:
            self._agree(self.lines[-1], line, worlds, name, 1e-3)
        except Conflict as problem:
            raise WrongStep(str(problem))
        raise UnprovedStep(f"{name} is not proved, though no counterexample "
                           "was found; split the step")

    def _witness(self, line, facts, name):
        lines = [self.lines[-1].entry, line.entry]
        worlds = self._worlds(lines, facts)
        self._agree(self.lines[-1], line, worlds, name)
        for seen in (self.lines[-1], line):
            if seen.dims != "entry":
                self._check_whole(seen, worlds, name)

    def _check_whole(self, line, worlds, name):
        """The entries of a matrix line must be those of whole arrays."""
        for world in worlds:
            arrays = whole(line.source, world), by_entries(line.source, world)
            if not np.allclose(*arrays, rtol=1e-6, atol=1e-9):
                raise Conflict(f"{name}: the entries of a matrix line differ "
                               "from the line on whole arrays",
                               ("the line", line.latex))

    def _check_sign(self, remainder, facts, name):
        """A remainder that is seen to be nonnegative must be so in numbers."""
        axes = ordered(free(remainder))
        for world in self._worlds([remainder], facts):
            low = evaluate(remainder, world, axes).min()
            if low < -1e-9:
                raise Conflict(f"{name}: the remainder is {low:.6g}")

    def _agree(self, before, line, worlds, name, tolerance=None):
        for world in worlds:
            gap = compare(before.entry, line.entry, world)
            if not gap.difference <= (tolerance or world.engine.tolerance):
                sizes = ", ".join(f"{d.name} = {n}"
                                  for d, n in world.sizes.items())
                raise Conflict(f"{name}: at {sizes} the line before gives "
                               f"{gap.left:.6g}, this line {gap.right:.6g}")
            self.sizes.update(world.sizes.values())

    def _worlds(self, exprs, facts):
        return draw_worlds(exprs, self.table, facts, rng=self._rng())

    def _limit_worlds(self, line, tau, target, facts):
        worlds = self._worlds([self.lines[-1].entry, line.entry, tau], facts)
        value = 1e-3 if target == 0 else 1e6
        return [type(w)(w.sizes, {**w.values, tau.tensor: value}, self.table)
                for w in worlds]

    def _rng(self):
        seed = zlib.crc32(f"{self.title}{len(self.lines)}".encode())
        return np.random.default_rng(seed)

    def _tensors(self):
        found = set().union(*(tensors(li.entry) for li in self.lines))
        for _, body in self.table.values():
            found |= tensors(body)
        return found
