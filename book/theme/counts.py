"""A small Sphinx extension: the counts of the landing page, from the book.

The directive `{counts}` reads the stored notebooks while the site is built:
derivations and proved lines from their outputs, checks from their code,
exercises from their text.  Nothing is typed.
"""

import json
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

MIME = "application/vnd.lmbook.derivation+json"
CHECK = re.compile(r"^\s*(assert\b|with Refusal\(|check\w*\(|\w+\.agrees\()",
                   re.M)
EXERCISE = re.compile(r"^`{3,}\{exercise\}", re.M)


def cells(folder):
    """Yield every cell of every notebook in a folder."""
    for path in sorted(Path(folder).glob("*.ipynb")):
        yield from json.loads(path.read_text(encoding="utf-8"))["cells"]


def count(folder):
    """Return the counts, by label."""
    proofs, checks, exercises = [], 0, 0
    for cell in cells(folder):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            exercises += len(EXERCISE.findall(source))
            continue
        checks += len(CHECK.findall(source))
        for output in cell.get("outputs", []):
            found = output.get("data", {}).get(MIME, {})
            if "proved_lines" in found:
                proofs.append(found["proved_lines"])
    return {"derivations": len(proofs),
            "lines proved for every size": sum(proofs),
            "checks run on the pages": checks,
            "exercises, all solved": exercises}


class Counts(SphinxDirective):
    """`{counts}`: a row of numbers, each with what it counts."""

    def run(self):
        folder = Path(self.env.srcdir) / "book"
        for path in folder.glob("*.ipynb"):
            self.env.note_dependency(str(path))
        stats = "".join(
            f'<div class="stat"><span class="stat-value">{number}</span> '
            f'<span class="stat-label">{escape(label)}</span></div>'
            for label, number in count(folder).items())
        return [nodes.raw("", f'<div class="stats">{stats}</div>',
                          format="html")]


def setup(app):
    """Register the extension with Sphinx."""
    app.add_directive("counts", Counts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
