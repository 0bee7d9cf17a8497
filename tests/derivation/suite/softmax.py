"""Softmax, cross-entropy, temperature and perplexity."""

import numpy as np
import scipy.special

from lmbook.derivation import (D, Derivation, Fact, M, delta, diag, dim, exp,
                               eye, gradient, indices, is_zero, jacobian, log,
                               ones, product, scalar, sigmoid, tensor, total)

from .registry import derivation

K, N, V = dim("K"), dim("N"), dim("V")
i, j, l = indices("i j l", K)
n, = indices("n", N)
z, y, s, v = (tensor(name, K) for name in "zysv")
L, c, tau = scalar("L"), scalar("c"), scalar("tau", positive=True)
z1, z2, a, t = scalar("z1"), scalar("z2"), scalar("a"), scalar("t")
SOFTMAX = {s[i]: exp(z[i]) / total(l, exp(z[l]))}
LOSS = {**SOFTMAX, L: -total(l, y[l] * log(s[l]))}
WARM = {s[i]: exp(z[i] / tau) / total(l, exp(z[l] / tau))}


def labels_sum_to_one():
    return Fact("the labels sum to one", total(l, y[l]), 1,
                lambda sizes, rng: {y: rng.dirichlet(np.ones(sizes[K]))})


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
def two_classes():
    with Derivation("Softmax of two classes is a sigmoid") as d:
        d.start(exp(z1) / (exp(z1) + exp(z2)))
        d.eq(1 / (1 + exp(z2) / exp(z1)), "divide by the numerator")
        d.eq(1 / (1 + exp(-(z1 - z2))), "the exponents subtract")
        d.eq(sigmoid(z1 - z2), "this is the sigmoid")
    return d


@derivation
def sigmoid_symmetry():
    p = scalar("p")
    with Derivation("The sigmoid and its mirror", {p: sigmoid(a)}) as d:
        d.start(1 - sigmoid(-a))
        d.eq(1 - 1 / (1 + exp(a)), "write the sigmoid out")
        d.eq(exp(a) / (1 + exp(a)), "one fraction")
        d.eq(sigmoid(a), "divide by the exponential")
    return d.agrees(p, scipy.special.expit, a)


@derivation
def sigmoid_slope():
    with Derivation("The slope of the sigmoid") as d:
        d.start(D(sigmoid(a), a))
        d.eq(exp(-a) / (1 + exp(-a))**2, "quotient rule")
        d.eq(sigmoid(a) * (1 - sigmoid(a)), "split the fraction")
    return d


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
def softmax_jacobian_in_matrices():
    with Derivation("Softmax Jacobian, as a matrix", SOFTMAX) as d:
        d.start(jacobian(s, z))
        d.eq(diag(s) - M(s) @ M(s).T, "by entries")
        d.eq(diag(s) @ (eye(K) - ones(K) @ M(s).T), "take diag(s) out")
        d.eq((diag(s) - M(s) @ M(s).T).T, "the matrix is symmetric")
    return d


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
                   lambda sizes, rng: {GAP: np.append(
                       0, rng.uniform(0.5, 2, sizes[K] - 1))}, ">=")
    with Derivation("Temperature to zero, with ties", COLD) as d:
        d.start(s[i])
        d.tends(tau, 0, is_zero(GAP[i]) / total(l, is_zero(GAP[l])),
                "the largest logits share the mass", largest)
    return d


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


@derivation
def binary_cross_entropy():
    p, binary = scalar("p"), {L: -t * log(sigmoid(a))
                              - (1 - t) * log(1 - sigmoid(a))}
    with Derivation("Binary cross-entropy gradient",
                    {**binary, p: sigmoid(a)}) as d:
        d.start(D(L, a))
        d.eq(-t / p * D(p, a) + (1 - t) / (1 - p) * D(p, a), "chain rule")
        d.eq(-t * (1 - p) + (1 - t) * p, "the slope is p (1 - p)")
        d.eq(p - t, "the products cancel")
    return d.agrees(L, _binary_cross_entropy, a, t)


def _binary_cross_entropy(a, t):
    import torch
    return torch.nn.functional.binary_cross_entropy_with_logits(
        torch.tensor(a), torch.tensor(t)).numpy()


@derivation
def binary_is_two_classes():
    both = exp(z1) + exp(z2)
    with Derivation("Binary cross-entropy is the case K = 2") as d:
        d.start(-t * log(exp(z1) / both) - (1 - t) * log(exp(z2) / both))
        d.eq(-t * log(sigmoid(z1 - z2)) - (1 - t) * log(sigmoid(z2 - z1)),
             "softmax of two classes")
        d.eq(-t * log(sigmoid(z1 - z2)) - (1 - t) * log(1 - sigmoid(z1 - z2)),
             "the sigmoid and its mirror")
    return d


P = tensor("p", N, positive=True)
ENTROPY = {L: -1 / N * total(n, log(P[n]))}


@derivation
def perplexity():
    with Derivation("Perplexity is a geometric mean", ENTROPY) as d:
        d.start(exp(L))
        d.eq(product(n, exp(-log(P[n]) / N)), "exp of a sum is a product")
        d.eq(product(n, P[n]**(-1 / N)), "exp undoes the logarithm")
    return d


@derivation
def perplexity_of_a_uniform_model():
    uniform = Fact("every token has probability 1/V", P[n], 1 / V,
                   lambda sizes, rng: {P: np.full(sizes[N], 1 / sizes[V])})
    with Derivation("Perplexity of a uniform model", ENTROPY) as d:
        d.start(exp(L))
        d.eq(exp(1 / N * total(n, log(V))), "", uniform)
        d.eq(exp(log(V)), "N equal terms")
        d.eq(V, "exp undoes the logarithm")
    return d


@derivation
def perplexity_in_bits():
    bits = scalar("B")
    with Derivation("Perplexity in bits", {
            **ENTROPY, bits: -1 / N * total(n, log(P[n]) / log(2))}) as d:
        d.start(2**bits)
        d.eq(exp(bits * log(2)), "2 is the exponential of log 2")
        d.eq(exp(L), "bits to nats")
    return d
