"""Matrices: lines that know their shape, lowered to their entries.

Imports from `language` alone.
"""

from .algebra import (Elementwise, Hadamard, Leaf, M, MatMul, Minus, Over,
                      Scalar, Scale, Sum, Transpose)
from .base import Matrix
from .calculus import (Apply, Diag, Eye, Gradient, Hessian, Jacobian, Norm2,
                       Ones, Trace)
from .shapes import ShapeMismatch, describe, is_scalar
from .words import (apply, diag, eye, gradient, hessian, jacobian, norm2,
                    ones, trace)

__all__ = [
    "Apply", "Diag", "Elementwise", "Eye", "Gradient", "Hadamard", "Hessian",
    "Jacobian", "Leaf", "M", "MatMul", "Matrix", "Minus", "Norm2", "Ones",
    "Over", "Scalar", "Scale", "ShapeMismatch", "Sum", "Trace", "Transpose",
    "apply", "describe", "diag", "eye", "gradient", "hessian", "is_scalar",
    "jacobian", "norm2", "ones", "trace",
]
