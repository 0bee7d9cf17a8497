"""The checks of the chapter on softmax and cross-entropy, B1 to B12."""

import numpy as np

from ..functional import (
    cross_entropy, cross_entropy_vjp, linear_vjp, sigmoid, softmax)
from .registry import ask, exercise, expect, numbers, require

Z = np.array([0.3, -1.2, 2.0, 0.3])       # a tie, away from the top
TIED = np.array([1.5, -0.5, 1.5])         # a tie at the top
NEAR = np.array([1.0, 1.0 - 1e-6])        # nearly a tie
OVERFLOW = "subtract the largest logit first, along the last axis"


@exercise("B1", "a softmax that does not overflow")
def b1(softmax_function):
    """Check a softmax of a vector, and of every row of a matrix."""
    for z in ([1.0, 2.0], Z, Z + 100, [1001.0, 1002.0], [-1e4, 0.0]):
        z, what = np.array(z), f"softmax({np.array(z).tolist()})"
        got = numbers(ask(softmax_function, z), what)
        require(np.isfinite(got).all(), f"{what} is not finite: {OVERFLOW}")
        expect(got, softmax(z), what, {
            "divide by the sum, so that the entries sum to 1":
                np.exp(z.clip(max=700)),
            "the exponentials are missing": z / z.sum()})
    rows = np.array([[1.0, 2.0], [1001.0, 1002.0], [-1001.0, -1002.0]])
    got = ask(softmax_function, rows)
    total = np.exp(rows - rows.max())
    expect(got, softmax(rows), "softmax of a matrix", {
        "normalise each row, not the whole matrix": total / total.sum(),
        "normalise each row, not each column": softmax(rows, axis=0)})


@exercise("B2", "softmax keeps the set of largest entries")
def b2(argmax_set):
    """Check a function from a vector to the set of its largest indices."""
    for z in (Z, TIED, np.zeros(3), np.array([2.0]), NEAR):
        largest = set(np.flatnonzero(z == z.max()).tolist())
        for vector, what in ((z, "z"), (softmax(z), "softmax(z)")):
            got = ask(argmax_set, vector)
            require(np.iterable(got), "return a set of indices,"
                    f" not one {type(got).__name__}: there may be ties")
            got = numbers(list(got), "the set").ravel().astype(int)
            got = set(got.tolist())
            hint = "" if got - largest or not got else (
                ": entries that tie belong to the set too")
            require(got == largest, f"for {what} with z = {z.tolist()} you"
                    f" give {got}, expected {largest}{hint}")


@exercise("B3", "for two classes softmax is a sigmoid")
def b3(first_probability):
    """Check a function of two numbers z1, z2: softmax([z1, z2])_1."""
    for a, b in ((0.5, 0.5), (2.0, 0.7), (-3.0, 1.0), (800.0, -800.0),
                 (-800.0, 800.0)):
        expected = softmax([a, b])[0]
        got = ask(first_probability, a, b, overflow="raise")
        expect(got, expected, f"at ({a}, {b})", {
            "this is the second class: z1 - z2 or z2 - z1?": 1 - expected,
            "the sigmoid takes the difference of the logits": sigmoid(a)})


@exercise("B4", "softmax is at least the product of its pairwise sigmoids")
def b4(gap):
    """Check a function z -> softmax_i - prod_{j != i} sigmoid(z_i - z_j)."""
    for z in (np.array([0.4]), np.array([1.0, -2.0]), TIED, Z):
        pairs = sigmoid(z[:, None] - z)                     # (K, K)
        product = pairs.prod(axis=1) * 2                    # sigmoid(0) = 1/2
        expected = softmax(z) - product
        got = ask(gap, z)
        expect(got, expected, f"the gap for K = {len(z)}", {
            "leave j = i out of the product": softmax(z) - product / 2,
            "multiply over j, for each i": softmax(z) - pairs.T.prod(1) * 2,
            "this is the product alone": product,
            "the gap is never negative: is it reversed?": -expected})


