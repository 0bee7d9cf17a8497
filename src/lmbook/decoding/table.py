"""A model written down as a table, for examples worked by hand."""

import numpy as np


class TableModel:
    """Next-token probabilities looked up by the whole context.

    default: probabilities of shape (V,) for a context that is not listed,
    or None to refuse it; table: {tuple of ids: probabilities}.

    >>> model = TableModel([0.9, 0.1], {(1,): [0.0, 1.0]})
    >>> np.exp(model.next_logits([])), np.exp(model.next_logits([1]))
    (array([0.9, 0.1]), array([0., 1.]))
    """

    def __init__(self, default=None, table=()):
        """Keep the table."""
        self.default, self.table = default, dict(table)

    def next_logits(self, context):
        """Return the log-probabilities after `context`, of shape (V,)."""
        row = self.table.get(tuple(int(t) for t in context), self.default)
        if row is None:
            raise ValueError(f"the table has no row for {list(context)}")
        with np.errstate(divide="ignore"):                  # log 0 = -inf
            return np.log(np.asarray(row, dtype=float))
