"""Induction: a recurrence proved for every number of steps.

A state is a scalar that changes at each step; the claim gives it in closed
form after t steps.  Two proofs make it hold for all t: the claim at t = 0 is
the first value, and one step of the rule leads from the claim at t to the
claim at t + 1.  A sum over the steps so far gains one term: the newest.
"""

from . import kernel
from .chain import Derivation
from .inequalities import nonnegative
from .lines import Line
from .rendering import Statement
from .rewriting import Rule, rewrite
from .sampling import compare, counterexample, draw_worlds
from .tree import (Add, Dim, Entry, Index, IndexMismatch, Num, Product,
                   Tensor, Total, expr)
from .verdicts import UnprovedStep, WrongStep
from .walk import children, rebuild, tensors


def latest(history):
    """Return the newest entry of a tensor over the steps.

    >>> from lmbook.derivation.language import dim, tensor
    >>> latest(tensor("g", dim("t"))).indices
    (t+1 in 1..t,)
    """
    if len(history.dims) != 1:
        raise IndexMismatch(f"{history} must have the steps as its one axis")
    return Entry(history, (newest(history.dims[0]),))


def newest(t):
    return Index(f"{t.name}+1", t)


def at_start(e, t):
    """Return `e` after no step: sums over the steps are empty.

    >>> from lmbook.derivation.language import dim, index, tensor, total
    >>> t = dim("t"); k = index("k", t); g = tensor("g", t)
    >>> at_start(total(k, g[k]), t)
    Num(0)
    """
    if isinstance(e, (Total, Product)) and e.index.dim == t:
        return expr(0 if isinstance(e, Total) else 1)
    if e == t:
        return expr(0)
    return rebuild(e, (at_start(part, t) for part in children(e)))


def one_more(e, t):
    """Return `e` after one more step: each sum gains its newest term.

    >>> from lmbook.derivation.language import dim, index, tensor, total
    >>> t = dim("t"); k = index("k", t); g = tensor("g", t)
    >>> print(named(one_more(total(k, g[k]), t), t))
    \\sum_{k=1}^{t} g_{k} + g_{t+1}
    """
    if isinstance(e, (Total, Product)) and e.index.dim == t:
        body = one_more(e.body, t)
        last = _put_newest(body, e.index, t)
        grown = type(e)(e.index, body)
        return grown + last if isinstance(e, Total) else grown * last
    if e == t:
        return Add((t, Num(1)))
    return rebuild(e, (one_more(part, t) for part in children(e)))


def _put_newest(e, index, t):
    """Let an index be t + 1: as a label of an entry, or as a number."""
    if e == index:
        return Add((t, Num(1)))
    if isinstance(e, Entry):
        return Entry(e.tensor, tuple(newest(t) if i == index else i
                                     for i in e.indices))
    return rebuild(e, (_put_newest(part, index, t) for part in children(e)))


def named(e, t):
    """Return `e` with the newest entry of each history as a scalar g_{t+1}.

    >>> from lmbook.derivation.language import dim, tensor
    >>> t = dim("t"); print(named(latest(tensor("g", t)), t))
    g_{t+1}
    """
    if isinstance(e, Entry) and newest(t) in e.indices:
        return _stepped(Tensor(e.tensor.name, (), e.tensor.positive,
                               e.tensor.nonneg, e.tensor.tex)[()],
                        f"{t.name}+1")
    return rebuild(e, (named(part, t) for part in children(e)))


def substitute(e, values):
    """Replace scalars, given as a dict from entry to expression.

    >>> from lmbook.derivation.language import scalar
    >>> x, y = scalar("x"), scalar("y")
    >>> print(substitute(2 * x, {x: y + 1}))
    2 \\left( y + 1 \\right)
    """
    if e in values:
        return values[e]
    return rebuild(e, (substitute(part, values) for part in children(e)))


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
            self._check_state(state, claim[state])
        for state in claim:
            self._prove(state, at_start(claim[state], t), first[state],
                        "at t = 0")
        self.rule, self.claim = rule, claim
        for state in claim:
            self._prove(state, substitute(rule[state], claim),
                        one_more(claim[state], t), "from t to t + 1")
        for state in claim:
            self._show(state, first[state], rule[state], claim[state])

    def _check_state(self, state, claim):
        if not isinstance(state, Entry) or state.indices:
            raise ValueError(f"a state is a scalar, not {state!r}")
        if state.tensor in tensors(claim):
            raise ValueError(f"the closed form of {state} contains {state}")

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
        start, now, later = (_stepped(state, when) for when in (
            "0", self.t.name, f"{self.t.name}+1"))
        old = {s: _stepped(s, self.t.name) for s in self.claim}
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
        left = _stepped(state, self.t.name)
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
        left, right = expr(left), expr(right)
        gap, shown = left - right, named(expr(remainder), self.t)
        for a, b, _ in hypotheses:
            if (expr(a), expr(b)) not in self.bounds:
                raise ValueError(f"{name}: the hypothesis {a} >= {b} was "
                                 "not proved before")
        for *_, r in (*hypotheses, (slack,)):
            if not (isinstance(r, Entry) and r.tensor.nonneg):
                raise ValueError(f"the slack {r!r} must be a scalar declared "
                                 "with nonneg=True")
        base = substitute(gap, {s: at_start(v, self.t)
                                for s, v in self.claim.items()})
        if not nonnegative(_number(base), self.kernel):
            raise UnprovedStep(f"{name}: at t = 0 the difference is {base}")
        if not nonnegative(expr(remainder), self.kernel):
            raise UnprovedStep(f"{name}: the remainder {shown} is not "
                               "manifestly nonnegative")
        rules = [Rule(self.kernel.lower(a), self.kernel.lower(b + r))
                 for a, b, r in (*hypotheses, (left, right, slack))]
        step = kernel.add(self.kernel.lower(substitute(gap, self.rule)),
                          kernel.scale(self.kernel.lower(expr(remainder)),
                                       -1))
        if not kernel.is_zero(rewrite(step, rules)):
            raise UnprovedStep(f"{name}: the difference after one more step "
                               f"is not shown to be {shown}")
        self._check_bound(left, right, name)
        self.bounds.append((left, right))
        now = {s: _stepped(s, self.t.name) for s in self.claim}
        self._pair(substitute(left, now), substitute(right, now), r"\ge",
                   f"by induction on {self.t.name}")
        return self

    def _check_bound(self, left, right, name):
        closed = [substitute(e, self.claim) for e in (left, right)]
        for world in draw_worlds(closed, {}, rng=self._rng()):
            gap = compare(*closed, world)
            if gap.left < gap.right - 1e-9:
                raise WrongStep(f"{name}: {gap.left:.4g} < {gap.right:.4g}")


def _stepped(state, when):
    """Return a state with its time, m_t, as a scalar to be displayed."""
    text = Line(state).latex
    return Tensor(f"{state.tensor.name} at {when}", (), state.tensor.positive,
                  state.tensor.nonneg, tex=f"{text}_{{{when}}}")[()]


def _number(e):
    """Return an expression that is a constant as a number."""
    p = kernel.Definitions().lower(e)
    if set(p) <= {kernel.ONE}:
        return expr(kernel.Fraction(p.get(kernel.ONE, 0)))
    return e
