"""Mistakes that a graded exercise knows by name, each with its hint."""

MISTAKES = {
    # the file and its functions
    "does-not-import": "the file does not run from top to bottom",
    "missing-function": "the file defines no function of this name",
    "wrong-arguments": "the arguments are not those of the exercise",
    "raises": "it raised an error",
    "time-limit": "it did not finish in time: is there a loop without end?",
    "died": "it ended the whole program",
    "needs-forward": "it needs the cache of its forward function",
    # what is returned
    "returns-none": "it returned None: is the return missing?",
    "cannot-be-compared": "what it returned cannot be compared",
    "not-an-array": "return NumPy arrays",
    "wrong-number-of-results": "it returned the wrong number of things",
    "wrong-return-order": "the right results, in the wrong order",
    "changes-its-arguments": "it changed an argument in place",
    "changes-its-cache": "the second call with one cache gave something"
    " else: do not change the cache, or arrays in it, in place",
    "mixes-up-calls": "after a second forward pass the first cache no"
    " longer works: keep values in the cache, not in globals",
    # the affine map
    "weight-not-transposed": "the weight is (out, in): use X @ W.T",
    "bias-forgotten": "the bias is missing",
    "weight-transposed-in-dX": "the weight is (out, in): forward has W.T,"
    " so dX has W, not W.T",
    "wrong-transpose-in-dW": "this is X.T @ dZ, for weights (in, out);"
    " with (out, in) the error is the one transposed: dZ.T @ X",
    "batch-sum-forgotten": "sum dZ over the batch: the bias has one entry"
    " for each output, and every example pulls on it",
    "wrong-sum": "this sums over the outputs: sum over the batch, axis 0",
    "batch-axis-kept": "db is (out,): do not keep the axis of the batch",
    "mean-over-batch": "sum over the batch: the loss has already divided"
    " by N if it is a mean, and dZ carries it",
    # ReLU
    "slope-one-at-zero": "at exactly 0 take the slope 0: the gate is"
    " Z > 0, not Z >= 0",
    "slope-half-at-zero": "at exactly 0 take the slope 0, not one half",
    "gate-from-gradient": "the gate looks at the input of ReLU, not at"
    " the sign of the gradient that arrives",
    "gate-missing": "shut the gates where the input was not positive",
    "gate-only": "this is the gate: multiply it by the gradient",
    "value-for-slope": "the slope is 0 or 1, not the value of ReLU",
    # softmax
    "overflow": "it overflows: subtract the largest score of each row"
    " before the exponential",
    "shift-of-whole-matrix": "subtract the largest score of each row, not"
    " of the whole matrix: small rows round to 0 / 0",
    "shift-of-columns": "subtract the largest score of each row (axis 1),"
    " not of each column",
    "wrong-axis": "each row is an example: work along the last axis",
    "whole-matrix": "each row sums to 1, not the whole matrix",
    "not-normalised": "divide by the sum of the row",
    "log-softmax": "this is the logarithm of softmax",
    "diagonal-only": "s (1 - s) is the diagonal alone: every share"
    " depends on every score of its row",
    "share-missing": "multiply the whole bracket by the shares",
    "loss-folded-in": "this is prediction minus something: no loss belongs"
    " in this layer, only the gradient that arrives",
    # anything
    "sign": "the sign is wrong",
    "gradient-check": "backward is not the derivative of your forward",
    "wrong-shape": "the shape is wrong",
    "not-finite": "it is not finite",
    "wrong-value": "the value is wrong",
}
