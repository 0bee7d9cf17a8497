"""A right answer to exercise F1, as text, and wrong ones made from it."""

RIGHT = '''import numpy as np


def linear_forward(X, W, b):
    return X @ W.T + b, (X, W)


def linear_backward(dZ, cache):
    X, W = cache
    return dZ @ W, dZ.T @ X, dZ.sum(0)


def relu_forward(Z):
    return np.maximum(Z, 0), Z > 0


def relu_backward(dH, cache):
    return np.where(cache, dH, 0)


def softmax_forward(Z):
    powers = np.exp(Z - Z.max(1, keepdims=True))
    P = powers / powers.sum(1, keepdims=True)
    return P, P


def softmax_backward(dP, cache):
    P = cache
    return P * (dP - (dP * P).sum(1, keepdims=True))
'''

SHIFT = "Z - Z.max(1, keepdims=True)"
BRACKET = "P * (dP - (dP * P).sum(1, keepdims=True))"

# (what is replaced, by what, the mistake, its test, words of the hint)
PLANTED = [
    ("dZ.T @ X", "X.T @ dZ", "wrong-transpose-in-dW",
     "linear_backward: dW", "X.T @ dZ, for weights .in, out."),
    ("dZ.sum(0)", "dZ", "batch-sum-forgotten",
     "linear_backward: db", "sum dZ over the batch"),
    ("dZ.sum(0)", "dZ.sum(1)", "wrong-sum",
     "linear_backward: db", "over the batch, axis 0"),
    ("dZ.sum(0)", "dZ.sum(0, keepdims=True)", "batch-axis-kept",
     "linear_backward: db", "do not keep the axis"),
    ("dZ.sum(0)", "dZ.mean(0)", "mean-over-batch",
     "linear_backward: db", "sum over the batch: the loss has already"),
    ("dZ.T @ X", "dZ.T @ X / len(X)", "mean-over-batch",
     "linear_backward: dW", "sum over the batch: the loss has already"),
    ("dZ @ W,", "dZ @ W.T,", "weight-transposed-in-dX",
     "linear_backward: dX", "dX has W, not W.T"),
    ("X @ W.T + b", "X @ W + b", "weight-not-transposed",
     "linear_forward: values", "use X @ W.T"),
    ("X @ W.T + b", "X @ W.T", "bias-forgotten",
     "linear_forward: values", "the bias is missing"),
    ("dZ @ W, dZ.T @ X, dZ.sum(0)", "dZ.T @ X, dZ @ W, dZ.sum(0)",
     "wrong-return-order", "linear_backward: dX", r"return \(dX, dW, db\)"),
    ("dZ @ W, dZ.T @ X, dZ.sum(0)", "dZ.T @ X, dZ.sum(0), dZ @ W",
     "wrong-return-order", "linear_backward: db", r"return \(dX, dW, db\)"),
    ("return np.maximum(Z, 0), Z > 0", "return Z > 0, np.maximum(Z, 0)",
     "wrong-return-order", "relu_forward: values", r"return \(H, cache\)"),
    ("dZ.T @ X, dZ.sum(0)", "dZ.T @ X", "wrong-number-of-results",
     "linear_backward: db", r"2 things, expected \(dX, dW, db\)"),
    ("return np.maximum(Z, 0), Z > 0", "return np.maximum(Z, 0)",
     "wrong-number-of-results", "relu_forward: values", "one ndarray"),
    ("return np.maximum(Z, 0), Z > 0", "Z[Z < 0] = 0; return Z, Z > 0",
     "changes-its-arguments", "relu_forward: changes nothing",
     "argument 0: work on a copy"),
    ("    powers = np.exp(" + SHIFT,
     "    Z -= Z.max(1, keepdims=True)\n    powers = np.exp(Z",
     "changes-its-arguments", "softmax_forward: changes nothing",
     "argument 0: work on a copy"),
    ("np.where(cache, dH, 0)", "np.multiply(dH, cache, out=dH)",
     "changes-its-arguments", "relu_backward: changes nothing",
     "argument 0: work on a copy"),
    ("    return dZ @ W,", "    X *= 0.5; X *= 2; W += 1\n"
     "    return dZ @ (W - 1),", "changes-its-cache",
     "linear_backward: changes nothing", "the second call with one cache"),
    ("    P = powers / powers.sum(1, keepdims=True)\n    return P, P",
     "    global kept\n    P = kept = powers / powers.sum(1, keepdims=True)"
     "\n    return P, None", "raises", "softmax_backward: values",
     "TypeError"),
    (SHIFT, "Z", "overflow", "softmax_forward: large scores",
     "subtract the largest score of each row before"),
    (SHIFT, "Z - Z.max()", "shift-of-whole-matrix",
     "softmax_forward: large scores", "not of the whole matrix"),
    (SHIFT, "Z - Z.max(0)", "shift-of-columns",
     "softmax_forward: values", "of each row .axis 1., not of each column"),
    (SHIFT, "Z - Z.max(0)", "shift-of-columns",
     "softmax_forward: large scores", "not of each column"),
    ("dZ.sum(0)", "dZ.sum(0, keepdims=True)", "batch-axis-kept",
     "linear_backward: smallest sizes", "do not keep the axis"),
    ("dZ.sum(0)", "dZ.sum(1)", "wrong-sum",
     "linear_backward: smallest sizes", "over the batch, axis 0"),
    ("X @ W.T + b", "X @ W + b", "weight-not-transposed",
     "linear_forward: smallest sizes", "use X @ W.T"),
    ("powers.sum(1, keepdims=True)", "powers.sum(0)", "wrong-axis",
     "softmax_forward: values", "work along the last axis"),
    ("    powers = np.exp(" + SHIFT + ")\n"
     "    P = powers / powers.sum(1, keepdims=True)",
     "    powers = np.exp(Z - Z.max(0))\n    P = powers / powers.sum(0)",
     "wrong-axis", "softmax_forward: values", "work along the last axis"),
    ("powers / powers.sum(1, keepdims=True)", "np.exp(Z) / np.exp(Z).sum()",
     "whole-matrix", "softmax_forward: values", "not the whole matrix"),
    ("powers / powers.sum(1, keepdims=True)", "powers", "not-normalised",
     "softmax_forward: values", "divide by the sum of the row"),
    (BRACKET, "dP * P * (1 - P)", "diagonal-only",
     "softmax_backward: values", "the diagonal alone"),
    (BRACKET, "P * (1 - P)", "diagonal-only",
     "softmax_backward: values", "the diagonal alone"),
    (BRACKET, "P - dP", "loss-folded-in",
     "softmax_backward: values", "no loss belongs in this layer"),
    (BRACKET, BRACKET[4:], "share-missing",
     "softmax_backward: values", "the whole bracket"),
    (BRACKET, "P * (dP - (dP * P).sum(0))", "wrong-axis",
     "softmax_backward: values", "work along the last axis"),
    (BRACKET, "-" + BRACKET, "sign", "softmax_backward: values",
     "the sign is wrong"),
    (BRACKET, BRACKET + " / len(P)", "mean-over-batch",
     "softmax_backward: values", "already divided"),
    ("Z > 0", "Z >= 0", "slope-one-at-zero",
     "relu_backward: slope at zero", "Z > 0, not Z >= 0"),
    ("np.where(cache, dH, 0)", "dH * (dH > 0)", "gate-from-gradient",
     "relu_backward: values", "not at the sign of the gradient"),
    ("np.where(cache, dH, 0)", "dH", "gate-missing",
     "relu_backward: values", "shut the gates"),
    ("np.where(cache, dH, 0)", "cache * 1.0", "gate-only",
     "relu_backward: values", "multiply it by the gradient"),
    ("np.where(cache, dH, 0)", "(dH * cache).tolist()", "not-an-array",
     "relu_backward: values", "return NumPy arrays, not list"),
    ("np.where(cache, dH, 0)", "(dH * cache).tolist()", "not-an-array",
     "relu_backward: changes nothing", "return NumPy arrays, not list"),
    ("np.where(cache, dH, 0)", "[dH[0], dH]", "not-an-array",
     "relu_backward: values", "return NumPy arrays, not list"),
    ("dZ @ W, dZ.T @ X, dZ.sum(0)", "[dZ.tolist(), [1, [2]], None]",
     "not-an-array", "linear_backward: changes nothing",
     "return NumPy arrays, not list"),
    ("np.where(cache, dH, 0)", "np.array([dH, None], object)",
     "not-an-array", "relu_backward: values", "of numbers, not object"),
    ("return P, P", "return P.astype(str), P", "not-an-array",
     "softmax_forward: large scores", "of numbers, not <U"),
    ("return P, P", "return type('Odd', (np.ndarray,), {"
     "'astype': lambda *a: 1 / 0})(P.shape), P", "cannot-be-compared",
     "softmax_forward: values", "ZeroDivisionError"),
    ("    return np.where", "    np.where", "returns-none",
     "relu_backward: values", "is the return missing"),
    ("def softmax_backward", "def softmax_backwards", "missing-function",
     "softmax_backward: values", "is it softmax_backwards?"),
    ("def relu_forward", "def ReLU", "missing-function",
     "relu_forward: values", "no function of this name"),
    ("def linear_backward(dZ, cache)", "def linear_backward(dZ, X, W)",
     "wrong-arguments", "linear_backward: dX",
     r"linear_backward\(dZ, cache\): missing"),
    ("return np.maximum(Z, 0)", "return 1 / 0, np.maximum(Z, 0)", "raises",
     "relu_forward: values", "ZeroDivisionError"),
    ("return np.maximum(Z, 0)", "exit()", "raises", "relu_forward: values",
     "SystemExit"),
    ("return P, P", "return np.log(P), P", "log-softmax",
     "softmax_forward: values", "the logarithm of softmax"),
    ("return X @ W.T + b", "return (X @ W.T + b).squeeze()", "wrong-shape",
     "linear_forward: smallest sizes", r"the shape is \(\), expected"),
    ("np.where(cache, dH, 0)", "dH / cache", "not-finite",
     "relu_backward: values", "it is not finite"),
    ("np.maximum(Z, 0), Z > 0\n\n\ndef relu_backward(dH, cache):\n"
     "    return np.where(cache, dH, 0)",
     "np.maximum(Z, 0), Z\n\n\ndef relu_backward(dH, cache):\n"
     "    return dH * np.maximum(cache, 0)",
     "value-for-slope", "relu_backward: values", "not the value of ReLU"),
]
