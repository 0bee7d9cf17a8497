"""The anatomy of a chapter.  Conventions an author follows:

Pages
- One ``#`` title; then the sections of ``SECTIONS``, in order and literally.
- Opening: the words before the first directive, at most 150.  Then one box
  (a directive) with the words *derive*, *build* and *need*.
- 1,500 to 3,500 words outside Exercises; on the whole page at least ten words
  per line of code.  A formula, a role or a piece of code counts as a word.
- Implementation shows the real source with ``{literalinclude}`` and
  ``:pyobject:``; Summary has 3 to 6 points; Further reading 3 to 8 items,
  each with a ``{cite}`` role.
Cells
- Ids are unique slugs, such as ``ce-gradient``: put ``name: ce-gradient`` in
  the metadata of the cell, or let ``make notebook`` derive one.
- The first code cell, and no other, imports.  No installs, no ``sys.path``.
- 10 to 25 code cells outside solutions; median at most 6 lines, none above
  20 (blank lines and comments are not counted).  Tag ``remove-cell`` hides a
  cell that only glues; it is not counted.  Words stand between two cells.
- A check asserts; it never prints or shows True.
- A cell that shows a derivation has the tag ``hide-input``.
- A cell that is meant to fail has the tag ``raises-exception``.
- ``nbval-ignore-output`` needs a comment ``# Not compared: why``; at most 3.
- A figure is SVG: ``show(fig, alt, caption)``, or an SVG output whose cell's
  metadata holds ``mystnb: {figure: {name: fig-x, caption: A sentence.},
  image: {alt: What is to be seen}}``.  The text has three words or more.
- An output holds no float with more than eight decimals: nbval has no
  tolerance, so round what is shown or glued.
- Tags are those of ``cells.TAGS``; no ``# NBVAL_...`` comments.
Words
- A decimal number, or a whole number from 100 on, is glued or listed with a
  reason under ``numbers`` in ``book/unchecked.yml``.
- Formulas: see ``tools/equations.py``.  Exercises: ``tools/syllabus.py``.
"""

import re
import statistics
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from tools import cells, typed
from tools.markdown import words
from tools.notebooks import BOOK, pages

SECTIONS = ("Setting", "Derivation", "Implementation", "Experiment",
            "Pitfalls", "Summary", "Exercises", "Further reading")
# Pages with code that are no chapter, and why.
EXEMPT = {"how-this-book-checks-itself":
          "it shows the checks one by one and derives no result of its own",
          "matrix-identities":
          "it is a table to look things up in, made from the package"}


def within(page, title):
    """Return the items of one section, its headings left out."""
    current, found = "", []
    for cell in page.cells:
        for item in cell.items:
            if item.kind == "heading" and item.name in "12":
                current = item.text if item.name == "2" else ""
            elif current == title:
                found.append(item)
    return found


def solution_cells(page):
    """Return the ids of the code cells inside gated solutions."""
    inside, found = False, set()
    for cell in page.cells:
        names = [item.name for item in cell.items if item.kind == "directive"]
        for name in names:
            inside = {"solution-start": True,
                      "solution-end": False}.get(name, inside)
        if cell.kind == "code" and inside:
            found.add(cell.id)
    return found


def headings(page):
    """One title, and the fixed sections in their order."""
    found = [item for cell in page.cells for item in cell.items
             if item.kind == "heading"]
    titles = [item.text for item in found if item.name == "1"]
    if len(titles) != 1:
        yield f"book/{page.path}: {len(titles)} titles, expected one"
    twos = tuple(item.text for item in found if item.name == "2")
    if twos != SECTIONS:
        odd = [t for t in twos if t not in SECTIONS] or [
            t for t in SECTIONS if t not in twos] or ["the order"]
        yield (f"book/{page.path}: sections must be {', '.join(SECTIONS)}; "
               f"look at {', '.join(odd)}")


def opening(page):
    """At most 150 words, then a box that says derive, build, need."""
    before, box = [], ""
    for cell in page.cells:
        if cell.kind == "code" or any(i.kind == "heading" and i.name == "2"
                                      for i in cell.items):
            break
        for item in cell.items:
            if item.inside:
                box += " " + item.text.lower()
            elif item.kind not in {"heading", "directive"} and not box:
                before.append(item)
    count = words(before)
    if not 20 <= count <= 150:
        yield f"book/{page.path}: the opening has {count} words, not 20 to 150"
    lacking = [w for w in ("derive", "build", "need") if w not in box]
    if lacking:
        yield (f"book/{page.path}: the box before the imports does not say "
               f"{', '.join(lacking)}")


def length(page):
    """The number of words, and of words per line of code."""
    prose = [item for cell in page.cells for item in cell.items]
    count = words(prose) - words(within(page, "Exercises"))
    if not 1500 <= count <= 3500:
        yield (f"book/{page.path}: {count} words outside the exercises, not "
               "1,500 to 3,500")
    lines = sum(len(cell.lines) for cell in page.code)
    if words(prose) < 10 * lines:
        yield (f"book/{page.path}: {words(prose)} words for {lines} lines of "
               "code, less than ten per line")


def code_size(page):
    """Ten to twenty-five short cells."""
    solutions = solution_cells(page)
    counted = [c for c in page.code if "remove-cell" not in c.tags]
    main = [cell for cell in counted if cell.id not in solutions]
    if not 10 <= len(main) <= 25:
        yield (f"book/{page.path}: {len(main)} code cells outside solutions, "
               "not 10 to 25")
    if counted and (median := statistics.median(
            len(cell.lines) for cell in counted)) > 6:
        yield f"book/{page.path}: median of {median:g} lines a cell, above 6"
    for cell in page.code:
        if len(cell.lines) > 20:
            yield f"{cell.place}: {len(cell.lines)} lines, more than 20"


def words_between(page):
    """A sentence stands before and after each cell the reader sees."""
    previous = None
    shown = [c for c in page.cells if "remove-cell" not in c.tags]
    for cell in shown + [None]:
        for one, other in ((previous, cell), (cell, previous)):
            if one is None or one.kind != "code":
                continue
            if other is None or other.kind != "markdown":
                side = "after" if one is previous else "before"
                yield f"{one.place}: no words {side} the cell"
        previous = cell


def real_source(page):
    """Implementation shows a function cut from the tested source."""
    if not any(item.name == "literalinclude" and dict(item.options).get(
            "pyobject") for item in within(page, "Implementation")):
        yield (f"book/{page.path}: Implementation has no literalinclude with "
               ":pyobject:")


def lists(page):
    """Three to six points in Summary, three to eight cited readings."""
    points = sum(i.kind == "listitem" for i in within(page, "Summary"))
    if not 3 <= points <= 6:
        yield f"book/{page.path}: Summary has {points} points, not 3 to 6"
    reading = within(page, "Further reading")
    items = sum(item.kind == "listitem" for item in reading)
    cited = sum(item.kind == "role" and item.name.startswith("cite")
                for item in reading)
    if not 3 <= items <= 8 or cited < items:
        yield (f"book/{page.path}: Further reading has {items} items and "
               f"{cited} cite roles; expected 3 to 8, each cited")


CHAPTER = (headings, opening, length, code_size, words_between, real_source,
           lists)


def faults(book=BOOK):
    """Return every fault of every page of a book folder."""
    found, every = [], pages(book)
    for page in every:
        if page.notebook and page.name not in EXEMPT:
            for rule in CHAPTER:
                found += rule(page)
        found += cells.faults(page)
    found += cells.budget(every)
    return found + typed.faults(every, Path(book))


if __name__ == "__main__":
    wrong = faults()
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(bool(wrong))
