"""Matrix lines computed with NumPy as whole arrays, for the tests only.

Nothing here uses entries: it is the other opinion on what a line means.
"""

import numpy as np

from ink_lines import CALLS, SIZES, value
from lmbook.derivation.matrices import (
    Apply, Diag, Elementwise, Eye, Hadamard, Leaf, MatMul, Minus, Norm2, Ones,
    Over, Scalar, Scale, Sum, Trace, Transpose)


def dense(line, arrays):
    """Return a matrix line as an array of two axes."""
    def of(part):
        return dense(part, arrays)
    match line:
        case Leaf(tensor):
            array = arrays[tensor.name]
            return array if array.ndim == 2 else array[:, None]
        case Scalar(number):
            return np.array([[value(number, arrays)]])
        case Ones(size):
            return np.ones((SIZES[size.name], 1))
        case Eye(size):
            return np.eye(SIZES[size.name])
        case MatMul(left, right):
            return of(left) @ of(right)
        case Transpose(arg):
            return of(arg).T
        case Sum(args):
            return sum(map(of, args))
        case Minus(arg):
            return -of(arg)
        case Scale(scalar, arg):
            return of(scalar) * of(arg)
        case Over(arg, scalar):
            return of(arg) / of(scalar)
        case Hadamard(left, right):
            return of(left) * of(right)
        case Elementwise(arg, exponent):
            return of(arg) ** value(exponent, arrays)
        case Diag(arg):
            return np.diag(of(arg)[:, 0])
        case Trace(arg):
            return np.array([[np.trace(of(arg))]])
        case Norm2(arg):
            return np.array([[np.sum(of(arg) ** 2)]])
        case Apply(name, _, arg):
            return np.vectorize(CALLS[name])(of(arg))
    raise ValueError(f"no value for {line!r}")
