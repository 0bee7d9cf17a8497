"""A sound chapter passes; each rule catches its planted violation."""

import pytest

from tools.anatomy import EXEMPT, faults
from tools.samples import chapter, code, numbered, result, text, write


def judge(folder, cells, name="page.ipynb", listed=""):
    """Return the faults of a book of one chapter."""
    write(folder / "book", name, *cells)
    (folder / "book" / "unchecked.yml").write_text(listed, encoding="utf-8")
    return faults(folder / "book")


def cell(cells, name):
    """Return one cell by its id."""
    return next(c for c in cells if c["id"] == name)


def put(name, **changes):
    """Make an edit that changes some fields of one cell."""
    return lambda cells: cell(cells, name).update(changes)


def say(words):
    """Make an edit that adds words to the Setting."""
    return lambda cells: cell(cells, "setting").update(
        source=cell(cells, "setting")["source"] + "\n\n" + words)


def replace(name, old, new):
    """Make an edit of the source of one cell; ``old`` must be there."""
    def edit(cells):
        found = cell(cells, name)
        assert old in found["source"]
        found["source"] = found["source"].replace(old, new)
    return edit


def many_ignored(cells):
    for name in ("try-1", "try-2", "try-3", "try-4"):
        cell(cells, name)["metadata"]["tags"] = ["nbval-ignore-output"]
        cell(cells, name)["source"] += "\n# Not compared: time varies"


def stderr(cells):
    cell(cells, "try-1")["outputs"] = [
        {"output_type": "stream", "name": "stderr", "text": "Warning"}]


def failed(cells):
    cell(cells, "try-1")["outputs"] = [
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]


LONG = "\n".join(f"x{n} = {n}" for n in range(21))
PLOT = {"name": "fig-x", "caption": "The loss falls as it should."}
DRAWN = '<figure class="plot"><svg role="img" {}></svg>{}</figure>'
LABELLED = 'aria-label="A falling curve"'
CAPTIONED = "<figcaption>The loss falls as it should.</figcaption>"
VIOLATIONS = {
    "sections must be": replace("pitfalls", "## Pitfalls", "## Traps"),
    "2 titles, expected one": say("# Another title"),
    "the opening has 2": replace("title", "# Softmax\n\n",
                                 "# Softmax\n\n" + "Long words here. " * 60),
    "does not say need": replace("title", "you need sums", "sums"),
    "words outside the exercises": replace("setting", "forecast", "x " * 40),
    "less than ten per line": lambda cells: [
        c.update(source=LONG) for c in cells if c["cell_type"] == "code"],
    "code cells outside solutions": lambda cells: [
        cells.remove(cell(cells, f"try-{n}")) for n in (1, 2, 3, 4)],
    "above 6": lambda cells: [c.update(source="\n".join(["y = 1"] * 7))
                              for c in cells if c["cell_type"] == "code"],
    "more than 20": put("try-1", source=LONG),
    "no words after the cell": lambda cells: cells.remove(
        cell(cells, "try-1-seen")),
    "no literalinclude": replace("implementation", ":pyobject:", ":lines:"),
    "Summary has 2": replace("summary", "- Three.", ""),
    "Further reading has 3": replace("further-reading", "{cite}", "{ref}"),
    "the id is no slug": put("try-1", id="1a2b3c4d"),
    "the id appears twice": put("try-1", id="try-2"),
    "execution count 9, expected": put("try-1", execution_count=9),
    "execution count None": put("try-1", execution_count=None),
    "must import": put("imports", source="x = 1"),
    "imports belong in": replace("try-1", "y =", "import os\ny ="),
    "magics, installs": put("try-1", source="!pip install numpy"),
    "sys.path are not": put("try-1", source="sys.path.append('..')"),
    "only the engine": put("try-1", source="'application/vnd.lmbook.x'"),
    "prints a check": put("try-1", source="print(np.allclose(x, y))"),
    "shows a check": put("try-1", source="np.allclose(x, y)"),
    "ended in an error": failed,
    "but no error": put("try-1", metadata={"tags": ["raises-exception"]}),
    "wrote to stderr": stderr,
    "stray output": put("try-1", outputs=[
        result(plain="[<matplotlib.lines.Line2D at 0x7f00>]")]),
    "needs tag hide-input": put("law", metadata={}),
    "is no sentence": put("plot", metadata={"mystnb": {
        "figure": dict(PLOT, caption="Loss"), "image": {"alt": "A b c"}}}),
    "no alt text": put("plot", metadata={"mystnb": {"figure": PLOT}}),
    "caption '' is no sentence": put("try-1", outputs=[
        result(html=DRAWN.format(LABELLED, ""))]),
    "cell 'try-1': the figure has no alt": put("try-1", outputs=[
        result(html=DRAWN.format("", CAPTIONED))]),
    "the number 2.17 is typed": put(
        "try-1", source="show(fig, 'a curve', f'It ends at 2.17, {x}.')"),
    "the number 131 is typed": say('<div class="s"><b>131</b></div>'),
    "has no name fig-": put("plot", metadata={"mystnb": {
        "figure": dict(PLOT, name="x"), "image": {"alt": "A b c"}}}),
    "an image has no alt": say("![](x.svg)"),
    "without a comment": put("try-1", metadata={
        "tags": ["nbval-ignore-output"]}),
    "more than 3 cells of the book": many_ignored,
    "nbval-skip is not used": put("try-1", metadata={"tags": ["nbval-skip"]}),
    "the tag skip is not": put("law", metadata={
        "tags": ["hide-input", "skip"]}),
    "use tags, not comments": put("try-1", source="# NBVAL_SKIP\nx = 1"),
    "round the number": put("try-1", outputs=[result(plain="0.1234567890")]),
    "the number 3.07 is typed": say("It ends at 3.07 nats."),
    "the number 1,200 is typed": say("There are 1,200 words."),
    "the number 0.5 is typed": say("It is $0.5$ now."),
}


