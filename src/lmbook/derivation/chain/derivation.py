"""Derivation: a chain of lines, each proved from the line before it."""

from .. import kernel
from ..language import Entry, IndexMismatch, Num, expr, free, tensors
from ..rules import limit, nonnegative
from ..worlds import evaluate
from ..worlds.numeric import np
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
        self.title, self.table, self.named = title, {}, {}
        self.kernel = kernel.Definitions()
        self.lines, self.relations = [], []
        self.reasons, self.facts = [], []
        self.compared, self.sizes = [], set()
        for left, body in (define or {}).items():
            self.define(left, body)

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
        if self.lines:
            raise ValueError(f"{left} is defined after the first line")
        self._check_names(left, body)
        for side in (left, body):
            self._check_ink(Line(side), f"the definition of {left}")
        self.table[left.tensor] = left.indices, body
        self.kernel = kernel.Definitions(self.table)
        used = (self.kernel.reach(t) for t in tensors(body))
        if left.tensor.name in set().union(*used):
            raise ValueError(f"{left.tensor.name} is defined through itself")

    # --- the author's steps ------------------------------------------------

    def start(self, line):
        """Set the left side of the chain."""
        if self.lines:
            raise ValueError(f"'{self.title}' has a start already; a new "
                             "chain needs a new derivation")
        line = Line(line)
        self._check_names(line.entry)
        name = f"the first line of '{self.title}'"
        self._check_ink(line, name)
        try:
            self.kernel.lower(line.entry)
        except kernel.Undecided as problem:
            raise UnprovedStep(f"{name}: {problem}")
        self._add(line, "", "", ())

    def eq(self, line, reason="", *facts):
        """Add a line that equals the line before, by the cited facts."""
        line, name = self._next(line)
        self._check_facts(facts, "=", name)
        gap = self._gap(line, name)
        if not self._proved(gap, facts):
            self._refuse(line, facts, name)
        for fact in facts:
            others = [f for f in facts if f is not fact]
            if self._proved(gap, others):
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
        self._check_names(remainder)
        self._check_facts(facts, "any", name)
        equal = [f for f in facts if f.relation == "="]
        known = [f.left - f.right for f in facts if f.relation == ">="]
        if not nonnegative(remainder, self.kernel, known):
            raise UnprovedStep(f"{name}: the remainder {remainder} is not "
                               "manifestly nonnegative")
        gap = kernel.add(self._gap(line, name),
                         kernel.scale(self.kernel.lower(remainder), -1))
        if not self._proved(gap, equal):
            whole = Line(line.entry + remainder)
            self._refuse(whole, facts, name)
        self._necessary(gap, remainder, facts, name)
        self._witness(Line(line.entry + remainder), facts, name)
        self._check_sign(remainder, facts, name)
        self._add(line, ">=", reason, facts)

    def tends(self, tau, target, line, reason, *facts):
        """Add the limit of the line before as the scalar tau tends to 0
        from above (`target=0`) or to infinity (`target="inf"`)."""
        if target not in (0, "inf"):
            raise ValueError(f"the target is 0 or 'inf', not {target!r}")
        line, name = self._next(line)
        self._check_facts(facts, ">=", name)
        found = self._limit(tau, target, facts, name)
        for fact in facts:
            self._check_needed(fact, tau, target, facts, name)
        gap = kernel.add(found, kernel.scale(
            self.kernel.lower(line.entry), -1))
        worlds = self._limit_worlds(line, tau, target, facts)
        if not kernel.is_zero(gap):
            self._refuse_limit(line, worlds, name)
        self._agree(self.lines[-1], line, worlds, name, 1e-3)
        to = "0^{+}" if target == 0 else r"\infty"
        self._add(line, rf"\xrightarrow{{{tau} \to {to}}}", reason, facts)

    def _limit(self, tau, target, facts, name):
        """Return the limit of the last line as a normal form."""
        before = self.kernel.lower(self.lines[-1].entry)
        gaps = {t.name for t in self._tensors() if t.nonneg}
        positive = [self.kernel.lower(f.left) for f in facts
                    if isinstance(f.right, Num) and f.right.value > 0]
        try:
            return limit(before, tau.tensor.name, target == 0, gaps,
                         positive)
        except kernel.Undecided as problem:
            raise UnprovedStep(f"{name}: {problem}")

    def _check_needed(self, fact, tau, target, facts, name):
        """The limit must not be found without a cited fact."""
        try:
            self._limit(tau, target, [f for f in facts if f is not fact],
                        name)
        except UnprovedStep:
            return
        raise IdleFact(f"{name}: the fact '{fact}' is cited, but the limit "
                       "holds without it")

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
        if not self.lines:
            raise ValueError(f"'{self.title}' has no first line; call start")
        line, before = Line(source), self.lines[-1]
        self._check_names(line.entry)
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
