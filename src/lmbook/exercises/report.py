"""What the grader hands back: points, hints, text and JSON."""

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

    def __repr__(self):
        """Return the score, the points by function, and the hints."""
        lines = [f"{self.file}: {self.score} of {self.out_of} points", ""]
        for part in self.as_dict()["functions"]:
            lines.append(f"{part['function']:<18} {part['points']:>3} of"
                         f" {part['out_of']}")
            seen = set()
            for test in part["tests"]:
                if test["mistake"] and test["mistake"] not in seen:
                    seen.add(test["mistake"])
                    lines.append(f"    {test['test']}: [{test['mistake']}]"
                                 f" {test['hint']}")
        return "\n".join(lines)
