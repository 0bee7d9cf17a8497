"""A small Sphinx extension: the notebooks, ready to open in Google Colab.

A stored notebook installs nothing, and Colab has no `lmbook`.  So the site
holds a copy of each notebook that begins with the installation.  Colab reads
copies from GitHub only.  Two options of `_config.yml` say where:

    colab_repository: OWNER/NAME      # empty: no copies and no button
    colab_place: gh-pages/_static/colab     # branch, then folder

The default place is right for a site that is published from the branch
`gh-pages`.  The package is installed from the same repository.
"""

import json
import re
from pathlib import Path

ADDRESS = "https://colab.research.google.com/github"
NEEDED = "myst-nb platformdirs pooch regex"     # what Colab may not have
FOLDER = "_static/colab"
OPENED = re.compile(r'\bopen\(\\?"([\w-]+\.\w+)\\?"\)')


def address(config, page):
    """Return the address of a page's notebook in Colab, or None."""
    if not config.colab_repository:
        return None
    branch, _, folder = config.colab_place.partition("/")
    return (f"{ADDRESS}/{config.colab_repository}/blob/{branch}/{folder}/"
            f"{Path(page).name}.ipynb")


def files(path):
    """Return the files beside a notebook that its code opens."""
    names = OPENED.findall(path.read_text("utf-8"))
    return [name for name in dict.fromkeys(names)
            if (path.parent / name).exists()]


def with_installation(notebook, repository, opened=()):
    """Return a notebook whose first cell installs what it needs."""
    lines = [f"%pip install -q {NEEDED} git+https://github.com/{repository}",
             *(f"!curl -sSO https://raw.githubusercontent.com/{repository}"
               f"/HEAD/book/{name}" for name in opened)]
    cell = {"cell_type": "code", "execution_count": None,
            "id": "install-for-colab", "metadata": {}, "outputs": [],
            "source": "\n".join(lines).splitlines(keepends=True)}
    return {**notebook, "cells": [cell, *notebook["cells"]]}


def write_copies(app, error):
    """Write a copy of every notebook of the book into the site."""
    repository = app.config.colab_repository
    if error or not repository or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(app.env.found_docs):
        path = Path(app.srcdir) / f"{name}.ipynb"
        if path.exists():
            notebook = json.loads(path.read_text("utf-8"))
            copy = with_installation(notebook, repository, files(path))
            (folder / path.name).write_text(
                json.dumps(copy, indent=1, ensure_ascii=False) + "\n",
                encoding="utf-8")


def setup(app):
    """Register the options and the extension with Sphinx."""
    app.add_config_value("colab_repository", "", "html", str)
    app.add_config_value("colab_place", "gh-pages/_static/colab", "html", str)
    app.connect("build-finished", write_copies)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
