"""Windows of four frequent words: by hand, and their laws."""

import numpy as np
import pytest

from lmbook.data.fourgrams import fourgrams, frequent, windows_of

SENTENCES = [["a", "b", "a", "c", "b"], ["b", "a"], ["a", "b", "a", "a", "b"]]


def test_the_most_frequent_first_and_ties_by_the_alphabet():
    # a 6 times, b 5 times, c once
    assert frequent(SENTENCES, 2) == ["a", "b"]
    assert frequent([["y", "x"]], 2) == ["x", "y"]


def test_windows_by_hand():
    # c breaks the first sentence; no window runs over a sentence's end
    found = windows_of(SENTENCES, {"a": 1, "b": 2})
    np.testing.assert_array_equal(found, [[1, 2, 1, 1], [2, 1, 1, 2]])


def test_no_window_in_short_sentences():
    assert windows_of([["a", "b", "a"]], {"a": 1, "b": 2}).shape == (0, 4)
    assert windows_of([], {}).shape == (0, 4)


@pytest.mark.parametrize("size", [0, -1, 4])
def test_a_size_that_the_text_does_not_have(size):
    with pytest.raises(ValueError, match=f"size is {size}; expected 1 to 3"):
        frequent(SENTENCES, size)


def test_docs_windows_hold_no_mask_and_every_split():
    data = fourgrams("docs")
    assert set(data.windows) == {"train", "dev", "test"}
    for windows in data.windows.values():
        assert windows.shape[1] == 4
        assert windows.min() >= 1 and windows.max() <= 250
