"""The engine's own derivations: one function builds one derivation.

`ALL` lists the functions in the order of the files, which follows the book.
"""

from . import (calculus, classifier, hessians, networks,  # noqa: F401
               softmax)  # each fills ALL
from .registry import ALL

__all__ = ["ALL"]
