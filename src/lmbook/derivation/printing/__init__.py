"""Printing: the LaTeX of expressions and matrix lines.

Imports from `language` and `matrices`.
"""

from .matrices import latex, matrix_symbols
from .names import plain_name, tensor_name
from .pieces import KNOWN

__all__ = ["KNOWN", "latex", "matrix_symbols", "plain_name", "tensor_name"]
