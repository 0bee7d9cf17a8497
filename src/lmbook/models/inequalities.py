"""Can demands on weights be met?  A solution, or the proof of none.

A demand is one row of `A p >= reach`: what a score has to reach, where the
score is linear in the parameters `p`.  Of the two functions here exactly
one finds something, whatever `A` and `reach` are (Farkas' lemma).
"""

import numpy as np
from scipy.optimize import linprog

INFEASIBLE = 2                          # how linprog says that none exists


def solve(A, reach):
    """Return parameters p with A p >= reach, or None if there are none.

    Shapes: `A` (demands, parameters), `reach` (demands,); p (parameters,).
    Errors: `ValueError` naming shapes that do not fit, and for NaN.
    Source: linear programming with nothing to minimise.

    >>> solve([[1.0], [-1.0]], [2.0, -3.0]) is None     # 2 <= p <= 3
    False
    >>> solve([[1.0], [-1.0]], [3.0, -2.0]) is None     # 3 <= p <= 2
    True
    """
    A, reach = _demands(A, reach)
    return _found(linprog(np.zeros(A.shape[1]), A_ub=-A, b_ub=-reach,
                          bounds=(None, None)))


def certificate(A, reach):
    """Return times >= 0 that add the demands up to 0 >= 1, or None.

    Take each demand as often as `times` says, and add: `times @ A` is 0
    and `times @ reach` is 1.  So no parameters meet all demands.

    Shapes: `A` (demands, parameters), `reach` and the result (demands,).
    Errors: `ValueError` naming shapes that do not fit, and for NaN.
    Source: Farkas (1902).

    >>> certificate([[1.0], [-1.0]], [3.0, -2.0])       # add the two
    array([1., 1.])
    """
    A, reach = _demands(A, reach)
    return _found(linprog(np.zeros(len(reach)), bounds=(0, None),
                          A_eq=np.vstack([A.T, reach]),
                          b_eq=np.append(np.zeros(A.shape[1]), 1)))


def _found(result):
    """Return what linprog found, or None where it proved there is none."""
    if result.status not in (0, INFEASIBLE):
        raise ValueError(f"the demands are out of reach: {result.message}")
    return result.x


def _demands(A, reach):
    """Return the arrays of floats (A, reach), or say what does not fit."""
    A, reach = (np.asarray(part, dtype=float) for part in (A, reach))
    if A.ndim != 2 or reach.shape != A.shape[:1]:
        raise ValueError(f"A has shape {A.shape}, reach has shape"
                         f" {reach.shape}: expected (demands, parameters),"
                         " (demands,)")
    if np.isnan(A).any() or np.isnan(reach).any():
        raise ValueError("A and reach must be numbers, got NaN")
    return A, reach
