"""A printer with a planted fault must be caught by reading back."""

import ast
import re
from pathlib import Path

import pytest
from ink_lines import (K, L, M, N, W1, X, b, exp, i, j, l, log, ones, plain,
                       s, tau, total, x, y, z)

from lmbook.derivation import reading
from lmbook.derivation.language import D, Function, relu, step
from lmbook.derivation.printing import entries, latex, matrices, pieces
from lmbook.derivation.reading import Unreadable, read, symbols_of

LINES = [
    -total(l, y[l] * log(s[l])), total(l, y[l]) * x, x * (tau - L),
    (x + tau) / (2 * L), W1[i, j] * z[j], x ** 2 * step(x) - relu(tau),
    D(s[i], z[j]) * D(L, x, x), Function("g", 2).d(1)(x, tau),
    exp(z[i] / tau) + N * K]
MATRICES = [M(X).T @ (M(b) - ones(N)) / N, M(z).T @ (2 * M(s)),
            (M(z) * M(s)) @ M(b).T, -(M(z) + M(s))]

FAULTS = {
    "no parentheses": (entries, "group", lambda text: text),
    "no parentheses in matrices": (
        matrices, "group", lambda text: text),
    "a sign lost": (entries, "signed", lambda parts: " + ".join(
        text for _, text in parts)),
    "a sign lost in matrices": (
        matrices, "signed", lambda parts: " + ".join(
            text for _, text in parts)),
    "all factors but one": (
        entries, "juxtapose", lambda texts: " ".join(texts[1:] or texts)),
    "factors turned round": (
        matrices, "juxtapose", lambda t: " ".join(t[::-1])),
    "indices turned round": (
        entries, "subscript", lambda names: "".join(names[::-1])),
    "sums that reach too far": (entries, "reaches", lambda e: False),
    "rounded numbers": (entries, "number", lambda v: str(round(v) + 1)),
    "another function": (
        pieces, "TEST", {"step": "=", "iszero": ">"}),
    "names in one case": (
        entries, "plain_name", lambda name: name.lower()),
    "a transpose lost": (
        matrices, "_single", lambda m: WHOLE(m).replace(
            r"^{\top}", "")),
}
SINGLE, WHOLE = entries.single, matrices._single


def misprints():
    """Return how many lines do not read back as themselves."""
    known = [symbols_of(line) for line in LINES + MATRICES]
    return sum(not _faithful(line, symbols)
               for line, symbols in zip(LINES + MATRICES, known))


def _faithful(line, symbols):
    try:
        back = read(latex(line), symbols)
    except (Unreadable, IndexError):
        return False
    return back == (line if line in MATRICES else plain(line))


def test_the_true_printer_makes_no_misprint():
    assert misprints() == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_each_planted_fault_is_caught(fault, monkeypatch):
    module, name, wrong = FAULTS[fault]
    monkeypatch.setattr(module, name, wrong)
    assert misprints() > 0


def test_a_quotient_printed_as_a_product_is_caught(monkeypatch):
    def single(e):
        text = SINGLE(e)
        return text.replace(r"\frac", "") if r"\frac{\p" not in text else text
    monkeypatch.setattr(entries, "single", single)
    assert misprints() > 0


def test_the_reader_shares_nothing_with_the_printer():
    folder = Path(reading.__file__).parent
    for name in ("reader", "calls", "tokens", "values"):
        source = (folder / f"{name}.py").read_text(encoding="utf-8")
        used = {word for node in ast.walk(ast.parse(source))
                if isinstance(node, (ast.Import, ast.ImportFrom))
                for word in re.findall(r"\w+", ast.unparse(node))}
        assert not used & {"printing", "symbols"}, name
