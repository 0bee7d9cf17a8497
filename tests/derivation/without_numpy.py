"""Run the engine's own derivations without NumPy, PyTorch and SciPy.

    python without_numpy.py      prints one line of JSON per derivation

Run by test_plain.py in a process of its own.  The suite itself asks for NumPy
to make its samples, and gets `plain`; `agrees` compares a definition with a
library, so here it does nothing.
"""

import json
import sys
from types import ModuleType

BLOCKED = ("numpy", "torch", "scipy", "scipy.special", "sympy")


def block():
    """Make every import of a number library fail, then lend out `plain`."""
    sys.modules.update(dict.fromkeys(BLOCKED))
    from lmbook.derivation import Derivation
    from lmbook.derivation.worlds.numeric import np
    assert np.__name__.endswith(".plain")
    Derivation.agrees = lambda self, *given: self
    sys.modules.update({"numpy": np, "scipy": Library("scipy"),
                        "scipy.special": Library("scipy.special")})


class Library(ModuleType):
    """A library that is named, but never called."""

    def __getattr__(self, name):
        return Library(f"{self.__name__}.{name}")


def main():
    """Build each derivation and tell what came of it."""
    block()
    from suite import ALL
    for build in ALL:
        name = f"{build.__module__}.{build.__name__}"
        try:
            d = build()
        except AttributeError as missing:
            said = {"name": name, "missing": str(missing)}
        except Exception as refusal:
            said = {"name": name, "refused": f"{refusal!r}"}
        else:
            said = {"name": name, "text": repr(d), "badge": d.badge}
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
