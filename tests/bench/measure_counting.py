"""Counting in parts: identity, killed workers, and its constants.

Text: WikiText-2, dev and test, if LMBOOK_DATA has it, else `docs`, a
sentence a line, repeated up to 50 MB. Repeating adds bytes to count but
no new n-grams to merge, so merging is measured on different parts of the
text itself.
"""

import os
import pickle
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1]))

from scale_jobs import Deadly
from timing import peak_megabytes

from lmbook.data import load
from lmbook.data.tokens import token_sentences
from lmbook.scale import (
    ChunkCounts, DaskCluster, NgramCounts, ProcessPool, WordCounts,
    count_file, local_client)
from lmbook.vocabulary import Vocabulary

ORDER, BIG, CUTS, ROUNDS, GOAL = 3, 50_000_000, 200, 3, 0.85


def source():
    """Return the name of the text, and its sentences as bytes of lines."""
    try:
        corpus = load("wikitext-2")
    except FileNotFoundError:
        corpus = load("docs")
    lines = "".join(" ".join(tokens) + "\n"
                    for tokens in token_sentences(corpus))
    return corpus.name, lines.encode()


def same(a, b):
    """Whether two tables are equal to the last byte."""
    return pickle.dumps(a) == pickle.dumps(b) or _equal(a, b)


def _equal(a, b):
    if isinstance(a, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    return all(np.array_equal(x, vars(b)[name])
               and getattr(x, "dtype", 0) == getattr(vars(b)[name], "dtype", 0)
               for name, x in vars(a).items())


def vocabulary_of(path):
    """The first pass: count the words, make the vocabulary."""
    return Vocabulary.from_counts(dict(
        count_file(path, WordCounts(str.split)).items()))


def identity(path, jobs):
    """Count with random cuts; every table is that of no cut at all."""
    rng, size = np.random.default_rng(0), path.stat().st_size
    whole = [count_file(path, job) for job in jobs]
    for number in range(CUTS):
        cuts = rng.integers(0, size + 1, size=rng.integers(1, 10)).tolist()
        for job, table in zip(jobs, whole):
            assert same(count_file(path, job, parts=cuts), table), cuts
    return {"cuts": CUTS, "jobs": len(jobs), "bytes": size}


def recovered(path, runner, folder):
    """Kill a worker while it counts; say that nothing was lost."""
    Path(folder).mkdir()
    job = Deadly(str.split, str(folder), " ", lives=1)
    table = count_file(path, job, parts=8, runner=runner)
    assert os.listdir(folder) == ["0"], "no worker was killed"
    assert same(table, count_file(path, WordCounts(str.split)))
    return True


def _used():
    """Return the seconds of CPU that this process has used."""
    return time.process_time()


def clock(call):
    """Return the seconds of a call: on the wall, and of CPU here."""
    start, used = time.perf_counter(), _used()
    call()
    return time.perf_counter() - start, _used() - used


def speed(path, job, client):
    """Return seconds of one process and of two workers, and their ratios.

    The two take turns, so what else the machine does meets both; a ratio
    is the median of the rounds. `ratio` is by the clock. Where others use
    the machine, a system that shares its time between users gives two
    workers no more than one process; so `cpu_ratio` is given, too: what
    the busiest worker and the client used of CPU, one after the other,
    over what one process used. It is the ratio on two free cores.
    """
    alone, pair, ratios = [], [], []
    for _ in range(ROUNDS):
        alone.append(clock(lambda: count_file(path, job)))
        before = client.run(_used)
        wall, here = clock(lambda: count_file(
            path, job, parts=4, runner=DaskCluster(client)))
        after = client.run(_used)
        pair.append((wall, here + max(after[w] - before[w] for w in after)))
        ratios.append(np.divide(pair[-1], alone[-1]))
    one, two, ratio = (np.median(x, 0).round(3).tolist()
                       for x in (alone, pair, ratios))
    return {"one_process": dict(zip(("seconds", "cpu_seconds"), one)),
            "two_workers": dict(zip(("seconds", "cpu_seconds"), two)),
            "ratio": ratio[0], "cpu_ratio": ratio[1], "goal": GOAL,
            "load_average": round(os.getloadavg()[0], 1),
            "megabytes": round(path.stat().st_size / 1e6, 1)}


def constants(path, job):
    """Return seconds of CPU for a megabyte and for a merged row.

    Two halves of the text are merged, whose n-grams differ.
    """
    halves = [job.map(part) for part in _halves(path.read_bytes())]
    rows = sum(len(table) for half in halves for table in half)
    reading = _cpu(lambda: count_file(path, job))
    merging = _cpu(lambda: job.merge(halves))
    return {"map_seconds_per_megabyte": float(
                f"{reading / (path.stat().st_size / 1e6):.3g}"),
            "merge_seconds_per_million_rows": float(
                f"{merging / (rows / 1e6):.3g}"),
            "rows_merged": rows,
            "bytes_per_row": round(len(pickle.dumps(halves)) / rows, 1)}


def _halves(data):
    middle = data.index(b"\n", len(data) // 2) + 1
    return data[:middle], data[middle:]


def _cpu(call):
    """Return the median seconds of CPU of a call."""
    found = []
    for _ in range(ROUNDS):
        found.append(clock(call)[1])
    return statistics.median(found)


PROGRAM = """
from lmbook.scale import NgramCounts, count_file
from measure_counting import vocabulary_of
job = NgramCounts(vocabulary_of(sys.argv[1]), 3, str.split)
START()
count_file(sys.argv[2], job)
"""


def measure():
    """Assert what must hold; return what was measured."""
    name, text = source()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        tiny, small, half, big = (folder / f"{n}.txt" for n in "abcd")
        tiny.write_bytes(text[:text.index(b"\n", 20_000) + 1])
        small.write_bytes(text)
        for path, size in ((half, BIG // 2), (big, BIG)):
            path.write_bytes(text * -(-size // len(text)))
        vocabulary = vocabulary_of(small)
        job = NgramCounts(vocabulary, ORDER, str.split)
        found = {"text": name, "order": ORDER,
                 "identity": identity(tiny, [
                     job, WordCounts(str.split), ChunkCounts()]),
                 "pool_recovered": recovered(
                     small, ProcessPool(2), folder / "pool")}
        with local_client(2) as client:
            cluster = DaskCluster(client)
            found["dask_recovered"] = recovered(small, cluster,
                                                folder / "dask")
            assert same(count_file(small, job, parts=7, runner=cluster),
                        count_file(small, job))
            found["speed"] = speed(big, job, client)
        found["constants"] = constants(small, job)
        path = f"import sys; sys.path.append({str(Path(__file__).parent)!r})"
        found["peak_megabytes"] = {
            f"{file.stat().st_size / 1e6:.0f} MB": round(peak_megabytes(
                path + PROGRAM, str(small), str(file)))
            for file in (half, big)}
    return found
