"""Answers to N1 to N4: right ones, and wrong ones with their hint."""

import numpy as np


def first_line(data, position):
    if position == 0:
        return 0
    at = data.find(b"\n", position - 1)
    return len(data) if at < 0 else at + 1


def own_lines(data, start, stop):
    return data[first_line(data, start):first_line(data, stop)]


def plain_slice(data, start, stop):
    return data[start:stop]


def from_the_cut(data, start, stop):
    """Looks for a break from the cut on: skips a line that begins there."""
    def after(position):
        at = data.find(b"\n", position)
        return 0 if not position else len(data) if at < 0 else at + 1
    return data[after(start):first_line(data, stop)]


def only_whole_lines(data, start, stop):
    begin, end = first_line(data, start), data.rfind(b"\n", 0, stop) + 1
    return data[begin:end] if stop < len(data) else data[begin:]


def both_read_it(data, start, stop):
    begin = data.rfind(b"\n", 0, start) + 1
    return data[begin:first_line(data, stop)]


def as_text(data, start, stop):
    return own_lines(data, start, stop).decode()


def merge_sorted(a, b):
    rows, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i][0] == b[j][0]:
            rows.append((a[i][0], a[i][1] + b[j][1]))
            i, j = i + 1, j + 1
        elif a[i][0] < b[j][0]:
            rows.append(a[i])
            i += 1
        else:
            rows.append(b[j])
            j += 1
    return rows + a[i:] + b[j:]


def joined(a, b):
    return sorted(a + b)


def by_dict(a, b):
    total = dict(a)
    for key, count in b:
        total[key] = total.get(key, 0) + count
    return list(total.items())


def no_rest(a, b):
    last = min(a[-1:], b[-1:]) if a and b else [("", 0)]
    return [row for row in merge_sorted(a, b) if row[0] <= last[0][0]]


def overwritten(a, b):
    return sorted((dict(a) | dict(b)).items())


def merged_probability(counts):
    return counts.sum(0) / counts.sum()


def mean_of_shares(counts):
    return (counts / counts.sum(1, keepdims=True)).mean(0)


def merged_perplexity(perplexities, tokens):
    return np.exp((tokens * np.log(perplexities)).sum() / tokens.sum())


def weighted_mean(perplexities, tokens):
    return (tokens * perplexities).sum() / tokens.sum()


def unweighted(perplexities, tokens):
    return np.exp(np.log(perplexities).mean())


def best_workers(A, B):
    return max(A * np.log(2) / B, 1.0)


RIGHT = {"N1": [(own_lines,)], "N2": [(merge_sorted,)],
         "N3": [(merged_probability, merged_perplexity)],
         "N4": [(best_workers,)]}

WRONG = [
    ("N1", (plain_slice,), "there twice, or in two pieces"),
    ("N1", (from_the_cut,), "a line is lost"),
    ("N1", (only_whole_lines,), "a line is lost"),
    ("N1", (both_read_it,), "there twice"),
    ("N1", (as_text,), "return the lines as bytes"),
    ("N2", (joined,), "a key of both tables makes one row"),
    ("N2", (by_dict,), "must come out sorted"),
    ("N2", (no_rest,), "what is left of the longer table"),
    ("N2", (overwritten,), "a count is wrong"),
    ("N2", (lambda a, b: None,), "is the return missing"),
    ("N3", (mean_of_shares, merged_perplexity), "counts too much"),
    ("N3", (lambda c: c.sum(0), merged_perplexity), "divide by the total"),
    ("N3", (merged_probability, weighted_mean), "perplexities do not add"),
    ("N3", (merged_probability, unweighted), "weigh each loss"),
    ("N3", (merged_probability, lambda p, t: np.log(merged_perplexity(p, t))),
     "turn the loss back"),
    ("N4", (lambda A, B: max(A / B, 1.0),), "to base 2"),
    ("N4", (lambda A, B: A / B / np.log(2),), "derivative of log2"),
    ("N4", (lambda A, B: A * np.log(2) / B,), "at least one worker"),
]
