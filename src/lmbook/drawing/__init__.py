"""Drawings of computation graphs, made from the tape that computed them.

And, for tokenizers, of merges and of the way from text to text.
"""

from .merges import draw_column, draw_merges
from .pictures import Drawing, draw

__all__ = ["Drawing", "draw", "draw_column", "draw_merges"]
