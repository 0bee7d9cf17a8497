"""The engine's own derivations: one function builds one derivation.

`ALL` lists the functions in the order of the files; importing one fills it.
The identities of the book, `lmbook.identities`, stand at its end.
"""

from lmbook.identities import IDENTITIES

from . import activations, attention, binary, calculus      # noqa: F401
from . import classifier, embeddings, gated, hessians       # noqa: F401
from . import initial, layernorm, least_squares, masked     # noqa: F401
from . import masked_matrices, networks, sentiment, softmax  # noqa: F401
from .registry import ALL, derivation

for row in IDENTITIES:
    derivation(row.build)

__all__ = ["ALL"]
