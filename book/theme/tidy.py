"""A small Sphinx extension: repairs the HTML that other extensions emit.

Each repair answers a defect found by a checker: a label that hides the
visible text, roles that no longer exist, the same id on every exercise, and
figures without a size, which make the page jump while it loads.
"""

import re
from pathlib import Path

REPAIRS = {
    '<summary aria-label="Toggle hidden content">': "<summary>",
    ' role="doc-biblioentry"': ' role="listitem"',
    '<section id="exercise-content">': "<section>",
    '<section id="solution-content">': "<section>",
}


FIGURE = re.compile(r'<img (?![^>]*width=)([^>]*src="[^"]*/([^"/]+\.svg)")')
SIZE = re.compile(r'<svg[^>]*?\s(width|height)="([\d.]+)pt"'
                  r'[^>]*?\s(width|height)="([\d.]+)pt"')


def svg_size(path):
    """HTML attributes with the size in pixels of an SVG drawn in points."""
    found = SIZE.search(Path(path).read_text(encoding="utf-8")[:4000])
    if not found:
        return ""
    pairs = [found.group(1, 2), found.group(3, 4)]
    return "".join(f'{name}="{float(points) * 4 / 3:.0f}" '
                   for name, points in sorted(pairs, reverse=True))


# A click on the bar of a solution opens it; a link there would jump away.
SOLUTION = re.compile(r'Solution to<a class="reference internal" '
                      r'href="#[^"]*"> Exercise \d*\s*\((\w+)[^<]*</a>')


# Scripts and styles for boxes that no page of the book has.
UNUSED = {"_static/design-tabs.js", "_static/sphinx-design.min.css"}


def lighten(app, pagename, templatename, context, doctree):
    """Leave out what no page uses."""
    if "sd-" in context.get("body", ""):
        return
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if str(
            getattr(file, "filename", file)) not in UNUSED]


def repair(app, pagename, templatename, context, doctree):
    """Repair the body of one page."""
    body = context.get("body", "")
    for old, new in REPAIRS.items():
        body = body.replace(old, new)
    body = SOLUTION.sub(r"Solution to \1", body)
    files = {name: path for path, name in app.builder.images.items()}

    def with_size(match):
        path = files.get(match[2])
        size = svg_size(Path(app.srcdir) / path) if path else ""
        return f"<img {size}{match[1]}"

    context["body"] = FIGURE.sub(with_size, body)


def setup(app):
    """Register the extension with Sphinx."""
    app.connect("html-page-context", repair)
    app.connect("html-page-context", lighten, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