@exercise("B5", "the Jacobian of softmax")
def b5(jacobian):
    """Check a function z -> the (K, K) matrix of ds_i / dz_j."""
    for z in (np.array([0.7]), np.array([0.0, 1.0]), Z):
        s = softmax(z)
        outer = np.outer(s, s)
        expect(ask(jacobian, z), np.diag(s) - outer,
               f"the Jacobian for K = {len(z)}", {
                   "where is delta_ij?": -outer,
                   "only the diagonal is right: s_i moves with z_j too":
                       np.diag(s * (1 - s)),
                   "this is the diagonal alone": s * (1 - s),
                   "s_i delta_ij - s_i s_j: a factor s is missing":
                       np.eye(len(z)) - s,
                   "take the softmax of z first":
                       np.diag(z) - np.outer(z, z)})


@exercise("B6", "diag(s) - s s^T: symmetric, singular, positive semidefinite")
def b6(properties):
    """Check z -> (Jacobian, its row sums, its eigenvalues, ascending)."""
    for z in (np.array([0.0, 1.0]), TIED, Z):
        got = ask(properties, z)
        require(isinstance(got, (tuple, list)) and len(got) == 3,
                "return three things: (jacobian, row_sums, eigenvalues)")
        s = softmax(z)
        matrix = np.diag(s) - np.outer(s, s)
        values = np.linalg.eigvalsh(matrix)                 # ascending
        expect(got[0], matrix, "the Jacobian", {
            "this is s s^T - diag(s)": -matrix,
            "s s^T is the outer product, a matrix": np.diag(s) - s @ s})
        expect(got[1], np.zeros(len(z)), "the row sums", {
            "these are the sums of |J_ij|": np.abs(matrix).sum(1),
            "one sum for each row, not their total": 0.0})
        expect(got[2], values, "the eigenvalues", {
            "return all of them, not the smallest alone": values[0],
            "return all of them, not the largest alone": values[-1],
            "put them in ascending order": values[::-1]})


@exercise("B7", "the gradient of cross-entropy in the logits")
def b7(gradient):
    """Check (logits, targets) -> s * sum(y) - y, for any weights y."""
    for y in ([0.0, 1.0, 0.0, 0.0], [0.1, 0.2, 0.3, 0.4],
              [0.5, 0.0, 2.0, 1.0], [0.0, 0.0, 0.0, 0.0]):
        y, s = np.array(y), softmax(Z)
        expect(ask(gradient, Z, y), cross_entropy_vjp(1.0, Z, y),
               f"for targets that sum to {y.sum():g}", {
                   "s - y uses sum(y) = 1, which is false here": s - y,
                   "one sum over classes too many": (s * y.sum() - y).sum(),
                   "this is with respect to s: continue to z": -y / s,
                   "do not divide by the number of classes":
                       (s * y.sum() - y) / 4})


@exercise("B8", "softmax with temperature, its limits and its derivative")
def b8(tempered_softmax, derivative):
    """Check (z, tau) -> softmax(z / tau), and its derivative in tau."""
    for z in (Z, TIED):
        for tau in (1e-3, 0.5, 1.0, 3.0, 1e9):
            expect(ask(tempered_softmax, z, tau), softmax(z, -1, tau),
                   f"softmax at temperature {tau:g}", {
                       "divide by the temperature": softmax(z * tau)})
        for tau in (0.5, 1.0, 3.0):
            s = softmax(z, -1, tau)
            right = -s * (z - s @ z) / tau ** 2
            expect(ask(derivative, z, tau), right,
                   f"the derivative at temperature {tau:g}", {
                       "d(1/tau)/dtau is -1/tau^2": right * tau ** 2,
                       "one power of tau is missing": right * tau,
                       "subtract the mean of z under s":
                           -s * z / tau ** 2})


