"""Drawings of graphs: nothing overlaps, arrows point on, words for all."""

import itertools
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from lmbook import drawing
from lmbook.autodiff import Tensor, Value
from lmbook.drawing import Drawing, draw
from lmbook.drawing.graph import quantity, read, sentences
from lmbook.drawing.layers import (
    GAP, crossings, links, ordered, places, ranks, spread, with_bends)
from lmbook.drawing.pictures import LETTER, PHONE, Sheet
from lmbook.plotting import INK, Picture

SVG = "{http://www.w3.org/2000/svg}"
SOURCE = pathlib.Path(drawing.__file__).parents[2]


class Node:
    """The node of a tape, as small as it can be."""

    def __init__(self, data, parents=(), op="", slopes=(), name="", grad=0):
        self.data, self.parents, self.op = data, parents, op
        self.slopes, self.name, self.grad = slopes, name, grad


def product_and_sum():
    """Return x + y z at (1, 3, 2), its gradients filled in."""
    x, y, z = (Node(v, name=n, grad=g) for v, n, g in
               ((1, "x", 1), (3, "y", 2), (2, "z", 3)))
    yz = Node(6, (y, z), "*", (2, 3), grad=1)
    return Node(7, (x, yz), "+", (1, 1), grad=1)


def random_tape(seed, size=24):
    """Return a random graph with long edges and nodes used many times."""
    rng = np.random.default_rng(seed)
    tape = [Node(rng.normal(), name=f"x{k}") for k in range(4)]
    while len(tape) < size:
        count = int(rng.integers(1, 4))
        chosen = rng.integers(max(0, len(tape) - 9), len(tape), count)
        tape.append(Node(rng.normal(), tuple(tape[k] for k in chosen),
                         "mix", tuple(rng.normal(size=count))))
    used = {id(p) for node in tape for p in node.parents}
    loose = tuple(n for n in tape if id(n) not in used)
    return Node(0.0, loose, "+", (1.0,) * len(loose))


def overlap(a, b):
    """Return whether two boxes (x, y, width, height) have a common part."""
    return (a[0] < b[0] + b[2] and b[0] < a[0] + a[2]
            and a[1] < b[1] + b[3] and b[1] < a[1] + a[3])


def faults(sheet):
    """Return what is wrong with a layout: overlaps, arrows that go back."""
    found = [f"boxes {i} and {j} overlap" for (i, a), (j, b) in
             itertools.combinations(enumerate(sheet.boxes), 2)
             if overlap(a, b)]
    axis = 1 if sheet.down else 0
    for points, _ in sheet.edges:
        run = [point[axis] for point in points]
        if run != sorted(run) or run[0] == run[-1]:
            found.append("an arrow goes back")
        straight = zip(points[2::2], points[3::2])      # inside a layer
        for (a, b), (c, d) in list(straight)[:-1]:
            line = (min(a, c), min(b, d), abs(a - c), abs(b - d))
            found += [f"an arrow runs through box {k}" for k, box in
                      enumerate(sheet.boxes) if overlap(line, box)]
    for x, y, w, h in sheet.boxes:
        if min(x, y) < 0 or x + w > sheet.width or y + h > sheet.height:
            found.append("a box leaves the picture")
    return found


# ---------------------------------------------------------------- by hand

def test_layers_by_hand():
    # x (0) and y z (3) meet in the sum (4); y (1), z (2) come before 3.
    # x waits in the layer just before the sum: layers 1, 0, 0, 1, 2
    parents = [(), (), (), (1, 2), (0, 3)]
    assert ranks(parents) == [1, 0, 0, 1, 2]
    rows, chains = with_bends(parents, ranks(parents))
    assert rows == [[1, 2], [0, 3], [4]]
    assert chains[4, 1] == [3, 4]


def test_a_long_edge_gets_one_bend_for_each_layer_it_passes():
    # 0 -> 1 -> 2 -> 3 and 0 -> 3: two layers are passed, vertices 4 and 5
    parents = [(), (0,), (1,), (2, 0)]
    rows, chains = with_bends(parents, ranks(parents))
    assert chains[3, 1] == [0, 4, 5, 3]
    assert rows == [[0], [1, 4], [2, 5], [3]]


