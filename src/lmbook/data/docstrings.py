"""The text of the `docs` corpus: prose in installed packages' docstrings.

The packages are found but never imported; their pure-Python files are read
as syntax trees. Files that differ between machines or Python versions are
skipped, so the same versions give the same text everywhere.
"""

import ast
import importlib.metadata
import importlib.util
import re
import warnings
from pathlib import Path

from lmbook.data.prose import paragraphs
from lmbook.data.text import sentences

PACKAGES = ("matplotlib", "numpy", "scipy", "sklearn", "sympy")
PINS = {"matplotlib": "3.11.2", "numpy": "2.4.6", "scipy": "1.17.1",
        "scikit-learn": "1.9.1", "sympy": "1.14.0",
        "sentence-splitter": "1.4"}

# Tests hold little prose. numpy.distutils is there only before Python 3.12.
SKIPPED_FOLDERS = frozenset(("tests", "testing", "benchmarks", "externals",
                             "distutils", "test-examples"))
# Written when a package is built: they differ from machine to machine.
SKIPPED_FILES = frozenset(("version.py", "_version.py", "__version__.py",
                           "__config__.py", "_distributor_init.py",
                           "_distributor_init_local.py"))
DOCUMENTED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def installed_versions():
    """Return {distribution: version} for the distributions in `PINS`.

    `ModuleNotFoundError` names a distribution that is not installed.
    """
    return {name: importlib.metadata.version(name) for name in PINS}


def package_folder(package):
    """Return the folder of an installed package without importing it.

    `ModuleNotFoundError` if it is not installed or is a single file.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"the docs corpus needs the package {package!r}, which is not "
            "installed; run: pip install -r requirements.txt")
    return Path(spec.submodule_search_locations[0])


def source_files(folder):
    """Return the .py files under a folder, sorted by relative POSIX path.

    Skips the names in `SKIPPED_FOLDERS` and `SKIPPED_FILES`.
    """
    found = {}
    for path in Path(folder).rglob("*.py"):
        relative = path.relative_to(folder)
        if (SKIPPED_FOLDERS.isdisjoint(relative.parts)
                and path.name not in SKIPPED_FILES):
            found[relative.as_posix()] = path
    return [found[name] for name in sorted(found)]


def docstrings(source):
    """Yield the docstrings of a module's source, in the order of the file.

    Of the module, its classes, functions and what is defined directly in
    them; source is bytes or str. `SyntaxError` if it does not parse.

    >>> list(docstrings('"One."\\nclass A:\\n  "Two."\\n  "no"\\n'))
    ['One.', 'Two.']
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")     # old escapes such as "\d"
        stack = [ast.parse(source)]
    while stack:
        node = stack.pop()
        text = ast.get_docstring(node, clean=False)
        if text:
            yield text
        stack += [child for child in reversed(node.body)
                  if isinstance(child, DOCUMENTED)]


def unique(texts):
    """Return the texts without repeats, the first of each kept, in order.

    Two texts are the same if they have the same letters, whatever the
    case, the digits and the punctuation.

    >>> unique(["Axis 0.", "The sum.", "axis 1"])
    ['Axis 0.', 'The sum.']
    """
    first = {}
    for text in texts:
        first.setdefault(re.sub(r"[\W\d_]+", "", text).lower(), text)
    return list(first.values())


def extract(folders):
    """Return the prose of the docstrings under some package folders.

    A list of paragraphs, each a list of sentences. The order is that of
    the folders' names, then of the files, then of the text; repeated
    paragraphs are kept once.
    """
    texts = []
    for folder in sorted(folders, key=lambda folder: Path(folder).name):
        for path in source_files(folder):
            for docstring in docstrings(path.read_bytes()):
                texts += paragraphs(docstring)
    return [sentences(text) for text in unique(texts)]
