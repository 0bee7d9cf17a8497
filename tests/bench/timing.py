"""How the benchmarks take the time of two calls, in turn."""

import gc
import statistics
import time

ROUNDS = 15


def seconds(call, repeats):
    """Time of one call, averaged over `repeats`.

    What another call left behind is collected first, off the clock.
    """
    gc.collect()
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def medians(*calls, rounds=ROUNDS):
    """Median seconds of each call; the calls take turns in every round."""
    repeats = [max(1, int(0.01 / seconds(call, 1))) for call in calls]
    table = [[seconds(call, n) for call, n in zip(calls, repeats)]
             for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*table)]


def row(function, shape, peer, mine, reference):
    """One line of the table, times in microseconds."""
    return {"function": function, "shape": shape, "peer": peer,
            "book_us": round(1e6 * mine, 1),
            "peer_us": round(1e6 * reference, 1),
            "ratio": float(f"{mine / reference:.2g}")}
