"""Small notebooks for the tests of the guards."""

import json

from tools.normal import KERNEL, LANGUAGE
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
    metadata = {"name": name} | ({"tags": list(tags)} if tags else {})
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
    notebook = {"cells": list(cells), "nbformat": 4, "nbformat_minor": 5,
                "metadata": {"kernelspec": KERNEL, "language_info": LANGUAGE}}
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    return folder


WORDS = ("The loss of a model on a word is the number of nats that the word "
         "costs under its forecast. ")


def chapter():
    """A chapter that keeps every rule of the anatomy, cell by cell."""
    cells = [text("title", "# Softmax\n\n" + WORDS * 2
                  + "\n\n:::{admonition} Plan\nYou will derive one law, build"
                  " one function; you need sums.\n:::"),
             code("imports", "import numpy as np\nfrom myst_nb import glue")]
    cells += [text("setting", "## Setting\n\n" + WORDS * 70)]
    cells += steps("try", 4)
    cells += [text("derivation", "## Derivation\n\n" + WORDS),
              code("law", "d", derivation(), tags=["hide-input"]),
              text("said", "It says that errors pull."),
              text("implementation", "## Implementation\n\n"
                   "```{literalinclude} ../src/lmbook/functional.py\n"
                   ":pyobject: softmax\n```"), *steps("call", 3),
              text("experiment", "## Experiment\n\nWe ask one question."),
              code("plot", "draw(x)", result(svg="<svg/>", plain="<Figure>"),
                   figure={"name": "fig-x", "caption":
                           "The loss falls as the forecast sharpens."},
                   image={"alt": "A falling curve of loss"}),
              text("pitfalls", "## Pitfalls\n\n" + WORDS), *steps("trap", 2),
              text("summary", "## Summary\n\n- One.\n- Two.\n- Three."),
              text("exercises", "## Exercises"), *exercise("b1"),
              text("further-reading", "## Further reading\n\n" + "".join(
                  "- {cite}`key`: it is short.\n" for _ in range(3)))]
    return numbered(cells)


def steps(name, number):
    """Cells with words between them."""
    found = []
    for position in range(1, number + 1):
        found += [code(f"{name}-{position}", "y = x + 1\nassert y.sum() > 0"),
                  text(f"{name}-{position}-seen", "We see the sum rise.")]
    return found


def exercise(name):
    """An exercise with a hint, a gated solution and its check."""
    return [text(f"ex-{name}-statement",
                 f"````{{exercise}} A shift\n:label: ex-{name}\n\nShow it.\n\n"
                 ":::{admonition} Hint\n:class: tip dropdown\nAdd it.\n:::\n"
                 "````"),
            text(f"ex-{name}-open",
                 f"```{{solution-start}} ex-{name}\n:class: dropdown\n```"),
            code(f"ex-{name}-solution",
                 f'answer = 1\ncheck("{name.upper()}", answer)',
                 result(plain=f"{name.upper()}: correct")),
            text(f"ex-{name}-close", "```{solution-end}\n```")]


def numbered(cells):
    """Number the code cells from 1, as a fresh run does."""
    counts = iter(range(1, len(cells) + 1))
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["execution_count"] = next(counts)
    return cells
