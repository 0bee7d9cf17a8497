"""How the benchmarks take the time, and the memory, of two calls."""

import gc
import importlib
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROUNDS = 15


def machine():
    """What the figures were taken on."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip()
             for line in info.read_text().splitlines()
             if line.startswith("model name")] if info.exists() else []
    return {"processor": names[0] if names else platform.processor(),
            "cores": os.cpu_count(), "python": platform.python_version(),
            "numpy": np.__version__}


def peer(name):
    """Return the module of a peer, or None if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


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


def peak_megabytes(program, *arguments):
    """Peak memory that a Python program adds in a process of its own.

    program: source whose line `START()` marks where counting begins: the
    peak resident size from there on, less the size at that moment.
    """
    source = ("import resource, sys\nimport gc\n"
              "def size():\n"
              "    text = open('/proc/self/status').read()\n"
              "    return {l.split()[0]: l.split()[1] for l in "
              "text.splitlines() if l.startswith('Vm')}\n"
              "def START():\n"
              "    gc.collect()\n"
              "    open('/proc/self/clear_refs', 'w').write('5')\n"
              "    global base\n"
              "    base = int(size()['VmRSS:'])\n"
              + program +
              "\nprint((int(size()['VmHWM:']) - base) / 1024)\n")
    done = subprocess.run([sys.executable, "-c", source, *arguments],
                          capture_output=True, text=True, check=True)
    return round(float(done.stdout.split()[-1]), 1)


def row(function, shape, peer, mine, reference, **more):
    """One line of the table, times in microseconds.

    more: `goal`, the ratio to reach; `book_mb` and `peer_mb`, the peak
    memory of both in megabytes.
    """
    return {"function": function, "shape": shape, "peer": peer,
            "book_us": round(1e6 * mine, 1),
            "peer_us": round(1e6 * reference, 1),
            "ratio": float(f"{mine / reference:.2g}"), **more}


def skipped(function, shape, peer, why="not installed"):
    """The line of a peer that could not run here."""
    return {"function": function, "shape": shape, "peer": peer,
            "skipped": why}
