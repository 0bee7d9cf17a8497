"""Every chapter keeps the anatomy; the rules are in tools/anatomy.py."""

from tools.anatomy import faults


def test_every_page_keeps_the_anatomy():
    found = faults()
    assert not found, "\n" + "\n".join(found)
