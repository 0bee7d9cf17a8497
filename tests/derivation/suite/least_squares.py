"""The log of a sum of exponentials, derived twice."""

from lmbook.derivation import (D, Derivation, delta, dim, exp, indices, log,
                               scalar, tensor, total)

from .registry import derivation

K = dim("K")
k, l, m = indices("k l m", K)
z, s, F = tensor("z", K), tensor("s", K), scalar("F")


@derivation
def log_sum_exp():
    define = {F: log(total(k, exp(z[k]))),
              s[k]: exp(z[k]) / total(m, exp(z[m]))}
    with Derivation("The log of a sum of exponentials", define) as d:
        d.start(D(F, z[k], z[l]))
        d.eq(D(exp(z[k]) / total(m, exp(z[m])), z[l]),
             "the gradient is softmax")
        d.eq(s[k] * (delta(k, l) - s[l]), "softmax Jacobian")
    return d.agrees(F, _log_sum_exp, z)


def _log_sum_exp(z):
    from scipy.special import logsumexp
    return logsumexp(z)
