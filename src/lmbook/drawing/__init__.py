"""Drawings: computation graphs from their tape, merges, choices of words."""

from .choices import TextTable, share_bars, word_tree
from .merges import draw_column, draw_merges
from .pictures import Drawing, draw

__all__ = ["Drawing", "TextTable", "draw", "draw_column", "draw_merges",
           "share_bars", "word_tree"]
