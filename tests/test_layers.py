"""The shape of the package: who may import whom, and how code is written.

Each rule is a function from a module's name and source to the complaints
it has.  It runs on every module, and on planted sources it must refuse.
"""

import ast
import pathlib

import pytest

# Each module imports only from modules above it in this list, or from
# its own package where the list names the package as one.
ORDER = [
    "derivation.language", "derivation.kernel", "derivation.worlds",
    "derivation.matrices", "derivation.printing", "derivation.reading",
    "derivation.chain", "derivation",
    "gradcheck", "functional", "autodiff", "nn", "optim", "data",
    "vocabulary", "ngrams", "bpe", "decoding", "vectors", "models",
    "training", "checks", "exercises", "plotting",
]
LONG_FILES = {"derivation.kernel"}
FILE_LINES, BODY_LINES, COLUMNS = 250, 25, 79

# Which library may be imported where.
LIBRARIES = {
    "torch": lambda name: name.endswith("_torch")
    or name == "derivation.worlds",
    "sympy": lambda name: f"{name}.".startswith("derivation."),
    "matplotlib": lambda name: name == "plotting",
}

ROOT = pathlib.Path(__file__).parents[1] / "src" / "lmbook"


def sources():
    """Return {module name: source}; packages end in '.__init__'."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts):
        path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}


# ------------------------------------------------------------------ rules

def entry(name):
    """Return the line of ORDER that `name` belongs to, or None."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        if ".".join(parts[:end]) in ORDER:
            return ".".join(parts[:end])
    return None


def imported(name, source):
    """Return every module imported, those of the package as '.name'."""
    package = name.split(".")[:-1]
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = package[:len(package) - node.level + 1]
            base += [node.module] if node.module else []
            found += spelled("." + ".".join(base), node.names)
        elif isinstance(node, ast.ImportFrom):
            found += spelled(node.module, node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "__import__", "import_module", "importlib.import_module"):
            found += [arg.value for arg in node.args[:1]
                      if isinstance(arg, ast.Constant)]
    return ["." + module.removeprefix("lmbook").lstrip(".")
            if f"{module}.".startswith("lmbook.") else module
            for module in found]


def spelled(base, aliases):
    """Return what `from base import aliases` may load, '.name' if ours."""
    ours = base.startswith(".") or f"{base}.".startswith("lmbook.")
    if not ours:
        return [base]
    return [f"{base.rstrip('.')}.{alias.name}" for alias in aliases]


def import_order(name, source):
    """Complain about imports from a module lower in ORDER."""
    own = entry(name.removesuffix(".__init__"))
    if own is None:
        known = name == "__init__"
        return [] if known else ["not in ORDER: say where it belongs"]
    complaints = []
    for module in imported(name, source):
        if not module.startswith("."):
            continue
        other = entry(module.strip("."))
        if other is None:
            complaints.append(f"imports lmbook{module}, not in ORDER")
        elif other != own and ORDER.index(other) > ORDER.index(own):
            complaints.append(f"imports {other}, which comes after {own}")
    return complaints


def libraries(name, source):
    """Complain about torch, SymPy, Matplotlib outside their place."""
    module = name.removesuffix(".__init__")
    roots = {m.split(".")[0] for m in imported(name, source)}
    return [f"imports {library}" for library in sorted(roots)
            if library in LIBRARIES and not LIBRARIES[library](module)]


def no_print(name, source):
    """Complain about every call of print."""
    return [f"line {node.lineno}: print" for node in ast.walk(
        ast.parse(source)) if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "print"]


def sizes(name, source):
    """Complain about long files, long lines, long function bodies."""
    lines = source.splitlines()
    complaints = [f"line {i}: {len(line)} columns"
                  for i, line in enumerate(lines, 1) if len(line) > COLUMNS]
    if len(lines) > FILE_LINES and name not in LONG_FILES:
        complaints.append(f"{len(lines)} lines")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            count = body_lines(node, lines)
            if count > BODY_LINES:
                complaints.append(f"{node.name}: body of {count} lines")
    return complaints


