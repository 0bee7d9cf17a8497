"""Induction: a recurrence proved for every number of steps.

A state is a scalar that changes at each step; the claim gives it in closed
form after t steps.  Two proofs make it hold for all t: the claim at t = 0 is
the first value, and one step of the rule leads from the claim at t to the
claim at t + 1.  A sum over the steps so far gains one term: the newest.
"""

from .. import kernel
from ..language import Dim, Entry, expr, tensors
from ..rules import Rule, nonnegative, rewrite
from ..worlds import compare, counterexample, draw_worlds
from .derivation import Derivation
from .lines import Line
from .recurrence import at_start, named, one_more, stepped, substitute
from .rendering import Statement
from .verdicts import UnprovedStep, WrongStep


class Induction(Derivation):
    """States with first values, a rule, and closed forms to be proved.

    `first`, `rule` and `claim` map each state to its value at t = 0, to its
    next value, and to its closed form.  On the right of a rule a state is
    its old value; `latest(g)` is the newest entry of a history g.

    >>> from lmbook.derivation.language import dim, scalar
    >>> t, m, g, beta = dim("t"), *map(scalar, ("m", "g", "beta"))
    >>> proof = Induction("Adam's mean of a constant gradient", t,
    ...     first={m: 0}, rule={m: beta*m + (1 - beta)*g},
    ...     claim={m: (1 - beta**t)*g})
    >>> print(proof.statement())
    m_{t} = \\left( 1 - \\beta^{t} \\right) g
    """

    def __init__(self, title, t, first, rule, claim):
        super().__init__(title)
        if not isinstance(t, Dim):
            raise ValueError(f"the number of steps is a dim, not {t!r}")
        if not first.keys() == rule.keys() == claim.keys():
            raise ValueError("first, rule and claim must name the same "
                             "states")
        self.t, self.bounds = t, []
        first, rule, claim = ({s: expr(v) for s, v in part.items()}
                              for part in (first, rule, claim))
        for state in claim:
            self._check_state(state, claim, first)
        self._check_names(*first.values(), *rule.values(), *claim.values(),
                          *claim)
        for state in claim:
            self._prove(state, at_start(claim[state], t), first[state],
                        "at t = 0")
        self.rule, self.claim = rule, claim
        for state in claim:
            self._prove(state, substitute(rule[state], claim),
                        one_more(claim[state], t), "from t to t + 1")
        for state in claim:
            self._show(state, first[state], rule[state], claim[state])

    def _check_state(self, state, claim, first):
        """A state is a scalar, in no closed form and no first value."""
        if not isinstance(state, Entry) or state.indices:
            raise ValueError(f"a state is a scalar, not {state!r}")
        for e in (*claim.values(), *first.values()):
            if state.tensor in tensors(e):
                raise ValueError(f"{e} contains the state {state}; expected "
                                 "a closed form")

    def _prove(self, state, left, right, where):
        """Prove one equality, first by the kernel, then on numbers."""
        name = f"'{self.title}', {state}, {where}"
        left, right = named(left, self.t), named(right, self.t)
        before, line = Line(left), Line(right)
        try:
            gap = kernel.add(self.kernel.lower(left),
                             kernel.scale(self.kernel.lower(right), -1))
            proved = kernel.is_zero(gap)
        except kernel.Undecided as problem:
            raise UnprovedStep(f"{name}: {problem}")
        if not proved:
            found = counterexample(left, right, {}, rng=self._rng())
            kind = WrongStep if found else UnprovedStep
            raise kind(f"{name}: {found or 'no counterexample was found'}",
                       ("the rule gives", before.latex),
                       ("the claim says", line.latex))
        worlds = draw_worlds([left, right], {}, rng=self._rng())
        self._agree(before, line, worlds, name)

    def _show(self, state, first, rule, claim):
        """Add the displayed lines: first value, rule, closed form."""
        start, now, later = (stepped(state, when) for when in (
            "0", self.t.name, f"{self.t.name}+1"))
        old = {s: stepped(s, self.t.name) for s in self.claim}
        rows = ((start, first, "first value"),
                (later, substitute(rule, old), "one step"),
                (now, claim, f"by induction on {self.t.name}"))
        for left, right, reason in rows:
            self._pair(left, named(right, self.t), "=", reason)

    def _pair(self, left, right, sign, reason):
        """Add a displayed line `left = right`."""
        left, right = Line(left), Line(right)
        self._check_ink(right, self.title)
        self.lines += [left, right]
        self.relations += ["", sign]
        self.reasons += ["", reason]
        self.facts += [(), ()]

    def rows(self):
        """Return one row per equation: ("", "m_{0} = 0", reason)."""
        sides = zip(self.lines[::2], self.relations[1::2], self.lines[1::2])
        return [("", f"{a.latex} {sign} {b.latex}", why)
                for (a, sign, b), why in zip(sides, self.reasons[1::2])]

    @property
    def steps(self):
        """The number of proved lines: two for each state and each bound."""
        return 2 * (len(self.claim) + len(self.bounds))

    def statement(self, state=None):
        """Return the last bound, or the closed form of a state."""
        if self.bounds and state is None:
            left, right = (Line(substitute(e, self.claim)).latex
                           for e in self.bounds[-1])
            return Statement(self.title, rf"{left} \ge {right}")
        state = state or next(iter(self.claim))
        left = stepped(state, self.t.name)
        return Statement(self.title, f"{Line(left).latex} = "
                                     f"{Line(self.claim[state]).latex}")

    def bound(self, left, right, slack, remainder, *hypotheses):
        """Prove `left >= right` for every t, two expressions in the states.

        `slack` is a nonnegative scalar that stands for left - right after t
        steps; `remainder` is the same difference after t + 1 steps, seen to
        be nonnegative.  `hypotheses` are bounds proved before, as (left,
        right, slack).  Returns self.
        """
        name = f"'{self.title}', {left} >= {right}"
        left, right, remainder = expr(left), expr(right), expr(remainder)
        self._check_slacks(left, right, slack, hypotheses, name)
        self._prove_bound_at_start(left - right, name)
        if not nonnegative(remainder, self.kernel):
            raise UnprovedStep(f"{name}: the remainder "
                               f"{named(remainder, self.t)} is not "
                               "manifestly nonnegative")

        def rules():
            return [Rule(self.kernel.lower(a), self.kernel.lower(b + r))
                    for a, b, r in (*hypotheses, (left, right, slack))]

        self._prove_bound_step(left - right, remainder, rules, name)
        self._check_bound(left, right, name)
        self.bounds.append((left, right))
        now = {s: stepped(s, self.t.name) for s in self.claim}
        self._pair(substitute(left, now), substitute(right, now), r"\ge",
                   f"by induction on {self.t.name}")
        return self

    def _check_slacks(self, left, right, slack, hypotheses, name):
        """Hypotheses are proved bounds, and every slack is nonnegative."""
        for a, b, _ in hypotheses:
            if (expr(a), expr(b)) not in self.bounds:
                raise ValueError(f"{name}: the hypothesis {a} >= {b} was "
                                 "not proved before")
        used = set().union(*map(tensors, (
            *self.rule.values(), *self.claim.values(), left, right)))
        for *_, r in (*hypotheses, (slack,)):
            if isinstance(r, Entry) and r.tensor in used:
                raise ValueError(f"{name}: the slack {r} stands for something "
                                 "else already")
            if not (isinstance(r, Entry) and r.tensor.nonneg):
                raise ValueError(f"the slack {r!r} must be a scalar declared "
                                 "with nonneg=True")

    def _prove_bound_at_start(self, gap, name):
        """The difference of the two sides is nonnegative at t = 0."""
        base = at_start(substitute(gap, self.claim), self.t)
        if not nonnegative(_number(base), self.kernel):
            raise UnprovedStep(f"{name}: at t = 0 the difference is {base}")

    def _prove_bound_step(self, gap, remainder, rules, name):
        """The difference after one more step of the rule is `remainder`."""
        later = substitute(one_more(gap, self.t), self.rule)
        try:
            step = kernel.add(self.kernel.lower(later),
                              kernel.scale(self.kernel.lower(remainder), -1))
            proved = kernel.is_zero(rewrite(step, rules()))
        except kernel.Undecided as problem:
            raise UnprovedStep(f"{name}: {problem}")
        if not proved:
            raise UnprovedStep(f"{name}: the difference after one more step "
                               "is not shown to be "
                               f"{named(remainder, self.t)}")

    def _check_bound(self, left, right, name):
        closed = [substitute(e, self.claim) for e in (left, right)]
        for world in draw_worlds(closed, {}, rng=self._rng()):
            gap = compare(*closed, world)
            if gap.left < gap.right - 1e-9:
                raise WrongStep(f"{name}: {gap.left:.4g} < {gap.right:.4g}")


def _number(e):
    """Return an expression that is a constant as a number."""
    p = kernel.Definitions().lower(e)
    if set(p) <= {kernel.ONE}:
        return expr(kernel.Fraction(p.get(kernel.ONE, 0)))
    return e
