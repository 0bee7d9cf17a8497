"""n-gram language models: counts, five kinds of smoothing, perplexity."""

from .kneser_ney import KneserNey, ModifiedKneserNey
from .model import NgramModel
from .smoothing import (
    AddK, Interpolated, MaximumLikelihood, StupidBackoff)
from .tuning import tuned

__all__ = ["AddK", "Interpolated", "KneserNey", "MaximumLikelihood",
           "ModifiedKneserNey", "NgramModel", "StupidBackoff", "tuned"]
