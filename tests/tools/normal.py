"""The normal form of a stored notebook: the same run, the same bytes.

Kept of an output: text, HTML, LaTeX, Markdown, SVG and derivations.  Dropped:
times, paths in tracebacks, PNG beside SVG, metadata of tools.  Refused: a
memory address, which differs from run to run.
"""

import json
import re

from tools.notebooks import GLUED, is_slug, joined, slug

KEEP = ("text/plain", "text/html", "text/latex", "text/markdown",
        "image/svg+xml", "image/png",
        "application/vnd.lmbook.derivation+json")
CELL_KEYS = ("name", "tags", "mystnb")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python",
            "name": "python", "pygments_lexer": "ipython3"}
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


class Refused(ValueError):
    """The notebook has no normal form; the message says which cell."""


def proposal(cell):
    """Propose an id: the cell's name, its label, its first words."""
    name = cell.get("metadata", {}).get("name")
    source = joined(cell["source"])
    kept = cell.get("id", "")
    if name:
        return slug(name)
    if is_slug(kept):
        return kept
    label = re.search(r"^:label: *(\S+)", source, re.MULTILINE)
    first = next((line for line in source.split("\n")
                  if re.search("[A-Za-z]", line)), "")
    found = slug(label.group(1) if label else first, 32)
    return found if is_slug(found) else slug(f"cell-{found}", 32)


def with_ids(cells):
    """Give every cell a slug; a repeated one takes -2, -3, ..."""
    seen = set()
    for cell in cells:
        base = found = proposal(cell)
        number = 2
        while found in seen:
            found, number = f"{base}-{number}", number + 1
        seen.add(found)
        cell["id"] = found
    return cells


def stream(output):
    """Keep the name and the text of a stream."""
    return {"output_type": "stream", "name": output["name"],
            "text": joined(output["text"])}


def error(output):
    """Keep what a reader needs of an error: no paths, no colours."""
    name, value = output["ename"], output["evalue"]
    return {"output_type": "error", "ename": name, "evalue": value,
            "traceback": [f"{name}: {value}"]}


def value(output, count):
    """Keep the known types of a displayed value."""
    stored = output["data"]
    kept = {mime: joined(stored[mime]) for mime in stored
            if mime.removeprefix(GLUED) in KEEP}
    for prefix in ("", GLUED):
        if f"{prefix}image/svg+xml" in kept:
            kept.pop(f"{prefix}image/png", None)
    metadata = output.get("metadata", {})
    found = {"output_type": output["output_type"], "data": kept,
             "metadata": {k: metadata[k] for k in metadata
                          if k == "scrapbook"}}
    if output["output_type"] == "execute_result":
        found["execution_count"] = count
    return found


def outputs(stored, count):
    """Return outputs in normal form, neighbouring streams merged."""
    found = []
    for output in stored:
        if output["output_type"] == "stream":
            last = found[-1] if found else {}
            if last.get("name") == output["name"]:
                last["text"] += joined(output["text"])
            else:
                found.append(stream(output))
        elif output["output_type"] == "error":
            found.append(error(output))
        else:
            found.append(value(output, count))
    return found


def normal_cell(cell, count):
    """Return one cell in normal form; ``count`` numbers the code cells."""
    metadata = cell.get("metadata", {})
    found = {"cell_type": cell["cell_type"], "id": cell["id"],
             "metadata": {k: metadata[k] for k in CELL_KEYS if k in metadata},
             "source": joined(cell["source"]).rstrip()}
    if cell["cell_type"] == "code":
        found["execution_count"] = count
        found["outputs"] = outputs(cell["outputs"], count)
        if ADDRESS.search(json.dumps(found["outputs"])):
            raise Refused(f"cell {cell['id']!r}: its output holds a memory "
                          "address, which changes at every run; expected text")
    return found


def normalise(notebook):
    """Return a notebook (a plain dictionary) in normal form."""
    cells, count = [], 0
    for cell in with_ids(notebook["cells"]):
        count += cell["cell_type"] == "code"
        cells.append(normal_cell(cell, count))
    return {"cells": cells, "nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": KERNEL, "language_info": LANGUAGE}}


def as_lines(found):
    """Store texts as lists of lines, as notebook files do."""
    for cell in found["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = output["text"].splitlines(keepends=True)
            for mime, held in output.get("data", {}).items():
                if isinstance(held, str):
                    output["data"][mime] = held.splitlines(keepends=True)
    return found


def dumps(notebook):
    """Return the bytes to store: sorted keys, a newline at the end."""
    text = json.dumps(as_lines(normalise(notebook)), indent=1,
                      sort_keys=True, ensure_ascii=False)
    return (text + "\n").encode("utf-8")
