"""The desk: what a reader may type, what is said, and what the page loads."""

import io
import json
import subprocess
import sys
import tarfile
import zipfile

import pytest
from tools.notebooks import BOOK

from lmbook.derivation import Conflict, ShapeMismatch
from lmbook.desk import STARTS, Desk, Unreadable, answer, read

sys.path.insert(0, str(BOOK / "theme"))
engine = __import__("engine")


def verdict(start, text, cite=False):
    """Return the name of the verdict and the HTML on one typed line."""
    found = Desk(start).check(text, cite)
    return found["verdict"], found["html"]


@pytest.mark.parametrize("key", STARTS)
def test_each_example_is_accepted(key):
    assert verdict(key, STARTS[key]().example)[0] == "accepted"


@pytest.mark.parametrize("key", STARTS)
def test_each_name_that_is_offered_can_be_read(key):
    start = STARTS[key]()
    for use in start.uses:
        for text in ([use] if use != "i j l" else use.split()):
            read(text, start.names)


@pytest.mark.parametrize("start, text, cite, name, words", [
    ("softmax", "s[i] * (delta(i, j) + s[j])", False, "WrongStep", "K = 1"),
    ("softmax", "s[i] * delta(i, j)", False, "WrongStep", "this line gives"),
    ("softmax", "D(s[i], z[j])", False, "IdleStep", "like the line before"),
    ("softmax", "s[l]", False, "IndexMismatch", "the index l is free"),
    ("softmax", "s[K]", False, "IndexMismatch", "needs an index"),
    ("quadratic", "2 * A @ x", False, "WrongStep", "K = 2"),
    ("quadratic", "x @ A", False, "ShapeMismatch", "of shape (K, 1)"),
    ("quadratic", "x.T @ (A + A.T)", False, "ShapeMismatch", "the line"),
    ("logistic", "p * (1 + p)", False, "WrongStep", "at z ="),
    ("cross-entropy", "s[j] - y[j]", False, "WrongStep", "K = 1"),
    ("cross-entropy", "s[j] - y[j]", True, "accepted", "necessary"),
    ("cross-entropy", "-total(l, y[l] * (delta(l, j) - s[j]))", True,
     "IdleFact", "holds without it"),
])
def test_verdicts(start, text, cite, name, words):
    assert verdict(start, text, cite)[0] == name
    assert words in verdict(start, text, cite)[1]


@pytest.mark.parametrize("text, words", [
    ("", "nothing to check"), ("  ", "nothing to check"),
    ("s[i] * (1 - s[j]", "1 round brackets are opened and 0 closed"),
    ("s[i] *", "not a complete expression"),
    ("2s[i]", "a product needs its sign"),
    ("s[i] (1 - s[j])", "a product needs its sign"),
    ("s[i](1 - s[j])", "a product needs its sign"),
    ("z(1 + 2)", "z is no function"),
    ("s_i", "the name s_i is not known here; expected one of i, j, l"),
    ("q[j]", "the name q is not known"),
    ("s[i]^2", "a power is written with **"),
    ("= s[i]", "without the sign ="), ("s[i] == 1", "no comparison"),
    ("s[i] < 1", "no comparison"), (r"\frac{1}{2}", "this is LaTeX"),
    ("s'", "a transpose is written A.T"),
    ("0.5 * s[i]", "a fraction of whole numbers, such as 1/2"),
    ("10**99999", "at most 4 digits"), ("x" * 301, "at most 300"),
    ("s + 1", "s is a whole tensor; expected an entry, such as s[i]"),
    ("exp + 1", "exp is a function"),
    ("exp(z)", "expected a number, a scalar or an entry"),
    ("delta(i, 1)", "does not fit these"), ("total(s[i])", None),
    ("total(l)", None), ("D(s[i])", None), ("z[i].T", "only a matrix"),
    ("s[i] @ s[j]", "cannot be joined"), ("'s'", "is not a number"),
    ("True", "is not a number"), ("[1]", "is not understood"),
    ("s[i] if 1 else 2", "is not understood"), ("s[i:j]", None),
    ("s[i].tensor", "is not understood"), ("s.__class__", None),
    ("__import__('os')", "does not fit|not known"),
    ("exp(x=1)", "without the sign ="), ("(lambda: 1)()", None),
    ("exp(*z)", None), ("i[i]", "has no entries here"),
    ("s[i], s[j]", "is not understood"), ("~s[i]", "is not understood"),
    ("s[i] // 2", "is not understood"), ("s\x00", None),
])
def test_what_cannot_be_read_is_said(text, words):
    found = Desk("softmax").check(text)
    assert found["verdict"] == "Unreadable", found
    if words:
        assert any(piece in found["html"] for piece in words.split("|")), (
            found["html"])


