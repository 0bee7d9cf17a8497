"""Every claimed item of the syllabus has exercise, solution and check."""

from tools.syllabus import audit


def test_every_claimed_item_is_an_exercise_that_works(capsys):
    said, found = audit()
    with capsys.disabled():
        print("\n" + said)
    assert not found, "\n" + "\n".join(found)