@exercise("B9", "eps inside the logarithm biases the loss")
def b9(bias, stable_loss):
    """Check (p, eps) -> bias, and (logit, label) -> binary loss."""
    for p, eps in ((0.5, 1e-8), (0.01, 1e-3), (1e-12, 1e-8), (1.0, 0.1)):
        right = np.log(p) - np.log(p + eps)
        expect(ask(bias, p, eps), right, f"the bias at p = {p}", {
            "this is the biased loss: subtract the true one":
                -np.log(p + eps),
            "biased minus true loss: it is negative": -right})
    for z, y in ((0.0, 1), (2.0, 0), (-3.0, 1), (1000.0, 1), (-1000.0, 1),
                 (1000.0, 0), (1.3, 0.3)):
        what = f"the loss at logit {z:g} and label {y}"
        got = numbers(ask(stable_loss, z, y), what)
        right, turned = (cross_entropy(logits, [1.0 - y, 1.0 * y])
                         for logits in ([0.0, z], [z, 0.0]))
        require(np.isfinite(got).all(),
                f"{what} is not finite: use the logit, not log(sigmoid)")
        require(right < 100 or (got > 100).all(),
                f"{what} is {got}, expected {right:g}: an eps or a clip"
                " is left in it")
        expect(got, right, what, {
            "the label is the wrong way round": turned,
            "a soft label weighs both logarithms": cross_entropy(
                [0.0, z], 1)})


@exercise("B10", "perplexity from nats and from bits")
def b10(from_nats, from_bits, uniform_2000, uniform_10000):
    """Check two functions, and the losses of two uniform models in nats."""
    for size in (1, 8, 2000):
        nats, bits = np.log(size), np.log2(size)
        expect(ask(from_nats, nats), size, f"perplexity of {nats:.4f} nats",
               {"nats need exp, not a power of 2": 2 ** nats})
        expect(ask(from_bits, bits), size, f"perplexity of {bits:.4f} bits",
               {"bits need a power of 2, not exp": np.exp(bits)})
    for got, size in ((uniform_2000, 2000), (uniform_10000, 10000)):
        _number(got, np.log(size), f"the loss for V = {size}", {
            "this is in bits: use the natural logarithm": np.log2(size),
            "this is to base 10": np.log10(size),
            "this is the perplexity: take its logarithm": size})


@exercise("B11", "the gradients of a linear layer over a batch")
def b11(gradients):
    """Check (X, logits, labels) -> (dW, db), the weight being (out, in)."""
    rng = np.random.default_rng(0)
    data = [(np.array([[1.0, 2, 3], [4, 5, 6]]),
             np.array([[0.3, -0.5], [-0.4, 0.6]]), np.array([1, 1]))]
    for n, d, c in ((1, 2, 3), (5, 4, 3), (4, 3, 4)):
        data.append((rng.normal(size=(n, d)), rng.normal(size=(n, c)),
                     rng.integers(c, size=n)))
    for x, logits, labels in data:
        got = ask(gradients, x, logits, labels)
        require(isinstance(got, (tuple, list)) and len(got) == 2,
                "return two arrays: (dW, db)")
        n, (dw, db), dz = _layer(x, logits, labels)
        forgotten = "divide by the number of examples N"
        expect(got[1], db, "db", {
            "sum over the batch: db has one entry for each class": dz,
            "keep db flat, of shape (classes,)": db[None],
            forgotten: n * db})
        expect(got[0], dw, "dW", {
            "PyTorch's weight is (out, in): transpose it": dw.T,
            forgotten: n * dw, f"{forgotten}, and transpose": n * dw.T})


@exercise("B12", "a loss in nats, not in powers of ten")
def b12(minus_log_001, minus_log_099):
    """Check -ln 0.01 and -ln 0.99, to four digits."""
    for got, p in ((minus_log_001, 0.01), (minus_log_099, 0.99)):
        _number(got, -np.log(p), f"-ln {p}", {
            "this is the logarithm to base 10": -np.log10(p),
            "this is the logarithm to base 2": -np.log2(p)})


def _layer(x, logits, labels):
    """Return N, the gradients (dW, db), and dZ, of a linear layer."""
    dz = cross_entropy_vjp(1.0, logits, labels)             # (N, c)
    weight = np.zeros((logits.shape[1], x.shape[1]))        # (c, d)
    return len(x), linear_vjp(dz, x, weight)[1:], dz


def _number(got, expected, what, mistakes):
    """Like `expect`, for a number written with a few digits."""
    got = numbers(got, what)
    written = {-expected: 6e-4, expected: 6e-4}
    written.update({value: 1e-2 for value in mistakes.values()})
    for value, tolerance in written.items():
        if got.shape == () and abs(got - value) <= tolerance * abs(value):
            got = value
            break
    expect(got, expected, what, mistakes)
