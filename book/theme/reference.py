"""A small Sphinx extension: the reference of the package, with links.

The directive `{modules} lmbook.functional ...` documents every module of
the packages it names from their docstrings, with `sphinx.ext.autodoc`.
Names in the code of a chapter lead to their entry, and below an entry
stand the chapters that use it.
"""

import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective
from uses import defined, notebook, pages, resolve

LABEL = re.compile(r"^(\s*)([A-Z][a-z]+(?: [a-z]+)?): (?=\S)")
CODE = re.compile(r'<div class="highlight-(?:ipython3|python|default) .*?'
                  r"</pre>", re.S)
NAME = re.compile(r'(?:<span class="n">(\w+)</span><span class="o">\.</span>)?'
                  r'<span class="(n|nf|nc)">(\w+)</span>')


class Modules(SphinxDirective):
    """`{modules} lmbook.nn lmbook.optim`: their public members."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        root = Path(self.env.srcdir) / "src"
        owners = {full.rpartition(".")[0] for full in defined(root)}
        return [self.section(name) for package in self.arguments[0].split()
                for name in sorted(owners)
                if f"{name}.".startswith(f"{package}.")]

    def section(self, name):
        """One module: its docstring and its public members."""
        section = nodes.section(ids=[name.replace(".", "-")])
        section += nodes.title("", "", nodes.literal("", name))
        lines = ["```{eval-rst}", f".. automodule:: {name}", "   :members:",
                 "   :member-order: bysource", "```"]
        self.state.nested_parse(StringList(lines, "modules"), 0, section)
        return section


def as_markup(lines):
    """Return the lines of one of our docstrings as reStructuredText.

    A labelled line opens a paragraph, a table is shown as it was typed, and
    a star, a bar or a last underscore outside of code means itself.
    """
    shaped, table = [], False
    for line in lines:
        bar = line.lstrip().startswith("|")
        if bar and not table:
            shaped += ["", "::", ""]
        elif table and not bar:
            shaped.append("")
        table = bar
        if bar:
            line = "    " + line
        elif not line.lstrip().startswith((">>>", "...")):
            line = "`".join(
                re.sub(r"([*|]|_\b)", r"\\\1", part) if n % 2 == 0 else part
                for n, part in enumerate(line.split("`")))
            if LABEL.match(line):
                shaped.append("")
                line = LABEL.sub(r"\1**\2.** ", line)
        shaped.append(line)
    return shaped


def ours_alone(app, what, name, obj, skip, options):
    """Leave out what a class borrows from another library."""
    owner = getattr(obj, "__module__", None) or "lmbook"
    return True if not owner.startswith("lmbook") else None


def shape_docstring(app, what, name, obj, options, lines):
    """Make a docstring markup, and add the pages that use the object."""
    shaped = as_markup(lines)
    book = Path(app.srcdir) / "book"
    used = pages(book, Path(app.srcdir) / "src").get(name)
    if used:
        links = ", ".join(f":doc:`{title} </book/{page}>`"
                          for title, page in used)
        shaped += ["", f"**Used in.** {links}", ""]
    lines[:] = shaped


def link_names(app, pagename, templatename, context, doctree):
    """Link the names in the code of a chapter to the reference."""
    path, root = Path(app.srcdir) / f"{pagename}.ipynb", Path(
        app.srcdir) / "src"
    if not path.exists():
        return
    _, meaning, used = notebook(path, root)
    entries = app.env.get_domain("py").objects
    shown = {full.rpartition(".")[2]: full for full in used}

    def link(match):
        before, kind, name = match.groups()
        full = meaning.get(name)
        if before:
            module = meaning.get(before)
            full = (resolve(root, *module, name)
                    if isinstance(module, tuple) else None)
        elif kind != "n":
            full = shown.get(name)
        if not isinstance(full, str) or full not in entries:
            return match[0]
        page = entries[full].docname.rpartition("/")[2]
        return (f'<a class="to-reference" href="{page}.html#{full}">'
                f"{match[0]}</a>")

    context["body"] = CODE.sub(lambda code: NAME.sub(link, code[0]),
                               context["body"])


def setup(app):
    """Register the extension with Sphinx."""
    app.add_directive("modules", Modules)
    app.connect("autodoc-skip-member", ours_alone)
    app.connect("autodoc-process-docstring", shape_docstring)
    app.connect("html-page-context", link_names, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
