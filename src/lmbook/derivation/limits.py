"""Limits in a temperature, by one rule for finite sums.

As tau -> 0 from above, exp(-g/tau) with a gap g >= 0 tends to 1 where g = 0
and to 0 elsewhere; as tau -> infinity it tends to 1.  A finite sum, a product
and a quotient tend to those of the limits, the quotient only if the limit of
its denominator is known to be positive.
"""

from . import kernel as k


def limit(p, tau, to_zero, nonnegative=(), positive=()):
    """Return the limit of the normal form p as tau -> 0+ or infinity.

    `nonnegative` names the tensors that are gaps, `positive` lists normal
    forms that a cited fact says are positive.
    """
    def change(a):
        if tau not in a.tensors:
            return None
        if a.kind == "exp":
            return _exponential(a, tau, to_zero, nonnegative)
        if a.kind == "sum":
            return k.sum_over(a.data[0], inner({a.data[1]: 1}))
        raise k.Undecided(f"no limit rule for {a}")

    def inner(q):
        for m in q:
            for a, e in m:
                if tau in a.tensors:
                    _check(a, e, tau, to_zero, change(a), positive)
        return k.transform(q, change)

    return inner(p)


def _exponential(a, tau, to_zero, nonnegative):
    """exp(g/tau), standing with a negative exponent where tau -> 0."""
    parts = dict(a.data)
    inverse = [b for b, e in parts.items()
               if b.data == (tau, ()) and b.kind == "entry" and e == -1]
    rest = {b: e for b, e in parts.items() if b not in inverse}
    if len(inverse) != 1 or any(tau in b.tensors for b in rest):
        raise k.Undecided(f"{a} does not depend on 1/{tau} alone")
    if not to_zero:
        return k.constant(1)
    for b, e in rest.items():
        gap = b.kind == "entry" and (b.data[0] in nonnegative) and e == 1
        if not gap and not k.is_positive(b):
            raise k.Undecided(f"the sign of {b} is not known")
    return k.zero_or_one("iszero", k.normal(rest))


def _check(a, e, tau, to_zero, value, positive):
    if a.kind == "exp" and to_zero and e > 0:
        raise k.Undecided(f"{a} grows without bound as {tau} tends to 0")
    if a.kind == "exp" or e > 0:
        return
    known = [q for q in positive
             if k.is_zero(k.add(value, k.scale(q, -1)))]
    sure = len(value) > 0 and all(
        c > 0 and all(k.is_positive(b) for b, _ in m)
        for m, c in value.items())
    if not known and not sure:
        raise k.Undecided("the limit of a denominator could be 0; cite the "
                          "fact that it is positive")
