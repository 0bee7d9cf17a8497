"""Byte ranges of a file, and the lines that belong to a range.

A cut may fall anywhere, inside a word or inside a character. One rule
makes that harmless: a range owns the lines that *begin* in it. Its first
line is found by reading on to the next line break, its last line is read
to the end. So each line has exactly one owner, and no worker has to ask
another. A line break is the byte 10, which in UTF-8 is never a part of
another character.
"""

from pathlib import Path

BLOCK_BYTES = 2 ** 22


def byte_ranges(size, parts):
    """Return the ranges (start, stop) of a file that are not empty.

    parts: the number of ranges, nearly equal; or the positions to cut at,
    in any order. Together the ranges hold the bytes 0 to size - 1, each
    once. Errors: `ValueError` for fewer than one part, or a cut outside
    0 to size.

    >>> byte_ranges(10, 3)
    [(0, 3), (3, 6), (6, 10)]
    >>> byte_ranges(10, [7])
    [(0, 7), (7, 10)]
    """
    if isinstance(parts, int):
        if parts < 1:
            raise ValueError(f"parts is {parts}; expected at least 1")
        cuts = [size * part // parts for part in range(parts + 1)]
    else:
        cuts = [0, *sorted(parts), size]
        if cuts[0] < 0 or cuts[1] < 0 or cuts[-2] > size:
            raise ValueError(f"cuts at {cuts[1:-1]}; expected positions "
                             f"from 0 to {size}")
    return [pair for pair in zip(cuts, cuts[1:]) if pair[0] < pair[1]]


def line_blocks(path, start, stop, block_bytes=BLOCK_BYTES):
    r"""Yield the lines that begin in a range, as (position, bytes).

    A block is as many whole lines as fit in block_bytes, and the rest of
    the line that does not fit: so memory is bounded by block_bytes and
    the longest line, however large the range is.

    Errors: `ValueError` if the file ends too early, because another
    program has cut it.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     _ = file.write("café\nole\n".encode()), file.flush()
    ...     [*line_blocks(file.name, 0, 4), *line_blocks(file.name, 4, 10)]
    [(0, b'caf\xc3\xa9\n'), (6, b'ole\n')]
    """
    with Path(path).open("rb") as file:
        position = _next_line(file, start)
        end = _next_line(file, stop)
        file.seek(position)
        while position < end:
            block = file.read(min(block_bytes, end - position))
            if not block:
                raise ValueError(f"{path} ends at byte {position}; expected "
                                 f"{end}: was it changed while it was read?")
            if position + len(block) < end:
                block += file.readline()
            yield position, block
            position += len(block)


def _next_line(file, position):
    """Return where the first line begins that begins at position or later.

    The byte before is read, too: if it is a line break, a line begins
    right here.
    """
    if not position:
        return 0
    file.seek(position - 1)
    file.readline()
    return file.tell()
