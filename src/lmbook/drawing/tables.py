"""A table as a page shows it, with a heading for each column."""

import html
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of texts below the names of their columns.

    Errors: `ValueError` for a row with more or fewer cells than columns.

    >>> Table(("work", "ratio"), [("count", "0.5")])
    work | ratio
    count | 0.5
    """

    head: tuple
    rows: list

    def __post_init__(self):
        for row in self.rows:
            if len(row) != len(self.head):
                raise ValueError(f"{row!r} has {len(row)} cells, expected "
                                 f"{len(self.head)}")

    def __repr__(self):
        """Return a line for each row."""
        return "\n".join(" | ".join(row) for row in (self.head, *self.rows))

    def _repr_html_(self):
        """Return the table; the first cell of a row names it."""
        head = "".join(f'<th scope="col">{html.escape(name)}</th>'
                       for name in self.head)
        body = "".join(
            f'<tr><th scope="row">{html.escape(first)}</th>' + "".join(
                f"<td>{html.escape(cell)}</td>" for cell in rest) + "</tr>"
            for first, *rest in self.rows)
        return (f'<table class="table"><thead><tr>{head}</tr></thead>'
                f"<tbody>{body}</tbody></table>")
