"""Run the engine's own derivations without NumPy, PyTorch and SciPy.

    python without_numpy.py      prints one line of JSON per derivation

Run by test_plain.py in a process of its own.  The suite itself asks for NumPy
to make its samples, and gets `plain`; `agrees` compares a definition with a
library, so here it does nothing.
"""

import json
import sys
from types import ModuleType

PLANTED = 3
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


def verdicts(d):
    """Return the text of a derivation, and what is said to wrong last lines.

    The verdict on each of a few planted errors is the name of a class, or
    "accepted".
    """
    from mutate import line_mutants
    from plant import bare
    from lmbook.derivation import Derivation
    said = {"text": repr(d), "sizes": sorted(d.sizes)[:2], "planted": {}}
    if d.relations[-1] != "=":
        return said
    planted = list(line_mutants(d.lines[-1].source))
    for kind, mutant in planted[::max(1, len(planted) // PLANTED)]:
        trial = bare(d, d.lines[-2].source, Derivation)
        try:
            trial.eq(mutant, "", *d.facts[-1])
            verdict = "accepted"
        except Exception as refusal:
            verdict = type(refusal).__name__
        said["planted"][f"{kind}: {mutant}"] = verdict
    return said


def main():
    """Build each derivation and tell what came of it."""
    block()
    from suite import ALL
    for build in ALL:
        said = {"name": f"{build.__module__}.{build.__name__}"}
        try:
            said.update(verdicts(build()))
        except (AttributeError, TypeError) as missing:
            said["missing"] = str(missing)      # a sample needs more NumPy
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
