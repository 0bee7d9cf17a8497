"""Read ``book/unchecked.yml``: what a page states without a proof, and why.

::

    softmax-and-cross-entropy:
      displayed:
        's_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}}': definition
      inline:
        'K = 2': the smallest case
      numbers:
        '0.99': input of the worked example

Each entry is the exact text, then the reason.  A page, a text or a reason
that is missing or given twice is an error; so is an entry nothing uses.
"""

from pathlib import Path

import yaml

KINDS = ("displayed", "inline", "numbers")


class Strict(yaml.SafeLoader):
    """A YAML loader that refuses a key given twice."""


def mapping(loader, node):
    """Build a dictionary; a repeated key raises ``ValueError``."""
    pairs = loader.construct_pairs(node, deep=True)
    found = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"book/{Path(node.start_mark.name).name}, line "
                             f"{node.start_mark.line + 1} on: {key!r} appears "
                             "twice")
        found[key] = value
    return found


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)


def load(path):
    """Load a YAML file strictly; a file that is not there is empty."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Strict) or {}


def entries(book):
    """Return ``{page: {kind: {text: reason}}}`` and the list of faults."""
    listed, faults = load(book / "unchecked.yml"), []
    found = {}
    for page, kinds in listed.items():
        found[page] = {}
        for kind, texts in (kinds or {}).items():
            if kind not in KINDS:
                faults.append(f"book/unchecked.yml, {page}: {kind!r} is not "
                              f"one of {', '.join(KINDS)}")
                continue
            found[page][kind] = {str(text): reason for text, reason
                                 in (texts or {}).items()}
            faults += [f"book/unchecked.yml, {page}, {kind}: {text!r} has no "
                       "reason" for text, reason in (texts or {}).items()
                       if not str(reason or "").strip()]
    return found, faults


def stale(book_entries, kind, used, names):
    """Name the entries of one kind that no page uses.

    ``used`` holds pairs (page, text); ``names`` the pages there are.
    """
    faults = []
    for page, kinds in book_entries.items():
        if page not in names:
            faults.append(f"book/unchecked.yml: there is no page {page!r}")
            continue
        faults += [f"book/unchecked.yml, {page}, {kind}: stale entry "
                   f"`{text}`: the page does not need it"
                   for text in kinds.get(kind, {}) if (page, text) not in used]
    return faults