def test_crossings_by_hand():
    # 0 and 1 above 2 and 3: 0-3 and 1-2 cross, 0-2 and 1-3 do not
    assert crossings([[0, 1], [2, 3]], [(0, 3), (1, 2)]) == 1
    assert crossings([[0, 1], [2, 3]], [(0, 2), (1, 3)]) == 0
    assert ordered([[0, 1], [2, 3]], [(0, 3), (1, 2)]) == [[0, 1], [3, 2]]


def test_spread_by_hand():
    # free places stay; two that want 5 go to 4 and 6; a heavy one stays
    assert spread([0.0, 9.0], [2.0]) == [0.0, 9.0]
    assert spread([5.0, 5.0], [2.0]) == [4.0, 6.0]
    assert spread([5.0, 5.0], [2.0], [3.0, 1.0]) == [4.5, 6.5]


def test_places_leave_the_distance():
    rows, pairs = [[0, 1], [2]], [(0, 2), (1, 2)]
    where = places(rows, pairs, [40, 60, 50])
    assert where[1] - where[0] >= 50 + GAP
    assert where[0] < where[2] < where[1]


@pytest.mark.parametrize(("value", "words"), [
    (2, "2"), (-1.5, "−1.5"), (20.085536, "20.09"), (-0.0, "0"),
    (1e-7, "1e−07"), (np.zeros((3, 4)), "(3, 4)"), (np.array(7.0), "7"),
    (float("nan"), "nan")])
def test_quantities(value, words):
    assert quantity(value) == words


def test_the_gradient_of_an_array_is_its_length():
    assert quantity(np.array([3.0, 4.0]), grad=True) == "‖5‖"


# ----------------------------------------------------------------- layout

@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("seed", range(12))
def test_nothing_overlaps_and_arrows_point_on(seed, direction):
    nodes = read(random_tape(seed), slopes=seed % 2 == 0)
    assert faults(Sheet(nodes, direction)) == []


@pytest.mark.parametrize("seed", range(12))
def test_ordering_never_adds_crossings(seed):
    parents = [node.parents for node in read(random_tape(seed))]
    rows, chains = with_bends(parents, ranks(parents))
    pairs, better = links(chains), ordered(rows, links(chains))
    assert crossings(better, pairs) < crossings(rows, pairs)
    assert [sorted(row) for row in better] == [sorted(r) for r in rows]


def test_planted_faults_of_a_layout_are_found():
    sheet = Sheet(read(product_and_sum()), "down")
    assert faults(sheet) == []
    sheet.boxes[0] = sheet.boxes[1]
    assert "boxes 0 and 1 overlap" in faults(sheet)
    sheet = Sheet(read(product_and_sum()), "right")
    sheet.edges[0][0].reverse()
    assert faults(sheet) == ["an arrow goes back"]
    sheet = Sheet(read(product_and_sum()), "right")
    sheet.width = 100
    assert "a box leaves the picture" in faults(sheet)


def test_without_lanes_an_arrow_would_cross_a_box():
    sheet = Sheet(read(random_tape(3)), "down")
    assert faults(sheet) == []
    points = next(p for p, _ in sheet.edges if len(p) > 4)
    level = points[2][1]
    box = min(sheet.boxes, key=lambda b: abs(b[1] - level))
    for k in (2, 3):
        points[k] = (box[0] + box[2] / 2, points[k][1])
    assert any("an arrow runs through box" in f for f in faults(sheet))


def test_a_node_used_twice_has_two_arrows_with_their_own_ports():
    y = Node(3.0, name="y", grad=6)
    sheet = Sheet(read(Node(9.0, (y, y), "*", (3.0, 3.0), grad=1)), "right")
    ends = [points[-1] for points, _ in sheet.edges]
    assert len(sheet.boxes) == 2 and len(set(ends)) == 2


