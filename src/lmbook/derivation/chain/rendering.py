"""How a derivation looks on a page and what a page stores of it."""

import html
import re

from ..printing import latex

MIME = "application/vnd.lmbook.derivation+json"


class Rendered:
    """Mixin: the notebook output of a chain of proved lines."""

    def statement(self, first=0, last=-1):
        """Return the result, `first line = last line`, for glue."""
        last = range(len(self.lines))[last]
        strong = [r for r in self.relations[first + 1:last + 1] if r != "="]
        if len(set(strong)) > 1 or len(strong) > 1 and strong[0] != r"\ge":
            raise ValueError(f"'{self.title}' joins {', '.join(strong)}, "
                             "which no one relation states")
        relation = strong[0] if strong else "="
        text = (f"{self.lines[first].latex} {relation} "
                f"{self.lines[last].latex}")
        return Statement(self.title, text)

    def definition(self, left):
        """Return a definition, `left = body`, for glue."""
        _, body = self.table[left.tensor]
        return Statement(self.title, f"{latex(left)} = {latex(body)}")

    def verify(self):
        """Return the title and the number of proved lines."""
        return self.title, self.steps

    @property
    def steps(self):
        """The number of proved lines: all but the first."""
        return len(self.lines) - 1

    @property
    def badge(self):
        """The words of the badge."""
        return "proved for every size" if self.sizes else "proved"

    def evidence(self):
        """Say in one sentence what stands behind the badge."""
        sizes = ", ".join(map(str, sorted(self.sizes)))
        every, at = (" for every size", f" at sizes {sizes}") if sizes else (
            "", "")
        parts = [f"{self.steps} line{'s' * (self.steps != 1)} proved by the "
                 f"kernel{every} and read back from the print",
                 f"compared on random numbers{at}"]
        cited = sorted({str(f) for fs in self.facts for f in fs})
        if cited:
            parts.append("facts shown necessary: " + ", ".join(cited))
        if self.compared:
            parts.append("definitions compared with a library: "
                         + ", ".join(self.compared))
        return "; ".join(parts) + "."

    def rows(self):
        """Return (relation, LaTeX, reason) for each line."""
        out = []
        for line, sign, reason, facts in zip(self.lines, self.relations,
                                             self.reasons, self.facts):
            named = ", ".join(str(f) for f in facts)
            if named and named not in reason:
                reason = f"{reason}, as {named}" if reason else named
            out.append((sign, line.latex, reason))
        return out

    def _repr_html_(self):
        steps = "".join(_step(*row) for row in self.rows())
        title, tip = html.escape(self.title), html.escape(self.evidence())
        return (
            f'<div class="derivation mathjax_process" role="group" '
            f'aria-label="{title}"><div class="derivation-head">'
            f'<span class="derivation-title">{title}</span>'
            f'<button type="button" class="badge badge-proved" '
            f'data-tip="{tip}">{self.badge}</button></div>'
            f'<ol class="derivation-steps">{steps}</ol></div>')

    def _repr_latex_(self):
        rows = self.rows()
        first = rows[0][1]
        lines = [rf"{first if n == 0 else ''} &{sign} {text}"
                 + (rf" && \text{{{_plain(reason)}}}" if reason else "")
                 for n, (sign, text, reason) in enumerate(rows[1:])]
        inside = " \\\\\n".join(lines)
        return f"\\begin{{align*}}\n{inside}\n\\end{{align*}}"

    def __repr__(self):
        lines = [f"{self.title} (proved)"]
        for sign, text, reason in self.rows():
            lines.append(f"  {sign} {text}" + (f"   [{reason}]"
                                               if reason else ""))
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"title": self.title, "badge": self.badge,
                "lines": [text for _, text, _ in self.rows()],
                "relations": [sign for sign, _, _ in self.rows()],
                "reasons": [why for _, _, why in self.rows()],
                "statement": str(self.statement()),
                "definitions": [
                    str(self.definition(tensor[indices]))
                    for tensor, (indices, _) in self.table.items()],
                "proved_lines": self.steps}
        return {"text/html": self._repr_html_(),
                "text/latex": self._repr_latex_(),
                "text/plain": repr(self), MIME: data}


def _plain(reason):
    """Escape what LaTeX would read as a command."""
    return re.sub(r"([_^%&#${}])", r"\\\1", reason)


def _step(sign, text, reason):
    said = f' <span class="step-reason">{html.escape(reason)}</span>'
    shown = html.escape(f"{sign} {text}".strip())
    kind = "" if sign else ' class="whole"'
    math = f'<span class="step-math">\\(\\displaystyle {shown}\\)</span>'
    return (f'<li{kind}>{math}'
            f'{said if reason else ""}</li>')


class Statement:
    """A proved line of LaTeX; glue it to set it in the text."""

    def __init__(self, title, text):
        self.title, self.text = title, text

    def __str__(self):
        return self.text

    __repr__ = __str__

    def _repr_latex_(self):
        return f"$${self.text}$$"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"title": self.title, "statement": self.text}
        return {"text/latex": self._repr_latex_(), "text/plain": self.text,
                MIME: data}
