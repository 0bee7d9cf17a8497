"""The normal form drops what a run cannot repeat and keeps the rest."""

import json

import pytest

from tools.normal import Refused, dumps, normalise
from tools.samples import chapter, code, derivation, glue, result, text


def notebook(*cells):
    """A notebook as a plain dictionary, with metadata of many tools."""
    return {"cells": list(cells), "nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "venv"}, "jupytext": {}}}


def test_the_normal_form_is_stable():
    once = dumps(notebook(*chapter()))
    assert dumps(json.loads(once)) == once
    assert once.endswith(b"}\n") and not once.endswith(b"\n\n")


def test_metadata_of_tools_and_times_are_dropped():
    cell = code("run", "x", tags=["hide-input"], count=7)
    cell["metadata"]["execution"] = {"iopub.execute_input": "2024-01-01"}
    found = normalise(notebook(cell))
    assert found["cells"][0]["metadata"] == {"name": "run",
                                             "tags": ["hide-input"]}
    assert found["cells"][0]["execution_count"] == 1
    assert sorted(found["metadata"]) == ["kernelspec", "language_info"]


def test_png_goes_where_svg_is_and_derivations_stay():
    image = result(svg="<svg/>", plain="<Figure>")
    image["data"].update({"image/png": "iVBORw0KGgo=", "text/x-odd": "?"})
    cell = code("run", "x", image, derivation(), glue("law", "a = b"))
    kept = [output["data"] for output in
            normalise(notebook(cell))["cells"][0]["outputs"]]
    assert set(kept[0]) == {"image/svg+xml", "text/plain"}
    assert kept[1] == derivation()["data"]
    assert kept[2] == glue("law", "a = b")["data"]


def test_neighbouring_streams_are_merged():
    parts = [{"output_type": "stream", "name": name, "text": said}
             for name, said in (("stdout", "a\n"), ("stdout", ["b\n"]),
                                ("stderr", "c"), ("stdout", "d"))]
    found = normalise(notebook(code("run", "x", *parts)))
    assert [(o["name"], o["text"]) for o in found["cells"][0]["outputs"]] == [
        ("stdout", "a\nb\n"), ("stderr", "c"), ("stdout", "d")]


def test_an_error_keeps_no_path():
    failure = {"output_type": "error", "ename": "WrongStep", "evalue": "no",
               "traceback": ["\x1b[31mFile /home/someone/x.py"]}
    found = normalise(notebook(code("run", "x", failure)))
    assert found["cells"][0]["outputs"][0]["traceback"] == ["WrongStep: no"]


def test_an_address_is_refused():
    cell = code("run", "x", result(plain="<torch._C.Generator at 0x7f1a2b3c>"))
    with pytest.raises(Refused, match="cell 'run': .*memory address"):
        normalise(notebook(cell))


def test_ids_are_slugs_kept_or_derived():
    cells = [text("ce-gradient", "kept"), text("1a2b3c4d", "## The *law*"),
             text("deadbeef", "## The *law*"), code("0f0f0f0f", "x = 1"),
             text("99999999", "```{exercise} A\n:label: ex-b1\n```"),
             text("77777777", "42")]
    cells[3]["metadata"]["name"] = "Bias gradient"
    found = [cell["id"] for cell in normalise(notebook(*cells))["cells"]]
    assert found == ["ce-gradient", "the-law", "the-law-2", "bias-gradient",
                     "ex-b1", "cell"]
