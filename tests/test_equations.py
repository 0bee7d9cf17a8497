"""Every displayed equation of the book is proved, generated or listed."""

from tools.equations import account


def test_every_formula_of_the_book_is_accounted_for(capsys):
    found = account()
    with capsys.disabled():
        print("\n" + found.summary())
    assert not found.faults, "\n" + "\n".join(found.faults)
