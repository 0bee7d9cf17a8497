"""The proof engine: derivations whose every displayed line is proved.

    from lmbook.derivation import *

These are the names an author needs.  Behind them are rooms, each importing
only from those before it: `language` (what is written), `kernel` and `rules`
(the proof, the files to trust), `worlds` (evidence on random numbers),
`matrices`, `printing` and `reading` (LaTeX out and back), `chain`
(derivations and verdicts).
"""

from .chain import (BadFact, Conflict, Derivation, Fact, IdleFact, IdleStep,
                    Induction, MisprintedLine, Refusal, UnprovedStep, Verdict,
                    WrongDefinition, WrongStep, latest)
from .language import (D, Function, IndexMismatch, cos, delta, dim, exp,
                       index, indices, is_zero, log, normal_cdf, pi, product,
                       relu, scalar, sigmoid, sin, sqrt, step, tanh, tensor,
                       total)
from .matrices import (M, ShapeMismatch, apply, diag, eye, gradient, hessian,
                       jacobian, norm2, ones, trace)

__all__ = [
    "BadFact", "Conflict", "D", "Derivation", "Fact", "Function", "IdleFact",
    "IdleStep", "IndexMismatch", "Induction", "M", "MisprintedLine",
    "Refusal", "ShapeMismatch", "UnprovedStep", "Verdict", "WrongDefinition",
    "WrongStep", "apply", "cos", "delta", "diag", "dim", "exp", "eye",
    "gradient", "hessian", "index", "indices", "is_zero", "jacobian",
    "latest", "log", "norm2", "normal_cdf", "ones", "pi", "product", "relu",
    "scalar", "sigmoid", "sin", "sqrt", "step", "tanh", "tensor", "total",
    "trace",
]
