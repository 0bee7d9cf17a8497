"""Drawings of computation graphs, made from the tape that computed them."""

from .pictures import Drawing, draw

__all__ = ["Drawing", "draw"]
