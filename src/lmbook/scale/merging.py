"""Merge tables as they come, a few at a time."""


class Merging:
    """Tables merged as they come, as in counting in binary.

    Two tables of one block each make one of two blocks, two of these one
    of four. So of n tables at most log2 n + 1 are held, and a row is
    merged log2 n times, not n times.

    >>> merging = Merging(sum)
    >>> for number in range(7):
    ...     merging.add(number)
    >>> merging.held, merging.result()
    ([6, 9, 6], 21)
    """

    def __init__(self, merge):
        self.merge = merge
        self.held = []          # held[i]: a table of 2**i, or None

    def add(self, table):
        """Take one more table."""
        for level, other in enumerate(self.held):
            if other is None:
                self.held[level] = table
                return
            table = self.merge([other, table])
            self.held[level] = None
        self.held.append(table)

    def result(self):
        """Return all tables merged."""
        return self.merge([table for table in self.held
                           if table is not None])
