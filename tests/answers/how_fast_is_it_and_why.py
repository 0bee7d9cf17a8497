"""Right and wrong answers to the exercises on speed."""

import numpy as np


def exponent(sizes, seconds):
    return np.polyfit(np.log(sizes), np.log(seconds), 1)[0]


def ends(sizes, seconds):
    return np.log(seconds[-1] / seconds[0]) / np.log(sizes[-1] / sizes[0])


def crossover(a, b, c, d):
    return (c - a) / (b - d) if b > d else np.inf


def add_rows(table, ids, rows):
    table = table.copy()
    np.add.at(table, ids, rows)
    return table


def once(table, ids, rows):
    table = table.copy()
    table[ids] += rows
    return table


def in_place(table, ids, rows):
    np.add.at(table, ids, rows)
    return table


RIGHT = {"S1": [(exponent,)], "S2": [(crossover,)], "S3": [(add_rows,)]}
WRONG = [
    ("S1", (lambda s, t: np.polyfit(s, t, 1)[0],), "fit a line to the log"),
    ("S1", (ends,), "with noise"),
    ("S2", (lambda a, b, c, d: (a - c) / (b - d),), "at n = 6"),
    ("S2", (lambda a, b, c, d: (c - a) / (b - d) if b != d else np.inf,),
     "stays below"),
    ("S3", (once,), "one of its rows is kept"),
    ("S3", (in_place,), "in place"),
    ("S3", (lambda table, ids, rows: rows,), "has shape"),
]
