"""What the page asks of the desk, and the HTML with which it answers."""

import html
import json
import re

from ..derivation import Refusal, Verdict
from .starts import STARTS
from .text import read

BADGE = re.compile(r'<button type="button" class="badge.*?</button>', re.S)


class Desk:
    """One derivation, to which a reader adds lines.

    >>> desk = Desk("logistic")
    >>> desk.check("p * (1 + p)")["verdict"]
    'WrongStep'
    >>> desk.check("p * (1 - p)")["verdict"], desk.lines
    ('accepted', [('p * (1 - p)', False)])
    """

    def __init__(self, key):
        if key not in STARTS:
            raise ValueError(f"no start is called {key!r}; expected one of "
                             f"{', '.join(STARTS)}")
        self.start, self.lines = STARTS[key](), []

    def check(self, text, cite=False):
        """Add a line if the engine proves it; say what came of it.

        `cite`: by the fact of the start. Returns the verdict, its HTML and
        the HTML of the derivation.
        """
        fact = self.start.fact
        try:
            line = read(text, self.start.names)
            self.start.derivation.eq(line, "", *([fact] if cite else []))
        except (Verdict, ValueError, ArithmeticError) as problem:
            return self._answer(type(problem).__name__, refusal(problem))
        self.lines.append((text, cite))
        return self._answer("accepted", acceptance(self.start.derivation))

    def _answer(self, verdict, shown):
        return {"verdict": verdict, "html": shown,
                "chain": chain(self.start.derivation)}


def refusal(problem):
    """Return a refusal as the engine shows it.

    >>> refusal(ValueError("no"))[:44]
    '<div class="verdict refused mathjax_process"'
    """
    with Refusal(Exception) as caught:
        raise problem
    return caught._repr_html_()


def acceptance(derivation):
    r"""Return the verdict on a line that was proved.

    >>> desk = Desk("quadratic")
    >>> "Accepted" in desk.check("A @ x + A.T @ x")["html"]
    True
    """
    line = html.escape(f"= {derivation.lines[-1].latex}")
    return ('<div class="verdict right mathjax_process" role="group" '
            'aria-label="Verdict: accepted">'
            f'<div class="verdict-head">Accepted: {derivation.badge}</div>'
            f'<p>{html.escape(derivation.evidence())}</p>'
            '<div class="verdict-line"><span>this line</span> '
            f'<span class="step-math">\\(\\displaystyle {line}\\)</span>'
            '</div></div>')


def chain(derivation):
    """Return the lines so far; a start alone bears no badge.

    >>> "badge" in chain(Desk("logistic").start.derivation)
    False
    """
    shown = derivation._repr_html_()
    return shown if derivation.steps else BADGE.sub("", shown)


def answer(request, desks):
    """Answer the page: JSON in, JSON out.

    `request` has a key of `STARTS`, the lines accepted before and the new
    `text`; `desks` is a dictionary that this function keeps.

    >>> asked = {"start": "logistic", "lines": [], "text": "p -", "cite": 0}
    >>> json.loads(answer(json.dumps(asked), {}))["verdict"]
    'Unreadable'
    """
    asked = json.loads(request)
    lines = [(text, bool(cite)) for text, cite in asked["lines"]]
    desk = desks.get(asked["start"])
    if desk is None or desk.lines != lines:
        desk = desks[asked["start"]] = Desk(asked["start"])
        for text, cite in lines:
            desk.check(text, cite)
    return json.dumps(desk.check(asked["text"], bool(asked["cite"])))
