"""Using a cited fact: every place where its left side occurs is replaced.

A fact such as sum_l y_nl = 1 holds for every value of its free index n.  It
may be used inside a larger sum: in sum_nl y_nl x_n the index l occurs in
y_nl alone, so the sum over l can be carried out first.  Part of the trusted
code, beside the kernel.
"""

import itertools

from .. import kernel as k

MOST_REWRITES = 200


class Rule:
    """Replace the monomial `left` by the polynomial `right`."""

    def __init__(self, left, right):
        if len(left) != 1:
            left, right = _largest_alone(left, right)
        (m, c), = left.items()
        self.right = k.scale(right, k.Fraction(1) / c)
        self.bound, self.factors = flatten(m)
        self.free = sorted(set().union(*(a.free for a, _ in self.factors))
                           - set(self.bound))
        single = not self.bound and [e for _, e in self.factors] == [1]
        self.alone = self.factors[0][0] if single else None
        self.turns = self._turns()

    def _turns(self):
        """Does the rule only turn indices, as in A_ij = A_ji?"""
        if len(self.right) != 1 or 1 not in self.right.values():
            return False
        bound, factors = flatten(next(iter(self.right)))
        return len(bound) == len(self.bound) and any(
            not rest for _, rest in
            _matches(self, list(self.factors), factors, {}))


def _largest_alone(left, right):
    """a + b = c becomes a = c - b, with a the largest monomial."""
    if not left:
        raise k.Undecided("the left side of a fact is 0")
    big = max(left, key=lambda m: (len(m), len(k.monomial_key(m))))
    rest = {m: c for m, c in left.items() if m != big}
    return {big: left[big]}, k.add(right, k.scale(rest, -1))


def flatten(m):
    """Bring all sums of a monomial to its front: (bound names, factors)."""
    names = ()
    while True:
        found = next((a for a, e in m if k.opens(a, e)), None)
        if found is None:
            return names, m
        new, body = k.open_sum(found)
        rest = k.normal({**dict(m), found: dict(m)[found] - 1})
        joined = k.multiply(rest, {body: 1})
        if len(joined) != 1:
            raise k.Undecided("a sum whose body does not stay one product")
        (m, c), = joined.items()
        names += new


def rewrite(p, rules):
    """Apply rules everywhere until none applies."""
    for _ in range(MOST_REWRITES):
        new = _rewrite_once(p, rules)
        if new == p:
            return p
        p = new
    raise k.Undecided("a cited fact can be used again and again without end")


def _rewrite_once(p, rules):
    out = {}
    for m, c in p.items():
        out = k.add(out, k.scale(_rewrite_monomial(m, rules), c))
    return out


def _rewrite_monomial(m, rules):
    for rule in rules:
        found = _apply(rule, *flatten(m))
        if found is None or rule.turns and not _smaller(found, {m: 1}):
            continue
        return found
    return k.transform({m: 1}, lambda a: _rewrite_inside(a, rules))


def _smaller(p, q):
    """Order normal forms; bound indices, closed or open, come first."""
    first, second = (k.key_of(x).replace("~", "#") for x in (p, q))
    return first < second


def _rewrite_inside(a, rules):
    """Rewrite what an atom is made of; None where nothing changes."""
    for rule in rules:
        if rule.alone and not rule.turns:       # x = 3 makes 1/x a third
            for names in _unify(rule.alone, a, {}):
                return k.rename(rule.right, names)
    if a.kind in ("entry", "delta", "size", "position", "root", "constant"):
        return None
    changed = []

    def inner(p):
        q = _rewrite_once(p, rules)
        changed.append(q != p)
        return q

    new = k.rebuild_atom(a, inner)
    return new if any(changed) else None


def _apply(rule, bound, factors):
    """Return the rewritten monomial, or None where the rule has no place."""
    for names, rest in _matches(rule, list(rule.factors), factors, {}):
        used = {names[b] for b in rule.bound}
        if not used <= set(bound) or len(used) < len(rule.bound):
            continue
        if any(used & a.free for a, _ in rest):
            continue
        if any(names[i] in used for i in rule.free if i in names):
            continue
        right = k.rename(rule.right, names)
        body = k.multiply(k.normal(dict(rest)), right)
        return k.sum_over([b for b in bound if b not in used], body)
    return None


def _matches(rule, wanted, factors, names):
    """Yield (index names, remaining factors) for each way to match."""
    if not wanted:
        yield names, factors
        return
    (want, times), *others = wanted
    for n, (a, e) in enumerate(factors):
        left = e - times
        if not 0 < times <= e and not e <= times < 0:
            continue
        rest = factors[:n] + (((a, left),) if left else ()) + factors[n + 1:]
        for found in _unify(want, a, names):
            yield from _matches(rule, others, rest, found)


def _unify(want, a, names):
    """Yield the extensions of `names` that turn the atom `want` into a."""
    if want.kind != a.kind:
        return
    if want.kind == "entry":
        if want.data[0] != a.data[0]:
            return
        found = dict(names)
        for i, j in zip(want.data[1], a.data[1]):
            if found.setdefault(i, j) != j:
                return
        yield found
        return
    unknown = sorted(want.free - names.keys())
    for choice in itertools.permutations(sorted(a.free), len(unknown)):
        found = {**names, **dict(zip(unknown, choice))}
        if any(k.dim_of(i) != k.dim_of(j) for i, j in found.items()):
            continue
        if k.rename(k.single(want), found) == k.single(a):
            yield found
