"""GloVe: word vectors fitted to the logarithms of co-occurrence counts.

Pennington, Socher and Manning, "GloVe: global vectors for word
representation", EMNLP 2014.  Departures from the paper are stated where
they are made: the plain loss weighs all pairs of words alike and adds a
number to every count before the logarithm, and every step of training
looks at all pairs.  `paper_weights` gives the loss of the paper.
"""

from .closed import best_fit, centred, losses_by_length, remaining
from .counts import cooccurrence, log_counts, paper_weights
from .model import GloVe, fit
from .targets import DenseTargets, SparseTargets

__all__ = ["DenseTargets", "GloVe", "SparseTargets", "best_fit", "centred",
           "cooccurrence", "fit", "log_counts", "losses_by_length",
           "paper_weights", "remaining"]
