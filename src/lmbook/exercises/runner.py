"""Run a submission: a process of its own, which may hang or die.

It writes one line of JSON for each test to a file and nothing else; what
the submission prints is not kept.  A watchdog ends the process when one
function takes too long, and names the line on which it hung.
"""

import faulthandler
import importlib.util
import json
import pathlib
import sys
import traceback

from ..checks import layer_tests                # noqa: F401, fills TESTS
from ..checks.graded import Mistake
from ..checks.layer_functions import TESTS, run


def load(path):
    """Return the functions and other names a file defines.

    It is imported as a module called `submission`, so what stands under
    `if __name__ == "__main__"` does not run.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "a.py")
    ...     _ = file.write_text("def double(x): return 2 * x")
    ...     load(file)["double"](3)
    6
    """
    spec = importlib.util.spec_from_file_location("submission", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def outcome(test, functions):
    """Return the report of one test: a dictionary for JSON."""
    report = {"function": test.function, "test": test.name,
              "mistake": None, "hint": None}
    try:
        run(test, functions)
    except Mistake as mistake:
        report |= {"mistake": mistake.name, "hint": str(mistake)}
    return report


def where(error, path):
    """Return ', line 12' if the error came from a line of the file."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f", line {error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(
        error.__traceback__) if frame.filename == str(path)]
    return f", line {lines[-1]}" if lines else ""


def submission(path, report, seconds, names):
    """Import the file, test the functions `names`, write lines of JSON."""
    def write(line):
        report.write(json.dumps(line) + "\n")
        report.flush()

    write({"ready": True})
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        functions = load(path)
    except BaseException as error:
        write({"import": f"{type(error).__name__}: {error}"
               f"{where(error, path)}"})
        return
    write({"import": None})
    for name in names:
        faulthandler.dump_traceback_later(seconds, exit=True)
        for test in TESTS:
            if test.function == name:
                write(outcome(test, functions))
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    _path, _report, _seconds, *_names = sys.argv[1:]
    with open(_report, "w", encoding="utf-8") as _file:
        submission(pathlib.Path(_path), _file, float(_seconds), _names)
