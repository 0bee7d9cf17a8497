"""Numbers typed in a sentence, where they should be computed."""

import ast
import re

from tools import unchecked

NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?![\w])")
YEAR = re.compile(r"(1[89]|20)\d\d")


def suspicious(text):
    """List the decimals, and the whole numbers from 100 on, but no years.

    >>> suspicious("3.25 nats, 1,200 words, 12 items, in 1948")
    ['3.25', '1,200']
    """
    return [n for n in NUMBER.findall(text)
            if ("." in n or float(n.replace(",", "")) >= 100)
            and not YEAR.fullmatch(n)]


def numbers(cell):
    """List the typed numbers of a text cell or a caption."""
    found = []
    for item in cell.items:
        bare = item.kind == "math" and NUMBER.fullmatch(item.text.strip())
        if item.kind == "text" and not item.in_link or bare:
            found += suspicious(item.text)
    return found + captions(cell)


def captions(cell):
    """List the numbers typed in the words given to ``show``."""
    try:
        tree = ast.parse(cell.source if cell.kind == "code" else "")
    except SyntaxError:
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)
             and getattr(node.func, "attr",
                         getattr(node.func, "id", "")) == "show"]
    return [number for call in calls for node in ast.walk(call)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            for number in suspicious(node.value)]


def faults(every, book):
    """Return the typed numbers that ``unchecked.yml`` does not list."""
    entries, _ = unchecked.entries(book)
    found, used = [], set()
    for page in every:
        listed = entries.get(page.name, {}).get("numbers", {})
        for cell in page.cells:
            for number in numbers(cell):
                used.add((page.name, number))
                if number not in listed:
                    found.append(
                        f"{cell.place}: the number {number} is typed; glue it"
                        " or list it under 'numbers' in book/unchecked.yml")
    return found + unchecked.stale(entries, "numbers", used,
                                   {page.name for page in every})
