"""The desk: a reader types a line of a derivation, and the engine checks it.

`Start`s are where a derivation begins, `read` turns the typed text into a
line, `Desk` has it proved.  It runs in a browser as well.
"""

from .page import Desk, answer, chain
from .starts import STARTS, Start
from .text import Unreadable, read

__all__ = ["Desk", "STARTS", "Start", "Unreadable", "answer", "chain", "read"]
