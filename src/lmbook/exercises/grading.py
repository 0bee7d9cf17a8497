"""Grade a file of six functions: a score out of 100, and hints.

The file runs in a process of its own, with a time limit for each
function.  It has the rights of whoever runs the grader: read a file of a
stranger before you grade it.  The process hands back text, in JSON, and
nothing is unpickled.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

from ..checks import layer_tests                # noqa: F401, fills TESTS
from ..checks.layer_functions import SIGNATURES, TESTS
from ..checks.mistakes import MISTAKES
from .report import Report, Result

SECONDS = 10.0                      # for the import, and for each function
START = 60.0                        # for Python and NumPy to start


def grade(path, seconds=SECONDS):
    """Return the `Report` on a Python file with the six functions of F1.

    `linear_forward(X, W, b)`, `relu_forward(Z)` and `softmax_forward(Z)`
    return (output, cache); `linear_backward(dZ, cache)` returns
    (dX, dW, db), `relu_backward(dH, cache)` and
    `softmax_backward(dP, cache)` return dZ.

    Shapes: X (N, D), W (C, D), b (C,), Z, H and P (N, C); a gradient has
    the shape of what it belongs to.
    Errors: `ValueError` if there is no such file, or `seconds` is not
    positive.  Whatever the file does wrong is in the report.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "a.py")
    ...     _ = file.write_text("def relu_forward(Z): return 0 * Z, Z")
    ...     report = grade(file)
    >>> report.score, report.mistakes()
    (3, ['missing-function', 'wrong-value'])
    """
    path = pathlib.Path(path).resolve()
    if not path.is_file():
        raise ValueError(f"there is no file {path}: expected a Python file")
    if not seconds > 0:
        raise ValueError(f"seconds must be positive, got {seconds}")
    found, names = {}, list(SIGNATURES)
    while names:
        names = _round(path, seconds, names, found)
    results = []
    for test in TESTS:
        mistake, hint = found[test.function, test.name]
        results.append(Result(
            test.function, test.name, 0 if mistake else test.points,
            test.points, mistake, hint))
    return Report(path.name, tuple(results))


def _round(path, seconds, names, found):
    """Run one process; return the functions left to test after it.

    A function that hangs or ends the process costs its own points and,
    if it is a forward function, those of the backward one.
    """
    lines, (name, hint) = _process(path, seconds, names)
    failed = lines[0]["import"] if lines else hint
    if failed is not None:
        _blame(names, found, name if not lines else "does-not-import",
               failed)
        return []
    for line in lines[1:]:
        key = line["function"], line["test"]
        found[key] = line["mistake"], line["hint"]
    left = [f for f in names if any(t.function == f and (f, t.name)
                                    not in found for t in TESTS)]
    if not left:
        return []
    guilty = left[0]
    _blame([guilty], found, name, hint)
    partner = guilty.replace("_forward", "_backward")
    if partner in left[1:]:
        _blame([partner], found, "needs-forward", f"{guilty}: {hint}")
    return [f for f in left if f not in (guilty, partner)]


def _blame(names, found, mistake, more):
    """Give every test of `names` without an outcome this mistake."""
    for test in TESTS:
        if test.function in names:
            found.setdefault((test.function, test.name), (
                mistake, f"{MISTAKES[mistake]}; {more}"))


def _process(path, seconds, names):
    """Return the lines the runner wrote, and (mistake, hint) of its end."""
    with tempfile.TemporaryDirectory() as folder:
        written, errors = (pathlib.Path(folder, n) for n in ("out", "err"))
        command = [sys.executable, "-P", "-B", "-m",
                   "lmbook.exercises.runner", str(path), str(written),
                   str(seconds), *names]
        with errors.open("w") as stderr:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stderr=stderr,
                stdout=subprocess.DEVNULL, start_new_session=True,
                env=os.environ | {"OMP_NUM_THREADS": "1"})
            limit = START + seconds * (len(names) + 1)
            stopped = _wait(process, limit)
        text = errors.read_text(encoding="utf-8", errors="replace")
        lines = _lines(written)
    if not lines:
        raise RuntimeError(f"the grader itself did not start: {text}")
    if stopped or text.startswith("Timeout ("):
        at = re.search(rf'File "{re.escape(str(path))}", line (\d+)', text)
        line = f" in line {at[1]}" if at else ""
        return lines[1:], ("time-limit",
                           f"stopped after {seconds:g} s{line}")
    return lines[1:], ("died", f"exit code {process.returncode}")


def _wait(process, limit):
    """Wait for a process; stop it, and what it started, at the limit."""
    try:
        process.wait(limit)
        return False
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        return True


def _lines(path):
    """Return the whole lines of JSON in a file."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found
