"""Derivation: a chain of lines, each proved from the line before it."""

import numpy as np

from .. import kernel
from ..language import Entry, IndexMismatch, Num, expr, free
from ..rules import limit, nonnegative
from ..worlds import evaluate
from ..matrices import ShapeMismatch
from .evidence import Evidence
from .lines import Line
from .rendering import Rendered
from .verdicts import IdleFact, IdleStep, UnprovedStep, WrongDefinition

SIGNS = {"=": "=", ">=": r"\ge"}


class Derivation(Evidence, Rendered):
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
        self.kernel = kernel.Definitions()      # for reading definitions
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
        if left.tensor.positive or left.tensor.nonneg:
            raise ValueError(f"{left.tensor.name} is defined, so its sign "
                             "follows; declare it without a sign")
        if left.tensor in self.table:
            raise ValueError(f"{left.tensor.name} is defined twice")
        extra = free(body) - set(left.indices)
        if extra:
            names = ", ".join(sorted(i.name for i in extra))
            raise IndexMismatch(f"the definition of {left} leaves the index "
                                f"{names} free")
        self.table[left.tensor] = left.indices, body
        for side in (left, body):
            self._check_ink(Line(side), f"the definition of {left}")

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
        self._check_sign(remainder, facts, name)
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
            found = limit(before, tau.tensor.name, target == 0, gaps,
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

    def check_print(self, text):
        """Raise MisprintedLine unless LaTeX reads back as the last line."""
        self._check_ink(self.lines[-1], f"the last line of '{self.title}'",
                        text)

    # --- what every step has in common -------------------------------------

    def _next(self, source):
        """Check form: same indices, something new, printed as meant."""
        line, before = Line(source), self.lines[-1]
        name = f"step {len(self.lines)} of '{self.title}'"
        if line.dims != before.dims:
            raise ShapeMismatch(f"{name}: the line is {line.shape}, the line "
                                f"before {before.shape}")
        extra = line.indices - before.indices
        if extra:
            names = ", ".join(sorted(i.name for i in extra))
            raise IndexMismatch(f"{name}: the index {names} is free here, "
                                "but not in the line before")
        if line.latex == before.latex:
            raise IdleStep(f"{name} prints like the line before",
                           ("this line", line.latex))
        self._check_ink(line, name)
        return line, name

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
