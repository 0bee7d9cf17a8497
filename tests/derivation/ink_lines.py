"""Lines for the tests: sizes, tensors, random expressions, values."""

import math
from fractions import Fraction
from itertools import product as pairs

import numpy as np
from hypothesis import strategies as st

from lmbook.derivation.language import (
    Add, Call, D, Delta, Dim, Div, Entry, Function, Index, Mul, Neg, Num, Pow,
    Product, Total, bound_indices, children, delta, dim, exp, expr, indices,
    is_zero, log, product, rebuild, relu, scalar, sigmoid, step, tanh, tensor,
    total)
from lmbook.derivation.matrices import M, apply, diag, eye, norm2, ones, trace
from lmbook.derivation.printing import latex

N, K = dim("N"), dim("K")
n, m = indices("n m", N)
i, j, l = indices("i j l", K)
z, y, s = (tensor(t, K) for t in "zys")
yhat = tensor("yhat", K, tex=r"\hat{y}")
b, X, W1 = tensor("b", N), tensor("X", N, K), tensor("W1", K, K)
x, tau, L, x1 = map(scalar, ("x", "tau", "L", "x1"))
f, g = Function("f"), Function("g", 2)
SIZES = {"N": 2, "K": 3}
CALLS = {"exp": math.exp, "log": math.log, "tanh": math.tanh,
         "relu": lambda v: max(v, 0.0), "step": lambda v: float(v > 0),
         "iszero": lambda v: float(v == 0),
         "sigmoid": lambda v: 1 / (1 + math.exp(-v)),
         "f": lambda v: math.sin(v) + v, "g": lambda v, w: v * v - 3 * w}


def value(e, arrays, at=()):
    """Return the number that an expression without derivatives stands for."""
    at = dict(at)

    def of(part):
        return value(part, arrays, at)
    match e:
        case Num(v):
            return float(v)
        case Dim(name):
            return SIZES[name]
        case Index(name):
            return at[name] + 1
        case Entry(tensor, where):
            return float(arrays[tensor.name][
                tuple(at[k.name] for k in where)])
        case Add(args):
            return sum(map(of, args))
        case Mul(args):
            return math.prod(map(of, args))
        case Neg(arg):
            return -of(arg)
        case Div(top, bottom):
            return of(top) / of(bottom)
        case Pow(base, exponent):
            return of(base) ** of(exponent)
        case Delta(left, right):
            return float(at[left.name] == at[right.name])
        case Call(name, args):
            return CALLS[name](*map(of, args))
        case Total(index, body) | Product(index, body):
            values = [value(body, arrays, at | {index.name: k})
                      for k in range(SIZES[index.dim.name])]
            return (sum if isinstance(e, Total) else math.prod)(values)
    raise ValueError(f"no value for {e!r}")


def arrays_of(rng, *tensors):
    """Return positive random values for tensors, by name."""
    return {t.name: rng.uniform(0.5, 1.5, [SIZES[d.name] for d in t.dims])
            for t in tensors}


ALL = [z, y, s, yhat, b, X, W1, *(v.tensor for v in (x, tau, L, x1))]
PLACES = [dict(zip("nmijl", place)) for place in
          pairs(*[range(SIZES[v.dim.name]) for v in (n, m, i, j, l)])]


def same_value(one, two, seed=0, places=PLACES[::17]):
    """Say whether two expressions agree, also on being undefined."""
    arrays = arrays_of(np.random.default_rng(seed), *ALL)
    return all(
        math.isclose(_or_nan(one, arrays, at), _or_nan(two, arrays, at),
                     rel_tol=1e-9, abs_tol=1e-12)
        or _or_nan(one, arrays, at) is _or_nan(two, arrays, at) is math.nan
        for at in places)


def _or_nan(e, arrays, at):
    try:
        return value(e, arrays, at)
    except (ArithmeticError, ValueError):
        return math.nan


def plain(e):
    """Write each rational number as a quotient, as it is printed."""
    if isinstance(e, Num) and r"\frac" in latex(e):
        return Div(*map(expr, e.value.as_integer_ratio()))
    return rebuild(e, map(plain, children(e)))


def summed(index, body):
    """Return the sum where the index is still free to use."""
    return body if index in bound_indices(body) else total(index, body)


INDEX = st.sampled_from([i, j, l])
NUMBER = st.sampled_from([Fraction(v) for v in
                          ("1", "2", "3", "10", "1/2", "2/3", "0.1", "0.25",
                           "0.999", "1/12")])
LEAF = st.one_of(
    st.builds(lambda t, k: t[k], st.sampled_from([z, y, s, yhat]), INDEX),
    st.builds(lambda k, p: X[k, p], st.sampled_from([n, m]), INDEX),
    st.builds(lambda p, q: W1[p, q], INDEX, INDEX),
    st.builds(delta, INDEX, INDEX),
    st.sampled_from([x, tau, L, x1, K, N, i, l]),
    NUMBER.map(expr))


def _more(part, derivatives):
    def two(operate):
        return st.builds(operate, part, part)
    options = [
        two(lambda a, c: a + c), two(lambda a, c: a - c),
        two(lambda a, c: a * c), two(lambda a, c: a / c),
        two(lambda a, c: a * c), two(g), st.builds(lambda a: -a, part),
        st.builds(lambda a, k: a ** k, part, st.integers(2, 3)),
        st.builds(lambda h, a: h(a), st.sampled_from(
            [exp, log, relu, step, is_zero, sigmoid, tanh, f]), part),
        st.builds(summed, INDEX, part),
        st.builds(lambda k, a: a if k in bound_indices(a) else
                  product(k, exp(a)), INDEX, part)]
    if derivatives:
        options += [st.builds(lambda a, k: D(a, z[k]), part, INDEX),
                    st.builds(lambda a: D(a, x), part),
                    st.builds(lambda p, q: D(L, z[p], z[q]), INDEX, INDEX),
                    st.builds(lambda a, k: f.d()(a), part, INDEX),
                    st.builds(lambda a, c: g.d(1).d(2)(a, c), part, part)]
    return st.one_of(options)


PLAIN = st.recursive(LEAF, lambda part: _more(part, False), max_leaves=8)
LINES = st.recursive(LEAF, lambda part: _more(part, True), max_leaves=8)

COLUMNS = st.sampled_from([M(b), ones(N), apply(relu, b), M(X) @ M(z)])
WIDE = st.sampled_from([M(X), M(b) @ M(z).T, M(X) @ M(W1), -M(X),
                        M(X) @ diag(z), 2 * M(X), M(X) * M(X)])


def _matrices(part):
    """Grow lines of shape (N, K) from lines of shape (N, K)."""
    return st.one_of(
        st.builds(lambda a, c: a + c, part, part),
        st.builds(lambda a, c: a - c, part, part),
        st.builds(lambda a, c: a * c, part, part),
        st.builds(lambda a, c: a @ c.T @ M(X), part, part),
        st.builds(lambda a: a @ (eye(K) - diag(s)), part),
        st.builds(lambda a: 1 / N * a, part),
        st.builds(lambda a: -a / tau, part),
        st.builds(lambda a: trace(a.T @ a) * a, part),
        st.builds(lambda a: norm2(a @ M(z)) * (x + 1) * a, part),
        st.builds(lambda a: apply(tanh, a) ** 2, part),
        st.builds(lambda a, v: v @ (v.T @ a), part, COLUMNS),
        st.builds(lambda a, v: a @ M(s) @ M(y).T + v @ M(z).T,
                  part, COLUMNS))


MATRICES = st.recursive(WIDE, _matrices, max_leaves=4)


