"""The chain: derivations, facts, induction, and the verdicts on them.

Highest room: it may import from every other.
"""

from .derivation import Derivation
from .facts import Fact
from .induction import Induction
from .recurrence import latest
from .verdicts import (BadFact, Conflict, IdleFact, IdleStep, MisprintedLine,
                       Refusal, UnprovedStep, Verdict, WrongDefinition,
                       WrongStep)

__all__ = ["BadFact", "Conflict", "Derivation", "Fact", "IdleFact",
           "IdleStep", "Induction", "MisprintedLine", "Refusal",
           "UnprovedStep", "Verdict", "WrongDefinition", "WrongStep",
           "latest"]
