"""The language: expressions, walks over them, and the author's words.

Lowest room: it imports from no other.  (`str` asks `printing`, when called.)
"""

from .printed import Printed
from .tree import (Add, Call, Const, Delta, Deriv, Dim, Div, Entry, Expr,
                   Index, IndexMismatch, Mul, Neg, Num, Pow, Product, Tensor,
                   Total, expr)
from .walk import bound_indices, children, free, rebuild, tensors
from .words import (D, Function, cos, delta, dim, exp, index, indices,
                    is_zero, log, normal_cdf, pi, product, relu, scalar,
                    sigmoid, sin, sqrt, step, tanh, tensor, total)

__all__ = [
    "Add", "Call", "Const", "D", "Delta", "Deriv", "Dim", "Div", "Entry",
    "Expr", "Function", "Index", "IndexMismatch", "Mul", "Neg", "Num", "Pow",
    "Printed", "Product", "Tensor", "Total", "bound_indices", "children",
    "cos", "delta", "dim", "exp", "expr", "free", "index", "indices",
    "is_zero", "log", "normal_cdf", "pi", "product", "rebuild", "relu",
    "scalar", "sigmoid", "sin", "sqrt", "step", "tanh", "tensor", "tensors",
    "total",
]
