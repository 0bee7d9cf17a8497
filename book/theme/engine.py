"""A small Sphinx extension: the engine of the book, in the reader's browser.

The directive `{desk}` is a form in which a reader types the next line of a
derivation.  A click loads Pyodide and the engine from `_static/engine/`,
which this extension fills while the site is built: every file compressed, in
base64, inside a script, because a page that is opened from a folder may load
scripts and nothing else.  Pyodide comes from the archive that

    make engine

puts into lmbook's cache; LMBOOK_PYODIDE may name another folder that holds
it.  Without the archive the form says so, and the rest of the site is built.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

import lmbook
from lmbook.data.fetch import cache_folder
from lmbook.desk import STARTS, chain

PACKAGE, ARCHIVE = "pyodide@314.0.7", "pyodide-314.0.7.tgz"
SHA512 = ("d18bd7c4485f11da4b7dbfd790cd8114078c44eab488c517d9bcf31fda4eb6dc"
          "8c716930abe1db139bb2b860fcd8b37bcb6abe48dbe2ffa579244b0e943d91d4")
HERE = Path(__file__).parent
WORKER = "pyodide_worker.js"
SCRIPTS = {"runtime.js": ["pyodide.mjs", "pyodide.asm.mjs"],
           "wasm.js": ["pyodide.asm.wasm"],
           "library.js": ["python_stdlib.zip"],
           "lmbook.js": ["pyodide-lock.json", "lmbook.zip", WORKER]}
LEFT_OUT = ("explicit.py", "arrays_torch.py")   # they need other libraries
NOTICE = """\
These scripts hold, compressed, the files of Pyodide 314.0.7 (pyodide.mjs,
pyodide.asm.mjs, pyodide.asm.wasm, python_stdlib.zip), unchanged, under the
Mozilla Public License 2.0: https://www.mozilla.org/MPL/2.0/
Source: https://github.com/pyodide/pyodide/tree/314.0.7
Pyodide contains CPython, under the PSF License: https://docs.python.org/license
The file lmbook.zip is the book's own code, under the MIT License.
"""


# ------------------------------------------------------------- the archive

def archive():
    """Return the bytes of Pyodide's archive, or None if it is not here."""
    named = os.environ.get("LMBOOK_PYODIDE")
    path = (Path(named) if named else cache_folder()) / ARCHIVE
    return verified(path.read_bytes(), path) if path.is_file() else None


def verified(data, path):
    """Return the bytes; `ValueError` unless they are the pinned ones."""
    found = hashlib.sha512(data).hexdigest()
    if found != SHA512:
        raise ValueError(f"{path}: SHA-512 is {found[:16]}..., expected "
                         f"{SHA512[:16]}...; delete it, then: make engine")
    return data


def fetch():
    """Put the archive into the cache, with npm, unless it is here."""
    if archive() is not None:
        return "the archive of Pyodide is here already"
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as held:
        subprocess.run(["npm", "pack", PACKAGE, "--silent",
                        "--pack-destination", held], check=True,
                       stdout=subprocess.DEVNULL)
        path = Path(held) / ARCHIVE
        verified(path.read_bytes(), path)
        path.replace(folder / ARCHIVE)
    return folder / ARCHIVE


# ------------------------------------------------------------- the scripts

def members(data):
    """Return {name: bytes} of every file that the scripts hold."""
    with tarfile.open(fileobj=io.BytesIO(data)) as package:
        files = {name: package.extractfile(f"package/{name}").read()
                 for name in sum(SCRIPTS.values(), [])
                 if name.startswith(("pyodide", "python"))
                 and name != WORKER}
    lock = json.loads(files["pyodide-lock.json"])
    files["pyodide-lock.json"] = json.dumps({**lock, "packages": {}}).encode()
    files["lmbook.zip"] = sources()
    files[WORKER] = (HERE / WORKER).read_bytes()
    return files


def sources():
    """Return the code of the engine as a zip, the same at every build."""
    root, held = Path(lmbook.__file__).parent, io.BytesIO()
    paths = [root / "__init__.py", *root.glob("derivation/**/*.py"),
             *root.glob("desk/*.py")]
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(paths):
            if path.name not in LEFT_OUT:
                name = path.relative_to(root.parent).as_posix()
                entry = zipfile.ZipInfo(name)   # dated 1980, like every file
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, path.read_bytes())
    return held.getvalue()


def packed(data):
    """Return bytes, compressed, in letters."""
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def scripts(data):
    """Return {name: text} of the scripts made of Pyodide's archive."""
    files = members(data)
    return {script: "".join(
        f'LMBOOK_ENGINE["{name}"] = "{packed(files[name])}";\n'
        for name in names) for script, names in SCRIPTS.items()}


def write(app, error):
    """Write the scripts into the finished site."""
    if error or app.builder.format != "html" or not app.lmbook_engine:
        return
    folder = Path(app.outdir) / "_static" / "engine"
    folder.mkdir(exist_ok=True)
    (folder / "NOTICE.txt").write_text(NOTICE, encoding="utf-8")
    for name, text in app.lmbook_engine.items():
        (folder / name).write_text(text, encoding="ascii")


# ---------------------------------------------------------------- the form

class DeskForm(SphinxDirective):
    """`{desk}`: the form, with its starts already typeset."""

    def run(self):
        up = "../" * self.env.docname.count("/")
        self.env.metadata[self.env.docname]["desk"] = True
        return [nodes.raw("", form(up, self.env.app.lmbook_engine),
                          format="html")]


def form(up, engine):
    """Return the HTML of the form; `engine` is what `scripts` returned."""
    weight = {name: len(text) for name, text in engine.items()}
    starts = [(key, make()) for key, make in STARTS.items()]
    options = "".join(f'<option value="{key}">{start.derivation.title}'
                      '</option>' for key, start in starts)
    sheets = "".join(sheet(key, start) for key, start in starts)
    page = (HERE / "desk.html").read_text(encoding="utf-8")
    for name, value in {"up": up, "options": options, "sheets": sheets,
                        "weight": escape(json.dumps(weight))}.items():
        page = page.replace(f"@{name}@", value)
    return page


def sheet(key, start):
    """Return what the form shows of one start, kept aside in a template."""
    d = start.derivation
    bodies = " and ".join(
        rf"\(\displaystyle {escape(str(d.definition(tensor[indices])))}\)"
        for tensor, (indices, _) in d.table.items())
    where = f"<p>where {bodies}</p>" if bodies else ""
    uses = " ".join(f"<code>{escape(use)}</code>" for use in start.uses)
    fact = escape(start.fact.name) if start.fact else ""
    return (f'<template data-start="{key}" data-fact="{fact}" '
            f'data-example="{escape(start.example)}">'
            f'<div class="desk-chain">{chain(d)}</div>'
            f'<div class="desk-where mathjax_process">{where}</div>'
            f'<p class="desk-uses">{uses}</p></template>')


def with_desk(app, env, added, changed, removed):
    """Name the pages to read anew at every build: the engine may be new."""
    return [name for name, known in env.metadata.items() if "desk" in known]


def setup(app):
    """Register the extension with Sphinx."""
    data = archive()
    app.lmbook_engine = scripts(data) if data else {}
    app.add_directive("desk", DeskForm)
    app.connect("env-get-outdated", with_desk)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    sys.stdout.write(f"{fetch()}\n")
