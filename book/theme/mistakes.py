"""A small Sphinx extension: a mistake, told by the chapter that owns it.

The directive `{mistake} L2` reads `syllabus.yml` and the stored notebook of
the chapter while the site is built.  It shows the cell in which the wrong
version fails, with the verdict stored there, and the cells of the solution
up to the check that accepts it.  The tests run all of these cells again at
every change, so what the appendix shows is what happens.
"""

import json
import re
from pathlib import Path

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

TITLE = re.compile(r"^`{3,}\{exercise\} (.+)$", re.M)
CHECK = re.compile(r"^\s*check\(", re.M)
ANSWER = re.compile(r"^\s*check\(|^def |\bDerivation\(", re.M)


def source(cell):
    """The text of a cell."""
    return "".join(cell["source"])


def solution(cells, label):
    """Yield the cells that answer an exercise, to the first check.

    Answers are functions and derivations; other cells only illustrate.
    """
    start = next(n for n, cell in enumerate(cells)
                 if f"{{solution-start}} {label}\n" in source(cell))
    for cell in cells[start:]:
        if cell["cell_type"] == "code" and ANSWER.search(source(cell)):
            yield cell
            if CHECK.search(source(cell)):
                return


def verdicts(cell):
    """Yield the stored outputs of a cell that are HTML."""
    for output in cell["outputs"]:
        html = output.get("data", {}).get("text/html")
        if html:
            yield "".join(html)


def shown(cell):
    """A cell as nodes: its code, then the verdicts stored with it."""
    block = nodes.literal_block(source(cell), source(cell),
                                language="python")
    outputs = [nodes.raw("", html, format="html") for html in verdicts(cell)]
    return nodes.container("", block, *outputs, classes=["mistake-cell"])


class Mistake(SphinxDirective):
    """`{mistake} L2`: wrong version, verdict, right version, and links."""

    required_arguments = 1
    has_content = True

    def run(self):
        name = self.arguments[0]
        book = Path(self.env.srcdir) / "book"
        listed = yaml.safe_load((book / "syllabus.yml").read_text())[name]
        path = book / f"{listed['chapter']}.ipynb"
        for file in (path, book / "syllabus.yml"):
            self.env.note_dependency(str(file))
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        wrong = next(c for c in cells if c["id"] == listed["pitfall"])
        title = next(TITLE.search(source(c))[1] for c in cells
                     if f":label: {listed['exercise']}\n" in source(c))
        return [*self.text(*self.content),
                *self.text("**The wrong version, and the check**"),
                shown(wrong), *self.text("**The right version**"),
                *map(shown, solution(cells, listed["exercise"])),
                *self.text(f"From [{title}]({listed['exercise']}) in "
                           f"{{doc}}`{listed['chapter']}`.")]

    def text(self, *lines):
        """Lines of MyST as nodes."""
        holder = nodes.Element()
        self.state.nested_parse(StringList(list(lines), "mistake"), 0, holder)
        return holder.children


def setup(app):
    """Register the extension with Sphinx."""
    app.add_directive("mistake", Mistake)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
