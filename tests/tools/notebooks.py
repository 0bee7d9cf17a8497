"""The stored pages of the book, as the guards see them."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tools.markdown import parse

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
DERIVATION = "application/vnd.lmbook.derivation+json"
GLUED = "application/papermill.record/"
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM_ID = re.compile(r"[a-z]?[0-9a-f]{8,}(-[0-9a-f]{4,12})*")


@dataclass
class Cell:
    """One cell of a notebook, or one section of a text page."""

    page: str
    kind: str
    id: str
    source: str
    metadata: dict = field(default_factory=dict)
    outputs: list = field(default_factory=list)
    count: int | None = None
    place: str = ""

    def __post_init__(self):
        self.place = f"book/{self.page}, cell {self.id!r}"

    @property
    def tags(self):
        """The tags of the cell."""
        return self.metadata.get("tags", [])

    @cached_property
    def items(self):
        """What the reader sees in words: a text cell, or a caption."""
        if self.kind == "markdown":
            return parse(self.source)
        figure = self.metadata.get("mystnb", {}).get("figure", {})
        return parse(str(figure.get("caption", "")))

    @property
    def lines(self):
        """The lines of code: neither blank nor only a comment."""
        return [line for line in self.source.split("\n")
                if line.strip() and not line.strip().startswith("#")]


@dataclass
class Page:
    """One page of the book: its file name, its cells."""

    path: str
    cells: list
    notebook: bool

    @property
    def name(self):
        """The name of the file without its ending."""
        return self.path.rsplit(".", 1)[0]

    @property
    def code(self):
        """The code cells."""
        return [cell for cell in self.cells if cell.kind == "code"]


def joined(value):
    """Join the list of lines that a notebook file may hold for a text."""
    return "".join(value) if isinstance(value, list) else value


def read_notebook(path):
    """Read an ``.ipynb`` file."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    cells = [Cell(path.name, raw["cell_type"], raw.get("id", ""),
                  joined(raw["source"]), raw.get("metadata", {}),
                  raw.get("outputs", []), raw.get("execution_count"))
             for raw in stored["cells"]]
    return Page(path.name, cells, True)


def slug(text, limit=48):
    """Turn words into lower-case letters, digits and single hyphens.

    >>> slug("Softmax, and its *Jacobian*")
    'softmax-and-its-jacobian'
    """
    text = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return text[:limit].strip("-")


def is_slug(text):
    """Tell whether a person chose this id, not a random generator.

    >>> is_slug("ce-gradient"), is_slug("1a2b3c4d"), is_slug("Bad id")
    (True, False, False)
    """
    return bool(SLUG.fullmatch(text)) and not RANDOM_ID.fullmatch(text)


def read_text(path):
    """Read a ``.md`` page; each section counts as a cell."""
    sections, fenced = [[]], None
    for line in path.read_text(encoding="utf-8").split("\n"):
        mark = re.match(r"\s*(`{3,}|:{3,})", line)
        if mark and fenced is None:
            fenced = mark.group(1)
        elif mark and line.strip() == fenced:
            fenced = None
        if re.match(r"#{1,6} ", line) and fenced is None:
            sections.append([])
        sections[-1].append(line)
    sources = ["\n".join(lines) for lines in sections]
    cells = [Cell(path.name, "markdown",
                  slug(text.lstrip("# ").split("\n")[0]), text)
             for text in sources if text.strip()]
    return Page(path.name, cells, False)


def pages(book=BOOK):
    """Return every page of the book, sorted by file name."""
    found = [read_notebook(path) for path in Path(book).glob("*.ipynb")]
    found += [read_text(path) for path in Path(book).glob("*.md")]
    return sorted(found, key=lambda page: page.path)


def data(output):
    """Return an output's data by type, whether shown or glued."""
    return {mime.removeprefix(GLUED): joined(value)
            for mime, value in output.get("data", {}).items()}


def glue_key(output):
    """Return the name under which an output was glued, or None."""
    return output.get("metadata", {}).get("scrapbook", {}).get("name")


def record(output):
    """Return the derivation an output carries, or None."""
    found = data(output).get(DERIVATION)
    return json.loads(found) if isinstance(found, str) else found
