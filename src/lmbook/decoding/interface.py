"""Two models made of almost nothing: a table, and a model with bans."""

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


class Forbid:
    """A model that never chooses some ids: their scores become -inf.

    The others keep their scores, so they share the mass of the banned ones
    in proportion. Errors: `ValueError` for an id the model does not have,
    when it is asked for scores.

    >>> model = Forbid(TableModel([0.5, 0.25, 0.25]), [0])
    >>> np.exp(model.next_logits([]))
    array([0.  , 0.25, 0.25])
    """

    def __init__(self, model, ids):
        """Keep the model and the banned ids."""
        self.model, self.ids = model, list(ids)

    def next_logits(self, context):
        """Return the scores after `context`, of shape (V,)."""
        scores = np.array(self.model.next_logits(context), dtype=float)
        for token in self.ids:
            if not 0 <= token < len(scores):
                raise ValueError(f"id {token} is not from 0 to"
                                 f" {len(scores) - 1}")
        scores[self.ids] = -np.inf
        return scores
