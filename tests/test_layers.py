"""The shape of the package: who may import whom, and how code is written.

Each rule is a function from a module's name and source to the complaints
it has.  It runs on every module, and on planted sources it must refuse.
"""

import ast
import graphlib
import importlib
import inspect
import pathlib

import pytest

# Each module imports only from modules above it in this list, or from
# its own package where the list names the package as one.
ORDER = [
    "derivation.language", "derivation.kernel", "derivation.rules",
    "derivation.worlds", "derivation.matrices", "derivation.printing",
    "derivation.reading", "derivation.chain", "derivation", "desk",
    "identities", "gradcheck", "files", "functional", "autodiff", "nn",
    "optim", "data", "vocabulary", "ngrams", "bpe", "decoding", "vectors",
    "models", "scale", "training", "checks", "exercises", "plotting",
    "drawing",
]

# Which rooms a room of the engine may use.  The evidence, `worlds`, and
# the print, `printing` and `reading`, owe nothing to the proof.
ROOMS = {
    "language": "", "kernel": "language", "rules": "language kernel",
    "worlds": "language", "matrices": "language",
    "printing": "language matrices",
    "reading": "language matrices printing",
    "chain": "language kernel rules worlds matrices printing reading",
}

# The imports that do not point down, each with its reason.
UPWARD = {
    ("derivation.language.printed", "derivation.printing"):
        "str of an expression is its LaTeX; imported when called",
    ("derivation.matrices.base", "derivation.matrices.algebra"):
        "the operators of Matrix build nodes, and a node is a Matrix",
}

# What may be longer than the rule says, each with its reason.
LONG_FILES = {"derivation.kernel": "the trusted file is read as one"}
LONG_BODIES = {("derivation.kernel", "lower"):
               "one match with a case for each kind of expression"}
FILE_LINES, BODY_LINES, COLUMNS = 250, 25, 79

# Which library may be imported where.
LIBRARIES = {
    "torch": lambda name: name.endswith("_torch"),
    "sympy": lambda name: name == "derivation.worlds.explicit",
    "matplotlib": lambda name: name == "plotting",
    "numpy": lambda name: (not name.startswith(("derivation", "desk"))
                           or name == "derivation.worlds.numeric"),
    "dask": lambda name: name == "scale.cluster",
    "distributed": lambda name: name == "scale.cluster",
}

ROOT = pathlib.Path(__file__).parents[1] / "src" / "lmbook"


