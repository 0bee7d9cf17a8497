"""Counting a text that is too large for one process, or one machine.

A file is cut into byte ranges, each range is counted by itself, and the
sorted counts are merged: the result is exactly that of one process.
"""

from lmbook.scale.cluster import local_client
from lmbook.scale.counting import FileCount, count_file
from lmbook.scale.jobs import ChunkCounts, NgramCounts, WordCounts
from lmbook.scale.ranges import byte_ranges, line_blocks
from lmbook.scale.runners import DaskCluster, ProcessPool, in_process
from lmbook.scale.tables import (
    TokenTable, merge_ngram_tables, merge_token_tables)

__all__ = ["ChunkCounts", "DaskCluster", "FileCount", "NgramCounts",
           "ProcessPool", "TokenTable", "WordCounts", "byte_ranges",
           "count_file", "in_process", "line_blocks", "local_client",
           "merge_ngram_tables", "merge_token_tables"]
