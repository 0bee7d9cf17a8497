"""Can demands on weights be met?  A solution, or the proof of none.

A demand is one row of `A p >= c`: what a score has to reach, where the
score is linear in the parameters `p`.  Of the two functions here exactly
one finds something, whatever `A` and `c` are (Farkas' lemma).
"""

import numpy as np
from scipy.optimize import linprog

INFEASIBLE = 2                          # how linprog says that none exists


def solve(A, c):
    """Return parameters p with A p >= c, or None if there are none.

    Shapes: `A` (demands, parameters), `c` (demands,); p (parameters,).
    Errors: `ValueError` naming shapes that do not fit, and for NaN.
    Source: linear programming with nothing to minimise.

    >>> solve([[1.0], [-1.0]], [2.0, -3.0]) is None     # 2 <= p <= 3
    False
    >>> solve([[1.0], [-1.0]], [3.0, -2.0]) is None     # 3 <= p <= 2
    True
    """
    A, c = _demands(A, c)
    return _found(linprog(np.zeros(A.shape[1]), A_ub=-A, b_ub=-c,
                          bounds=(None, None)))


def certificate(A, c):
    """Return y >= 0 with y A = 0 and y c = 1, or None if there is none.

    Add the demands, each y_i times: the left side vanishes, and what is
    left says 0 >= 1.  So no p meets all demands.

    Shapes: `A` (demands, parameters), `c` (demands,); y (demands,).
    Errors: `ValueError` naming shapes that do not fit, and for NaN.
    Source: Farkas (1902).

    >>> certificate([[1.0], [-1.0]], [3.0, -2.0])       # add the two
    array([1., 1.])
    """
    A, c = _demands(A, c)
    return _found(linprog(np.zeros(len(c)), bounds=(0, None),
                          A_eq=np.vstack([A.T, c]),
                          b_eq=np.append(np.zeros(A.shape[1]), 1)))


def _found(result):
    """Return what linprog found, or None where it proved there is none."""
    if result.status not in (0, INFEASIBLE):
        raise ValueError(f"the demands are out of reach: {result.message}")
    return result.x


def _demands(A, c):
    """Return the arrays of floats (A, c), or say what does not fit."""
    A, c = np.asarray(A, dtype=float), np.asarray(c, dtype=float)
    if A.ndim != 2 or c.shape != A.shape[:1]:
        raise ValueError(f"A has shape {A.shape}, c has shape {c.shape}:"
                         " expected (demands, parameters), (demands,)")
    if np.isnan(A).any() or np.isnan(c).any():
        raise ValueError("A and c must be numbers, got NaN")
    return A, c
