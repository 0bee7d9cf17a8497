"""A small Sphinx extension: the line under the title of a chapter.

It says how long the chapter takes to read, lets you download the notebook,
and opens it in Colab if `colab_repository` is set (see `colab.py`).
"""

from pathlib import Path

import colab
from docutils import nodes

PACE = 180                     # words a minute
FORMULA = 10                   # a line of mathematics, in words
TABLES = {"matrix-identities"}  # to look things up in, not to read
SKIPPED = nodes.literal_block | nodes.comment | nodes.target | nodes.title
SEPARATOR = '<span aria-hidden="true"> · </span>'


def words(node):
    """Count what is read: no code, no exercises; a formula is ten words."""
    if isinstance(node, nodes.Text):
        return len(node.split())
    if isinstance(node, nodes.raw):
        return FORMULA * node.astext().count('class="step-math"')
    if isinstance(node, nodes.math_block):
        return FORMULA
    if isinstance(node, nodes.math):
        return 1
    if isinstance(node, SKIPPED) or "exercises" in node.get("ids", ()):
        return 0
    return sum(map(words, node.children))


def minutes(count):
    """Return how long so many words take, to the nearest five minutes.

    >>> minutes(100), minutes(3600)
    (5, 20)
    """
    return max(5, 5 * round(count / PACE / 5))


def time(doctree):
    """Say how long a page takes to read."""
    left_out = any("exercises" in section.get("ids")
                   for section in doctree.findall(nodes.section))
    return (f"About {minutes(words(doctree))} minutes"
            + ", without the exercises" * left_out)


def line(time, notebook, elsewhere):
    """Return the line; `elsewhere` is the address in Colab, or None."""
    parts = [time] * bool(time)
    parts.append(f'<a href="{notebook}" download>Download notebook</a>')
    if elsewhere:
        parts.append(f'<a href="{elsewhere}">Open in Colab</a>')
    return f'<p class="reading-time">{SEPARATOR.join(parts)}</p>'


def plain_labels(buttons):
    """Name what the menu of the download button offers."""
    names = {".ipynb": "Notebook (.ipynb)", ".md": "Source of this page (.md)",
             ".pdf": "Print or save as PDF"}
    for button in buttons:
        plain_labels(button.get("buttons", []))
        if button.get("text") in names:
            button["text"] = names[button["text"]]


def add(app, pagename, templatename, context, doctree):
    """Put the line below the title of a page that is a notebook."""
    plain_labels(context.get("header_buttons", []))
    if not (Path(app.srcdir) / f"{pagename}.ipynb").exists():
        return
    notebook = context["pathto"](f"_sources/{context['sourcename']}", 1)
    read = "" if Path(pagename).name in TABLES else time(doctree)
    shown = line(read, notebook, colab.address(app.config, pagename))
    context["body"] = context["body"].replace("</h1>", f"</h1>\n{shown}", 1)


def setup(app):
    """Register the extension with Sphinx."""
    app.connect("html-page-context", add, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
