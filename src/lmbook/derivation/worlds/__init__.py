"""Worlds: lines on random numbers, evidence that owes nothing to the proof.

Imports from `language` alone.  `explicit`, the witness of the tests, is
imported by its full name, because it needs SymPy.
"""

from .arrays import ordered
from .sampling import (compare, counterexample, draw, draw_worlds, occurring,
                       plan)
from .world import World, evaluate

__all__ = ["World", "compare", "counterexample", "draw", "draw_worlds",
           "evaluate", "occurring", "ordered", "plan"]
