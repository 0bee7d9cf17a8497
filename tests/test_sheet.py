"""The formula sheet: every labelled result once, with name and TeX."""

import json
import sys

from tools.notebooks import BOOK

sys.path.insert(0, str(BOOK / "theme"))
sheet = __import__("sheet")


def test_a_result_by_hand(tmp_path):
    record = {"statement": "a = b", "title": "First"}
    output = {"metadata": {"scrapbook": {"name": "one"}}, "data": {
        sheet.RECORD: record, sheet.MIME + "text/latex": ["$$a = b$$"]}}
    cells = [{"cell_type": "markdown", "source": ["# Title\n"]},
             {"cell_type": "code", "source": "", "outputs": [output]},
             {"cell_type": "markdown",
              "source": "```{glue:math} one\n:label: eq-one\n```"}]
    path = tmp_path / "page.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    assert sheet.results(path) == ("Title", [("eq-one", "First", "a = b")])


def test_every_labelled_result_of_the_book_has_a_name_and_a_formula():
    labels = []
    for _, names in sheet.chapters(BOOK.parent):
        for name in names:
            path = BOOK.parent / f"{name}.ipynb"
            labelled = path.read_text("utf-8").count(":label: eq-")
            _, rows = sheet.results(path)
            assert len(rows) == labelled, path.name
            assert all(title and tex for _, title, tex in rows)
            labels += [label for label, *_ in rows]
    assert len(labels) == len(set(labels)) > 100
