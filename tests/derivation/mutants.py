"""The kill rates: plant every error in every derivation, count survivors.

    python tests/derivation/mutants.py          (make mutants)

Writes `book/kill_rates.json` and fails if an error passes that changes the
meaning, or if `equivalent.txt`, the list of planted lines that are true all
the same, does not name exactly those that passed.
"""

import json
import os
import platform
import sys
import time
from collections import defaultdict
from multiprocessing import Pool
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import fuzz  # noqa: E402
import plant  # noqa: E402
import torch  # noqa: E402
from derivations import ALL  # noqa: E402
from planted_gradients import planted_gradients  # noqa: E402

RATES = HERE.parents[1] / "book" / "kill_rates.json"
LIST = HERE / "equivalent.txt"
CHUNK = 250


def known():
    """Return {planted line: reason} from the list kept by hand."""
    found, reason = {}, None
    for row in LIST.read_text().splitlines():
        if row.startswith("## "):
            reason = row[3:]
        elif row.strip():
            found[row] = reason
    return found


def name_of(d, number, mutant):
    return f"{d.title} | {number} | {mutant}"


def slip(kind):
    """Return a kind of slip in print, whichever letters are concerned."""
    if " for " in kind:
        return "another letter"
    return "dropped piece" if kind.startswith("dropped ") else kind


def plant_all(which):
    """Plant every error in one derivation.

    Returns ({(part, kind): [planted, refused, equivalent]}, the true lines
    that passed, the false ones)."""
    d, compared = plant.recorded(ALL[which])
    table, true, false = defaultdict(lambda: [0, 0, 0]), [], []

    def count(part, results, number):
        for kind, mutant, refused, equal in results:
            row = table[part, slip(kind) if part == "print" else kind]
            row[0], row[1] = row[0] + 1, row[1] + refused
            row[2] += equal
            if not refused and not equal:
                false.append(f"{part}: {name_of(d, number, mutant)}")
            elif not refused and part == "line":
                true.append(name_of(d, number, mutant))

    for number in range(len(d.lines)):
        count("line", plant.line_results(d, number), number)
        count("print", plant.typo_results(d, number), number)
    for comparison in compared:
        count("definition", plant.definition_results(d, *comparison),
              comparison[0].name)
    return dict(table), true, false


def work(task):
    kind, start, stop = task
    torch.set_num_threads(1)
    try:
        if kind == "plant":
            return task, plant_all(start)
        return task, fuzz.run(kind, range(start, stop))
    except Exception as problem:
        raise RuntimeError(f"{task}: {ALL[start % len(ALL)]}") from problem


def tasks():
    """Return the work: the derivations, then the fuzz in chunks."""
    found = [("plant", n, n + 1) for n in range(len(ALL))]
    cases = {**fuzz.FULL, "wrong": int(fuzz.FULL["wrong"] / 2.25)}
    for kind, number in cases.items():
        found += [(kind, n, min(n + CHUNK, number))
                  for n in range(0, number, CHUNK)]
    return found


def gather(pool):
    """Return (rates, true survivors, false survivors, fuzz counts)."""
    rates, true, false = defaultdict(lambda: [0, 0, 0]), [], []
    counts = defaultdict(int)
    for task, result in pool.imap_unordered(work, tasks()):
        if task[0] != "plant":
            counts[task[0]] += result[0]
            false += [f"fuzz, {task[0]}: case {n}" for n in result[1]]
            continue
        for key, row in result[0].items():
            rates[key] = [a + b for a, b in zip(rates[key], row)]
        true += result[1]
        false += result[2]
        print(ALL[task[1]].__name__, *result[1], *result[2], sep="\n  ",
              flush=True)
    return rates, sorted(set(true)), sorted(false), dict(counts)


def table(rates, part):
    """Return one row per kind of error."""
    return {kind: dict(zip(("planted", "refused", "equivalent"), row))
            for (own, kind), row in sorted(rates.items()) if own == part}


def versions():
    return {"python": platform.python_version(), "torch": torch.__version__,
            "derivations": len(ALL)}


def main():
    start, reasons = time.time(), known()
    with Pool(min(2, os.cpu_count())) as pool:
        rates, true, false, counts = gather(pool)
    unknown = [t for t in true if t not in reasons]
    stale = [t for t in reasons if t not in true]
    gradients = planted_gradients()
    report = {**{part: table(rates, part)
                 for part in ("line", "print", "definition")},
              "gradients": gradients, "fuzz": counts,
              "survivors": [{"line": t, "reason": reasons.get(t, "")}
                            for t in true],
              "false survivors": false,
              "versions": versions(),
              "minutes": round((time.time() - start) / 60)}
    RATES.write_text(json.dumps(report, indent=1) + "\n")
    for word, rows in (("PASSED THOUGH FALSE", false),
                       ("NOT LISTED", unknown), ("STALE", stale)):
        for row in rows:
            print(f"{word}: {row}")
    refused = all(g["refused"] for g in gradients)
    return int(bool(false or unknown or stale) or not refused)


if __name__ == "__main__":
    sys.exit(main())
