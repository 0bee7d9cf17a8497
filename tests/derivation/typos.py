"""Slips of the pen in printed LaTeX."""

import re

from lmbook.derivation.printing import latex
from lmbook.derivation.reading import Unreadable, read, symbols_of

PIECE = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|[A-Za-z]|\S")
ATOM = (r"(?:\\(?:mathbf|boldsymbol|hat|tilde)\{[^{}]*(?:\{[^{}]*\})?\}"
        r"|\\(?:tau|eta|mu|beta|sigma)(?![a-z])|(?<![\\A-Za-z])[A-Za-z])"
        r"(?:[_^]\{(?:[^{}]|\{[^{}]*\})*\})*")
RULES = [
    ("sign", r"\+", "-"), ("sign", "-", "+"), ("sign", "-", ""),
    ("exponent", r"\^\{2\}", "^{3}"), ("exponent", r"\^\{2\}", ""),
    ("sum limit", r"=1\}", "=0}"), ("sum limit", r"=1\}", "=2}"),
    ("dropped sum", r"\\sum_\{[^}]*\}\^\{[^}]*\}", ""),
    ("dropped transpose", r"\^\{\\top\}", ""),
    ("added transpose", r"(\\mathbf\{[A-Za-z]\})(?!\^)", r"\1^{\\top}"),
    ("function", r"\\log", r"\\sin"), ("function", r"\\tanh", r"\\log"),
    ("function", r"\\sigma(?![a-z])", r"\\Phi"), ("function", "e\\^", "2^"),
    ("function", "ReLU", "tr"), ("function", r"\\exp", r"\\log"),
    ("function", r"\\sum", r"\\prod"), ("function", "'", "''"),
    ("function", r" > 0", " = 0"), ("function", "operatorname", "mathrm"),
    ("function", r"\\odot ", ""), ("accent", r"\\hat", r"\\tilde"),
    ("accent", r"\\hat\{([A-Za-z])\}", r"\1"),
    ("accent", r"\\hat\{(\\mathbf\{[A-Za-z]\})\}", r"\1"),
    ("swapped indices", r"([a-z])([a-z])(?=\})", r"\2\1"),
    ("dropped index", r"_\{[^{}]*\}", ""),
    ("swapped factors", f"({ATOM}) ({ATOM})", r"\2 \1"),
    ("dropped factor", f"{ATOM} ?", ""),
    ("swapped fraction", r"\\frac\{([^{}]*)\}\{([^{}]*)\}",
     r"\\frac{\2}{\1}"),
    ("moved parenthesis", rf" \\right\)( {ATOM})", r"\1 \\right)"),
    ("moved parenthesis", rf"({ATOM}) \\left\(", r"\\left( \1"),
    ("dropped parenthesis", r"\\left\( ([^()]*) \\right\)", r"\1"),
]


def latex_typos(text):
    """Yield (description, changed LaTeX) for slips of pen or printer."""
    seen = {text}
    for description, typo in _typos(text):
        if typo not in seen:
            seen.add(typo)
            yield description, typo


def read_typos(line):
    """Yield (description, typo, what it reads as) where it reads at all."""
    symbols = symbols_of(line)
    typos = list(latex_typos(latex(line)))
    assert len(typos) > 15
    for description, typo in typos:
        try:
            seen = read(typo, symbols)
        except Unreadable:
            continue
        yield description, typo, seen


def _typos(text):
    for description, pattern, put in RULES:
        for found in re.finditer(pattern, text):
            yield description, (text[:found.start()] + found.expand(put)
                                + text[found.end():])
    yield from _piecewise(text)


def _piecewise(text):
    """Drop each piece; change each number and letter."""
    letters = sorted(set(re.findall(r"(?<![\\A-Za-z{])[A-Za-z](?![A-Za-z])"
                                    r"|(?<=\{)[a-zA-Z](?=[a-z}=])", text)))
    for found in PIECE.finditer(text):
        before, piece = text[:found.start()], found[0]
        after = text[found.end():]
        if piece not in (r"\cdot", "&"):
            yield f"dropped {piece}", before + " " + after
        if piece[0].isdigit():
            yield "number", before + str(int(float(piece)) + 1) + after
        for letter in letters if piece.isalpha() else ():
            yield f"{letter} for {piece}", before + letter + after
