"""Derivatives by program: reverse mode on a tape, forward mode on duals."""

from .order import topological_order
from .value import Value

__all__ = ["Value", "topological_order"]
