"""Draw the tape of a computation as an accessible SVG."""

import hashlib
import html
from dataclasses import dataclass

from ..plotting import INK, PALETTE, Picture
from .graph import LIMIT, read, sentences
from .layers import LANE, links, ordered, places, ranks, with_bends

PHONE, MARGIN, LINE, PAD, LETTER = 292, 4, 18, 7, 7.3
FONT = "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
DIRECTIONS = ("right", "down")


@dataclass(frozen=True)
class Drawing(Picture):
    """A picture of a graph, with a sentence for each of its nodes."""

    sentences: tuple = ()

    def _repr_html_(self):
        """Return the picture in a scrolling region, then the same in words.

        A drawing keeps its size on a small screen, so that its letters
        stay readable; the region can be scrolled with the keyboard.
        """
        whole = super()._repr_html_()
        start, end = whole.index("<svg"), whole.index("</svg>") + 6
        items = "".join(f"<li>{html.escape(sentence)}</li>"
                        for sentence in self.sentences)
        return (f'{whole[:start]}<div class="graph" role="region"'
                f' tabindex="0" aria-label="{html.escape(self.alt)}"'
                f' style="overflow-x:auto">{whole[start:end]}</div>'
                f"{whole[end:-len('</figure>')]}"
                '<details class="graph-words"><summary>The graph in words'
                f"</summary><ol>{items}</ol></details></figure>")


def draw(output, alt, caption="", *, names=None, direction=None,
         gradients=True, slopes=False, limit=LIMIT):
    """Return a drawing of the tape that computed `output`.

    Each node is a box with its operation, its value, and its gradient if
    `backward` has run; an array shows its shape, and its gradient the
    length of it.  Arrows lead from what was used to what was made.
    `names` maps words to nodes that carry no name, and `slopes` writes the
    local derivatives that the nodes keep on the arrows.

    Units: the SVG is measured in CSS pixels.  Without a `direction`,
    "right" or "down", it is the first of them that fits a phone, else the
    one that is narrower.
    Errors: `ValueError` if `alt` is empty, the direction is no direction,
    or the graph cannot be drawn: more nodes than `limit`, or no tape.
    Source: Sugiyama, Tagawa and Toda (1981).

    >>> class Number:
    ...     op, parents = "+", ()
    ...     def __init__(self, data, *parents):
    ...         self.data, self.parents = data, parents
    >>> one, two = Number(1), Number(2)
    >>> picture = draw(Number(3, one, two), "one and two make three",
    ...                names={"a": one, "b": two})
    >>> picture.sentences
    ('a is given; 1.', 'b is given; 2.', '+ of a and b; 3.')
    """
    if not alt.strip():
        raise ValueError(f"alt must say what the graph shows, got {alt!r}")
    if direction not in (None, *DIRECTIONS):
        raise ValueError(f"direction must be 'right' or 'down', got"
                         f" {direction!r}")
    nodes = read(output, names, gradients, slopes, limit)
    sheets = [Sheet(nodes, way) for way in DIRECTIONS
              if direction in (None, way)]
    sheet = next((s for s in sheets if s.width <= PHONE),
                 min(sheets, key=lambda s: s.width))
    told = tuple(sentences(nodes))
    return Drawing(_svg(sheet, alt, told), alt, caption, told)


class Sheet:
    """Where everything goes: boxes as (x, y, width, height), and edges.

    `edges` holds (points, slope): a polyline of (x, y), the last of them
    on the border of the box that the arrow points at.
    """

    def __init__(self, nodes, direction):
        """Lay the graph out in one direction."""
        self.nodes, self.down = nodes, direction == "down"
        parents = [node.parents for node in nodes]
        size = [_size(node) for node in nodes]
        rows, chains = with_bends(parents, ranks(parents))
        pairs = links(chains)
        rows = ordered(rows, pairs)
        across = places(rows, pairs, [s[not self.down] for s in size])
        along, deep = self._along(rows, [s[self.down] for s in size])
        self.boxes = [self._box(across[v], along[v], *size[v])
                      for v in range(len(nodes))]
        self.edges = [
            (self._points(chain, child, slot, across, along, deep, parents),
             (nodes[child].slopes or [""] * (slot + 1))[slot])
            for (child, slot), chain in chains.items()]
        spots = [(x + w, y + h) for x, y, w, h in self.boxes] + [
            (x + LANE, y) for points, _ in self.edges for x, y in points]
        self.width = round(max(x for x, _ in spots) + MARGIN)
        self.height = round(max(y for _, y in spots) + MARGIN)

    def _along(self, rows, extent):
        """Return the middle of each vertex along the flow, and its depth."""
        gap = 34 if not any(n.slopes for n in self.nodes) else (
            44 if self.down else 80)
        along, deep, at = {}, {}, 0.0
        for row in rows:
            depth = max(extent[v] for v in row if v < len(extent))
            along.update({v: at + depth / 2 for v in row})
            deep.update({v: depth for v in row})
            at += depth + gap
        return along, deep

    def _turn(self, across, along):
        """Return (x, y) of a place across and along the flow."""
        spot = (across, along) if self.down else (along, across)
        return spot[0] + MARGIN, spot[1] + MARGIN

    def _box(self, across, along, width, height):
        """Return (x, y, width, height) of a box around a place."""
        x, y = self._turn(across, along)
        return x - width / 2, y - height / 2, width, height

    def _points(self, chain, child, slot, across, along, deep, parents):
        """Return the corners of one edge; it enters at a port of its own."""
        sources = [(across[p], k) for k, p in enumerate(parents[child])]
        port = sorted(sources).index((across[chain[0]], slot)) + 1
        box = self.boxes[child]
        wide = box[2] if self.down else box[3]
        enter = across[child] + wide * (port / (len(sources) + 1) - 0.5)
        first, last = self.boxes[chain[0]], box
        length = 3 if self.down else 2
        points = [self._turn(across[chain[0]],
                             along[chain[0]] + first[length] / 2)]
        for v in chain:
            lane = enter if v == child else across[v]
            ends = [deep[v] / 2] if v == chain[0] else (
                [-deep[v] / 2] if v == child else [-deep[v] / 2, deep[v] / 2])
            points += [self._turn(lane, along[v] + end) for end in ends]
        return points + [self._turn(enter, along[child] - last[length] / 2)]