def test_letters_fit_into_their_box():
    long = Node(1.0, (Node(2.0, name="a"),), "concatenate", grad=-1234.5)
    nodes = read(long)
    for node, box in zip(nodes, Sheet(nodes, "down").boxes):
        assert box[2] >= LETTER * max(map(len, node.lines))
        assert box[3] >= 18 * len(node.lines)


def test_direction():
    small = draw(Node(4.0, (Node(2.0),), "double"), "two, doubled", "")
    assert width(small) > height(small)               # to the right
    tall = draw(product_and_sum(), "a sum")
    assert width(tall) <= PHONE
    assert width(draw(product_and_sum(), "a sum", direction="right")) > (
        width(draw(product_and_sum(), "a sum", direction="down")))


def width(picture):
    """Return the width of a drawing in pixels."""
    return int(re.search(r' width="(\d+)"', picture.svg)[1])


def height(picture):
    """Return the height of a drawing in pixels."""
    return int(re.search(r' height="(\d+)"', picture.svg)[1])


# -------------------------------------------------------- what is readable

def test_svg_has_role_title_and_description():
    picture = draw(product_and_sum(), "a < sum & more", "The graph.")
    root = ElementTree.fromstring(picture.svg)
    assert isinstance(picture, Picture) and isinstance(picture, Drawing)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "a < sum & more"
    assert root[0].tag == f"{SVG}title" and root[0].text == "a < sum & more"
    assert root[1].tag == f"{SVG}desc"
    assert root[1].get("id") == root.get("aria-describedby")
    assert root[1].text == " ".join(picture.sentences)
    assert min(float(size) for size in re.findall(
        r'font-size="([\d.]+)"', picture.svg)) >= 12          # 9 pt


def test_html_scrolls_with_the_keyboard_and_lists_the_graph():
    picture = draw(product_and_sum(), "a sum", "The graph of <f>.")
    root = ElementTree.fromstring(picture._repr_html_())
    region, caption, words = root
    assert root.tag == "figure" and region.get("role") == "region"
    assert region.get("tabindex") == "0"
    assert region.get("aria-label") == "a sum"
    assert "overflow-x:auto" in region.get("style")
    assert caption.text == "The graph of <f>."
    assert words.tag == "details" and words[0].tag == "summary"
    assert [item.text for item in words[1]] == list(picture.sentences)


def test_sentences_say_all_that_is_drawn():
    nodes = read(product_and_sum(), slopes=True)
    assert sentences(nodes) == [
        "x is given; 1; grad 1.", "y is given; 3; grad 2.",
        "z is given; 2; grad 3.",
        "× of y and z; 6; grad 1; local derivatives y: 2, z: 3.",
        "+ of x and ×; 7; grad 1; local derivatives x: 1, ×: 1."]


def test_equal_operations_are_told_apart():
    x = Node(2.0, name="x")
    a, b = Node(4.0, (x, x), "*"), Node(6.0, (x, x), "*")
    assert sentences(read(Node(10.0, (a, b), "+")))[-1] == (
        "+ of × (node 2) and × (node 3); 10.")


def test_colours_follow_the_page():
    picture = draw(product_and_sum(), "a sum", slopes=True)
    assert INK in picture.svg and INK not in picture._repr_html_()
    assert "currentColor" in picture._repr_html_()
    assert "<style" not in picture.svg and "#fff" not in picture.svg.lower()


def test_gradients_and_slopes_are_shown_on_demand():
    plain = draw(product_and_sum(), "a sum", gradients=False)
    assert "grad" not in plain.svg.split("</desc>")[1]
    before = product_and_sum()
    for node in (before, *before.parents, *before.parents[1].parents):
        node.grad = None
    assert "grad" not in draw(before, "a sum").svg.split("</desc>")[1]
    drawn = draw(product_and_sum(), "a sum", slopes=True).svg
    assert drawn.count('paint-order="stroke"') == 4


def test_names_from_outside():
    x = Node(2.0)
    picture = draw(Node(4.0, (x, x), "*"), "a square", names={"side": x})
    assert picture.sentences == ("side is given; 2.",
                                 "× of side and side; 4.")


# --------------------------------------------------------------- sameness

