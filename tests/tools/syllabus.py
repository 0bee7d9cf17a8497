"""Check that each item of the syllabus is an exercise that works.

``book/syllabus.yml`` claims the items that exist so far::

    B1: {chapter: softmax-and-cross-entropy, exercise: ex-b1, check: B1}
    L1: {chapter: softmax-and-cross-entropy, exercise: ex-l1, check: L1,
         kind: pitfall, pitfall: l1-bias-gradient}

In the chapter, under ``## Exercises``, an item is four or more cells::

    ````{exercise} Title                     text: statement, then the hint
    :label: ex-b1

    Statement.

    :::{admonition} Hint
    :class: tip dropdown
    One idea, not the answer.
    :::
    ````

    ```{solution-start} ex-b1                text: opens the solution
    :class: dropdown
    ```

    check("B1", answer)                      code: one cell or more

    ```{solution-end}                        text: closes it
    ```

``check`` is called with the name as its first argument, in a cell of the
solution, and must succeed when the chapter runs.  A pitfall has besides a
code cell, outside the solution, whose id is ``l1-...``: it shows the wrong
version failing (tag ``raises-exception``) or asserts that it fails.
"""

import ast
import sys
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from tools import unchecked
from tools.notebooks import BOOK, pages

PARTS = {"A": 7, "B": 12, "C": 8, "D": 6, "E": 8, "F": 12, "G": 6, "H": 6,
         "I": 5, "J": 8, "K": 5, "L": 20}
ITEMS = [f"{part}{number}" for part, count in PARTS.items()
         for number in range(1, count + 1)]
# The exercises of the part beyond one machine, which no syllabus asks for.
BEYOND = [f"{part}{number}" for part in "NPS" for number in range(1, 10)]
KEYS = {"chapter", "exercise", "check", "kind", "pitfall"}


def exercises(page):
    """Map the label of each exercise of a page to its hints."""
    found = {}
    for cell in page.cells:
        for item in cell.items:
            if item.kind == "directive" and item.name == "exercise":
                hint = "Hint" in item.body and "dropdown" in item.body
                found[dict(item.options).get("label", "")] = hint
    return found


def solutions(page):
    """Map each label to the code cells of its solution, in order."""
    found, current = {}, None
    for cell in page.cells:
        for item in cell.items:
            if item.kind != "directive":
                continue
            if item.name in {"solution-start", "solution"}:
                found.setdefault(item.text.strip(), [])
            if item.name == "solution-start":
                current = item.text.strip()
            elif item.name == "solution-end":
                current = None
        if cell.kind == "code" and current:
            found[current].append(cell)
    return found


def checks(cell):
    """List the names given to ``check`` in a cell."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        return []
    return [node.args[0].value for node in ast.walk(tree)
            if isinstance(node, ast.Call) and node.args
            and getattr(node.func, "attr",
                        getattr(node.func, "id", "")) == "check"
            and isinstance(node.args[0], ast.Constant)]


def succeeded(cell):
    """Tell whether a cell was run and ended without an error."""
    return cell.count is not None and not any(
        output["output_type"] == "error" for output in cell.outputs)


def pitfall_faults(name, entry, page, inside):
    """Check the cell that shows the wrong version failing."""
    wanted = entry.get("pitfall", "")
    cell = next((c for c in page.code if c.id == wanted), None)
    if not wanted.startswith(f"{name.lower()}-") or cell is None:
        yield (f"book/{page.path}: {name} needs a code cell named "
               f"'{name.lower()}-...'; syllabus.yml says {wanted!r}")
    elif wanted in inside:
        yield f"{cell.place}: {name} is taught only inside a solution"
    elif "raises-exception" not in cell.tags and not any(
            isinstance(node, (ast.Assert, ast.With))
            for node in ast.walk(ast.parse(cell.source))):
        yield (f"{cell.place}: {name} shows no verdict: neither an assert nor "
               "an expected error")


def item_faults(name, entry, page):
    """Check one claimed item against its chapter."""
    label, check = entry.get("exercise", ""), entry.get("check", "")
    where = f"book/{page.path}: {name}"
    found, solved = exercises(page), solutions(page)
    if label not in found:
        yield f"{where} has no exercise labelled {label!r}"
        return
    if not found[label]:
        yield f"{where}: exercise {label!r} has no folded hint"
    if label not in solved:
        yield f"{where}: exercise {label!r} has no solution"
        return
    cells = [cell for cell in solved[label] if check in checks(cell)]
    if not cells:
        yield (f"{where}: the solution of {label!r} does not call "
               f"check({check!r}, ...)")
    yield from (f"{cell.place}: {name}'s check did not succeed"
                for cell in cells if not succeeded(cell))
    if entry.get("kind") == "pitfall":
        inside = {cell.id for held in solved.values() for cell in held}
        yield from pitfall_faults(name, entry, page, inside)


def entry_faults(name, entry):
    """Check the form of one entry of ``syllabus.yml``."""
    where = f"book/syllabus.yml, {name}"
    if name not in ITEMS + BEYOND:
        yield (f"{where}: no such item; items are A1 to L20, and N, P, S 1 "
               "to 9")
    lacking = {"chapter", "exercise", "check"} - set(entry)
    yield from (f"{where}: key {key!r} is missing" for key in sorted(lacking))
    yield from (f"{where}: key {key!r} is unknown"
                for key in sorted(set(entry) - KEYS))
    if (name[:1] == "L") != (entry.get("kind") == "pitfall"):
        yield f"{where}: kind is 'pitfall' for the items of part L only"


def twice(claims, every):
    """Find a label, a check or an exercise that is used twice."""
    for key in ("exercise", "check"):
        used = Counter(entry.get(key) for entry in claims.values())
        yield from (f"book/syllabus.yml: {key} {value!r} is claimed twice"
                    for value, count in used.items() if count > 1)
    labels = Counter(dict(item.options).get("label") for page in every
                     for cell in page.cells for item in cell.items
                     if item.name == "exercise" and item.kind == "directive")
    yield from (f"book: exercise {label!r} is there {count} times"
                for label, count in labels.items() if count > 1)


def unclaimed(claims, every):
    """Find exercises no item claims."""
    known = {(entry.get("chapter"), entry.get("exercise"))
             for entry in claims.values()}
    for page in every:
        yield from (f"book/{page.path}: exercise {label!r} is claimed by no "
                    "item of book/syllabus.yml" for label in exercises(page)
                    if (page.name, label) not in known)


def audit(book=BOOK):
    """Return the line to print and the faults of a book folder."""
    every, claims = pages(book), unchecked.load(Path(book) / "syllabus.yml")
    by_name = {page.name: page for page in every}
    found = []
    for name, entry in claims.items():
        found += entry_faults(name, entry)
        page = by_name.get(entry.get("chapter"))
        if page is None:
            found.append(f"book/syllabus.yml, {name}: there is no chapter "
                         f"{entry.get('chapter')!r}")
        else:
            found += item_faults(name, entry, page)
    found += [*twice(claims, every), *unclaimed(claims, every)]
    own = sum(name in ITEMS for name in claims)
    return f"items: {own} of {len(ITEMS)}", found


if __name__ == "__main__":
    said, wrong = audit()
    print(said, *wrong, sep="\n")
    sys.exit(bool(wrong))
