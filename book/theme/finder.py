"""A small Sphinx extension: formulas and exercises, for the search.

A formula is found by the name of its derivation, an exercise by its title.
Sphinx's own search lists the objects of every domain, so this is one.
"""

import json
import re
from pathlib import Path

import sheet
from sphinx.domains import Domain, ObjType

EXERCISE = re.compile(r"^`{3,}\{exercise\} (.+)\n:label: (\S+)$", re.M)


def exercises(path):
    """Return [(label, title)] of the exercises of a notebook."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [(label, title) for cell in cells
            if cell["cell_type"] == "markdown"
            for title, label in EXERCISE.findall("".join(cell["source"]))]


def formulas(path):
    """Return [(label, name)]; a name that several share stands once."""
    first = {}
    for label, name, _ in sheet.results(path)[1]:
        first.setdefault(name, label)
    return [(label, name) for name, label in first.items()]


class Finder(Domain):
    """What can be found on the pages, beside titles and functions."""

    name, label = "book", "Book"
    object_types = {"formula": ObjType("formula"),
                    "exercise": ObjType("exercise")}

    def get_objects(self):
        """Yield (name, shown name, type, page, anchor, priority)."""
        for page in sorted(self.env.found_docs):
            path = Path(self.env.srcdir) / f"{page}.ipynb"
            if not path.exists():
                continue
            for label, name in formulas(path):
                yield (f"{page}#{label}", name, "formula", page,
                       f"equation-{label}", 1)
            for label, title in exercises(path):
                yield (f"{page}#{label}", title, "exercise", page,
                       label, 1)

    def resolve_any_xref(self, *args):
        """Return no targets: authors link to labels, not to names."""
        return []

    def merge_domaindata(self, docnames, otherdata):
        """Nothing is stored, so nothing is merged."""


def order_results(app, pagename, templatename, context, doctree):
    """Let the search page put exact names first."""
    if pagename == "search":
        app.add_js_file("search-order.js", defer="defer")


def setup(app):
    """Register the extension with Sphinx."""
    app.add_domain(Finder)
    app.connect("html-page-context", order_results)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
