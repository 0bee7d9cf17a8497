"""Compare formulas as TeX would read them, not as strings.

>>> canonical("s_{j} - y_{j}") == canonical("s_j-y_j")
True
>>> canonical("s_j + y_j") == canonical("s_j - y_j")
False
"""

import re

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S", re.DOTALL)
SPACING = {r"\,", r"\;", r"\:", r"\!", r"\>", r"\ ", "~", "&", r"\quad",
           r"\qquad", r"\left", r"\right", r"\displaystyle", r"\nonumber"}
SAME = {r"\leq": r"\le", r"\geq": r"\ge", r"\neq": r"\ne", r"\lt": "<",
        r"\gt": ">", r"\rightarrow": r"\to", r"\lbrace": r"\{",
        r"\rbrace": r"\}"}
RELATIONS = {"=", "<", ">", r"\le", r"\ge", r"\ne", r"\to", r"\approx",
             r"\equiv", r"\propto", r"\ll", r"\gg", r"\iff", r"\implies",
             r"\succeq", r"\preceq", r"\Rightarrow", r"\Leftrightarrow"}
OUTER = re.compile(r"\\begin\{(align|aligned|gather|gathered|split|equation|"
                   r"eqnarray|multline)(\*?)\}(.*)\\end\{\1\2\}\s*$",
                   re.DOTALL)


def tokens(formula):
    """Return the TeX tokens of a formula: no spacing, labels or final dot."""
    formula = re.sub(r"\\label\{[^}]*\}|\\(big|Big|bigg|Bigg)[lrm]?\b", "",
                     formula)
    found = [SAME.get(t, t) for t in TOKEN.findall(formula)
             if t not in SPACING]
    while found and found[-1] in {".", ",", ";", ":"}:
        found.pop()
    return found


def canonical(formula):
    """Return one text for all spellings of a formula that TeX sets alike.

    White space, spacing commands, a final full stop and braces around a
    single token are dropped; everything else is kept, so a changed sign,
    index or letter gives another text.
    """
    found, kept = tokens(formula), []
    position = 0
    while position < len(found):
        triple = found[position:position + 3]
        if len(triple) == 3 and triple[0] == "{" and triple[2] == "}":
            kept.append(triple[1])
            position += 3
        else:
            kept.append(found[position])
            position += 1
    return " ".join(kept)


def without_scripts(found):
    """Drop sub- and superscripts: the ``=`` of a sum's lower limit is no
    claim."""
    kept, position = [], 0
    while position < len(found):
        if found[position] not in {"_", "^"}:
            kept.append(found[position])
            position += 1
            continue
        position += 1
        depth = 0
        while position < len(found):
            depth += {"{": 1, "}": -1}.get(found[position], 0)
            position += 1
            if depth <= 0:
                break
    return kept


def has_relation(formula):
    r"""Tell whether a formula claims something about two sides.

    >>> has_relation("a = b"), has_relation(r"\sum_{k=1}^K a_k")
    (True, False)
    """
    return any(t in RELATIONS for t in without_scripts(tokens(formula)))


def rows(display):
    r"""Split a displayed block into its lines.

    Only the outer ``align`` or its like is split: the rows of a matrix stay
    together.

    >>> rows(r"\begin{align*} a &= b \\ &= c \end{align*}")
    ['a &= b', '&= c']
    """
    body = display.strip()
    outer = OUTER.match(body)
    while outer:
        body = outer.group(3).strip()
        outer = OUTER.match(body)
    pieces, current, depth = [], "", 0
    for part in re.split(r"(\\begin\{[^}]*\}|\\end\{[^}]*\}|\\\\"
                         r"(?:\[[^\]]*\])?)", body):
        depth += part.startswith(r"\begin") - part.startswith(r"\end")
        if part.startswith("\\\\") and depth == 0:
            pieces.append(current)
            current = ""
        else:
            current += part
    return [piece.strip() for piece in pieces + [current] if piece.strip()]


def sides(formula):
    """Split a formula at its outer relations: sides and relations in turn."""
    parts, depth = [[]], 0
    for token in tokens(formula):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if token in RELATIONS and depth == 0:
            parts += [[token], []]
        else:
            parts[-1].append(token)
    return [" ".join(part) for part in parts]


def steps(display):
    r"""Return the lines of a displayed block, each with both its sides.

    >>> steps(r"\begin{align*} a &= b \\ &= c \end{align*}")
    ['a &= b', 'b = c']
    """
    found = []
    for row in rows(display):
        parts = sides(row)
        if found and not parts[0] and len(parts) > 2:
            row = f"{sides(found[-1])[-1]} {' '.join(parts[1:])}"
        found.append(row)
    return found
