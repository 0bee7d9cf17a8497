"""Pictures of choosing words: bars cut into pieces, trees, and tables."""

import html
from dataclasses import dataclass

from ..plotting import PALETTE, figure, show

PIECES = (PALETTE[0], PALETTE[2], PALETTE[5])   # white is read on them


def share_bars(rows, names, at, alt, caption=""):
    """Return a picture of bars of length one, cut into named pieces.

    Shapes: `rows` {label: K probabilities}; `names` K words, K at most 3;
    `at` where a dashed line crosses all bars.

    >>> share_bars({"a coin": [0.5, 0.5]}, ["heads", "tails"], 0.3, "a bar")
    <Picture: a bar>
    """
    fig, ax = figure(5.2, 0.5 * len(rows) + 0.4)
    for row, shares in enumerate(rows.values()):
        left = 0
        for share, name, colour in zip(shares, names, PIECES):
            ax.barh(row, share, 0.66, left, color=colour, linestyle="-",
                    edgecolor="#ffffff", linewidth=1.5)
            if share > 0:
                ax.text(left + 0.015, row, name, color="#ffffff",
                        va="center", weight="bold", fontsize=10)
            left += share
    ax.axvline(at, linestyle="--", color=PALETTE[1], linewidth=2.2)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlim=(0, 1), ylim=(len(rows) - 0.5, -0.5),
           xticks=sorted({0, 0.5, at, 1}))
    ax.grid(False)
    return show(fig, alt, caption)


def word_tree(tree, alt, caption=""):
    """Return a picture of a tree of two words, the best path in bold.

    tree: {first word: (probability, {second word: probability})}.

    >>> word_tree({"a": (1.0, {"b": 0.5, "c": 0.5})}, "a tree")
    <Picture: a tree>
    """
    leaves = [(first, p1, second, p2) for first, (p1, seconds)
              in tree.items() for second, p2 in seconds.items()]
    best = max(leaves, key=lambda leaf: leaf[1] * leaf[3])
    height, (fig, ax) = len(leaves), figure(5.2, 0.7 * len(leaves))
    root, row = (height - 1) / 2, height - 1
    for first, (p1, seconds) in tree.items():
        middle = row - (len(seconds) - 1) / 2
        _branch(ax, (0, root), (1, middle), p1, first == best[0])
        ax.text(1.05, middle, first, va="center", fontsize=12)
        for second, p2 in seconds.items():
            _branch(ax, (1.4, middle), (2.4, row), p2,
                    (first, p1, second, p2) == best)
            ax.text(2.46, row, f"{first} {second}  {p1 * p2:.2f}",
                    va="center", fontsize=12)
            row -= 1
    ax.set(xlim=(-0.05, 3.6), ylim=(-0.4, height - 0.6))
    ax.axis("off")
    return show(fig, alt, caption)


def _branch(ax, start, end, probability, bold):
    """Draw one branch with its probability above the middle."""
    ax.plot(*zip(start, end), "-" if bold else "--",
            linewidth=3 if bold else 1.4, color=PALETTE[not bold])
    ax.text((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + 0.2,
            f"{probability}", ha="center")


@dataclass(frozen=True)
class TextTable:
    """Texts with a label each; in a notebook, an HTML table.

    >>> TextTable({"greedy": "the of the"})
    greedy: the of the
    """

    rows: dict

    def __repr__(self):
        """Return one line for each text."""
        return "\n".join(f"{label}: {text}"
                         for label, text in self.rows.items())

    def _repr_html_(self):
        """Return the table."""
        body = "".join(
            f'<tr><th scope="row">{html.escape(label)}</th>'
            f"<td>{html.escape(text)}</td></tr>"
            for label, text in self.rows.items())
        return f'<table class="table"><tbody>{body}</tbody></table>'
