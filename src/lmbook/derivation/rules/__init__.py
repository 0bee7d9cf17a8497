"""The rules beside the kernel: cited facts, limits and manifest signs.

Trusted like the kernel; imports from `language` and `kernel` alone.
"""

from .limits import limit
from .rewriting import Rule, rewrite
from .signs import nonnegative

__all__ = ["Rule", "limit", "nonnegative", "rewrite"]
