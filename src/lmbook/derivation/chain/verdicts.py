"""What the engine says when a line does not hold, and how a page shows it."""

import html


class Verdict(Exception):
    """A derivation was refused; the message names the step and the reason.

    `formulas` are pairs (what it is, LaTeX), set below the message.
    """

    def __init__(self, message, *formulas):
        super().__init__(message, *formulas)
        self.message, self.formulas = message, formulas

    def __str__(self):
        return "\n".join([self.message, *(f"  {what}: {text}"
                                          for what, text in self.formulas)])


class WrongStep(Verdict):
    """The line is not equal to the line before: a counterexample is given."""


class UnprovedStep(Verdict):
    """No counterexample, but no proof either: split the step."""


class IdleFact(Verdict):
    """A fact is cited, but the step holds without it."""


class IdleStep(Verdict):
    """The line prints exactly like the line before."""


class BadFact(Verdict):
    """A fact is broken by its own sample."""


class MisprintedLine(Verdict):
    """The printed formula reads back as something else."""


class WrongDefinition(Verdict):
    """The definition gives other numbers than the library."""


class Conflict(Verdict):
    """Proved, yet the numbers disagree: a fault in the engine itself."""


class Refusal:
    """Catch the verdict that a planted error must meet, and show it.

    >>> with Refusal(WrongStep) as refusal:
    ...     raise WrongStep("step 2: the sign is wrong")
    >>> refusal
    WrongStep: step 2: the sign is wrong
    """

    def __init__(self, *expected):
        self.expected, self.verdict = expected, None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            names = " or ".join(e.__name__ for e in self.expected)
            raise AssertionError(f"nothing was refused; expected {names}")
        self.verdict = value
        return isinstance(value, self.expected)

    def __repr__(self):
        return f"{type(self.verdict).__name__}: {self.verdict}"

    def _repr_html_(self):
        name = type(self.verdict).__name__
        kind = "wrong" if name.startswith("Wrong") else "refused"
        message = getattr(self.verdict, "message", str(self.verdict))
        formulas = "".join(
            f'<div class="verdict-line"><span>{html.escape(what)}</span> '
            f'<span class="step-math">\\(\\displaystyle '
            f'{html.escape(text)}\\)</span></div>'
            for what, text in getattr(self.verdict, "formulas", ()))
        return (f'<div class="verdict {kind} mathjax_process" role="group" '
                f'aria-label="Verdict: {name}">'
                f'<div class="verdict-head">{name}</div>'
                f'<p>{html.escape(message)}</p>{formulas}</div>')
