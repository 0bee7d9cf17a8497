"""The grader: full marks for what is right, a name for what is wrong."""

import json
import re
import subprocess
import sys

import pytest

from lmbook.checks.layer_functions import SIGNATURES, TESTS
from lmbook.checks.mistakes import MISTAKES
from lmbook.exercises import grade
from lmbook.exercises.__main__ import main
from lmbook.exercises.runner import outcome

from six_functions import PLANTED, RIGHT


@pytest.fixture
def submit(tmp_path):
    """A function from the text of a submission to its file."""
    def write(text, name="layers.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path
    return write


def found(report):
    """Return {'function: test': (mistake, hint)} for what failed."""
    return {f"{r.function}: {r.test}": (r.mistake, r.hint)
            for r in report.results if r.mistake}


# ----------------------------------------------------------- what is right

def test_points_by_hand():
    points = {name: sum(t.points for t in TESTS if t.function == name)
              for name in SIGNATURES}
    assert points == {               # 10 + 30 + 10 + 15 + 15 + 20 = 100
        "linear_forward": 10, "linear_backward": 30, "relu_forward": 10,
        "relu_backward": 15, "softmax_forward": 15, "softmax_backward": 20}


OTHER_WAYS = [
    ("X @ W.T + b, (X, W)", "np.einsum('nd,cd->nc', X, W) + b, [X, W, b]"),
    ("    X, W = cache", "    X, W, *_ = cache"),
    ("dZ.T @ X", "sum(np.outer(g, x) for g, x in zip(dZ, X))"),
    ("np.maximum(Z, 0), Z > 0", "Z * (Z > 0), {'Z': Z.copy()}"),
    ("np.where(cache, dH, 0)", "dH * (cache['Z'] > 0)"),
    ("P * (dP - (dP * P).sum(1, keepdims=True))",
     "np.stack([(np.diag(p) - np.outer(p, p)) @ g"
     " for p, g in zip(P, dP)])"),
]


def test_full_score(submit):
    report = grade(submit(RIGHT))
    assert (report.score, report.out_of) == (100, 100)
    assert report.mistakes() == []


def test_other_ways_have_the_full_score(submit):
    text = RIGHT
    for old, new in OTHER_WAYS:
        assert old in text
        text = text.replace(old, new)
    assert found(grade(submit(text))) == {}


def test_lists_for_tuples_have_the_full_score(submit):
    text = RIGHT
    for result in ("X @ W.T + b, (X, W)", "dZ @ W, dZ.T @ X, dZ.sum(0)",
                   "np.maximum(Z, 0), Z > 0", "P, P"):
        assert text.count(f"return {result}\n") == 1
        text = text.replace(f"return {result}\n", f"return [{result}]\n")
    report = grade(submit(text))
    assert found(report) == {} and report.score == 100


def test_prints_and_a_demonstration_do_no_harm(submit):
    text = (f"print('hello', flush=True)\n{RIGHT}\n"
            "if __name__ == '__main__':\n    raise SystemExit(3)\n")
    path = submit(text)
    assert grade(path).score == 100
    assert [p.name for p in path.parent.iterdir()] == ["layers.py"]


# ----------------------------------------------------------- what is wrong

@pytest.mark.parametrize(
    "old, new, mistake, test, hint", PLANTED,
    ids=[f"{p[2]}-{k}" for k, p in enumerate(PLANTED)])
def test_mistake_is_named(old, new, mistake, test, hint):
    assert RIGHT.count(old) == 1
    functions = {}
    exec(RIGHT.replace(old, new), functions)
    wrong = {f"{line['function']}: {line['test']}": line
             for line in (outcome(test, functions) for test in TESTS)
             if line["mistake"]}
    assert wrong[test]["mistake"] == mistake
    assert re.search(hint, wrong[test]["hint"])
    function = test.split(":")[0]
    for key, line in wrong.items():         # nobody else is blamed
        assert key.startswith(function) or (
            line["mistake"] in ("needs-forward", mistake))


def test_mistakes_together_in_one_file(submit):
    text, expected = RIGHT, {}
    for name in ("wrong-transpose-in-dW", "batch-sum-forgotten", "overflow",
                 "slope-one-at-zero", "diagonal-only"):
        old, new, _, test, _ = next(p for p in PLANTED if p[2] == name)
        text, expected[test] = text.replace(old, new), name
    report = grade(submit(text))
    wrong = found(report)
    assert {test: wrong[test][0] for test in expected} == expected
    assert 30 < report.score < 70


def test_global_instead_of_cache(submit):
    text = RIGHT.replace("P = powers", "global kept\n    P = kept = powers")
    text = text.replace("P = cache", "P = kept")
    assert found(grade(submit(text))) == {
        "softmax_backward: changes nothing": ("mixes-up-calls", (
            f"softmax_backward: {MISTAKES['mixes-up-calls']}"))}


def test_half_at_zero(submit):
    text = RIGHT.replace("Z > 0", "np.heaviside(Z, 0.5)").replace(
        "np.where(cache, dH, 0)", "dH * cache")
    assert found(grade(submit(text)))["relu_backward: slope at zero"][
        0] == "slope-half-at-zero"


def test_a_rule_wrong_by_one_part_in_a_thousand(submit):
    text = RIGHT.replace("np.where(cache, dH, 0)",
                         "1.001 * np.where(cache, dH, 0)")
    wrong = found(grade(submit(text)))
    assert wrong["relu_backward: central differences"][
        0] == "gradient-check"
    assert wrong["relu_backward: values"][0] == "wrong-value"


def test_endless_loop(submit):
    text = RIGHT.replace("    return np.maximum(Z, 0), Z > 0",
                         "    while True:\n        pass")
    report = grade(submit(text), seconds=1)
    wrong = found(report)
    assert report.score == 75               # ReLU is worth 10 + 15
    mistake, hint = wrong["relu_forward: values"]
    assert mistake == "time-limit"
    assert re.search(r"stopped after 1 s in line 1[45]$", hint)
    mistake, hint = wrong["relu_backward: values"]
    assert mistake == "needs-forward" and "relu_forward: stopped" in hint


def test_endless_loop_while_importing(submit):
    report = grade(submit(RIGHT + "\nwhile True:\n    pass\n"), seconds=1)
    assert report.score == 0 and report.mistakes() == ["time-limit"]


def test_asks_for_input(submit):
    report = grade(submit(RIGHT + "\nname = input()\n"))
    assert report.mistakes() == ["does-not-import"]
    assert "EOFError" in report.results[0].hint


@pytest.mark.parametrize("text, hint", [
    ("def linear_forward(X, W, b:\n", r"SyntaxError: .* line 1"),
    ("import numpy\nimport nonumpy\n", "No module named 'nonumpy', line 2"),
    ("x = 1\n\nraise ValueError('x')", "ValueError: x, line 3"),
    ("import sys\nsys.exit(0)", "SystemExit: 0, line 2"),
])
def test_does_not_import(submit, text, hint):
    report = grade(submit(text))
    assert report.score == 0 and report.mistakes() == ["does-not-import"]
    assert re.search(hint, report.results[0].hint)


def test_ends_the_program(submit):
    text = RIGHT.replace("    return np.maximum(Z, 0), Z > 0",
                         "    import os\n    os._exit(0)")
    report = grade(submit(text))
    assert report.score == 75
    assert report.mistakes() == ["died", "needs-forward"]
    assert grade(submit("import os\nos._exit(0)")).mistakes() == ["died"]


def test_a_file_without_functions(submit):
    report = grade(submit(""))
    assert report.score == 0
    assert report.mistakes() == ["missing-function"]


def test_no_such_file(tmp_path):
    with pytest.raises(ValueError, match="there is no file .*nothing.py"):
        grade(tmp_path / "nothing.py")
    with pytest.raises(ValueError, match="seconds must be positive, got 0"):
        grade(__file__, seconds=0)


STRANGE = ["3", "'text'", "[]", "()", "{}", "object()", "np.float64(1)",
           "[[1, 2], [3]]", "[None, None]", "(None, None, None)",
           "np.array('a')", "np.array([{}, None])", "np.zeros((0, 0))",
           "np.zeros(3), 1", "np.zeros((2, 2, 2)), [[1], 2], {}",
           "np.zeros((4, 2), complex)", "lambda: 1", "(x for x in 'ab')",
           "np.ma.masked", "float", "[np.zeros(1)] * 3", "np.nan"]


@pytest.mark.parametrize("strange", STRANGE)
def test_nothing_a_function_returns_stops_the_grader(strange):
    functions = {}
    exec(re.sub(r"return .*", f"return {strange}", RIGHT), functions)
    wrong = [line for line in (outcome(t, functions) for t in TESTS)
             if line["mistake"] in MISTAKES]
    assert {line["function"] for line in wrong} == set(SIGNATURES)
    exec(RIGHT, functions, right := {})
    for name in SIGNATURES:                 # one function at a time
        mixed = {**right, name: functions[name]}
        for test in TESTS:
            line = outcome(test, mixed)
            assert line["mistake"] is None or line["mistake"] in MISTAKES


# -------------------------------------------------------------- the report

def test_report_in_a_notebook(submit):
    report = grade(submit(RIGHT.replace("dZ.sum(0)", "dZ"), "a<b.py"))
    shown = report._repr_html_()
    assert shown.startswith("<p><strong>a&lt;b.py: 87 of 100 points<")
    assert "<code>linear_backward</code>: 17 of 30<ul><li><em>db" in shown
    assert shown.count("<code>batch-sum-forgotten</code>") == 1
    assert "<code>linear_forward</code>: 10 of 10</li>" in shown


# -------------------------------------------------------------- the command

def test_command_and_exit_codes(submit, capsys):
    path = submit(RIGHT)
    assert main(["grade", str(path)]) == 0
    assert capsys.readouterr().out.startswith("layers.py: 100 of 100 points")
    path = submit(RIGHT.replace("dZ.sum(0)", "dZ"))
    assert main(["grade", str(path)]) == 1
    out = capsys.readouterr().out
    assert "linear_backward     17 of 30" in out
    assert out.count("[batch-sum-forgotten]") == 1
    assert "gradient-check" not in out      # nothing new beside the other
    assert max(map(len, out.splitlines())) <= 76
    assert main(["grade", "nothing.py"]) == 2
    assert "there is no file" in capsys.readouterr().err


def test_json_is_as_documented(submit, capsys):
    path = submit(RIGHT.replace("dZ.sum(0)", "dZ"))
    assert main(["grade", str(path), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"exercise", "file", "score", "out_of", "passed",
                           "functions"}
    assert (report["exercise"], report["file"]) == ("F1", "layers.py")
    assert not report["passed"]
    assert [f["function"] for f in report["functions"]] == list(SIGNATURES)
    assert report["score"] == sum(f["points"] for f in report["functions"])
    for function in report["functions"]:
        assert set(function) == {"function", "points", "out_of", "tests"}
        for test in function["tests"]:
            assert set(test) == {"test", "points", "out_of", "mistake",
                                 "hint"}
            assert (test["mistake"] is None) == (
                test["points"] == test["out_of"])
            assert test["mistake"] is None or test["mistake"] in MISTAKES
            assert (test["hint"] is None) == (test["mistake"] is None)


def test_from_the_command_line(submit, tmp_path):
    (tmp_path / "numpy.py").write_text("raise ImportError('not me')")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "lmbook.exercises", "grade",
         str(submit(RIGHT))], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "100 of 100" in done.stdout


def test_every_mistake_is_planted_somewhere():
    planted = {p[2] for p in PLANTED} | {
        "mixes-up-calls", "slope-half-at-zero", "gradient-check",
        "wrong-value",
        "time-limit", "needs-forward", "does-not-import", "died"}
    assert set(MISTAKES) - planted == set()
