"""Drawings: computation graphs from their tape, and choices of words."""

from .choices import TextTable, share_bars, word_tree
from .pictures import Drawing, draw

__all__ = ["Drawing", "TextTable", "draw", "share_bars", "word_tree"]
