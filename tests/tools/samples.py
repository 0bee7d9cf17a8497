"""Small notebooks for the tests of the guards."""

import json

from tools.notebooks import DERIVATION, GLUED

PROOF = {"title": "Gradient", "badge": "proved for every size",
         "lines": [r"\frac{\partial L}{\partial z_{j}}",
                   r"-\sum_{l} y_{l} (\delta_{lj} - s_{j})",
                   r"s_{j} - y_{j}"],
         "relations": ["", "=", "="], "proved_lines": 2,
         "statement": r"\frac{\partial L}{\partial z_{j}} = s_{j} - y_{j}"}


def text(name, source):
    """A text cell."""
    return {"cell_type": "markdown", "id": name, "metadata": {},
            "source": source}


def code(name, source, *outputs, tags=(), count=1, **mystnb):
    """A code cell with its stored outputs."""
    metadata = {"tags": list(tags)} if tags else {}
    if mystnb:
        metadata["mystnb"] = mystnb
    return {"cell_type": "code", "id": name, "metadata": metadata,
            "source": source, "outputs": list(outputs),
            "execution_count": count}


def result(**data):
    """The value of a cell; ``plain="4"`` is its text."""
    names = {"plain": "text/plain", "html": "text/html",
             "latex": "text/latex", "svg": "image/svg+xml"}
    return {"output_type": "execute_result", "execution_count": 1,
            "metadata": {}, "data": {names[k]: v for k, v in data.items()}}


def derivation(proof=None):
    """A derivation as the engine stores it."""
    output = result(html='<div class="derivation"></div>', plain="proof")
    output["data"][DERIVATION] = proof or PROOF
    return output


def glue(key, statement):
    """A glued statement."""
    return {"output_type": "display_data",
            "metadata": {"scrapbook": {"name": key, "mime_prefix": GLUED}},
            "data": {GLUED + "text/latex": f"$${statement}$$",
                     GLUED + DERIVATION: {"statement": statement}}}


def write(folder, name, *cells):
    """Write a notebook into a book folder; return the folder."""
    folder.mkdir(exist_ok=True)
    notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4,
                "nbformat_minor": 5}
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    return folder
