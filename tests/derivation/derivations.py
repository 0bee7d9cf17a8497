"""Every derivation of the engine's own suite, as functions that build them.

    for build in ALL:
        derivation = build()
"""

from suite import ALL

__all__ = ["ALL"]