def body_lines(node, lines):
    """Return how many lines the body has, without docstring and blanks."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    if not body:
        return 0
    text = lines[body[0].lineno - 1:node.end_lineno]
    return sum(bool(line.strip()) for line in text)


def docstrings(name, source):
    """Complain about public code without docstring or doctest."""
    tree = ast.parse(source)
    complaints = [] if ast.get_docstring(tree) else ["no docstring"]
    for node in tree.body:
        if not isinstance(node, DEFINITIONS) or node.name[0] == "_":
            continue
        inner = node.body if isinstance(node, ast.ClassDef) else []
        for item in [node, *inner]:
            if isinstance(item, DEFINITIONS) and item.name[0] != "_" and (
                    not ast.get_docstring(item)):
                complaints.append(f"{item.name}: no docstring")
        if isinstance(node, ast.FunctionDef) and not is_check(node) and (
                ">>> " not in (ast.get_docstring(node) or "")):
            complaints.append(f"{node.name}: no doctest")
    return complaints


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def is_check(node):
    """Return whether it is the check of an exercise, tested elsewhere."""
    return any(ast.unparse(d).startswith("exercise(")
               for d in node.decorator_list)


RULES = [import_order, libraries, no_print, sizes, docstrings]


# ------------------------------------------------------- on every module

@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_package(rule):
    complaints = [f"{name}: {complaint}"
                  for name, source in sorted(sources().items())
                  for complaint in rule(name, source)]
    assert not complaints, "\n".join(complaints)


def test_the_package_was_found():
    assert {"__init__", "gradcheck", "functional.losses",
            "exercises"} <= set(sources())
    assert len(ORDER) == len(set(ORDER))


# ------------------------------------------- planted, and must be refused

LONG_BODY = "def f():\n    'doc'\n" + "    x = 1\n" * 26

PLANTED = [
    (import_order, "gradcheck", "from .functional import softmax",
     "imports functional, which comes after gradcheck"),
    (import_order, "gradcheck", "from . import functional",
     "imports functional, which comes after gradcheck"),
    (import_order, "gradcheck", "import lmbook.functional as F",
     "imports functional, which comes after gradcheck"),
    (import_order, "gradcheck", "from lmbook import functional",
     "imports functional, which comes after gradcheck"),
    (import_order, "gradcheck", "from lmbook.functional import softmax",
     "imports functional, which comes after gradcheck"),
    (import_order, "functional.losses", "from ..exercises import check",
     "imports exercises, which comes after functional"),
    (import_order, "functional.__init__", "from ..nn import Linear",
     "imports nn, which comes after functional"),
    (import_order, "derivation.kernel", "from .chain import Derivation",
     "imports derivation.chain, which comes after derivation.kernel"),
    (import_order, "derivation.kernel", "from . import chain",
     "imports derivation.chain, which comes after derivation.kernel"),
    (import_order, "derivation.kernel", "from lmbook.derivation import D",
     "imports derivation, which comes after derivation.kernel"),
    (import_order, "nn", "def f():\n    from .plotting import show",
     "imports plotting, which comes after nn"),
    (import_order, "nn", "import_module('lmbook.plotting')",
     "imports plotting, which comes after nn"),
    (import_order, "nn", "from .unheard import x",
     "imports lmbook.unheard.x, not in ORDER"),
    (import_order, "unheard", "", "not in ORDER: say where it belongs"),
    (libraries, "nn", "import torch.nn as nn", "imports torch"),
    (libraries, "nn", "def f():\n    from torch import nn",
     "imports torch"),
    (libraries, "nn", "import importlib\nimportlib.import_module('torch')",
     "imports torch"),
    (libraries, "derivation.kernel", "import torch", "imports torch"),
    (libraries, "functional.losses", "from sympy import exp",
     "imports sympy"),
    (libraries, "exercises", "import matplotlib.pyplot as plt",
     "imports matplotlib"),
    (no_print, "nn", "def f():\n    print('x')", "line 2: print"),
    (sizes, "nn", "x = " + "1" * 76, "line 1: 80 columns"),
    (sizes, "nn", "x = 1\n" * 251, "251 lines"),
    (sizes, "nn", LONG_BODY, "f: body of 26 lines"),
    (sizes, "nn", "class A:\n" + "".join(
        f"    {line}\n" for line in LONG_BODY.splitlines()),
     "f: body of 26 lines"),
    (docstrings, "nn", "x = 1", "no docstring"),
    (docstrings, "nn", "'doc'\ndef f(): 'doc'", "f: no doctest"),
    (docstrings, "nn", "'doc'\nclass A: pass", "A: no docstring"),
    (docstrings, "nn", "'doc'\nclass A:\n  'doc'\n  def f(self): pass",
     "f: no docstring"),
]

ALLOWED = [
    (import_order, "functional", "from .gradcheck import check_vjp"),
    (import_order, "functional.losses", "from .arguments import as_floats"),
    (import_order, "checks.softmax", "from ..functional import softmax"),
    (import_order, "derivation.chain", "from . import kernel, worlds"),
    (import_order, "gradcheck", "from .derivation import D"),
    (import_order, "nn", "import numpy\nfrom scipy import special"),
    (libraries, "models.fixed_window_torch", "import torch"),
    (libraries, "derivation.worlds", "import torch"),
    (libraries, "derivation.__init__", "import sympy"),
    (libraries, "plotting", "from matplotlib import figure"),
    (no_print, "nn", "'print(1)'\nfrom .derivation import printing"),
    (sizes, "derivation.kernel", "x = 1\n" * 251),
    (sizes, "nn", LONG_BODY.replace("    x = 1\n", "\n", 1)),
    (docstrings, "nn", "'doc'\ndef _f(): pass\nclass _A: pass"),
    (docstrings, "nn", "'doc'\ndef f():\n  '''doc\n\n  >>> f()\n  '''"),
    (docstrings, "checks.a", "'doc'\n@exercise('A')\ndef f(): 'doc'"),
]


@pytest.mark.parametrize("rule, name, source, complaint", PLANTED)
def test_planted_violation(rule, name, source, complaint):
    assert complaint in rule(name, source)


@pytest.mark.parametrize("rule, name, source", ALLOWED)
def test_allowed(rule, name, source):
    assert rule(name, source) == []