def sources():
    """Return {module name: source}; packages end in '.__init__'."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts):
        path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}


# -------------------------------------------------------- reading imports

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


def module_of(target, files):
    """Return the module that holds `target`; a package ends in .__init__."""
    parts = target.strip(".").split(".")
    for end in range(len(parts), 0, -1):
        for module in (".".join(parts[:end]),
                       ".".join([*parts[:end], "__init__"])):
            if module in files:
                return module
    return None


def edges(files):
    """Return {module: modules it imports}, without the UPWARD ones."""
    graph = {}
    for name, source in files.items():
        targets = {module_of(target, files)
                   for target in imported(name, source)
                   if target.startswith(".")}
        graph[name] = {other for other in targets - {None, name}
                       if (name, bare(other)) not in UPWARD}
    return graph


def bare(name):
    """Return the name by which a module is imported."""
    return name.removesuffix(".__init__")


def cycle(files):
    """Return modules that import each other in a circle, or None."""
    try:
        graphlib.TopologicalSorter(edges(files)).prepare()
    except graphlib.CycleError as problem:
        return problem.args[1]
    return None


def handed_out(package, files):
    """Return the names in the `__all__` of a package."""
    for node in ast.parse(files[f"{package}.__init__"]).body:
        if isinstance(node, ast.Assign) and (
                ast.unparse(node.targets[0]) == "__all__"):
            return ast.literal_eval(node.value)
    return []


def home(module, name, files):
    """Return the module that defines what `module` calls `name`."""
    for target in imported(module, files[module]):
        base, _, last = target.strip(".").rpartition(".")
        if last == name and target.startswith("."):
            other = module_of(base, files)
            return other if other == module else home(other, name, files)
    return module


def exports(files):
    """Return the pairs (module, name) that a reader or author imports.

    Of a package these are the names in its `__all__`, wherever they are
    defined; its other modules are internal.
    """
    packages = {name.split(".")[0] for name in files if "." in name}
    return {(home(f"{package}.__init__", name, files), name)
            for package in packages for name in handed_out(package, files)}


EXPORTS = exports(sources())


def is_public(module, name):
    """Return whether a reader calls it: in no package, or handed out."""
    return "." not in module or (module, name) in EXPORTS


# ------------------------------------------------------------------ rules

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
        elif other != own and ORDER.index(other) > ORDER.index(own) and (
                (name, other) not in UPWARD):
            complaints.append(f"imports {other}, which comes after {own}")
    return complaints


def rooms(name, source):
    """Complain about a room of the engine that it may not use."""
    own = name.split(".")[1] if name.startswith("derivation.") else None
    if own in (None, "__init__"):
        return []
    if own not in ROOMS:
        return ["not in ROOMS: say what it may use"]
    used = {target.split(".")[2] for target in imported(name, source)
            if target.startswith(".derivation.")}
    free = {own, *ROOMS[own].split()}
    return [f"uses {room}" for room in sorted(used - free)
            if (name, f"derivation.{room}") not in UPWARD]


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
            if count > BODY_LINES and (name, node.name) not in LONG_BODIES:
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
    """Complain about code without docstring, or public without doctest."""
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
        if isinstance(node, ast.FunctionDef) and is_public(
                name, node.name) and (
                ">>> " not in (ast.get_docstring(node) or "")):
            complaints.append(f"{node.name}: no doctest")
    return complaints


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


RULES = [import_order, rooms, libraries, no_print, sizes, docstrings]


# ------------------------------------------------------- on every module

@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_package(rule):
    complaints = [f"{name}: {complaint}"
                  for name, source in sorted(sources().items())
                  for complaint in rule(name, source)]
    assert not complaints, "\n".join(complaints)


def test_the_package_was_found():
    assert {"__init__", "gradcheck", "functional.losses",
            "exercises.__init__"} <= set(sources())
    assert len(ORDER) == len(set(ORDER))


def test_no_circle_of_imports():
    assert cycle(sources()) is None
    assert cycle({"nn": "from .optim import SGD",
                  "optim": "def f():\n    from . import nn"})
    assert cycle({"a.__init__": "from .b import x", "a.b": "from ..c import y",
                  "c": "from .a import x"})
    assert cycle({"nn": "from .optim import SGD", "optim": ""}) is None


def test_each_exception_is_still_needed():
    files = sources()
    for name, other in UPWARD:
        assert other in {bare(module_of(target, files))
                         for target in imported(name, files[name])
                         if target.startswith(".")}
    assert sizes("derivation.other", files["derivation.kernel"]) == [
        f"{len(files['derivation.kernel'].splitlines())} lines",
        f"lower: body of {lower_lines()} lines"]


def lower_lines():
    """Return how long the one long body is."""
    source = sources()["derivation.kernel"]
    node, = (n for n in ast.walk(ast.parse(source))
             if isinstance(n, ast.FunctionDef) and n.name == "lower")
    return body_lines(node, source.splitlines())


@pytest.mark.parametrize("package", [
    "derivation", "functional", "autodiff", "nn", "data"])
def test_what_is_public_is_what_python_imports(package):
    module = importlib.import_module(f"lmbook.{package}")
    running = {(value.__module__.removeprefix("lmbook."), name)
               for name, value in vars(module).items()
               if name in module.__all__ and inspect.isfunction(value)
               and value.__name__ == name}
    assert running and running <= EXPORTS
    assert set(module.__all__) == {
        name for home, name in EXPORTS if home.split(".")[0] == package}


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
    (import_order, "derivation.matrices.words",
     "from ..chain.lines import Line",
     "imports derivation.chain, which comes after derivation.matrices"),
    (import_order, "derivation.language.tree", "from ..printing import latex",
     "imports derivation.printing, which comes after derivation.language"),
    (rooms, "derivation.cellar.wine", "from ..language import D",
     "not in ROOMS: say what it may use"),
    (rooms, "derivation.worlds.world", "from .. import kernel",
     "uses kernel"),
    (rooms, "derivation.reading.values", "from ..worlds import draw",
     "uses worlds"),
    (rooms, "derivation.kernel", "from .rules.limits import limit",
     "uses rules"),
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
    (libraries, "derivation.worlds.world", "import torch", "imports torch"),
    (libraries, "derivation.worlds.sampling", "import sympy",
     "imports sympy"),
    (libraries, "derivation.worlds.world", "import numpy as np",
     "imports numpy"),
    (libraries, "functional.losses", "from sympy import exp",
     "imports sympy"),
    (libraries, "exercises", "import matplotlib.pyplot as plt",
     "imports matplotlib"),
    (libraries, "scale.runners", "def f():\n    from dask import bag",
     "imports dask"),
    (libraries, "scale.runners", "import distributed",
     "imports distributed"),
    (no_print, "nn", "def f():\n    print('x')", "line 2: print"),
    (sizes, "nn", "x = " + "1" * 76, "line 1: 80 columns"),
    (sizes, "nn", "x = 1\n" * 251, "251 lines"),
    (sizes, "nn", LONG_BODY, "f: body of 26 lines"),
    (sizes, "nn", "class A:\n" + "".join(
        f"    {line}\n" for line in LONG_BODY.splitlines()),
     "f: body of 26 lines"),
    (docstrings, "nn", "x = 1", "no docstring"),
    (docstrings, "nn", "'doc'\ndef f(): 'doc'", "f: no doctest"),
    (docstrings, "derivation.language.words", "'doc'\ndef dim(): 'doc'",
     "dim: no doctest"),
    (docstrings, "derivation.chain.recurrence",
     "'doc'\ndef latest(): 'doc'", "latest: no doctest"),
    (docstrings, "functional.losses", "'doc'\ndef cross_entropy(): 'doc'",
     "cross_entropy: no doctest"),
    (docstrings, "data.text", "'doc'\ndef words(): 'doc'",
     "words: no doctest"),
    (docstrings, "derivation.kernel", "'doc'\ndef delta(): pass",
     "delta: no docstring"),
    (docstrings, "derivation.matrices.algebra",
     "'doc'\nclass Leaf:\n  'doc'\n  def at(self): pass",
     "at: no docstring"),
    (docstrings, "nn", "'doc'\nclass A: pass", "A: no docstring"),
    (docstrings, "nn", "'doc'\nclass A:\n  'doc'\n  def f(self): pass",
     "f: no docstring"),
]

ALLOWED = [
    (import_order, "functional", "from .gradcheck import check_vjp"),
    (import_order, "functional.losses", "from .arguments import as_floats"),
    (import_order, "checks.softmax", "from ..functional import softmax"),
    (import_order, "derivation.chain", "from . import kernel, worlds"),
    (import_order, "derivation.chain.facts", "from .. import kernel"),
    (import_order, "derivation.matrices.words", "from .base import Matrix"),
    (rooms, "derivation.reading.symbols", "from ..printing import KNOWN"),
    (rooms, "derivation.worlds.world", "from .arrays import generic"),
    (rooms, "derivation.__init__", "from .chain import Derivation"),
    (import_order, "gradcheck", "from .derivation import D"),
    (import_order, "nn", "import numpy\nfrom scipy import special"),
    (libraries, "models.fixed_window_torch", "import torch"),
    (libraries, "derivation.worlds.arrays_torch", "import torch"),
    (libraries, "derivation.worlds.explicit", "import sympy as sp"),
    (libraries, "plotting", "from matplotlib import figure"),
    (libraries, "scale.cluster", "from dask.distributed import Client"),
    (no_print, "nn", "'print(1)'\nfrom .derivation import printing"),
    (sizes, "derivation.kernel", "x = 1\n" * 251),
    (sizes, "nn", LONG_BODY.replace("    x = 1\n", "\n", 1)),
    (docstrings, "nn", "'doc'\ndef _f(): pass\nclass _A: pass"),
    (docstrings, "nn", "'doc'\ndef f():\n  '''doc\n\n  >>> f()\n  '''"),
    (docstrings, "checks.a", "'doc'\n@exercise('A')\ndef f(): 'doc'"),
    (docstrings, "derivation.kernel", "'doc'\ndef delta(): 'doc'"),
    (docstrings, "data.fetch", "'doc'\ndef find(): 'doc'"),
]


@pytest.mark.parametrize("rule, name, source, complaint", PLANTED)
def test_planted_violation(rule, name, source, complaint):
    assert complaint in rule(name, source)


@pytest.mark.parametrize("rule, name, source", ALLOWED)
def test_allowed(rule, name, source):
    assert rule(name, source) == []
