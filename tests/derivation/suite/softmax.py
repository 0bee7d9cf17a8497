"""Softmax, cross-entropy and the temperature."""

import numpy as np
import scipy.special

from lmbook.derivation import (D, Derivation, Fact, delta, exp, indices, is_zero,
                               log, scalar, tensor, total)
from lmbook.identities.softmax import (LOSS, SOFTMAX, K, L, i, j, l,
                                       labels_sum_to_one, s, tau, y, z)

from .registry import derivation

v, c = tensor("v", K), scalar("c")
WARM = {s[i]: exp(z[i] / tau) / total(l, exp(z[l] / tau))}


@derivation
def shift_invariance():
    with Derivation("Softmax does not see a shift", SOFTMAX) as d:
        d.start(exp(z[i] + c) / total(l, exp(z[l] + c)))
        d.eq(exp(c) * exp(z[i]) / (exp(c) * total(l, exp(z[l]))),
             "the factor does not depend on l")
        d.eq(exp(z[i]) / total(l, exp(z[l])), "cancel the factor")
        d.eq(s[i], "this is softmax")
    return d.agrees(s, scipy.special.softmax, z)


@derivation
def softmax_jacobian():
    sum_of_exp = total(l, exp(z[l]))
    with Derivation("Softmax Jacobian", SOFTMAX) as d:
        d.start(D(s[i], z[j]))
        d.eq(delta(i, j) * exp(z[i]) / sum_of_exp
             - exp(z[i]) * exp(z[j]) / sum_of_exp**2, "quotient rule")
        d.eq(s[i] * (delta(i, j) - s[j]), "both fractions are softmax")
    return d.agrees(s, scipy.special.softmax, z)


@derivation
def rows_sum_to_zero():
    with Derivation("Each row of the Jacobian sums to zero", SOFTMAX) as d:
        d.start(total(j, D(s[i], z[j])))
        d.eq(total(j, s[i] * (delta(i, j) - s[j])), "softmax Jacobian")
        d.eq(s[i] * (1 - total(j, s[j])), "the delta picks one term")
        d.eq(0, "softmax sums to one")
    return d


@derivation
def jacobian_is_positive_semidefinite():
    mean = total(j, s[j] * v[j])
    variance = total(i, s[i] * (v[i] - mean)**2)
    with Derivation("The Jacobian is positive semidefinite", SOFTMAX) as d:
        d.start(total(i, j, v[i] * D(s[i], z[j]) * v[j]))
        d.eq(total(i, s[i] * v[i]**2) - mean**2, "softmax Jacobian")
        d.eq(variance, "this is a variance")
        d.ge(0, "a sum of squares", variance)
    return d


@derivation
def cross_entropy_gradient():
    with Derivation("Cross-entropy gradient", LOSS) as d:
        d.start(D(L, z[j]))
        d.eq(-total(l, y[l] / s[l] * D(s[l], z[j])), "chain rule")
        d.eq(-total(l, y[l] * (delta(l, j) - s[j])), "softmax Jacobian")
        d.eq(s[j] * total(l, y[l]) - y[j], "the delta picks one label")
        d.eq(s[j] - y[j], "", labels_sum_to_one())
    return d.agrees(L, _cross_entropy, z, y)


def _cross_entropy(z, y):
    import torch
    z, y = torch.tensor(z)[None], torch.tensor(y)[None]
    return torch.nn.functional.cross_entropy(z, y).numpy()


@derivation
def cross_entropy_by_log_sum_exp():
    with Derivation("Cross-entropy by the log of the sum", LOSS) as d:
        d.start(L)
        d.eq(-total(l, y[l] * (z[l] - log(total(i, exp(z[i]))))),
             "the logarithm of softmax")
        d.eq(log(total(i, exp(z[i]))) - total(l, y[l] * z[l]), "",
             labels_sum_to_one())
    return d


