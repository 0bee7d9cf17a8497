"""The checks of the chapter on counting in parts: N1 to N4."""

import numpy as np

from .registry import ask, exercise, expect, require


@exercise("N1", "the lines that a byte range owns")
def n1(own_lines):
    """Check (data, start, stop) -> bytes, for every cut of some texts."""
    for text in ("a café\nolé\n\nthe end", "\n\né\n", "one line", ""):
        data = text.encode()
        for at in range(len(data) + 1):
            pair = [ask(own_lines, data, *span)
                    for span in ((0, at), (at, len(data)))]
            for part in pair:
                require(isinstance(part, bytes), "return the lines as bytes:"
                        f" got {type(part).__name__}")
            _owned(data, at, *pair)


def _owned(data, at, left, right):
    """Say what is wrong with the two halves of a cut."""
    where = f"{data.decode()!r} cut at byte {at}"
    for part in (left, right):
        try:
            part.decode()
        except UnicodeDecodeError:
            require(False, f"{where}: a character is cut in two")
    got = sorted(left.splitlines() + right.splitlines())
    want = sorted(data.splitlines())
    require(len(got) >= len(want), f"{where}: a line is lost: the line that"
            " begins in a range is read to its end")
    require(len(got) <= len(want), f"{where}: a line is there twice, or in"
            " two pieces: who owns a line that begins at the cut?")
    require(left + right == data, f"{where}: the parts together are not the"
            " text")


@exercise("N2", "merge two sorted tables in one sweep")
def n2(merge_sorted):
    """Check (a, b) -> sorted list of (key, count), by one walk."""
    rng = np.random.default_rng(2)
    for sizes in ((0, 0), (3, 0), (0, 2), (1, 1), (6, 9), (30, 4)):
        a, b = (_table(rng, size) for size in sizes)
        total = {}
        for key, count in a + b:
            total[key] = total.get(key, 0) + count
        got = ask(merge_sorted, list(a), list(b))
        require(isinstance(got, list), "return a list of pairs (key, count)")
        got = [tuple(row) for row in got]
        keys = [key for key, _ in got]
        require(len(set(keys)) == len(keys), "a key of both tables makes one"
                " row: add its counts")
        require(keys == sorted(keys), "the rows must come out sorted by key")
        require(len(got) == len(total), f"{len(got)} rows, expected"
                f" {len(total)}: what is left of the longer table?")
        require(got == sorted(total.items()), "a count is wrong: equal keys"
                " add up, others keep theirs")


def _table(rng, size):
    keys = np.sort(rng.choice(40, size, replace=False)).tolist()
    return [(f"w{key:02}", int(rng.integers(1, 9))) for key in keys]


@exercise("N3", "probabilities from the counts of parts")
def n3(merged_probability, merged_perplexity):
    """Check (counts (R, V)) -> (V,), and (perplexities, tokens) -> one."""
    rng = np.random.default_rng(3)
    for parts, size in ((1, 3), (2, 4), (5, 3)):
        counts = rng.integers(1, 30, (parts, size))
        shares = counts / counts.sum(1, keepdims=True)
        expect(ask(merged_probability, counts), counts.sum(0) / counts.sum(),
               "the merged probability", {
            "this is the mean over the parts: a small part counts too much":
                shares.mean(0),
            "divide by the total": counts.sum(0)})
        tokens = rng.integers(10, 999, parts)
        losses = rng.uniform(1, 5, parts)
        right = np.exp((tokens * losses).sum() / tokens.sum())
        expect(ask(merged_perplexity, np.exp(losses), tokens), right,
               "the merged perplexity", {
            "perplexities do not add: their logarithms, the losses, do":
                (tokens * np.exp(losses)).sum() / tokens.sum(),
            "weigh each loss by its tokens": np.exp(losses.mean()),
            "this is the mean of the perplexities": np.exp(losses).mean(),
            "turn the loss back into a perplexity": np.log(right)})


@exercise("N4", "how many workers are too many")
def n4(best_workers):
    """Check (A, B) -> the W that minimises A/W + B log2 W."""
    for A, B in ((100.0, 1.0), (3.8e5, 700.0), (50.0, 49.0), (1.0, 7.0)):
        best = A * np.log(2) / B
        expect(ask(best_workers, A, B), max(best, 1.0), "the best number", {
            "the logarithm in the cost is to base 2": max(A / B, 1.0),
            "the derivative of log2 W is 1 / (W log 2)": A / B / np.log(2),
            "there is at least one worker": best})
