"""Run a chapter from its first cell to its last and store its outputs.

    python tests/tools/execute.py NAME...        the chapters named
    python tests/tools/execute.py --all          every chapter
    python tests/tools/execute.py NAME --from-md book/NAME.md

With ``--from-md`` the cells are first taken from a Markdown text (written by
``jupytext --to md:myst``); cells keep their ids, also when edited, and
``:name: ce-gradient`` in the text gives a cell its id.  A file is written
only if the run succeeds and something changed.
"""

import argparse
import difflib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import (CellExecutionError, CellTimeoutError,
                                 DeadKernelError)

from tools.normal import Refused, dumps, with_ids
from tools.notebooks import BOOK

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TIMEOUT = 120  # seconds for one cell


class Failed(Exception):
    """A chapter could not be run; the message names chapter and cell."""


def place(path, cell):
    """Name a cell of a chapter."""
    return f"book/{path.name}, cell {cell['id']!r}"


def run(notebook, path):
    """Execute a notebook in place, in a fresh kernel, from ``book/``."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    current = {}
    client = NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="python3",
        record_timing=False, resources={"metadata": {"path": path.parent}},
        on_cell_execute=lambda cell, cell_index: current.update(cell=cell))
    try:
        client.execute()
    except CellExecutionError as error:
        shown = COLOUR.sub("", f"{error.ename}: {error.evalue}")
        raise Failed(f"{place(path, current['cell'])}: {shown}\n\n"
                     f"{current['cell']['source']}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise Failed(f"{place(path, current['cell'])}: {error}") from error
    return notebook


def keep_ids(fresh, stored):
    """Give edited cells the ids they had: equal cells tell which is which."""
    matcher = difflib.SequenceMatcher(
        None, [cell.source for cell in stored],
        [cell.source for cell in fresh], autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        if b - a == d - c:
            for old, new in zip(stored[a:b], fresh[c:d]):
                if old.cell_type == new.cell_type:
                    new.id = old.id


def merge_text(path, text):
    """Take the cells of a Markdown text; keep the ids of the notebook."""
    fresh = jupytext.read(text, fmt="md:myst")
    if path.exists():
        keep_ids(fresh.cells, nbformat.read(path, as_version=4).cells)
    return fresh


def write(path, content):
    """Replace a file in one step, only if its bytes change."""
    if path.exists() and path.read_bytes() == content:
        return False
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
    return True


def execute(path, text=None):
    """Run one chapter and store it; return whether the file changed."""
    if text is None and not path.exists():
        raise Failed(f"book/{path.name}: no such chapter")
    notebook = (merge_text(path, text) if text
                else nbformat.read(path, as_version=4))
    with_ids(notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    run(notebook, path)
    try:
        return write(path, dumps(json.loads(json.dumps(notebook))))
    except Refused as error:
        raise Failed(f"book/{path.name}, {error}") from error


def main(arguments=None, book=BOOK):
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--all", action="store_true", dest="every")
    parser.add_argument("--from-md", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    names = options.names
    if options.every:
        names = sorted(path.stem for path in book.glob("*.ipynb"))
    if options.from_md and len(names) != 1:
        parser.error("--from-md takes exactly one NAME")
    for name in names:
        try:
            changed = execute(book / f"{name}.ipynb", options.from_md)
        except Failed as error:
            print(error, file=sys.stderr)
            return 1
        print(f"book/{name}.ipynb: {'stored' if changed else 'unchanged'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
