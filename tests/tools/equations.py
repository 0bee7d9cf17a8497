"""Account for every formula of the book.

A displayed line is *proved* when it is a line, a step or the statement of a
derivation shown on some page; *generated* when ``{glue:math}`` inserts such a
statement; else it must be *listed* in ``book/unchecked.yml`` with a reason.
One displayed line counts as one equation: a derivation of n lines displays
n - 1.  A formula inside a sentence that holds a relation must be proved or
listed too; those have their own count.  The proofs of the whole book are
known to every page.
"""

import difflib
import sys
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from tools import unchecked
from tools.latex import canonical, has_relation, steps
from tools.markdown import BRACKETS, PARENTHESES, parse
from tools.notebooks import BOOK, data, glue_key, pages, record

GLUES = {"glue", "glue:any", "glue:math"}
HIDING = {"eval-rst", "raw", "include"}
NEEDED = 95.0


@dataclass
class Account:
    """What was counted and what is wrong."""

    counts: dict = field(default_factory=lambda: dict.fromkeys(
        ("proved", "generated", "listed", "missing", "inline",
         "inline proved", "inline listed"), 0))
    faults: list = field(default_factory=list)

    @property
    def displayed(self):
        """The number of displayed lines."""
        return sum(self.counts[kind] for kind in
                   ("proved", "generated", "listed", "missing"))

    @property
    def coverage(self):
        """Per cent of the displayed lines proved or generated, or None."""
        if not self.displayed:
            return None
        good = self.counts["proved"] + self.counts["generated"]
        return 100 * good / self.displayed

    def summary(self):
        """Return the two lines printed by the tests."""
        c = self.counts
        share = "" if self.coverage is None else f" ({self.coverage:.1f} %)"
        return (f"displayed equations: {self.displayed}, proved {c['proved']},"
                f" generated {c['generated']}, listed {c['listed']}{share}\n"
                f"inline relations: {c['inline']}, proved "
                f"{c['inline proved']}, listed "
                f"{c['inline listed']}")


def is_proof(found):
    """Tell whether a stored derivation says that all of it is proved.

    A chain of n lines has n - 1 steps.  An induction shows three equations
    for each state, first value, rule and closed form, and proves two.
    """
    lines = max(len(found.get("lines", [])) - 1, 1)
    if not any(r.strip() for r in found.get("relations", ["="])):
        lines = 2 * len(found["lines"]) // 3
    return (str(found.get("badge", "")).startswith("proved")
            and found.get("proved_lines", lines) >= lines)


def formulas(found):
    """List every formula that a proved derivation establishes."""
    lines = found.get("lines", [])
    relations = [r.strip() or "=" for r in found.get("relations", [])]
    relations += ["="] * (len(lines) - len(relations))
    known = [found.get("statement", ""), *found.get("definitions", []),
             *lines]
    for last in range(1, len(lines)):
        known.append(f"{lines[last - 1]} {relations[last]} {lines[last]}")
        for first in range(last - 1):
            if set(relations[first + 1:last + 1]) == {"="}:
                known.append(f"{lines[first]} = {lines[last]}")
    return [formula for formula in known if formula]


def proofs(book_pages):
    """Map the canonical text of every proved formula to its LaTeX."""
    known = {}
    for page in book_pages:
        for cell in page.code:
            for output in cell.outputs:
                found = record(output)
                if found and not glue_key(output) and is_proof(found):
                    known.update((canonical(f), f) for f in formulas(found))
    return known


def glued(page):
    """Map each glued name of a page to its output."""
    return {glue_key(output): output for cell in page.code
            for output in cell.outputs if glue_key(output)}


def shown_math(output):
    """Return the displayed formulas of an output that is no derivation."""
    found = data(output)
    if "text/latex" in found:
        return [found["text/latex"].strip().strip("$")]
    items = parse(found.get("text/markdown", ""))
    return ([item.text for item in items if item.kind == "display"]
            + BRACKETS.findall(found.get("text/html", "")))


