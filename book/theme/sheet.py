"""A small Sphinx extension: every labelled result of the book on one page.

The directive `{formulas}` goes through the notebooks in the order of the
table of contents while the site is built.  A result is a formula that a
chapter pastes with `{glue:math}` under a label; its TeX and its name come
from the proved object that the chapter stored.  The name links to the place
where the result is derived.
"""

import json
import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

PASTED = re.compile(r"^```\{glue:math\} (\S+)\n:label: (\S+)$", re.M)
HEADING = re.compile(r"^# (.+)$", re.M)
MIME = "application/papermill.record/"
RECORD = MIME + "application/vnd.lmbook.derivation+json"


def chapters(root):
    """Return [(part, names of its notebooks)], in the book's order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [(part.get("caption"), [
        name for chapter in part["chapters"]
        if (root / f"{(name := chapter['file'])}.ipynb").exists()])
        for part in toc["parts"]]


def glued(cells):
    """Return {name: (TeX, title)} of what a notebook stored."""
    stored = {}
    for cell in cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            record = output.get("data", {}).get(RECORD)
            if name and record:
                tex = "".join(output["data"][MIME + "text/latex"])
                stored[name] = tex.strip("$\n "), record["title"]
    return stored


def results(path):
    """Return the title of a chapter and its (label, name, TeX) in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells
                     if cell["cell_type"] == "markdown")
    stored = glued(cells)
    return HEADING.search(text)[1], [
        (label, stored[name][1], stored[name][0])
        for name, label in PASTED.findall(text) if name in stored]


def row(label, name, tex, page):
    """One line of the sheet: the name with its link, and the formula."""
    link = nodes.reference("", name, internal=True,
                           refuri=f"{page}.html#equation-{label}")
    return nodes.container(
        "", nodes.paragraph("", "", link, classes=["sheet-name"]),
        nodes.math_block("", tex, nowrap=False, number=None, label=None),
        classes=["sheet-row"])


class Formulas(SphinxDirective):
    """`{formulas}`: all labelled results, chapter by chapter."""

    def run(self):
        root, shown = Path(self.env.srcdir), []
        self.env.note_dependency(str(root / "_toc.yml"))
        for caption, names in chapters(root):
            for name in names:
                path = root / f"{name}.ipynb"
                self.env.note_dependency(str(path))
                title, rows = results(path)
                if rows:
                    shown.append(self.section(title, path.stem, rows))
        return shown

    def section(self, title, page, rows):
        """The results of one chapter, under its title."""
        section = nodes.section(ids=[f"sheet-{page}"])
        section += nodes.title("", title)
        section += [row(*result, page) for result in rows]
        return section


def setup(app):
    """Register the extension with Sphinx."""
    app.add_directive("formulas", Formulas)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
