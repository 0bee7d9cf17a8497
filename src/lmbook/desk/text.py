"""From a typed text to a line of a derivation.

The text is parsed, and only what an expression needs is understood: whole
numbers, the names of the derivation, arithmetic, indices and calls.  Python
itself evaluates nothing.
"""

import ast
import operator
import re

from ..derivation import IndexMismatch, ShapeMismatch, Verdict
from ..derivation.language import Expr, Tensor, expr
from ..derivation.matrices import Matrix
from .starts import FUNCTIONS

LONGEST, DIGITS = 300, 4
SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
         ast.Div: operator.truediv, ast.Pow: operator.pow,
         ast.MatMult: operator.matmul, ast.USub: operator.neg,
         ast.UAdd: lambda value: value}
HABITS = (
    (r"\\", "this is LaTeX; write the line as Python, such as s[i] * s[j]"),
    (r"[<>!=]=|[<>]", "a line has no comparison in it"),
    (r"=", "type the right side alone, without the sign ="),
    (r"\^", "a power is written with **, as in x**2"),
    (r"\d\s*[A-Za-z(]|[\])]\s*[A-Za-z\d(]",
     "a product needs its sign, as in 2 * x"),
)


class Unreadable(Verdict):
    """The text is not a line that the engine understands."""


def read(text, names):
    """Return what a text means: an expression or a matrix line.

    `names` maps the names that are known to their values. `Unreadable`
    says what is not understood; a `ValueError` of the engine, such as
    `ShapeMismatch`, says what does not fit.

    >>> from lmbook.derivation import scalar
    >>> x = scalar("x")
    >>> print(read("2 * x**2 - 1/3", {"x": x}))
    2 x^{2} - \\frac{1}{3}
    >>> read("x + y", {"x": x})
    Traceback (most recent call last):
    ...
    lmbook.desk.text.Unreadable: the name y is not known here; expected \
one of x, D, delta, exp, eye, log, ones, sigmoid, total
    """
    text = text.strip()
    if not text:
        raise Unreadable("there is nothing to check; type a line, such as "
                         "the example")
    if len(text) > LONGEST:
        raise Unreadable(f"the line has {len(text)} characters; expected at "
                         f"most {LONGEST}")
    _check_habits(text)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError) as problem:
        raise Unreadable(_where(text, problem)) from None
    return _number(tree, names)


def _check_habits(text):
    """Refuse what people write who do not write Python."""
    if text.count("'") == 1:
        raise Unreadable("a transpose is written A.T, a derivative "
                         "D(s[i], z[j])")
    for pattern, advice in HABITS[:-1]:
        if found := re.search(pattern, text):
            raise Unreadable(f"'{found[0]}' cannot be read: {advice}")


def _where(text, problem):
    """Say where a text stops being Python."""
    pattern, advice = HABITS[-1]
    if found := re.search(pattern, text):
        return f"'{found[0]}' cannot be read: {advice}"
    pairs = ("()", "round"), ("[]", "square")
    for (opened, closed), kind in pairs:
        if (n := text.count(opened)) != (m := text.count(closed)):
            return f"{n} {kind} brackets are opened and {m} closed"
    place = min(getattr(problem, "offset", None) or 1, len(text))
    return (f"this is not a complete expression: it cannot be read at "
            f"character {place}, '{text[place - 1]}'")


def _number(node, names):
    """Return the value of a node that must be an expression or a matrix."""
    value = _value(node, names)
    if isinstance(value, (Expr, Matrix)):
        return value
    said = ast.unparse(node)
    if isinstance(value, Tensor):
        axes = ", ".join("ijl"[:len(value.dims)])
        raise Unreadable(f"{said} is a whole tensor; expected an entry, such "
                         f"as {said}[{axes}]")
    raise Unreadable(f"{said} is a function; expected its arguments in "
                     "brackets behind it")


def _value(node, names):
    match node:
        case ast.Constant(value=number):
            return _constant(number)
        case ast.Name(id=name):
            return _known(name, names)
        case ast.UnaryOp(op=sign, operand=part) if type(sign) in SIGNS:
            return SIGNS[type(sign)](_number(part, names))
        case ast.BinOp(left=a, op=sign, right=b) if type(sign) in SIGNS:
            return _joined(node, SIGNS[type(sign)], _number(a, names),
                           _number(b, names))
        case ast.Subscript(value=ast.Name(), slice=place):
            return _entry(node, _value(node.value, names), place, names)
        case ast.Attribute(value=part, attr="T"):
            return _transpose(node, _number(part, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _call(node, name, args, names)
    if isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
        raise Unreadable(f"{ast.unparse(node)} reads as a call; a product "
                         "needs its sign, as in 2 * (x + 1)")
    raise Unreadable(f"{ast.unparse(node)} is not understood; expected "
                     "numbers, names, + - * / ** @, indices and calls")


def _constant(number):
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise Unreadable(f"{number!r} is not a number")
    if isinstance(number, float):
        raise Unreadable(f"{number} is a rounded number; expected a fraction "
                         "of whole numbers, such as 1/2")
    if len(str(number)) > DIGITS:
        raise Unreadable(f"{number} is too long; expected at most {DIGITS} "
                         "digits")
    return expr(number)


def _known(name, names):
    known = {**FUNCTIONS, **names}
    if name not in known:
        listed = ", ".join([*names, *sorted(FUNCTIONS)])
        raise Unreadable(f"the name {name} is not known here; expected one "
                         f"of {listed}")
    return known[name]


def _made(said, make, advice):
    """Return what `make` builds; what does not fit is said in words."""
    try:
        return make()
    except (IndexMismatch, ShapeMismatch):
        raise
    except ValueError as problem:
        raise Unreadable(f"{said}: {problem}") from None
    except (TypeError, AttributeError):
        raise Unreadable(f"{said}: {advice}") from None


def _joined(node, sign, left, right):
    return _made(ast.unparse(node), lambda: sign(left, right),
                 "these two cannot be joined by this sign; @ is for two "
                 "matrices")


def _entry(node, tensor, place, names):
    if not isinstance(tensor, Tensor):
        raise Unreadable(f"{ast.unparse(node)}: {node.value.id} has no "
                         "entries here; expected the name alone")
    parts = place.elts if isinstance(place, ast.Tuple) else [place]
    return tensor[tuple(_value(part, names) for part in parts)]


def _transpose(node, matrix):
    if not isinstance(matrix, Matrix):
        raise Unreadable(f"{ast.unparse(node)}: only a matrix has a "
                         "transpose")
    return matrix.T


def _call(node, name, args, names):
    function = _known(name, names)
    if name not in FUNCTIONS or name in names:
        raise Unreadable(f"{name} is no function; a product needs its "
                         "sign *")
    given = [_value(arg, names) for arg in args]
    said, advice = ast.unparse(node), (
        f"{name} does not fit these arguments; look at the examples of the "
        "names")
    if name in ("total", "D") and len(given) < 2:
        raise Unreadable(f"{said}: {advice}")
    return _made(said, lambda: function(*given), advice)
