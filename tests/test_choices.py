"""Pictures of choices: what they show, and that they stay the same."""

import re

import numpy as np
import pytest

from lmbook.drawing import TextTable, share_bars, word_tree

TREE = {"it": (0.6, {"is": 0.5, "was": 0.5}), "we": (0.4, {"are": 1.0})}


def test_a_table_escapes_its_texts():
    table = TextTable({"p < 1": "the </s> & <unk>"})
    shown = table._repr_html_()
    assert "the &lt;/s&gt; &amp; &lt;unk&gt;" in shown
    assert '<th scope="row">p &lt; 1</th>' in shown
    assert repr(table) == "p < 1: the </s> & <unk>"


@pytest.mark.parametrize("draw", [
    lambda: share_bars({"a": [0.5, 0.5], "b": [1, 0]}, "xy", 0.3, "bars"),
    lambda: word_tree(TREE, "a tree", "A caption.")])
def test_the_same_picture_every_time(draw):
    assert draw().svg == draw().svg
    assert 'role="img"' in draw().svg


def test_a_piece_of_no_length_has_no_name():
    def letters(shares):
        svg = share_bars({"a": shares}, ["one", "two"], 0.3, "bars").svg
        return len(re.findall("<use ", svg))

    assert letters(np.array([1.0, 0.0])) == letters([0.5, 0.5]) - 3


def test_the_best_path_is_bold():
    widths = re.findall(r"stroke-width: ?3[;\" ]",
                        word_tree(TREE, "a tree").svg)
    assert len(widths) == 2         # we, are: 0.4 against 0.3 and 0.3
