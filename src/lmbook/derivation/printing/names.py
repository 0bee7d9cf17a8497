r"""How one symbol is written in LaTeX: `W1` as W^{(1)} or bold W_1.

A trailing number, or what follows an underscore, is a label.  It stands
above a tensor that has indices below, and below everything else.
"""

import re

GREEK = set("""alpha beta gamma delta epsilon zeta eta theta iota kappa lambda
mu nu xi pi rho sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda
Xi Pi Sigma Upsilon Phi Psi Omega ell""".split())
NAME = re.compile(r"([A-Za-z]+?)(?:_([A-Za-z0-9]+)|(\d+))?")
ACCENT = r"\\(?:hat|tilde|bar|dot|vec|widehat|widetilde|overline) *\{ *"
FONT = r"\\(?:math[a-z]+|text|boldsymbol) *\{[^{}]*\}"
LETTER = re.compile(rf"((?:{ACCENT})*)({FONT}|[A-Za-z]|\\[A-Za-z]+)(.*)")


def split_name(name):
    """Return the letters of a name and its label.

    >>> split_name("W1"), split_name("d_k"), split_name("tau")
    (('W', '1'), ('d', 'k'), ('tau', ''))
    >>> split_name("x'")
    Traceback (most recent call last):
    ...
    ValueError: the name "x'" has no LaTeX form; expected letters with a \
number or _label, or give tex=
    """
    found = NAME.fullmatch(name)
    if not found:
        raise ValueError(f'the name "{name}" has no LaTeX form; expected '
                         "letters with a number or _label, or give tex=")
    letters, label, number = found.groups()
    return letters, label or number or ""


def letters(text):
    r"""Return a letter, a Greek command, or an upright word.

    >>> letters("x"), letters("eta"), letters("loss")
    ('x', '\\eta', '\\mathrm{loss}')
    """
    if text in GREEK:
        return "\\" + text
    return text if len(text) == 1 or text.isdigit() else rf"\mathrm{{{text}}}"


def plain_name(name):
    r"""Return a size, an index, a function or a scalar: the label below.

    >>> print(plain_name("x1"), plain_name("d_k"), plain_name("tau"))
    x_{1} d_{k} \tau
    """
    base, label = split_name(name)
    return letters(base) + (f"_{{{letters(label)}}}" if label else "")


def tensor_name(tensor):
    r"""Return the name of a tensor in front of its indices.

    >>> from lmbook.derivation.language import dim, scalar, tensor
    >>> K = dim("K")
    >>> print(tensor_name(tensor("W1", K, K)), tensor_name(tensor("mu", K)))
    W^{(1)} \mu
    >>> print(tensor_name(scalar("p", tex=r"\hat{p}").tensor))
    \hat{p}
    """
    if tensor.tex or not tensor.dims:
        name = tensor.tex or plain_name(tensor.name)
        return f"{{{name}}}" if tensor.dims and "_" in name else name
    base, label = split_name(tensor.name)
    return letters(base) + (f"^{{({letters(label)})}}" if label else "")


def bold_name(tensor):
    r"""Return the name of a vector or matrix as a whole, in bold.

    >>> from lmbook.derivation.language import dim, tensor
    >>> K = dim("K")
    >>> print(bold_name(tensor("W1", K, K)), bold_name(tensor("mu", K)))
    \mathbf{W}_{1} \boldsymbol{\mu}
    >>> print(bold_name(tensor("Yhat", K, K, tex=r"\hat{Y}")))
    \hat{\mathbf{Y}}
    >>> print(bold_name(tensor("C", K, K, tex=r"\mathcal{C}")))
    \boldsymbol{\mathcal{C}}
    """
    if not tensor.tex:
        base, label = split_name(tensor.name)
        below = f"_{{{letters(label)}}}" if label else ""
        word = letters(base) if base in GREEK else base
        return _bold(word) + below
    found = LETTER.fullmatch(tensor.tex)
    if not found:
        raise ValueError(f"cannot write {tensor.tex!r} in bold; expected a "
                         r"letter, perhaps accented, such as \hat{Y}")
    before, letter, after = found.groups()
    return before + _bold(letter) + after


def _bold(text):
    if text.startswith((r"\mathbf", r"\boldsymbol")):
        return text
    font = r"\boldsymbol" if text.startswith("\\") else r"\mathbf"
    return f"{font}{{{text}}}"


def subscript(names):
    r"""Return index names side by side, or with commas if one is long.

    >>> print(subscript(["i", "j"]), subscript(["i", "j_{1}"]))
    ij i,j_{1}
    >>> print(subscript([r"\alpha", "j", "k"]))
    \alpha jk
    """
    if any(len(n) > 1 and n[1:] not in GREEK for n in names):
        return ",".join(names)
    result = names[0]
    for before, name in zip(names, names[1:]):
        command = before[0] == "\\" and name[0].isalpha()
        result += " " * command + name
    return result
