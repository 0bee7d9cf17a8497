"""From scores to text: decoding strategies over one interface.

A *model* is anything with a method `next_logits(context)` that takes the
ids so far and returns the unnormalised log score of each of the V tokens
as an array of shape (V,); -inf says that a token cannot come next.

Left out: batches of prompts, typical and contrastive decoding, penalties
for repetition, and diverse beam search.
"""

from .diversity import (
    distinct, first_return, perplexity_under, quality, repetition_rate)
from .filters import keep_top_k, keep_top_p, next_distribution
from .interface import Forbid, TableModel
from .strategies import beam_search, beams, draw, greedy, sample

__all__ = [
    "Forbid", "TableModel", "beam_search", "beams", "distinct", "draw",
    "first_return", "greedy", "keep_top_k", "keep_top_p",
    "next_distribution", "perplexity_under", "quality", "repetition_rate",
    "sample",
]
