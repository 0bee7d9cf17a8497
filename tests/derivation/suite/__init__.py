"""The engine's own derivations: one function builds one derivation.

`ALL` lists the functions in the order of the files; importing one fills it.
"""

from . import activations, attention, calculus, classifier  # noqa: F401
from . import embeddings, hessians, layernorm, masked       # noqa: F401
from . import networks, softmax                             # noqa: F401
from .registry import ALL

__all__ = ["ALL"]
