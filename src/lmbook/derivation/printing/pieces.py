r"""Pieces of printed LaTeX: parentheses, numbers, applied functions."""

from .names import plain_name

BARE = {"log": r"\log", "sin": r"\sin", "cos": r"\cos", "tanh": r"\tanh"}
CALLED = {"relu": r"\operatorname{ReLU}", "sigmoid": r"\sigma",
          "Phi": r"\Phi", "exp": r"\exp"}
TEST = {"step": ">", "iszero": "="}
KNOWN = {"sqrt", *BARE, *CALLED, *TEST}
TALL = (r"\frac", r"\sum", r"\prod", r"\left")


def group(text):
    r"""Return the text in parentheses that grow with it.

    >>> print(group("x + y"))
    \left( x + y \right)
    """
    return rf"\left( {text} \right)"


def paren(text):
    r"""Return a function's arguments in parentheses.

    >>> print(paren("x, y"), paren(r"\frac{x}{y}"))
    (x, y) \left( \frac{x}{y} \right)
    """
    return group(text) if any(t in text for t in TALL) else f"({text})"


def number(value):
    r"""Return a fraction below tenths as \frac, a longer decimal as such.

    >>> from fractions import Fraction
    >>> for q in "7", "1/2", "0.999", "1/12": print(number(Fraction(q)))
    7
    \frac{1}{2}
    0.999
    \frac{1}{12}
    """
    top, bottom = value.as_integer_ratio()
    if bottom == 1:
        return str(top)
    places = next((n for n in range(1, 17) if 10**n % bottom == 0), None)
    if places is None or bottom < 10:
        return rf"\frac{{{top}}}{{{bottom}}}"
    digits = str(top * 10**places // bottom).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def call_text(name, texts, orders=(), bare=False):
    r"""Return a function applied to arguments that are already LaTeX.

    >>> print(call_text("relu", ["x"]), call_text("f", ["x"], (2,)))
    \operatorname{ReLU}(x) f''(x)
    >>> print(call_text("g", ["x", "y"], (1, 2)))
    \partial_{1} \partial_{2}^{2} g(x, y)
    """
    if name in KNOWN and any(orders):
        raise ValueError(f"the derivative of {name} is no function of its "
                         "own; expected D(...) or its formula")
    text = ", ".join(texts)
    if name in TEST:
        return rf"\mathbb{{1}}\{{{text} {TEST[name]} 0\}}"
    if name == "sqrt":
        return rf"\sqrt{{{text}}}"
    if name in BARE:
        return BARE[name] + (f" {text}" if bare else paren(text))
    if name in CALLED:
        return CALLED[name] + paren(text)
    return _generic(name, orders) + paren(text)


def _generic(name, orders):
    if len(orders) == 1:
        primes = "'" * orders[0] if orders[0] < 4 else f"^{{({orders[0]})}}"
        return plain_name(name) + primes
    partials = (rf"\partial_{{{n}}}" + (f"^{{{k}}}" if k > 1 else "") + " "
                for n, k in enumerate(orders, 1) if k)
    return "".join(partials) + plain_name(name)
