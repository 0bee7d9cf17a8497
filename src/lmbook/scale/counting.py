"""Count a file: cut it into ranges, count each, merge."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lmbook.scale.merging import Merging
from lmbook.scale.ranges import BLOCK_BYTES, byte_ranges, line_blocks
from lmbook.scale.runners import in_process


@dataclass(frozen=True)
class FileCount:
    """A job on a file, as it is sent to the workers.

    path: every worker must find the file under it.
    """

    path: str
    job: Any
    block_bytes: int = BLOCK_BYTES

    def count(self, span):
        """Return the table of the lines that begin in a range.

        Errors: `ValueError` with the position of the first byte that is
        not UTF-8.
        """
        merging = Merging(self.job.merge)
        for position, block in line_blocks(self.path, *span,
                                           self.block_bytes):
            try:
                merging.add(self.job.map(block))
            except UnicodeDecodeError as error:
                at = position + error.start
                raise ValueError(
                    f"{self.path} is not UTF-8: byte {at} is "
                    f"0x{error.object[error.start]:02x}") from None
        return merging.result()

    def merge(self, tables):
        """Return the table of all lines."""
        return self.job.merge(tables)


def count_file(path, job, *, parts=1, runner=in_process,
               block_bytes=BLOCK_BYTES):
    r"""Return the table of a file: exactly that of `job` on all its lines.

    job: an object with the pure functions map(bytes) -> table and
    merge(tables) -> table, such as `WordCounts`. parts: the number of
    byte ranges, or the positions to cut at; the result is the same for
    all. runner: `in_process`, a `ProcessPool` or a `DaskCluster`.

    Memory: a worker holds one block of lines (block_bytes and at most one
    line more) and its tokens, and tables, not its range. So a text may be
    of any size; its table must fit.

    Errors: `ValueError` if there is no such file, for parts or
    block_bytes below 1, and for text that is not UTF-8, with the
    position of the byte.

    >>> import tempfile
    >>> from lmbook.scale import WordCounts
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     _ = file.write("a café\nolé café\n".encode()), file.flush()
    ...     dict(count_file(file.name, WordCounts(), parts=[6]).items())
    {'a': 1, 'café': 2, 'olé': 1}
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"there is no file {str(path)!r}")
    if block_bytes < 1:
        raise ValueError(f"block_bytes is {block_bytes}; expected at least 1")
    spans = byte_ranges(path.stat().st_size, parts)
    task = FileCount(str(path.resolve()), job, block_bytes)
    return runner(task, spans)
