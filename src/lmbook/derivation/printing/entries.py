r"""LaTeX of an expression, in the form its author wrote.

Parentheses are few but leave one reading.  A sum, a product sign, a bare
function such as `\log x` and `\frac{\partial}{\partial x} \left( ... \right)`
reach to the end of their product, so they stand last in it or in
parentheses.  `D(L, a, b)` prints the first derivation first:
`\frac{\partial^{2} L}{\partial a \partial b}`.
"""

from itertools import groupby

from ..language import (Add, Call, Const, Delta, Deriv, Dim, Div, Entry,
                        Index, Mul, Neg, Num, Pow, Product, Total)
from .names import plain_name, subscript, tensor_name
from .pieces import BARE, call_text, group, number, paren


def latex(e):
    r"""Return the LaTeX of an expression.

    >>> from lmbook.derivation.language import *
    >>> K = dim("K"); i, l = indices("i l", K); z = tensor("z", K)
    >>> print(latex(exp(z[i]) / total(l, exp(z[l]))))
    \frac{e^{z_{i}}}{\sum_{l=1}^{K} e^{z_{l}}}
    >>> print(latex(-total(l, z[l]) * delta(i, l)))
    -\left( \sum_{l=1}^{K} z_{l} \right) \delta_{il}
    """
    if isinstance(e, Add):
        return signed([_sign(term) for term in e.args])
    return signed([_sign(e)])


def signed(parts):
    """Return terms, each a pair (negative, text), joined by their signs.

    >>> signed([(True, "a"), (False, "b"), (True, "c")])
    '-a + b - c'
    """
    (negative, first), *rest = parts
    text = "-" * negative + first
    return text + "".join((" - " if minus else " + ") + t
                          for minus, t in rest)


def _sign(e):
    if isinstance(e, Neg):
        return True, term(e.arg)
    if isinstance(e, Num) and e.value < 0:
        return True, term(Num(-e.value))
    return False, term(e)


def loose(e):
    """Say whether `e` is a sum or starts with a minus sign.

    >>> from lmbook.derivation.language import scalar
    >>> loose(scalar("x") + 1), loose(scalar("x"))
    (True, False)
    """
    return isinstance(e, (Add, Neg)) or isinstance(e, Num) and e.value < 0


def term(e):
    """Return `e` as one term of a sum.

    >>> from lmbook.derivation.language import scalar
    >>> print(term(scalar("x") * 2))
    x \\cdot 2
    """
    if loose(e):
        return group(latex(e))
    return juxtapose(factors(e)) if isinstance(e, Mul) else single(e)


def factors(e, last=True):
    """Return the texts of the factors; `last`: nothing will follow them.

    >>> from lmbook.derivation.language import log, scalar
    >>> factors(log(scalar("x")), last=False)
    ['\\\\log(x)']
    """
    args = e.args if isinstance(e, Mul) else (e,)
    ends = [False] * (len(args) - 1) + [last]
    return [_factor(a, end) for a, end in zip(args, ends)]


def _factor(e, last):
    if loose(e) or isinstance(e, Mul):
        return group(latex(e))
    if last or not reaches(e):
        return single(e)
    if isinstance(e, Call):
        return BARE[e.name] + paren(latex(e.args[0]))
    return group(single(e))


def reaches(e):
    """Say whether the printed form would take in a factor to its right.

    >>> from lmbook.derivation.language import exp, log, scalar
    >>> reaches(log(scalar("x"))), reaches(exp(scalar("x")))
    (True, False)
    """
    if isinstance(e, Deriv):
        return not isinstance(_chain(e)[0], Entry)
    return (isinstance(e, (Total, Product))
            or isinstance(e, Call) and e.name in BARE)


def juxtapose(texts):
    r"""Join factors; a number after another factor gets a dot.

    >>> print(juxtapose(["2", "3", "x"]))
    2 \cdot 3 x
    """
    result = texts[0]
    for before, text in zip(texts, texts[1:]):
        number = text[0].isdigit() or (
            before[-1].isdigit() and text.startswith(r"\frac"))
        result += (r" \cdot " if number else " ") + text
    return result


def single(e):
    r"""Return one factor that is neither a sum nor a product of factors.

    >>> from lmbook.derivation.language import scalar, sqrt
    >>> print(single(sqrt(scalar("x"))))
    \sqrt{x}
    """
    match e:
        case Num(value):
            return number(value)
        case Const(name) | Dim(name) | Index(name):
            return plain_name(name)
        case Entry(tensor, indices):
            return tensor_name(tensor) + _below(indices)
        case Delta(i, j):
            return r"\delta" + _below((i, j))
        case Div(top, bottom):
            return rf"\frac{{{latex(top)}}}{{{latex(bottom)}}}"
        case Pow(base, exponent):
            return f"{_base(base)}^{{{latex(exponent)}}}"
        case Total(index, body):
            return _over(r"\sum", index) + term(body)
        case Product(index, body):
            return _over(r"\prod", index) + term(body)
        case Call():
            return _call(e)
        case Deriv():
            return _deriv(e)
    return group(latex(e))


def _below(indices):
    names = [plain_name(i.name) for i in indices]
    return f"_{{{subscript(names)}}}" if names else ""


def _over(sign, index):
    name, size = plain_name(index.name), plain_name(index.dim.name)
    return f"{sign}_{{{name}=1}}^{{{size}}} "


def _base(e):
    text = latex(e)
    plain = isinstance(e, (Entry, Delta, Dim, Index, Const, Num))
    if plain and "^" not in text and text[0] != "-" and "frac" not in text:
        return text
    return group(text)


def _call(e):
    texts = [latex(a) for a in e.args]
    tall = r"\sum" in texts[0] or r"\prod" in texts[0]
    if e.name == "exp" and not tall:
        return f"e^{{{texts[0]}}}"
    bare = e.name in BARE and _stands_bare(e.args[0])
    return call_text(e.name, texts, e.orders, bare)


def _stands_bare(e):
    if isinstance(e, Call):
        return e.name not in BARE
    if loose(e) or isinstance(e, Mul):
        return False
    if isinstance(e, Pow):
        return not latex(e).startswith(r"\left")
    return isinstance(e, (Total, Product)) or not reaches(e)


def _chain(e):
    """Return what is derived, and the entries in the order of D."""
    if not isinstance(e, Deriv):
        return e, []
    top, bottoms = _chain(e.top)
    return top, bottoms + [e.bottom]


def _deriv(e):
    top, bottoms = _chain(e)
    power = f"^{{{len(bottoms)}}}" if len(bottoms) > 1 else ""
    below = " ".join(_partials(b, len(list(same)))
                     for b, same in groupby(bottoms))
    if isinstance(top, Entry):
        return rf"\frac{{\partial{power} {latex(top)}}}{{{below}}}"
    return rf"\frac{{\partial{power}}}{{{below}}} {group(latex(top))}"


def _partials(bottom, times):
    text = r"\partial " + latex(bottom)
    if times > 1 and "^" not in text:
        return f"{text}^{{{times}}}"
    return " ".join([text] * times)
