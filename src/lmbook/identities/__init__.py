"""The verified matrix cookbook: identities, each with its proof.

    from lmbook.identities import IDENTITIES, rows

Every row is a derivation, proved for every size.  The page *Matrix
identities* shows them all; the tests plant errors in them.
"""

from . import (vectors, functions, norms, traces, layers,  # noqa: F401
               softmax, normalisation, attention, hessians)
from .row import ALL as IDENTITIES
from .row import Identity

__all__ = ["IDENTITIES", "Identity", "groups", "rows"]


def groups():
    """Return the titles of the groups, in order.

    >>> groups()[0]
    'Linear functions of a vector'
    """
    return list(dict.fromkeys(row.group for row in IDENTITIES))


def rows(group):
    """Return the identities of one group.

    Errors: `ValueError` for a title that no group has.

    >>> rows("Hessians")[0].name
    'hessian-of-squared-length'
    """
    found = [row for row in IDENTITIES if row.group == group]
    if not found:
        raise ValueError(f"no group is called {group!r}; expected one of"
                         f" {', '.join(groups())}")
    return found
