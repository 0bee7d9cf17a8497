"""Subword tokenisation by byte pair encoding.

`naive_merges` is the algorithm as one writes it on paper; `BPE` learns
the same merges fast, encodes and decodes.
"""

from lmbook.bpe.alphabets import (
    BYTE_ORDER, UNK, from_printable, printable)
from lmbook.bpe.chunks import chunk_counts, chunks
from lmbook.bpe.naive import (
    END, count_pairs, merge_pair, naive_merges, spelled)
from lmbook.bpe.tokenizer import BPE

__all__ = ["BPE", "BYTE_ORDER", "END", "UNK", "chunk_counts", "chunks",
           "count_pairs", "from_printable", "merge_pair", "naive_merges",
           "printable", "spelled"]
