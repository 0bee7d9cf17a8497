"""Plain words, one spelling: the little that a machine can judge."""

import re

import pytest

from tools.notebooks import pages

EMPTY = ("clearly", "obviously", "trivially", "of course", "needless to say",
         "it is easy to see", "simply put", "in order to", "leverage",
         "delve", "basically", "very")
AMERICAN = {"color": "colour", "behavior": "behaviour", "favor": "favour",
            "neighbor": "neighbour", "center": "centre",
            "centered": "centred", "labeled": "labelled",
            "labeling": "labelling", "modeling": "modelling",
            "modeled": "modelled", "gray": "grey", "analyze": "analyse",
            "judgment": "judgement", "artifact": "artefact"}


def complaints(text):
    """Return what is wrong with a text."""
    low = text.lower()
    found = [f"unneeded: {word!r}" for word in EMPTY
             if re.search(rf"\b{word}\b", low)]
    return found + [f"{word!r}: the book spells it {british!r}"
                    for word, british in AMERICAN.items()
                    if re.search(rf"\b{word}s?\b", low)]


@pytest.mark.parametrize(("text", "message"), [
    ("Clearly, the sum is one.", "unneeded: 'clearly'"),
    ("Two colors.", "'color': the book spells it 'colour'"),
])
def test_a_planted_word_is_named(text, message):
    assert complaints(text) == [message]


def test_good_words_pass():
    assert complaints("The colour of every centre is clear.") == []


def test_every_page_is_in_plain_words():
    found = [f"{cell.place}: {fault}" for page in pages()
             for cell in page.cells
             for fault in complaints(" ".join(
                 item.text for item in cell.items if item.kind == "text"))]
    assert not found, "\n" + "\n".join(found)
