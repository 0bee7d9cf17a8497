"""Reading: printed LaTeX back into the object it stands for.

Imports from `language`, `matrices` and `printing`.
"""

from .reader import read
from .symbols import AmbiguousPrint, symbols_of
from .tokens import Unreadable

__all__ = ["AmbiguousPrint", "Unreadable", "read", "symbols_of"]
