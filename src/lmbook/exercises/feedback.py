"""Instant feedback for a reader: `check(name, answer)`."""

import difflib
import html
import inspect
from dataclasses import dataclass

from ..checks import EXERCISES, NotYet

__all__ = ["Correct", "NotYet", "check"]


@dataclass(frozen=True)
class Correct:
    """The good news: which exercise is solved, and what it asked for."""

    name: str
    title: str

    def __repr__(self):
        """Return one line of text."""
        return f"✓ {self.name}: {self.title}"

    def _repr_html_(self):
        """Return the same line for a notebook."""
        name, title = html.escape(self.name), html.escape(self.title)
        return (f'<p class="exercise-correct"><strong>✓ {name}</strong>:'
                f" {title}</p>")


def check(name, *answers, **named):
    """Return `Correct` if the answers to exercise `name` are right.

    An answer is what the exercise asks for: a function, not its value,
    where it asks for a function.  A derivation is an answer too where the
    exercise accepts one: it is verified, then compared with the claim.

    Shapes: said in each exercise.
    Errors: `NotYet`, with a hint, for a wrong answer; `ValueError` for an
    unknown name, or answers that do not fit the question.

    >>> check("B12", 4.6052, 0.01005)
    ✓ B12: a loss in nats, not in powers of ten
    """
    entry = _find(name)
    if len(answers) == 1 and hasattr(answers[0], "verify"):
        _check_proof(entry, answers[0])
        return Correct(entry.name, entry.title)
    signature = inspect.signature(entry.check)
    try:
        signature.bind(*answers, **named)
    except TypeError as error:
        raise ValueError(f"{name} asks for {signature}: {error}") from None
    try:
        entry.check(*answers, **named)
    except NotYet as hint:
        raise NotYet(f"{name}, not yet: {hint}") from hint.__cause__
    return Correct(entry.name, entry.title)


def _check_proof(entry, derivation):
    """Verify the derivation, then ask whether it proves the claim."""
    if entry.proof is None:
        raise ValueError(f"{entry.name} does not ask for a derivation")
    derivation.verify()
    try:
        entry.proof(derivation)
    except NotYet as hint:
        raise NotYet(f"{entry.name}, not yet: {hint}") from hint.__cause__


def _find(name):
    """Return the exercise called `name`, or say which names are near."""
    if name in EXERCISES:
        return EXERCISES[name]
    near = difflib.get_close_matches(str(name), EXERCISES, n=3, cutoff=0.4)
    near = near or sorted(EXERCISES)[:3]
    raise ValueError(f"no exercise is called {name!r}: did you mean"
                     f" {' or '.join(near)}?")