@derivation
def entropy_slope():
    define = {**SOFTMAX, L: -total(l, s[l] * log(s[l]))}
    with Derivation("The slope of the entropy", define) as d:
        d.start(D(L, z[j]))
        d.eq(-total(l, (log(s[l]) + 1) * D(s[l], z[j])), "product rule")
        d.eq(-total(l, (log(s[l]) + 1) * s[l] * (delta(l, j) - s[j])),
             "softmax Jacobian")
        d.eq(-s[j] * (log(s[j]) + L), "softmax sums to one")
    return d.agrees(L, lambda z: scipy.special.entr(
        scipy.special.softmax(z)).sum(), z)


@derivation
def epsilon_in_the_logarithm():
    eps = scalar("epsilon", positive=True)
    define = {**SOFTMAX, L: -total(l, y[l] * log(s[l] + eps))}
    with Derivation("A small number inside the logarithm", define) as d:
        d.start(D(L, z[j]))
        d.eq(-total(l, y[l] / (s[l] + eps) * s[l] * (delta(l, j) - s[j])),
             "chain rule, softmax Jacobian")
        d.eq(s[j] * total(l, y[l] * s[l] / (s[l] + eps))
             - y[j] * s[j] / (s[j] + eps), "the delta picks one label")
    return d


@derivation
def third_derivative():
    k, = indices("k", K)
    with Derivation("The slope of the softmax Jacobian", SOFTMAX) as d:
        d.start(D(s[i], z[j], z[k]))
        d.eq(D(s[i] * (delta(i, j) - s[j]), z[k]), "softmax Jacobian")
        d.eq(s[i] * ((delta(i, k) - s[k]) * (delta(i, j) - s[j])
                     - s[j] * (delta(j, k) - s[k])), "product rule")
    return d


@derivation
def temperature_slope():
    with Derivation("The slope in the temperature", WARM) as d:
        d.start(D(s[i], tau))
        d.eq(total(j, s[i] * (delta(i, j) - s[j]) * D(z[j] / tau, tau)),
             "chain rule over all logits")
        d.eq(-total(j, s[i] * (delta(i, j) - s[j]) * z[j] / tau**2),
             "power rule")
        d.eq(s[i] / tau**2 * (total(j, s[j] * z[j]) - z[i]),
             "the delta picks one logit")
    return d.agrees(s, lambda z, t: scipy.special.softmax(z / t), z, tau)


GAP = tensor("g", K, nonneg=True)
COLD = {s[i]: exp(-GAP[i] / tau) / total(l, exp(-GAP[l] / tau))}


@derivation
def cold_limit():
    largest = Fact("some class has no gap", total(l, is_zero(GAP[l])), 1,
                   _ties, ">=")
    with Derivation("Temperature to zero, with ties", COLD) as d:
        d.start(s[i])
        d.tends(tau, 0, is_zero(GAP[i]) / total(l, is_zero(GAP[l])),
                "the largest logits share the mass", largest)
    return d


def _ties(sizes, rng):
    """Return gaps: the first is 0, and about half of the others."""
    gaps = rng.uniform(0.5, 2, sizes[K]) * (rng.random(sizes[K]) < 0.5)
    return {GAP: np.append(0, gaps[1:])}


@derivation
def hot_limit():
    with Derivation("Temperature to infinity", COLD) as d:
        d.start(s[i])
        d.tends(tau, "inf", 1 / K, "all exponentials tend to one")
    return d


@derivation
def gap_form():
    top = scalar("m")
    gaps = Fact("each gap is the distance to the top", GAP[i], top - z[i],
                lambda sizes, rng: _gaps(rng.normal(size=sizes[K])))
    with Derivation("Softmax in the gaps to the top", WARM) as d:
        d.start(exp(-GAP[i] / tau) / total(l, exp(-GAP[l] / tau)))
        d.eq(exp((z[i] - top) / tau) / total(l, exp((z[l] - top) / tau)),
             "", gaps)
        d.eq(s[i], "softmax does not see a shift")
    return d


def _gaps(z):
    return {"z": z, "m": z.max(), GAP: z.max() - z}