def _size(node):
    """Return the width and the height of a box."""
    longest = max(len(line) for line in node.lines)
    return max(longest * LETTER + 2 * PAD, 38), len(node.lines) * LINE + 8


def _svg(sheet, alt, told):
    """Return the whole SVG as text."""
    key = "g" + hashlib.sha256((alt + "".join(told)).encode()).hexdigest()[:8]
    words, list_ = html.escape(alt), html.escape(" ".join(told))
    parts = [_edge(points, slope, sheet.down)
             for points, slope in sheet.edges]
    parts += [_box(node, box) for node, box in zip(sheet.nodes, sheet.boxes)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width}"'
            f' height="{sheet.height}"'
            f' viewBox="0 0 {sheet.width} {sheet.height}" role="img"'
            f' aria-label="{words}" aria-describedby="{key}"'
            f' font-family="{FONT}" font-size="13" text-anchor="middle">'
            f'<title>{words}</title><desc id="{key}">{list_}</desc>'
            f"{''.join(parts)}</svg>")


def _box(node, box):
    """Return a node as SVG; what is given has round ends."""
    x, y, w, h = box
    colour, radius = (INK, 4) if node.parents else (PALETTE[0], 14)
    frame = f'x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"'
    found = [f'<rect {frame} rx="{radius}" fill="{colour}"'
             f' fill-opacity="0.09" stroke="{colour}" stroke-width="1.4"/>']
    for k, line in enumerate(node.lines):
        weight = ' font-weight="700"' if line == node.title else ""
        slant = ' font-style="italic"' if line == node.grad else ""
        found.append(f'<text x="{x + w / 2:.1f}"'
                     f' y="{y + LINE * (k + 1):.1f}" fill="{INK}"'
                     f"{weight}{slant}>{html.escape(line)}</text>")
    return "".join(found)


def _edge(points, slope, down):
    """Return an arrow as SVG: curves between layers, straight inside."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for k, ((a, b), (c, d)) in enumerate(zip(points, points[1:])):
        if k % 2:
            m, n = (a + c) / 2, (b + d) / 2
            bend = ((a, n), (c, n)) if down else ((m, b), (m, d))
            path += "C" + " ".join(f"{u:.1f} {v:.1f}" for u, v in bend)
        else:
            path += "L"
        path += f" {c:.1f} {d:.1f}"
    x, y = points[-1]
    tip = ((x, y), (x - 4, y - 8), (x + 4, y - 8)) if down else (
        (x, y), (x - 8, y - 4), (x - 8, y + 4))
    head = " ".join(f"{u:.1f},{v:.1f}" for u, v in tip)
    found = (f'<path d="{path}" fill="none" stroke="{INK}"'
             ' stroke-width="1.3"/>'
             f'<polygon points="{head}" fill="{INK}"/>')
    return found + (_slope(points, slope, down) if slope else "")


def _slope(points, slope, down):
    """Return the local derivative, written on the last bend of its arrow."""
    (x, y), (a, b) = points[-3], points[-2]
    t = 0.5 if down else 0.6
    along, across = 1.5 * t * (1 - t) + t ** 3, t * t * (3 - 2 * t)
    u, v = (across, along) if down else (along, across)
    return (f'<text x="{x + (a - x) * u:.1f}"'
            f' y="{y + (b - y) * v + 4:.1f}" font-size="12" fill="{INK}"'
            ' stroke="var(--paper, none)" stroke-width="4"'
            f' paint-order="stroke">×{slope}</text>')
