"""A chapter is run, stored once, and left alone when a cell fails."""

import json
import os
import subprocess
import sys

from tools.execute import main
from tools.notebooks import ROOT
from tools.samples import code, text, write

IMPORTS = code("imports", "import math\nimport os")


def stored(book):
    """The cells of the stored chapter by id."""
    found = json.loads((book / "page.ipynb").read_text(encoding="utf-8"))
    return {cell["id"]: cell for cell in found["cells"]}


def test_outputs_are_stored_and_a_second_run_changes_nothing(tmp_path, capsys):
    book = write(tmp_path / "book", "page.ipynb", text("title", "# T"),
                 IMPORTS, code("root", "round(math.sqrt(2), 3)"),
                 code("where", "os.path.basename(os.getcwd())"),
                 code("fails", "1 / 0", tags=["raises-exception"]))
    assert main(["page"], book) == 0
    cells = stored(book)
    assert cells["root"]["outputs"][0]["data"] == {"text/plain": ["1.414"]}
    assert cells["root"]["execution_count"] == 2
    assert cells["where"]["outputs"][0]["data"]["text/plain"] == ["'book'"]
    assert cells["fails"]["outputs"][0]["traceback"] == [
        "ZeroDivisionError: division by zero"]
    before = os.stat(book / "page.ipynb").st_mtime_ns
    assert main(["--all"], book) == 0
    assert os.stat(book / "page.ipynb").st_mtime_ns == before
    assert capsys.readouterr().out.split() == [
        "book/page.ipynb:", "stored", "book/page.ipynb:", "unchanged"]


def test_a_failing_cell_is_named_and_the_file_untouched(tmp_path, capsys):
    book = write(tmp_path / "book", "page.ipynb", IMPORTS,
                 code("wrong-step", "assert 1 == 2, 'sign'"))
    before = (book / "page.ipynb").read_bytes()
    assert main(["page"], book) == 1
    said = capsys.readouterr().err
    assert "book/page.ipynb, cell 'wrong-step': AssertionError: sign" in said
    assert (book / "page.ipynb").read_bytes() == before
    assert [path.name for path in book.iterdir()] == ["page.ipynb"]


def test_an_address_and_a_missing_chapter_are_refused(tmp_path, capsys):
    book = write(tmp_path / "book", "page.ipynb", code("thing", "object()"))
    assert main(["page"], book) == 1
    assert "book/page.ipynb, cell 'thing': its output holds a memory" in (
        capsys.readouterr().err)
    assert main(["gone"], book) == 1
    assert "book/gone.ipynb: no such chapter" in capsys.readouterr().err


MARKDOWN = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A title

```{code-cell} ipython3
:name: two
:tags: [hide-input]

1 + 1
```

Words after.
"""


def test_a_chapter_is_made_and_updated_from_markdown(tmp_path):
    book = tmp_path / "book"
    book.mkdir()
    source = tmp_path / "page.md"
    source.write_text(MARKDOWN, encoding="utf-8")
    assert main(["page", "--from-md", str(source)], book) == 0
    assert list(stored(book)) == ["a-title", "two", "words-after"]
    assert stored(book)["two"]["metadata"] == {"name": "two",
                                               "tags": ["hide-input"]}
    source.write_text(MARKDOWN.replace("Words after.", "Other words.\n\n+++\n"
                                       "\nWords after."), encoding="utf-8")
    assert main(["page", "--from-md", str(source)], book) == 0
    cells = stored(book)
    assert list(cells) == ["a-title", "two", "other-words", "words-after"]
    source.write_text(source.read_text(encoding="utf-8").replace(
        "Other words.", "Better ones.").replace(":name: two\n", "").replace(
        "1 + 1", "1 + 2"), encoding="utf-8")
    assert main(["page", "--from-md", str(source)], book) == 0
    assert list(stored(book)) == list(cells)


def test_the_command_line_starts(tmp_path):
    script = ROOT / "tests" / "tools" / "execute.py"
    run = subprocess.run([sys.executable, script, "no-such-chapter"],
                         cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 1
    assert "book/no-such-chapter.ipynb: no such chapter" in run.stderr
