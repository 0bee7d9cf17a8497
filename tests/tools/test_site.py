"""The pinned site builder takes the patterns that chapters are written in."""

import re
import subprocess
import sys

import pytest

from tools.samples import (PROOF, code, derivation, exercise, glue, text,
                           write)

CONFIG = """title: T
only_build_toc_files: true
exclude_patterns: [_build]
execute: {execute_notebooks: "off", stderr_output: error}
sphinx:
  extra_extensions: [sphinx_exercise]
  config: {language: en, suppress_warnings: [%s]}
"""
# myst-nb warns about every output type it does not render, also when another
# type of the same output is shown; under -W that stops the build.
START = "from jupyter_book.cli.main import main; main()"
UNKNOWN = "mystnb.unknown_mime_type"


def build(folder, suppressed):
    """Build a page with a derivation, a glued law and a gated solution."""
    write(folder / "book", "page.ipynb", text("title", "# T"),
          code("law", "d", derivation()),
          code("store", "g", glue("law", PROOF["statement"]),
               tags=["remove-cell"]),
          text("law-said", "```{glue:math} law\n:label: eq-law\n```\n\n"
               "By {eq}`eq-law`.\n\n## Exercises"), *exercise("b1"))
    (folder / "_config.yml").write_text(CONFIG % suppressed, encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/page\n",
                                     encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", START, "build", ".", "-W", "-n",
         "--keep-going"], cwd=folder, capture_output=True, text=True)
    page = folder / "_build" / "html" / "book" / "page.html"
    page = folder / "_build" / "html" / "book" / "page.html"
    return run, page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build(tmp_path_factory.mktemp("site"), UNKNOWN)


def test_derivation_glued_law_and_solution_build_without_a_warning(built):
    run, page = built
    assert run.returncode == 0, run.stdout + run.stderr
    assert '<div class="derivation"></div>' in page
    assert re.search(r'class="pasted-math[^>]*id="equation-eq-law"', page)


def test_the_gated_solution_holds_its_code_and_the_hint_folds(built):
    page = built[1]
    solution = page.index('<div class="solution dropdown admonition"')
    assert page.index('id="ex-b1"') < solution < page.index("B1: correct")
    assert "tip dropdown admonition" in page


def test_without_the_setting_the_derivation_output_stops_the_build(tmp_path):
    run, _ = build(tmp_path, "")
    assert run.returncode != 0
    assert UNKNOWN in run.stdout + run.stderr
