"""Every claimed item of the syllabus has exercise, solution and check."""

import re

import yaml
from tools.notebooks import BOOK
from tools.syllabus import audit


def test_every_claimed_item_is_an_exercise_that_works(capsys):
    said, found = audit()
    with capsys.disabled():
        print("\n" + said)
    assert not found, "\n" + "\n".join(found)


def listed(page):
    """Return the names that the appendix shows, with the names it heads."""
    return (re.findall(r"^```\{mistake\} (L\d+)$", page, re.M),
            re.findall(r"^### (L\d+): ", page, re.M))


def test_the_appendix_shows_every_mistake_once():
    page = (BOOK / "mistakes-the-checks-catch.md").read_text("utf-8")
    claimed = yaml.safe_load((BOOK / "syllabus.yml").read_text("utf-8"))
    pitfalls = {name for name, entry in claimed.items()
                if entry.get("kind") == "pitfall"}
    shown, headed = listed(page)
    assert shown == headed
    assert len(shown) == len(set(shown)) and set(shown) == pitfalls


def test_a_mistake_left_out_of_the_appendix_is_seen():
    assert listed("### L1: a\n```{mistake} L1\nx\n```\n### L2: b\n") == (
        ["L1"], ["L1", "L2"])
