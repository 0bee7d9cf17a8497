"""Facts: what a step may use only because it says so."""

from .. import kernel
from ..language import expr, free
from ..rules import Rule
from ..worlds import (compare, draw, evaluate, occurring, ordered,
                      plan)
from ..worlds.numeric import np
from ..printing import latex
from .verdicts import BadFact


class Fact:
    """An equality (or `relation=">="`) that data are known to obey.

    `sample(sizes, rng)` returns arrays that obey it, by tensor; `sizes` maps
    each dim to an int.  Free indices stand for every value.

    >>> from lmbook.derivation.language import dim, indices, tensor, total
    >>> K = dim("K"); l, = indices("l", K); y = tensor("y", K)
    >>> fact = Fact("labels sum to one", total(l, y[l]), 1,
    ...             sample=lambda sizes, rng: {y: np.eye(sizes[K])[0]})
    >>> fact
    labels sum to one
    >>> fact.check({})
    """

    def __init__(self, name, left, right, sample, relation="="):
        if relation not in ("=", ">="):
            raise ValueError(f"the relation of a fact is '=' or '>=', "
                             f"not {relation!r}")
        self.name, self.relation = name, relation
        self.left, self.right = expr(left), expr(right)
        self.sample = sample

    def __repr__(self):
        return self.name

    def rule(self, definitions):
        """Return the rewriting rule, left side to right side."""
        return Rule(definitions.lower(self.left),
                    definitions.lower(self.right))

    def check(self, table, seed=0):
        """Raise BadFact if the fact's own sample breaks it."""
        rng = np.random.default_rng(seed)
        sides = [self.left, self.right]
        for sizes in plan(occurring(sides, table)[0], rng):
            world = draw(sides, table, [self], rng=rng, sizes=sizes)
            gap = compare(self.left, self.right, world)
            if self.relation == ">=":
                kept = self._least_gap(world) >= -1e-9
            else:
                kept = gap.difference <= world.engine.tolerance
            if not kept:
                where = ", ".join(f"{d.name} = {n}" for d, n in sizes.items())
                raise BadFact(
                    f"the fact '{self.name}' is broken by its own sample at "
                    f"{where}: its left side is {gap.left:.4g}, its right "
                    f"side {gap.right:.4g}",
                    ("its left side", latex(self.left)),
                    ("its right side", latex(self.right)))

    def _least_gap(self, world):
        gap = self.left - self.right
        return evaluate(gap, world, ordered(free(gap))).min()
