"""Drawings: computation graphs from their tape, merges, choices of words."""

from .choices import TextTable, share_bars, word_tree
from .merges import draw_column, draw_merges
from .pictures import Drawing, draw
from .tables import Table

__all__ = ["Drawing", "Table", "TextTable", "draw", "draw_column",
           "draw_merges", "share_bars", "word_tree"]
