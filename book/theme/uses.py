"""Which page of the book uses which function of the package.

A chapter imports its names in its first cells, so the syntax tree of the
code says what each name is; nothing is imported or run.
"""

import ast
import json
import re
from functools import lru_cache
from pathlib import Path

SHOWN = re.compile(r"\{literalinclude\} \.\./src/(\S+)\.py\s*\n"
                   r":pyobject: (\S+)")
TITLE = re.compile(r"^# (.+)$", re.M)
BLOCK = ast.FunctionDef | ast.ClassDef


@lru_cache(maxsize=None)
def defined(root):
    """Return the public functions and classes of src/lmbook, by full name."""
    found = set()
    for path in (root / "lmbook").rglob("*.py"):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, BLOCK) and not node.name.startswith("_"):
                found.add(f"{module}.{node.name}")
    return found


@lru_cache(maxsize=None)
def resolve(root, module, name):
    """Return the full name of what `from module import name` gives.

    A package gives what a module below it defines; None if nothing of
    that name is there, or several things are.
    """
    exact = f"{module}.{name}"
    if exact in defined(root):
        return exact
    below = [full for full in defined(root)
             if full.startswith(f"{module}.") and full.endswith(f".{name}")]
    return below[0] if len(below) == 1 else None


def exported(root, module):
    """Return the names that `from module import *` gives: its __all__."""
    path = root.joinpath(*module.split("."), "__init__.py")
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__":
            return ast.literal_eval(node.value)
    return []


def imports(root, tree):
    """Return what names mean after the imports of a syntax tree.

    {"load": "lmbook.data.corpora.load"} for objects, and for modules
    {"F": ("lmbook.functional",)}, so that F.softmax can be found.
    """
    meaning = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("lmbook") and alias.asname:
                    meaning[alias.asname] = (alias.name,)
        elif isinstance(node, ast.ImportFrom) and node.module \
                and node.module.startswith("lmbook"):
            names = {alias.asname or alias.name: alias.name
                     for alias in node.names}
            if "*" in names:
                names = {name: name for name in exported(root, node.module)}
            for own, name in names.items():
                meaning[own] = resolve(root, node.module, name) or (
                    f"{node.module}.{name}",)
    return meaning


def used(root, tree, meaning):
    """Yield the full name of each function of the package that is named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            full = meaning.get(node.id)
            if isinstance(full, str):
                yield full
        elif isinstance(node, ast.Attribute) \
                and isinstance(node.value, ast.Name):
            module = meaning.get(node.value.id)
            if isinstance(module, tuple):
                full = resolve(root, *module, node.attr)
                if full:
                    yield full


@lru_cache(maxsize=None)
def notebook(path, root):
    """Return title, meaning of the imported names, and what is used."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells
                     if cell["cell_type"] == "markdown")
    tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells
                               if cell["cell_type"] == "code"))
    meaning = imports(root, tree)
    shown = {f"{module.replace('/', '.')}.{name}"
             for module, name in SHOWN.findall(text)}
    return (TITLE.search(text)[1], meaning,
            {*used(root, tree, meaning), *shown & defined(root)})


def pages(book, root):
    """Return {full name: [(title, page)]} over all notebooks."""
    where = {}
    for path in sorted(Path(book).glob("*.ipynb")):
        title, _, names = notebook(path, root)
        for name in names:
            where.setdefault(name, []).append((title, path.stem))
    return where
