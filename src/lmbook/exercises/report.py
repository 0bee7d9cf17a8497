"""What the grader hands back: points, hints, text and JSON."""

import html
import textwrap
from dataclasses import asdict, dataclass

from ..checks.layer_functions import SIGNATURES


@dataclass(frozen=True)
class Result:
    """One test: its points, and the mistake if there was one."""

    function: str
    test: str
    points: int
    out_of: int
    mistake: str | None
    hint: str | None


@dataclass(frozen=True, repr=False)
class Report:
    """What `grade` found; `results` has one entry for each test."""

    file: str
    results: tuple

    @property
    def score(self):
        """The points of all tests together, at most 100."""
        return sum(result.points for result in self.results)

    @property
    def out_of(self):
        """The points of a perfect file: 100."""
        return sum(result.out_of for result in self.results)

    def mistakes(self):
        """Return the names of the mistakes found, each once, in order."""
        return list(dict.fromkeys(
            r.mistake for r in self.results if r.mistake))

    def as_dict(self):
        """Return the report for JSON.

        Keys: "exercise" ("F1"), "file", "score" and "out_of" (whole
        numbers), "passed" (true for the full score), and "functions", a
        list of {"function", "points", "out_of", "tests"}; each test is
        {"test", "points", "out_of", "mistake", "hint"}, the last two
        null or text.
        """
        functions = []
        for name in SIGNATURES:
            tests = [asdict(r) for r in self.results if r.function == name]
            functions.append({
                "function": name,
                "points": sum(test["points"] for test in tests),
                "out_of": sum(test["out_of"] for test in tests),
                "tests": [{k: v for k, v in test.items() if k != "function"}
                          for test in tests]})
        return {"exercise": "F1", "file": self.file, "score": self.score,
                "out_of": self.out_of, "passed": self.score == self.out_of,
                "functions": functions}

    def hints(self, function):
        """Return (test, mistake, hint) of a function, a mistake once.

        That differences disagree says nothing new beside another hint.
        """
        failed = [r for r in self.results
                  if r.function == function and r.mistake]
        first = {r.mistake: (r.test, r.mistake, r.hint)
                 for r in reversed(failed)}
        if len(first) > 1:
            first.pop("gradient-check", None)
        return sorted(first.values(), key=lambda hint: [
            r.test for r in failed].index(hint[0]))

    def __repr__(self):
        """Return the score, the points by function, and the hints."""
        lines = [self._title(), ""]
        for part in self.as_dict()["functions"]:
            name = part["function"]
            lines.append(f"{name:<18} {part['points']:>3} of"
                         f" {part['out_of']}")
            for test, mistake, hint in self.hints(name):
                lines += textwrap.wrap(
                    f"{test}: {hint} [{mistake}]", 76,
                    initial_indent=" " * 4, subsequent_indent=" " * 8)
        return "\n".join(lines)

    def _repr_html_(self):
        """Return the same for a notebook."""
        rows = []
        for part in self.as_dict()["functions"]:
            hints = "".join(
                f"<li><em>{html.escape(test)}</em>: {html.escape(hint)}"
                f" <code>{mistake}</code></li>" for test, mistake, hint
                in self.hints(part["function"]))
            rows.append(f"<li><code>{part['function']}</code>:"
                        f" {part['points']} of {part['out_of']}"
                        f"{hints and f'<ul>{hints}</ul>'}</li>")
        return (f"<p><strong>{html.escape(self._title())}</strong></p>"
                f"<ul>{''.join(rows)}</ul>")

    def _title(self):
        """Return the file and the score."""
        return f"{self.file}: {self.score} of {self.out_of} points"
