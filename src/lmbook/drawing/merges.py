"""Pictures for tokenizers: merges as trees, and a column of stations."""

from ..plotting import INK, PALETTE, figure, show


def brackets(symbols, merges):
    """Return the brackets that merges draw, and the symbols they leave.

    A symbol is (place, step, text): place 0, 1, ... of a character and the
    middle of what a merge joins; step 0, or the number of the merge.  A
    bracket is (step, symbol, symbol).

    >>> brackets("ab", [("a", "b")])
    ([(1, (0, 0, 'a'), (1, 0, 'b'))], [(0.5, 1, 'ab')])
    """
    nodes = [(place, 0, text) for place, text in enumerate(symbols)]
    found = []
    for step, pair in enumerate(merges, 1):
        k = 0
        while k < len(nodes) - 1:
            a, b = nodes[k:k + 2]
            if (a[2], b[2]) == pair:
                found.append((step, a, b))
                nodes[k:k + 2] = [((a[0] + b[0]) / 2, step, a[2] + b[2])]
            k += 1
    return found, nodes


def draw_merges(words, merges, alt, caption=""):
    """Return a picture of words and the merges that join their symbols.

    words: tuples of symbols, one below the other; merges: pairs, in order.
    Each bracket stands at the number of its merge, read to the right.
    Errors: `ValueError` if `alt` is empty.

    >>> draw_merges([("a", "b")], [("a", "b")], "a and b are joined")
    <Picture: a and b are joined>
    """
    letters = sum(map(len, words))
    fig, ax = figure(5.2, 0.6 + 0.24 * letters)
    top, labels = 0, []
    for word, color in zip(words, PALETTE * len(words)):
        found, left = brackets(word, merges)
        labels += [(top - k, text) for k, text in enumerate(word)]
        for step, (a, x, _), (b, u, _) in found:
            ax.plot((x, step, step, u), (top - a, top - a, top - b, top - b),
                    color=color, linestyle="-")
        for place, step, text in left:
            ax.text(step + 0.2, top - place, text if step else "",
                    va="center", color=color)
        top -= len(word) + 0.6
    ax.set_yticks(*zip(*labels))
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(0, 1.34 * len(merges)), ylim=(top + 1, 0.7),
           xticks=range(1, len(merges) + 1), xlabel="number of the merge")
    ax.grid(False)
    return show(fig, alt, caption)


def draw_column(boxes, alt, caption="", machines=(), back=None):
    """Return a picture of boxes in a column, an arrow from each to the next.

    boxes: texts, one for each station; those in machines, by number, get a
    frame. back: (from, to, text) for an arrow that leads up again.
    Errors: `ValueError` if `alt` is empty.

    >>> draw_column(["text", "tokenizer"], "text goes in", machines=[1])
    <Picture: text goes in>
    """
    fig, ax = figure(4.4, 0.72 * len(boxes))
    for k, text in enumerate(boxes):
        edge = PALETTE[0] if k in machines else "none"
        ax.text(0, -k, text, ha="center", va="center", bbox={
            "boxstyle": "round,pad=0.45", "ec": edge, "fc": "none"})
        if k:
            ax.annotate("", (0, 0.3 - k), (0, 0.7 - k), arrowprops={
                "arrowstyle": "->", "ec": INK})
    if back:
        start, end, text = back
        ax.plot((0.6, 0.85, 0.85), (-start, -start, -end), color=PALETTE[1],
                linestyle="-")
        ax.annotate("", (0.5, -end), (0.86, -end), arrowprops={
            "arrowstyle": "->", "ec": PALETTE[1], "lw": 1.8})
        ax.text(0.92, -(start + end) / 2, text, color=PALETTE[1],
                rotation=-90, ha="center", va="center")
    ax.set(xlim=(-1, 1), ylim=(0.5 - len(boxes), 0.5))
    ax.axis("off")
    return show(fig, alt, caption)
