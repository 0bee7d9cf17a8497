"""The book's figures: one style, one size unit, the same SVG every time.

The page is light or dark, so a figure has no background, and its text and
axes take the colour of the text around it.  The line colours keep a
contrast of 3 : 1 on white and on near-black, stay apart for colour-blind
readers, and come with a line style each, so that no meaning rests on
colour alone.
"""

import hashlib
import html
import io
import re
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib
from cycler import cycler
from matplotlib.figure import Figure

INK = "#787878"                    # text and axes where no page gives one
PALETTE = ("#2563d9", "#e0640a", "#914f7a", "#5e8ee9", "#c87d92", "#bd240e")
PLACES = sorted(((side, rows) for side in (1, -1, 0, 2, -2)
                 for rows in range(-6, 7) if side or rows),
                key=lambda at: at[0]**2 + at[1]**2 / 2)
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))

STYLE = {
    "axes.edgecolor": INK, "axes.labelcolor": INK, "axes.titlecolor": INK,
    "axes.facecolor": "none", "figure.facecolor": "none",
    "savefig.facecolor": "none", "text.color": INK, "xtick.color": INK,
    "ytick.color": INK, "grid.color": INK, "grid.alpha": 0.25,
    "axes.grid": True, "axes.axisbelow": True, "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=DASHES),
    "font.family": "DejaVu Sans", "font.size": 10.5, "axes.titlesize": 11,
    "lines.linewidth": 1.8, "lines.markersize": 5, "legend.frameon": False,
    "legend.handlelength": 3.2, "svg.fonttype": "path",
    "svg.hashsalt": "lmbook",
}


@contextmanager
def style():
    """Use the book's style inside a `with` block, then restore the old one.

    >>> with style():
    ...     matplotlib.rcParams["svg.hashsalt"]
    'lmbook'
    """
    with matplotlib.rc_context(), matplotlib.rc_context(STYLE):
        yield


def use_style():
    """Use the book's style from here on.

    >>> use_style()
    >>> matplotlib.rcParams["axes.spines.top"]
    False
    """
    matplotlib.rcParams.update(STYLE)


def figure(width=6.0, height=3.4, rows=1, columns=1, **options):
    """Return (figure, axes) in the book's style, ready to draw on.

    Units: inches, at most 7 wide, so that nothing is shrunk on the page.
    Shapes: one axes, or an array of shape (rows, columns) of them without
    axes of length 1.  `options` go to `Figure.subplots` (`sharex` ...).
    Errors: `ValueError` for a size that is not positive, or too wide.

    >>> fig, axes = figure(6, 3, columns=2, sharey=True)
    >>> axes.shape
    (2,)
    """
    if not (0 < width <= 7 and 0 < height):
        raise ValueError("width must be in (0, 7] inches and height"
                         f" positive, got {width} x {height}")
    use_style()
    fig = Figure(figsize=(width, height), layout="constrained")
    return fig, fig.subplots(rows, columns, **options)


def label(ax, points, words, size=9, **style):
    """Write words beside points, where they cover the least.

    Of the places around its point a word takes the nearest that covers
    neither words nor points, else the one that covers fewest; a line
    leads to a word that stands further off.  Draw the
    points and set the limits of the axes before.

    Shapes: `points` (N, 2), N words.  Units: points for `size`; `style`
    holds sequences for `Axes.text`, such as color=[...], one for each.

    >>> fig, ax = figure(3, 2)
    >>> label(ax, [(0.1, 0.5), (0.8, 0.5)], ["one", "two"])
    >>> [text.get_text() for text in ax.texts]
    ['one', 'two']
    """
    ax.figure.draw_without_rendering()
    at = ax.transData.transform(points) * 72 / ax.figure.dpi
    left, right = at[:, 0].min(), at[:, 0].max()
    boxes = [(x - 2, y - 2, x + 2, y + 2) for x, y in at]
    for n, (word, (x, y)) in enumerate(zip(words, at)):
        wide, best = 0.62 * size * len(word), None
        for side, rows in PLACES:
            x0 = x + side * (wide / 2 + 5) - wide / 2
            y0 = y + rows * 1.15 * size - size / 2
            box = x0, y0, x0 + wide, y0 + size
            cost = (sum(_cross(box, other) for other in boxes)
                    + 9 * (x0 < left - 9 or x0 + wide > right + 9))
            if best is None or cost < best[0]:
                best = cost, box, abs(side) > 1 or abs(rows) > 1
        boxes.append(best[1])
        colour = {name: each[n] for name, each in style.items()}
        line = {"arrowstyle": "-", "linewidth": 0.5, "shrinkA": 0,
                "shrinkB": 1, **colour}
        ax.annotate(
            word, points[n], ((best[1][0] + best[1][2]) / 2 - x,
                              best[1][1] + size / 2 - y),
            textcoords="offset points", ha="center", va="center",
            fontsize=size, arrowprops=line if best[2] else None,
            **colour).set_in_layout(False)


def _cross(a, b):
    """Return whether two boxes (left, bottom, right, top) overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@dataclass(frozen=True)
class Picture:
    """A finished figure: a standalone `svg`, words for it, a caption.

    In a notebook it shows as HTML, with the page's own text colour.
    """

    svg: str
    alt: str
    caption: str = ""

    def __repr__(self):
        """Return the words for readers who do not see the picture."""
        return f"<Picture: {self.alt}>"

    def _repr_html_(self):
        """Return the picture, drawn in the text colour of the page."""
        inline = self.svg[self.svg.index("<svg"):].strip()
        inline = inline.replace(INK, "currentColor")
        caption = html.escape(self.caption)
        if caption:
            caption = f"<figcaption>{caption}</figcaption>"
        return f'<figure class="plot">{inline}{caption}</figure>'


def show(fig, alt, caption=""):
    """Return the figure as a `Picture`: put it on the last line of a cell.

    The same figure gives the same text in every process: no date, no
    version, no random identifier, letters as outlines.

    Units: the SVG carries its width and height in points.
    Errors: `ValueError` if `alt` is empty: say what the figure shows.

    >>> fig, ax = figure(3, 2)
    >>> show(fig, "two empty axes")
    <Picture: two empty axes>
    """
    if not alt.strip():
        raise ValueError(f"alt must say what the figure shows, got {alt!r}")
    buffer = io.StringIO()
    with style():
        fig.savefig(buffer, format="svg")
    return Picture(_labelled(buffer.getvalue(), alt), alt, caption)


def _labelled(svg, alt):
    """Return the SVG with a title, a role, a fluid width and its own ids.

    Several pictures share one page: each prefixes its ids, and the style
    sheet, which would reach the whole page, moves to the picture itself.
    The metadata (date, version) and the comments are left out.
    """
    svg = re.sub(r"<(metadata|!--|style).*?(</metadata|--|</style)>\s*",
                 "", svg, flags=re.DOTALL)
    key = "p" + hashlib.sha256((svg + alt).encode()).hexdigest()[:8]
    svg = re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{key}-", svg)
    words = html.escape(alt)
    start = svg.index("<svg") + len("<svg")
    end = svg.index(">", start) + 1
    return (f'{svg[:start]} role="img" aria-label="{words}"'
            ' style="max-width:100%;height:auto;stroke-linejoin:round"'
            f"{svg[start:end]}<title>{words}</title>{svg[end:]}")