def test_same_text_twice():
    one, two = (draw(random_tape(5), "a tangle") for _ in range(2))
    assert one == two and one._repr_html_() == two._repr_html_()
    assert draw(random_tape(6), "a tangle") != one


def test_same_text_in_two_processes():
    code = ("import sys; from test_drawing import *;"
            "sys.stdout.write(draw(random_tape(5), 'x y')._repr_html_())")
    here = pathlib.Path(__file__).parent
    path = os.pathsep.join([str(SOURCE), str(here)])
    texts = {subprocess.run(
        [sys.executable, "-c", code], check=True, text=True,
        capture_output=True, env={**os.environ, "PYTHONPATH": path,
                                  "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")}
    assert len(texts) == 1 and "<svg" in texts.pop()


def test_ids_are_own():
    one, two = (draw(random_tape(k), "a tangle").svg for k in (5, 6))
    ids = [re.findall(r' id="([^"]+)"', svg) for svg in (one, two)]
    assert len(ids[0]) == 1 and ids[0] != ids[1]


# ---------------------------------------------------------- wrong requests

def test_a_huge_graph_is_refused():
    node = Node(1.0)
    for _ in range(20_000):
        node = Node(1.0, (node,), "neg")
    with pytest.raises(ValueError, match="20001 nodes, expected at most 60:"
                       " draw a smaller example"):
        draw(node, "a chain")


def test_a_circle_is_refused():
    node = Node(1.0, (), "neg")
    node.parents = (Node(1.0, (node,), "neg"),)
    with pytest.raises(ValueError, match="circle"):
        draw(node, "a snake")


@pytest.mark.parametrize(("arguments", "named", "message"), [
    ((3.0, "a number"), {}, "expected the node of a tape, got float"),
    ((Node(1.0), "  "), {}, "alt must say"),
    ((Node(1.0), "one"), {"direction": "up"}, "'right' or 'down', got 'up'"),
    ((Node(1.0), "one"), {"names": {"x": Node(2.0)}},
     "'x' is the name of a node that is not in the graph")])
def test_wrong_requests(arguments, named, message):
    with pytest.raises(ValueError, match=message):
        draw(*arguments, **named)


# ---------------------------------------------------- the tapes of the book

def test_the_tape_of_a_value():
    x, y, z = (Value(v, name=n) for v, n in ((1.0, "x"), (3.0, "y"),
                                             (2.0, "z")))
    f = x.log() + y.exp() * z
    f.backward()
    picture = draw(f, "the small graph", slopes=True)
    # by hand: e^3 = 20.09, f = 2 e^3 = 40.17, df/dy = 2 e^3
    assert picture.sentences == (
        "x is given; 1; grad 1.", "y is given; 3; grad 40.17.",
        "z is given; 2; grad 20.09.",
        "log of x; 0; grad 1; local derivatives x: 1.",
        "exp of y; 20.09; grad 2; local derivatives y: 20.09.",
        "× of exp and z; 40.17; grad 1; local derivatives exp: 2, z: 20.09.",
        "+ of log and ×; 40.17; grad 1; local derivatives log: 1, ×: 1.")
    assert faults(Sheet(read(f, slopes=True), "down")) == []


def test_the_tape_of_a_tensor():
    X, w = Tensor(np.ones((3, 2)), name="X"), Tensor(np.ones(2), name="w")
    loss = ((X @ w).relu() ** 2).sum()
    assert draw(loss, "a loss").sentences[0] == "X is given; (3, 2)."
    loss.backward()
    # by hand: X w = 2 in each row, the gradient by X is 2 * 2 * w = 4 in
    # each of 6 entries, of length sqrt(6 * 16) = 9.798
    assert draw(loss, "a loss").sentences[0] == (
        "X is given; (3, 2); grad ‖9.8‖.")
    assert "slopes" not in draw(loss, "a loss", slopes=True).svg


def test_a_missing_arrow_would_show():
    x = Value(2.0, name="x")
    right, wrong = x * x, x * 2.0
    assert draw(right, "a square") != draw(wrong, "a square")
    assert len(Sheet(read(right), "down").edges) == 2
