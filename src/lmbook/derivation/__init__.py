"""The proof engine: derivations whose every displayed line is proved.

    from lmbook.derivation import *

The names an author needs; each file of this folder holds one idea.
"""

from .chain import Derivation
from .facts import Fact
from .induction import Induction, latest
from .language import (D, Function, cos, delta, dim, exp, index, indices,
                       is_zero, log, normal_cdf, pi, product, relu, scalar,
                       sigmoid, sin, sqrt, step, tanh, tensor, total)
from .matrices import (M, apply, diag, eye, gradient, hessian, jacobian,
                       norm2, ones, trace)
from .matrix_shapes import ShapeMismatch
from .tree import IndexMismatch
from .verdicts import (BadFact, Conflict, IdleFact, IdleStep, MisprintedLine,
                       Refusal, UnprovedStep, Verdict, WrongDefinition,
                       WrongStep)

MODULES = """arrays arrays_torch chain evidence explicit facts inequalities
induction kernel language limits lines matrices matrix_algebra matrix_base matrix_calculus
matrix_shapes names pieces printing printing_matrices reading reading_calls
rendering rewriting sampling symbols tokens tree values verdicts walk
worlds""".split()

__all__ = [name for name in dir()
           if not name.startswith("_") and name not in (*MODULES, "MODULES")]
