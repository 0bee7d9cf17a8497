"""Derivation: a chain of lines, each proved from the line before it."""

import zlib

import numpy as np

from . import kernel, limits, rewriting
from .inequalities import nonnegative
from .printing import latex
from .reading import read
from .rendering import Rendered, Statement
from .sampling import compare, counterexample, draw_worlds
from .symbols import symbols_of
from .tree import Entry, Expr, Index, IndexMismatch, Num, Tensor, expr
from .verdicts import (Conflict, IdleFact, IdleStep, MisprintedLine,
                       UnprovedStep, WrongDefinition, WrongStep)
from .walk import free
from .worlds import evaluate

SIGNS = {"=": "=", ">=": r"\ge"}


class Line:
    """One displayed line: what was written, its entry, its LaTeX."""

    def __init__(self, source):
        if hasattr(source, "entry") and not isinstance(source, Expr):
            self.source, self.dims = source, source.dims
            names = (Index(n, d) if d else None
                     for n, d in zip("pq", source.dims))
            self.entry = source.entry(*names)
        else:
            self.source = self.entry = expr(source)
            self.dims = "entry"
        self.latex = latex(self.source)

    @property
    def indices(self):
        return free(self.entry)


class Derivation(Rendered):
    r"""A start and steps; each step is proved while it is written.

    `define` maps entries, such as `s[i]`, to what they stand for.

    >>> from lmbook.derivation.language import D, scalar
    >>> x = scalar("x")
    >>> with Derivation("The slope of a square") as d:
    ...     d.start(D(x**2, x))
    ...     d.eq(2*x, "power rule")
    >>> print(d.statement())
    \frac{\partial}{\partial x} \left( x^{2} \right) = 2 x
    """

    def __init__(self, title, define=None):
        self.title, self.table = title, {}
        for left, body in (define or {}).items():
            self.define(left, body)
        self.kernel = kernel.Definitions(self.table)
        self.lines, self.relations = [], []
        self.reasons, self.facts = [], []
        self.compared, self.sizes = [], set()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None and len(self.lines) < 2:
            raise ValueError(f"'{self.title}' has no step to prove; expected "
                             "a start and at least one further line")

    def define(self, left, body):
        """Let `left`, an entry with different free indices, be `body`."""
        body = expr(body)
        if not isinstance(left, Entry) or len(set(left.indices)) < len(
                left.indices):
            raise ValueError(f"cannot define {left!r}; expected a scalar or "
                             "an entry with different indices")
        if left.tensor in self.table:
            raise ValueError(f"{left.tensor.name} is defined twice")
        extra = free(body) - set(left.indices)
        if extra:
            names = ", ".join(sorted(i.name for i in extra))
            raise IndexMismatch(f"the definition of {left} leaves the index "
                                f"{names} free")
        self.table[left.tensor] = left.indices, body

    # --- the author's steps ------------------------------------------------

    def start(self, line):
        """Set the left side of the chain."""
        line = Line(line)
        self._check_ink(line, "the first line")
        self._add(line, "", "", ())

    def eq(self, line, reason="", *facts):
        """Add a line that equals the line before, by the cited facts."""
        line, name = self._next(line)
        gap = self._gap(line, name)
        if not self._proved(gap, facts, name, line):
            self._refuse(line, facts, name)
        for fact in facts:
            fact.check(self.table)
            others = [f for f in facts if f is not fact]
            if self._proved(gap, others, name, line):
                raise IdleFact(f"{name}: the fact '{fact}' is cited, but the "
                               "step holds without it")
        self._witness(line, facts, name)
        self._add(line, "=", reason, facts)

    def ge(self, line, reason, remainder, *facts):
        """Add a line that is at most the line before.

        `remainder` is the difference, in a form that is seen to be at least
        0; facts with the relation '>=' help to see it.
        """
        line, name = self._next(line)
        remainder = expr(remainder)
        equal = [f for f in facts if f.relation == "="]
        known = [f.left - f.right for f in facts if f.relation == ">="]
        if not nonnegative(remainder, self.kernel, known):
            raise UnprovedStep(f"{name}: the remainder {remainder} is not "
                               "manifestly nonnegative")
        gap = kernel.add(self._gap(line, name),
                         kernel.scale(self.kernel.lower(remainder), -1))
        if not self._proved(gap, equal, name, line):
            whole = Line(line.entry + remainder)
            self._refuse(whole, facts, name)
        for fact in facts:
            fact.check(self.table)
        self._necessary(gap, remainder, facts, name, line)
        self._witness(Line(line.entry + remainder), facts, name)
        self._add(line, ">=", reason, facts)

    def tends(self, tau, target, line, reason, *facts):
        """Add the limit of the line before as the scalar tau tends to 0
        from above (`target=0`) or to infinity (`target="inf"`)."""
        if target not in (0, "inf"):
            raise ValueError(f"the target is 0 or 'inf', not {target!r}")
        line, name = self._next(line)
        before = self.kernel.lower(self.lines[-1].entry)
        gaps = {t.name for t in self._tensors() if t.nonneg}
        positive = [self.kernel.lower(f.left) for f in facts
                    if f.relation == ">=" and isinstance(f.right, Num)
                    and f.right.value > 0]
        try:
            found = limits.limit(before, tau.tensor.name, target == 0, gaps,
                                 positive)
        except kernel.Undecided as problem:
            raise UnprovedStep(f"{name}: {problem}")
        gap = kernel.add(found, kernel.scale(
            self.kernel.lower(line.entry), -1))
        worlds = self._limit_worlds(line, tau, target, facts)
        if not kernel.is_zero(gap):
            self._refuse_limit(line, worlds, name)
        self._agree(self.lines[-1], line, worlds, name, 1e-3)
        to = "0^{+}" if target == 0 else r"\infty"
        self._add(line, rf"\xrightarrow{{{tau} \to {to}}}", reason, facts)

    def agrees(self, left, reference, *inputs):
        """Check a definition against a library on random numbers.

        `reference` takes one array per tensor in `inputs` and returns the
        values of `left`.
        """
        tensor = left.tensor if isinstance(left, Entry) else left
        indices, _ = self.table[tensor]
        sources = [t.tensor if isinstance(t, Entry) else t for t in inputs]
        for world in self._worlds([tensor[indices]], ()):
            ours = evaluate(tensor[indices], world, indices)
            theirs = np.asarray(reference(
                *(world.values[t].copy() for t in sources)))
            if ours.shape != theirs.shape or not np.allclose(
                    ours, theirs, rtol=1e-6, atol=1e-9):
                raise WrongDefinition(_definition_message(
                    self.title, tensor, sources, world, ours, theirs))
        self.compared.append(tensor.name)
        return self

    # --- the layers of evidence ----------------------------------------------

    def _next(self, source):
        """Check form: same indices, something new, printed as meant."""
        line, before = Line(source), self.lines[-1]
        name = f"step {len(self.lines)} of '{self.title}'"
        if line.dims != before.dims:
            raise IndexMismatch(f"{name}: the line has shape {line.dims}, "
                                f"the line before {before.dims}")
        extra = line.indices - before.indices
        if extra:
            names = ", ".join(sorted(i.name for i in extra))
            raise IndexMismatch(f"{name}: the index {names} is free here, "
                                "but not in the line before")
        if line.latex == before.latex:
            raise IdleStep(f"{name} prints like the line before: "
                           f"{line.latex}")
        self._check_ink(line, name)
        return line, name

    def _check_ink(self, line, name, text=None):
        """Read the printed line back and prove it is what was meant."""
        text = line.latex if text is None else text
        try:
            seen = Line(read(text, symbols_of(line.source)))
            same = seen.dims == line.dims and kernel.is_zero(kernel.add(
                self.kernel.lower(seen.entry),
                kernel.scale(self.kernel.lower(line.entry), -1)))
        except ValueError as problem:
            raise MisprintedLine(f"{name} prints as {text}, which does not "
                                 f"read back: {problem}")
        if not same:
            raise MisprintedLine(f"{name} prints as {text}, which reads back "
                                 "as something else")

    def _gap(self, line, name):
        try:
            return kernel.add(
                self.kernel.lower(self.lines[-1].entry),
                kernel.scale(self.kernel.lower(line.entry), -1))
        except kernel.Undecided as problem:
            raise UnprovedStep(f"{name}: {problem}")

    def _proved(self, gap, facts, name, line):
        try:
            rules = [f.rule(self.kernel) for f in facts]
            return kernel.is_zero(rewriting.rewrite(gap, rules))
        except kernel.Undecided:
            return False

    def _necessary(self, gap, remainder, facts, name, line):
        """Each fact of an inequality must be needed."""
        for fact in facts:
            left = [f for f in facts if f is not fact]
            known = [f.left - f.right for f in left if f.relation == ">="]
            equal = [f for f in left if f.relation == "="]
            if nonnegative(remainder, self.kernel, known) and self._proved(
                    gap, equal, name, line):
                raise IdleFact(f"{name}: the fact '{fact}' is cited, but the "
                               "step holds without it")

    def _refuse(self, line, facts, name):
        before = self.lines[-1]
        for f in facts:
            f.check(self.table)
        found = counterexample(before.entry, line.entry, self.table, facts,
                               rng=self._rng())
        printed = f"{before.latex}  ->  {line.latex}"
        if found:
            raise WrongStep(f"{name} is wrong: {printed}; {found}")
        raise UnprovedStep(f"{name} is not proved, though no counterexample "
                           f"was found: {printed}; split the step")

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
        from .walk import tensors
        found = set().union(*(tensors(li.entry) for li in self.lines))
        for _, body in self.table.values():
            found |= tensors(body)
        return found

    def _add(self, line, relation, reason, facts):
        self.lines.append(line)
        self.relations.append(SIGNS.get(relation, relation))
        self.reasons.append(reason)
        self.facts.append(tuple(facts))


def _definition_message(title, tensor, sources, world, ours, theirs):
    sizes = ", ".join(f"{d.name} = {n}" for d, n in world.sizes.items())
    values = ", ".join(f"{t.name} = {np.round(world.values[t], 4).tolist()}"
                       for t in sources)
    return (f"the definition of {tensor.name} in '{title}' gives "
            f"{np.round(ours, 6).tolist()}, the library "
            f"{np.round(theirs, 6).tolist()}, at {sizes}, {values}")
