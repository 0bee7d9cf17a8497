"""Where a reader may start: four derivations, each with its names."""

from dataclasses import dataclass

from ..derivation import (D, Derivation, Fact, M, delta, dim, exp, eye,
                          gradient, indices, log, ones, scalar, sigmoid,
                          tensor, total)

FUNCTIONS = {"exp": exp, "log": log, "sigmoid": sigmoid, "total": total,
             "delta": delta, "D": D, "eye": eye, "ones": ones}

@dataclass
class Start:
    """Where a derivation begins, and what its reader may write.

    `names` maps each name to its value, `uses` are examples of every name,
    `fact` may be cited, `example` is a line to try.
    """
    derivation: Derivation
    names: dict
    uses: tuple
    example: str
    fact: Fact = None


def _begin(title, define, line):
    d = Derivation(title, define)
    d.start(line)
    return d


def _softmax_names():
    K = dim("K")
    names = dict(zip("ijl", indices("i j l", K)))
    names.update({name: tensor(name, K) for name in "zs"}, K=K)
    i, l, z, s = (names[name] for name in "ilzs")
    return names, {s[i]: exp(z[i]) / total(l, exp(z[l]))}


def softmax():
    """Return the start of the Jacobian of softmax.

    >>> softmax().derivation.lines[0].latex
    '\\\\frac{\\\\partial s_{i}}{\\\\partial z_{j}}'
    """
    names, define = _softmax_names()
    line = D(names["s"][names["i"]], names["z"][names["j"]])
    return Start(
        _begin("Jacobian of softmax", define, line), names,
        ("i j l", "K", "z[i]", "s[i]", "exp(z[i])", "log(s[i])",
         "total(l, z[l])", "delta(i, j)", "D(s[i], z[j])"),
        "s[i] * (delta(i, j) - s[j])")


def quadratic():
    """Return the start of the gradient of a quadratic form.

    >>> quadratic().example
    '(A + A.T) @ x'
    """
    K = dim("K")
    A, x = M(tensor("A", K, K)), M(tensor("x", K))
    line = gradient(x.T @ A @ x, x)
    return Start(
        _begin("Gradient of a quadratic form", {}, line),
        {"A": A, "x": x, "K": K},
        ("A", "x", "A.T", "A @ x", "x.T @ x", "eye(K)", "ones(K)"),
        "(A + A.T) @ x")


def logistic():
    """Return the start of the derivative of the sigmoid.

    >>> sorted(logistic().names)
    ['p', 'z']
    """
    z, p = scalar("z"), scalar("p")
    return Start(
        _begin("Slope of the sigmoid", {p: 1 / (1 + exp(-z))}, D(p, z)),
        {"z": z, "p": p},
        ("z", "p", "exp(-z)", "log(p)", "sigmoid(z)", "D(p, z)"),
        "p * (1 - p)")


def cross_entropy():
    """Return the start of the gradient of the cross-entropy.

    >>> cross_entropy().fact
    the labels sum to one
    """
    names, define = _softmax_names()
    l, s, K = names["l"], names["s"], names["K"]
    y, L = tensor("y", K), scalar("L")
    names.update(y=y, L=L)
    fact = Fact("the labels sum to one", total(l, y[l]), 1,
                lambda sizes, rng: {y: rng.dirichlet([1] * sizes[K])})
    line = D(L, names["z"][names["j"]])
    define[L] = -total(l, y[l] * log(s[l]))
    return Start(
        _begin("Gradient of the cross-entropy", define, line), names,
        ("i j l", "K", "z[j]", "s[j]", "y[j]", "L", "exp(z[i])",
         "log(s[l])", "total(l, y[l])", "delta(l, j)", "D(s[l], z[j])"),
        "-total(l, y[l] * (delta(l, j) - s[j]))", fact)


STARTS = {"softmax": softmax, "quadratic": quadratic, "logistic": logistic,
          "cross-entropy": cross_entropy}
