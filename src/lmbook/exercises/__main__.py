"""The command `python -m lmbook.exercises grade FILE [--json]`.

It ends with the code 0 for the full score, 1 for less, 2 for a file that
is not there or a wrong command.
"""

import argparse
import json
import sys

from .grading import SECONDS, grade


def main(arguments=None):
    """Grade a file, write the report, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m lmbook.exercises",
        description="Grade a file of your own.")
    commands = parser.add_subparsers(required=True, metavar="grade")
    command = commands.add_parser(
        "grade", help="points for the six functions of exercise F1",
        description="Points out of 100 for the six functions of exercise"
        " F1, with a hint for each failure.")
    command.add_argument("file", help="a Python file")
    command.add_argument("--json", action="store_true",
                         help="write the report as JSON")
    command.add_argument("--seconds", type=float, default=SECONDS,
                         help="time limit for each function")
    options = parser.parse_args(arguments)
    try:
        report = grade(options.file, options.seconds)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    text = (json.dumps(report.as_dict(), indent=2) if options.json
            else str(report))
    sys.stdout.write(f"{text}\n")
    return 0 if report.score == report.out_of else 1


if __name__ == "__main__":
    sys.exit(main())
