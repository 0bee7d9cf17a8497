"""A row of the table of identities, and the list of all rows."""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ..derivation.language import tensors
from ..derivation.printing.names import GREEK, split_name

ALL = []


@dataclass(frozen=True)
class Identity:
    """One proved identity: how to find it, and how to prove it.

    `build` returns the finished derivation; the identity is its line
    `upto`, equal to its first.  `words` are further words to search for,
    `condition` is what the shapes and the signs do not say, `page` is the
    page that uses it.
    """

    group: str
    words: str
    condition: str
    upto: int
    page: str
    build: Callable

    @property
    def name(self):
        """The slug by which a page can link to the row."""
        return self.build.__name__.replace("_", "-")

    @cached_property
    def derivation(self):
        """The proof, built once."""
        return self.build()

    @property
    def title(self):
        """The title of the proof."""
        return self.derivation.title

    def statement(self):
        """Return the identity, for glue."""
        return self.derivation.statement(0, self.upto)

    def definitions(self):
        """Return what the letters of the identity stand for, as LaTeX."""
        table, used = self.derivation.table, set()
        unseen = set().union(*map(tensors, self._sides()))
        while unseen:
            used |= unseen
            bodies = (table[t][1] for t in unseen if t in table)
            unseen = set().union(*map(tensors, bodies)) - used
        return [str(self.derivation.definition(tensor[indices]))
                for tensor, (indices, _) in table.items() if tensor in used]

    def shapes(self):
        """Return the shapes of the letters of the identity, as HTML."""
        found = {tensor.name: tensor for line in self._sides()
                 for tensor in tensors(line) if 0 < len(tensor.dims) < 3}
        return ", ".join(_shape(found[name]) for name in sorted(
            found, key=str.swapcase))

    def conditions(self):
        """Return in words what has to hold besides the shapes."""
        facts = [str(fact) for cited in self.derivation.facts
                 for fact in cited]
        bodies = [body for _, body in self.derivation.table.values()]
        above_zero = {f"{_letter(tensor.name)} is positive"
                      for line in self._sides() + bodies
                      for tensor in tensors(line)
                      if tensor.positive and not tensor.dims}
        given = [self.condition] if self.condition else []
        return "; ".join(dict.fromkeys(given + facts + sorted(above_zero)))

    def evidence(self):
        """Say in words what stands behind the row."""
        proof = self.derivation
        sizes = [str(size) for size in sorted(proof.sizes)]
        every, at = (" for every size", f" at sizes {sizes[0]} to {sizes[-1]}"
                     ) if sizes else (" for all numbers", "")
        facts = sorted({str(f) for cited in proof.facts for f in cited})
        needs = " It needs that " + ", ".join(facts) + "." if facts else ""
        library = (" A library agrees with what is defined here: "
                   + ", ".join(proof.compared) + "." if proof.compared else "")
        return (f"{proof.steps} line{'s' * (proof.steps != 1)},"
                f" proved{every}. The printed formula was read back and"
                f" compared on random numbers{at}.{needs}{library}")

    def _sides(self):
        """Return both sides of the identity, as expressions."""
        lines = self.derivation.lines
        return [lines[0].entry, lines[self.upto].entry]

    def _note(self):
        """Return what the letters mean, their shapes, the conditions."""
        parts = [*map(_math, self.definitions()), self.shapes(),
                 _words(self.conditions())]
        return ";<br> ".join(part for part in parts if part)

    def _repr_html_(self):
        tip, title, words, tex = (html.escape(text) for text in (
            self.evidence(), self.title, self.words,
            str(self.statement())))
        link = self.page and (f'&ensp;<a href="{self.page}.html">'
                              f'{self.page.replace("-", " ")}</a>')
        return (
            f'<div class="identity mathjax_process" id="{self.name}" '
            f'data-words="{words}" data-tex="{tex}">'
            f'<div class="step-math">\\(\\displaystyle {tex}\\)</div>'
            f'<div class="identity-side"><div><p class="identity-title">'
            f'{title}</p><p class="identity-note">{self._note()}{link}</p>'
            f'</div><button type="button" class="badge badge-proved" '
            f'aria-label="proved: {title}" data-tip="{tip}">proved</button>'
            f'</div></div>')

    def __repr__(self):
        return f"{self.title}: {self.statement()}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {**self.derivation._repr_mimebundle_(),
                "text/html": self._repr_html_(), "text/plain": repr(self)}


def _math(text):
    large = r"\displaystyle " if r"\frac" in text else ""
    return rf"\({large}{html.escape(text)}\)"


def _words(text):
    """Return words as HTML: letters bold, functions and pairs italic."""
    text = re.sub(r"\b([A-Za-z])\b", r"<b>\1</b>", html.escape(text))
    text = re.sub("<b>([fg])</b>", r"<i>\1</i>", text)
    return re.sub(r"\(<b>(.)</b>, <b>(.)</b>\)",
                  r"(<i>\1</i>, <i>\2</i>)", text)


def _letter(name):
    return unicodedata.lookup(
        f"GREEK SMALL LETTER {name}") if name in GREEK else name


def _shape(tensor):
    """Return a name with its sizes, as in A: H × D."""
    letter, label = split_name(tensor.name)
    name = f"<b>{_letter(letter)}</b>" + (label and f"<sub>{label}</sub>")
    sizes = "&nbsp;×&nbsp;".join(f"<i>{size.name}</i>" for size in tensor.dims)
    return f"{name}:&nbsp;{sizes}{' positive' * tensor.positive}"


def group(title):
    """Return a decorator that adds identities to a group of the table.

    >>> from ..derivation import D, Derivation, scalar
    >>> row = group("Examples")
    >>> @row("power rule")
    ... def slope_of_a_square():
    ...     x = scalar("x")
    ...     with Derivation("The slope of a square") as d:
    ...         d.start(D(x**2, x))
    ...         d.eq(2 * x, "power rule")
    ...     return d
    >>> ALL.pop().name
    'slope-of-a-square'
    """
    def row(words, condition="", upto=-1, page=""):
        def register(build):
            ALL.append(Identity(title, words, condition, upto, page, build))
            return build
        return register
    return row
