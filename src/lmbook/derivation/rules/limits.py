"""Limits in a temperature, by one rule for finite sums.

As tau -> 0 from above, exp(-g/tau) with a gap g >= 0 tends to 1 where g = 0
and to 0 elsewhere; as tau -> infinity it tends to 1.  A finite sum, a product
and a quotient tend to those of the limits, the quotient only if the limit of
its denominator is known to be positive.
"""

from .. import kernel as k


def limit(p, tau, to_zero, nonnegative=(), positive=()):
    """Return the limit of the normal form p as tau -> 0+ or infinity.

    `nonnegative` names the tensors that are gaps, `positive` lists normal
    forms that a cited fact says are positive.
    """
    def factor(a, e):
        if tau not in a.tensors:
            return k.power({((a, 1),): 1}, e)
        if a.kind == "exp":
            return _exponential(a, e, tau, to_zero, nonnegative)
        if a.kind != "sum":
            raise k.Undecided(f"no limit rule for {a}")
        names, body = k.open_sum(a)
        value = k.sum_over(names, inner({body: 1}))
        if e < 0:
            _check_denominator(value, positive)
        return k.power(value, e)

    def inner(q):
        return k.add(*(k.scale(k.product_all(factor(a, e) for a, e in m), c)
                       for m, c in q.items()))

    return inner(p)


def _exponential(a, e, tau, to_zero, nonnegative):
    """Return the limit of exp(g/tau)^e, where e < 0 if tau tends to 0."""
    parts = dict(a.data)
    inverse = [b for b, n in parts.items()
               if b.data == (tau, ()) and b.kind == "entry" and n == -1]
    rest = {b: e for b, e in parts.items() if b not in inverse}
    if len(inverse) != 1 or any(tau in b.tensors for b in rest):
        raise k.Undecided(f"{a} does not depend on 1/{tau} alone")
    if not to_zero:
        return k.constant(1)
    if e > 0:
        raise k.Undecided(f"{a} grows without bound as {tau} tends to 0")
    for b, n in rest.items():
        gap = b.kind == "entry" and b.data[0] in nonnegative and n == 1
        if not gap and not k.is_positive(b):
            raise k.Undecided(f"the sign of {b} is not known")
    return k.zero_or_one("iszero", k.normal(rest))


def _check_denominator(value, positive):
    """The limit of a denominator must be known not to be 0."""
    if any(k.is_zero(k.add(value, k.scale(q, -1))) for q in positive):
        return
    if value and all(c > 0 and all(k.is_positive(b) for b, _ in m)
                     for m, c in value.items()):
        return
    raise k.Undecided("the limit of a denominator could be 0; cite the fact "
                      "that it is positive")
