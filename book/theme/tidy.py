"""A small Sphinx extension: repairs the HTML that other extensions emit.

Each entry is a defect found by an accessibility checker: a label that hides
the visible text, roles that no longer exist, the same id on every exercise.
"""

REPAIRS = {
    '<summary aria-label="Toggle hidden content">': "<summary>",
    ' role="doc-biblioentry"': ' role="listitem"',
    '<section id="exercise-content">': "<section>",
    '<section id="solution-content">': "<section>",
}


def repair(app, pagename, templatename, context, doctree):
    """Apply every repair to the body of one page."""
    body = context.get("body", "")
    for old, new in REPAIRS.items():
        body = body.replace(old, new)
    context["body"] = body


def setup(app):
    """Register the extension with Sphinx."""
    app.connect("html-page-context", repair)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
