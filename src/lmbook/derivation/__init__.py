"""The proof engine: derivations whose every displayed line is proved.

    from lmbook.derivation import *

The names an author needs; each file of this folder holds one idea.
"""

from .chain import Derivation
from .facts import Fact
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

__all__ = [name for name in dir() if not name.startswith("_")]
