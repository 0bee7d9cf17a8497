"""A line: what was written, its entry, and its LaTeX."""

from ..language import Expr, Index, expr, free
from ..printing import latex


class Line:
    """One displayed line: what was written, its entry, its LaTeX."""

    def __init__(self, source):
        if hasattr(source, "entry") and not isinstance(source, Expr):
            self.source, self.dims = source, source.dims
            names = (Index(n, d) if d else None
                     for n, d in zip(("row", "column"), source.dims))
            self.entry = source.entry(*names)
        else:
            self.source = self.entry = expr(source)
            self.dims = "entry"
        self.latex = latex(self.source)

    @property
    def shape(self):
        """Say what kind of line this is: an entry, or a matrix of a shape."""
        if self.dims == "entry":
            return "an entry"
        rows, columns = (d.name if d else "1" for d in self.dims)
        return f"of shape ({rows}, {columns})"

    @property
    def indices(self):
        """The free indices of the entry."""
        return free(self.entry)
