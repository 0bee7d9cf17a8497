"""A claimed item is there in full; each missing part is named."""

import pytest

from tools.samples import chapter, code, exercise, text, write
from tools.syllabus import ITEMS, audit

CLAIM = "B1: {chapter: page, exercise: ex-b1, check: B1}\n"
TRAP = ("L1: {chapter: page, exercise: ex-l1, check: L1, kind: pitfall, "
        "pitfall: l1-bias}\n")
WRONG = code("l1-bias", "assert not np.allclose(wrong, right)")


def judge(folder, cells, claims=CLAIM):
    """Return what the audit of a book of one chapter says."""
    write(folder / "book", "page.ipynb", *cells)
    (folder / "book" / "syllabus.yml").write_text(claims, encoding="utf-8")
    return audit(folder / "book")


def edited(name, **changes):
    """A sound chapter with one cell changed."""
    cells = chapter()
    next(c for c in cells if c["id"] == name).update(changes)
    return cells


def without(name):
    """A sound chapter with one cell taken out."""
    return [cell for cell in chapter() if cell["id"] != name]


def test_there_are_103_items():
    # 7 + 12 + 8 + 6 + 8 + 12 + 6 + 6 + 5 + 8 + 5 questions and 20 mistakes
    assert len(ITEMS) == 83 + 20 and ITEMS[0] == "A1" and ITEMS[-1] == "L20"


def test_a_sound_chapter_and_an_empty_book_pass(tmp_path):
    assert judge(tmp_path, chapter()) == ("items: 1 of 103", [])
    (tmp_path / "empty").mkdir()
    assert audit(tmp_path / "empty") == ("items: 0 of 103", [])


FAILED = [{"output_type": "error", "ename": "E", "evalue": "",
           "traceback": []}]
HINTLESS = "```{exercise} A shift\n:label: ex-b1\n\nShow it.\n```"
BROKEN = {
    "B1 has no exercise labelled 'ex-b1'": without("ex-b1-statement"),
    "exercise 'ex-b1' has no folded hint": edited("ex-b1-statement",
                                                  source=HINTLESS),
    "exercise 'ex-b1' has no solution": without("ex-b1-open"),
    "does not call check('B1', ...)": edited("ex-b1-solution", source="1"),
    "cell 'ex-b1-solution': B1's check did not": edited(
        "ex-b1-solution", outputs=FAILED),
    "check did not succeed": edited("ex-b1-solution", execution_count=None),
    "exercise 'ex-b2' is claimed by no item": chapter() + exercise("b2"),
    "exercise 'ex-b1' is there 2 times": chapter() + exercise("b1"),
}


@pytest.mark.parametrize("message", BROKEN)
def test_a_missing_part_is_named(tmp_path, message):
    found = judge(tmp_path, BROKEN[message])[1]
    assert any(message in fault for fault in found), found
    assert all(fault.startswith("book") for fault in found)


@pytest.mark.parametrize(("claims", "message"), [
    (CLAIM + "B13: {chapter: page, exercise: ex-b13, check: B13}",
     "B13: no such item"),
    (CLAIM + "B2: {chapter: page, exercise: ex-b1, check: B2}",
     "exercise 'ex-b1' is claimed twice"),
    (CLAIM + "B2: {chapter: gone, exercise: ex-b2, check: B2}",
     "there is no chapter 'gone'"),
    (CLAIM + "B2: {chapter: page, exercise: ex-b2, check: B2}",
     "B2 has no exercise labelled 'ex-b2'"),
    ("B1: {chapter: page, exercise: ex-b1}", "key 'check' is missing"),
    ("B1: {chapter: page, exercise: ex-b1, check: B1, cell: x}",
     "key 'cell' is unknown"),
    ("B1: {chapter: page, exercise: ex-b1, check: B1, kind: pitfall}",
     "kind is 'pitfall' for the items of part L only"),
])
def test_a_faulty_claim_is_named(tmp_path, claims, message):
    found = judge(tmp_path, chapter(), claims)[1]
    assert any(message in fault for fault in found), found


def test_an_item_claimed_twice_is_refused(tmp_path):
    with pytest.raises(ValueError, match="'B1' appears twice"):
        judge(tmp_path, chapter(), CLAIM + CLAIM)


@pytest.mark.parametrize(("cells", "message"), [
    ([WRONG], None),
    ([code("l1-bias", "wrong()", tags=["raises-exception"])], None),
    ([], "L1 needs a code cell named 'l1-...'"),
    ([code("l1-bias", "wrong")], "L1 shows no verdict"),
    ([text("open", "```{solution-start} ex-l2\n```"), WRONG,
      text("close", "```{solution-end}\n```")], "only inside a solution"),
])
def test_a_pitfall_shows_its_verdict(tmp_path, cells, message):
    found = judge(tmp_path, chapter() + exercise("l1") + cells,
                  CLAIM + TRAP)[1]
    assert (message in found[0]) if message else found == []