def test_nothing_of_python_is_within_reach():
    for text in ("().__class__", "exp.__globals__", "s.__init__", "open",
                 "exp.__call__(1)", "s[i].__class__"):
        with pytest.raises(Unreadable):
            read(text, STARTS["softmax"]().names)


def test_shapes_are_refused_while_the_text_is_read():
    with pytest.raises(ShapeMismatch):
        read("A + x", STARTS["quadratic"]().names)


def test_a_refused_line_leaves_the_derivation_as_it_was():
    desk = Desk("logistic")
    before = desk.check("p")["chain"]
    assert desk.check("p * (1 + p)")["chain"] == before and not desk.lines
    after = desk.check("p * (1 - p)")["chain"]
    assert after != before and "proved" in after and "proved" not in before


def test_the_answer_replays_lines_that_it_does_not_remember():
    lines = [["exp(-z) / (1 + exp(-z))**2", 0]]
    asked = {"start": "logistic", "lines": lines, "text": "p * (1 - p)",
             "cite": False}
    fresh = json.loads(answer(json.dumps(asked), {}))
    assert fresh["verdict"] == "accepted" and "2 lines" in fresh["html"]
    desks = {}
    answer(json.dumps({**asked, "lines": [], "text": lines[0][0]}), desks)
    assert json.loads(answer(json.dumps(asked), desks)) == fresh


def test_an_unknown_start_is_refused():
    with pytest.raises(ValueError, match="expected one of softmax, quad"):
        Desk("sofmax")


def test_a_kernel_that_believes_everything_is_accused_by_plain_numbers():
    # The numbers of the page owe nothing to the proof: if the kernel called
    # every line proved, they would not agree with a wrong one.
    run = subprocess.run([sys.executable, "-c", """
import sys
sys.modules.update(dict.fromkeys(("numpy", "torch", "scipy", "sympy")))
from lmbook.derivation.chain.evidence import Evidence
Evidence._proved = lambda self, gap, facts: True
from lmbook.desk import Desk
for start, text in (("softmax", "s[i] * (1 - s[j])"), ("quadratic", "A @ x"),
                    ("logistic", "p"), ("cross-entropy", "y[j] - s[j]")):
    sys.stdout.write(Desk(start).check(text)["verdict"] + " ")
"""], capture_output=True, text=True)
    assert run.stdout.split() == [Conflict.__name__] * 4, run.stderr


# ------------------------------------------------- what the page loads

def planted_archive(tmp_path, monkeypatch, content=b"x"):
    """Write a small archive with the files of Pyodide's; allow its sum."""
    files = {name: content for names in engine.SCRIPTS.values()
             for name in names if name.startswith(("pyodide", "python"))}
    files["pyodide-lock.json"] = b'{"info": {}, "packages": {"numpy": 1}}'
    path = tmp_path / engine.ARCHIVE
    with tarfile.open(path, "w:gz") as package:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            package.addfile(member, io.BytesIO(data))
    digest = engine.hashlib.sha512(path.read_bytes()).hexdigest()
    monkeypatch.setattr(engine, "SHA512", digest)
    monkeypatch.setenv("LMBOOK_PYODIDE", str(tmp_path))
    return path


def test_the_scripts_hold_every_file_and_are_the_same_twice(
        tmp_path, monkeypatch):
    planted_archive(tmp_path, monkeypatch)
    one, two = (engine.scripts(engine.archive()) for _ in range(2))
    assert one == two and set(one) == set(engine.SCRIPTS)
    for script, names in engine.SCRIPTS.items():
        rows = one[script].splitlines()
        assert [row.split('"')[1] for row in rows] == names
    files = engine.members(engine.archive())
    assert json.loads(files["pyodide-lock.json"])["packages"] == {}


def test_the_engine_of_the_page_is_the_engine_of_the_book():
    with zipfile.ZipFile(io.BytesIO(engine.sources())) as package:
        held = {name: package.read(name) for name in package.namelist()}
    root = BOOK.parent / "src"
    assert all((root / name).read_bytes() == data
               for name, data in held.items())
    assert {"lmbook/derivation/kernel.py", "lmbook/desk/text.py",
            "lmbook/derivation/worlds/plain.py"} <= set(held)


def test_a_damaged_archive_is_refused(tmp_path, monkeypatch):
    path = planted_archive(tmp_path, monkeypatch)
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(ValueError, match="SHA-512 is .*, expected"):
        engine.archive()


def test_without_the_archive_the_form_carries_no_scripts(
        tmp_path, monkeypatch):
    monkeypatch.setenv("LMBOOK_PYODIDE", str(tmp_path))
    assert engine.archive() is None
    form = engine.form("../", {})
    assert 'data-weight="{}"' in form and "@" not in form.replace(
        "@ x", "").replace("A @", "")
    assert all(f'data-start="{key}"' in form for key in STARTS)
