"""Glossary and symbols: every link leads to a place that has the word."""

import json
import re

from mdit_py_plugins.anchors.index import slugify

from tools.notebooks import BOOK

ENTRY = re.compile(r"^(\S.*)\n  (.+) \[.*?\]\((.+?)\.(?:ipynb|md)#(.+)\)$",
                   re.M)
ROW = re.compile(r"^\| (\$.+?) \| .*?\[.+?\]\((.+?)\.(?:ipynb|md)#(.+?)\) ",
                 re.M)
HEADING = re.compile(r"^#{1,3} (.+)$", re.M)


def pieces(name):
    """Yield the cells of a page as texts, the printed TeX included."""
    path = BOOK / f"{name}.ipynb"
    if not path.exists():
        yield (BOOK / f"{name}.md").read_text("utf-8")
        return
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        yield "".join(cell["source"])
        for output in cell.get("outputs", []):
            for kind, value in output.get("data", {}).items():
                if kind.endswith("latex") or kind == "text/html":
                    yield "".join(value)


def sections(name):
    """Return {anchor: text} of a page; a heading starts a section."""
    found, anchor = {}, ""
    for text in pieces(name):
        start = 0
        for heading in HEADING.finditer(text):
            found[anchor] = found.get(anchor, "") + text[start:heading.start()]
            anchor, start = slugify(heading[1]), heading.start()
        found[anchor] = found.get(anchor, "") + text[start:] + "\n"
    return found


def flat(text):
    """Return a text without marks, in small letters and single spaces."""
    return " ".join(re.sub(r"[*_`]", "", text).split()).lower()


def lost(entries):
    """Name the entries whose place is not there or lacks the word."""
    return [entry for entry, page, anchor in entries if any(
        flat(word) not in flat(sections(page).get(anchor, ""))
        for word in entry.split())]


def glossary():
    """Return (term, definition, page, anchor) of every entry."""
    return ENTRY.findall((BOOK / "glossary.md").read_text("utf-8"))


def symbols():
    """Return (symbol, page, anchor) of every linked row of the table."""
    rows = ROW.findall((BOOK / "notation.md").read_text("utf-8"))
    return [(re.search(r"\$(.+?)\$", row[0])[1], *row[1:]) for row in rows]


def test_each_term_occurs_where_its_link_leads():
    terms = [(term, page, anchor) for term, _, page, anchor in glossary()]
    assert not lost(terms)


def test_a_term_at_the_wrong_place_is_named():
    wrong = [("softmax", "optimisers", "what-a-velocity-remembers"),
             ("momentum", "optimisers", "no-such-place")]
    assert lost(wrong) == ["softmax", "momentum"]


def test_the_glossary_is_complete_sorted_and_short():
    text = (BOOK / "glossary.md").read_text("utf-8")
    inside = text.split("```{glossary}\n")[1].split("```")[0]
    blocks = [block for block in inside.split("\n\n") if block.strip()]
    terms = [term for term, *_ in glossary()]
    assert len(terms) == len(blocks) == len(set(terms)) >= 90
    assert terms == sorted(terms, key=str.lower)
    assert all(len(words.split()) <= 45 for _, words, *_ in glossary())


def test_each_symbol_occurs_where_its_link_leads():
    table = (BOOK / "notation.md").read_text("utf-8").split("## Symbols")[1]
    rows = [row for row in table.split("\n") if row.startswith("| $")]
    assert len(symbols()) == len(rows) >= 29
    missing = [entry for entry in symbols()
               if symbol_in(entry[0]) not in sections(entry[1])[entry[2]]]
    assert not missing


def symbol_in(tex):
    r"""Return what to look for: `\sigma(x)` stands as `\sigma` in a text."""
    return tex.split("(")[0].removesuffix(r"\{\cdot\}").removesuffix("_{ij}")