class Accountant:
    """Goes through the pages and fills an ``Account``."""

    def __init__(self, book):
        self.pages = pages(book)
        self.entries, faults = unchecked.entries(Path(book))
        self.known = proofs(self.pages)
        self.account = Account(faults=faults)
        self.used = {"displayed": set(), "inline": set()}

    def run(self):
        """Account for the whole book."""
        for page in self.pages:
            names = glued(page)
            for cell in page.cells:
                for item in cell.items:
                    self.item(page, cell, item, names)
                hidden = {"remove-output", "remove-cell"} & set(cell.tags)
                for output in [] if hidden else cell.outputs:
                    self.output(page, cell, output)
        for kind in ("displayed", "inline"):
            self.account.faults += unchecked.stale(
                self.entries, kind, self.used[kind],
                {page.name for page in self.pages})
        return self.account

    def item(self, page, cell, item, names):
        """Account for one formula in the text, or one glued statement."""
        if item.kind == "display":
            for row in steps(item.text):
                self.displayed(page, cell, row)
        elif item.kind == "math" and has_relation(item.text):
            self.inline(page, cell, item.text)
        elif item.kind == "directive" and item.name in GLUES:
            self.glue(page, cell, item.text.strip(), names)
        elif item.kind == "directive" and item.name in HIDING:
            self.account.faults.append(f"{cell.place}: {{{item.name}}} hides "
                                       "formulas from the checks")
        elif item.kind == "text" and "{{" in item.text:
            self.account.faults.append(f"{cell.place}: a substitution hides "
                                       "formulas from the checks")
        elif item.kind == "role" and item.name.startswith("glue"):
            for latex in shown_math(names.get(item.text.strip(), {})):
                self.inline(page, cell, latex)

    def output(self, page, cell, output):
        """Account for what a code cell displays."""
        if glue_key(output):
            return
        found = record(output)
        if found is None:
            for formula in PARENTHESES.findall(
                    data(output).get("text/html", "")):
                if has_relation(formula):
                    self.inline(page, cell, formula)
            for formula in shown_math(output):
                for row in steps(formula):
                    self.displayed(page, cell, row)
            return
        if is_proof(found):
            self.account.counts["proved"] += max(
                len(found.get("lines", [])) - 1, 1)
            return
        for line in found.get("lines", []) or [found.get("statement", "")]:
            self.displayed(page, cell, line)

    def displayed(self, page, cell, formula):
        """Count one displayed line."""
        if canonical(formula) in self.known:
            self.account.counts["proved"] += 1
        elif self.listed(page, "displayed", formula):
            self.account.counts["listed"] += 1
        else:
            self.account.counts["missing"] += 1
            self.fault(page, cell, "displayed", formula)

    def inline(self, page, cell, formula):
        """Count one formula inside a sentence."""
        self.account.counts["inline"] += 1
        if canonical(formula) in self.known:
            self.account.counts["inline proved"] += 1
        elif self.listed(page, "inline", formula):
            self.account.counts["inline listed"] += 1
        else:
            self.fault(page, cell, "inline", formula)

    def glue(self, page, cell, key, names):
        """Count a statement inserted by ``{glue:math}``."""
        if key not in names:
            self.account.faults.append(
                f"{cell.place}: {key!r} is glued by no cell of this page")
            return
        found = record(names[key])
        formula = (found or {}).get("statement", "")
        if formula and canonical(formula) in self.known:
            self.account.counts["generated"] += 1
        elif found or "text/latex" in data(names[key]):
            for latex in shown_math(names[key]):
                self.displayed(page, cell, latex)

    def listed(self, page, kind, formula):
        """Find a formula in ``unchecked.yml``; note that it is used."""
        texts = self.entries.get(page.name, {}).get(kind, {})
        for text in texts:
            if canonical(text) == canonical(formula):
                self.used[kind].add((page.name, text))
                return True
        return False

    def fault(self, page, cell, kind, formula):
        """Say which formula nothing vouches for, and the nearest known."""
        near = dict(self.known)
        near.update((canonical(text), text) for text in
                    self.entries.get(page.name, {}).get(kind, {}))
        best = difflib.get_close_matches(canonical(formula), near, 1, 0.4)
        hint = f"; nearest known: `{near[best[0]]}`" if best else ""
        self.account.faults.append(
            f"{cell.place}: {kind} formula `{formula.strip()}` is neither "
            f"proved, nor generated, nor listed in book/unchecked.yml{hint}")


def account(book=BOOK):
    """Account for every formula of a book folder."""
    found = Accountant(Path(book)).run()
    if found.coverage is not None and found.coverage < NEEDED:
        found.faults.append(f"book: {found.coverage:.1f} % of the displayed "
                            f"equations are proved or generated; {NEEDED:.0f}"
                            " % are needed")
    return found


if __name__ == "__main__":
    result = account()
    print(result.summary(), *result.faults, sep="\n")
    sys.exit(bool(result.faults))