def test_a_sound_chapter_passes(tmp_path):
    assert judge(tmp_path, chapter()) == []


def test_an_empty_book_passes(tmp_path):
    (tmp_path / "book").mkdir()
    assert faults(tmp_path / "book") == []


@pytest.mark.parametrize("message", VIOLATIONS)
def test_violation_is_named(tmp_path, message):
    cells = chapter()
    VIOLATIONS[message](cells)
    found = judge(tmp_path, cells)
    assert any(message in fault for fault in found), found
    assert all(fault.startswith("book/page.ipynb") for fault in found)


def test_a_picture_with_caption_and_text_passes(tmp_path):
    cells = chapter()
    put("plot", metadata={}, source="show(fig, 'A falling curve', c)",
        outputs=[result(html=DRAWN.format(LABELLED, CAPTIONED))])(cells)
    assert judge(tmp_path, cells) == []


def test_a_png_is_refused(tmp_path):
    cells = chapter()
    cell(cells, "plot")["outputs"][0]["data"]["image/png"] = "iVBORw0KGgo="
    assert "cell 'plot': output of type image/png" in judge(
        tmp_path, cells)[0]


def test_a_listed_number_passes_and_a_stale_one_fails(tmp_path):
    cells = chapter()
    say("It ends at 3.07 nats, as in 1948.")(cells)
    listed = "page:\n  numbers:\n    '3.07': quoted from the paper\n"
    assert judge(tmp_path, cells, listed=listed) == []
    assert "stale entry `3.07`" in judge(tmp_path, chapter(),
                                         listed=listed)[0]


def test_an_exempt_page_keeps_the_rules_for_code(tmp_path):
    name = f"{next(iter(EXEMPT))}.ipynb"
    cells = numbered([text("title", "# Checks"), code("imports", "import re"),
                      code("verdict", "x == y", result(plain="True"))])
    found = judge(tmp_path, cells, name)
    assert len(found) == 1 and "cell 'verdict': shows a check" in found[0]
