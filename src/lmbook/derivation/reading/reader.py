r"""Printed LaTeX read back into the object it stands for.

The printed text alone gives the structure; `symbols` gives each name its
meaning.  What is not in the dialect of `printing` is refused, with its place:

    line    = ["-"] product {("+" | "-") product}
    product = factor {[\cdot] factor} | factor {\odot factor}
    factor  = \sum_{i=1}^{N} product | \prod_{i=1}^{N} product
            | \log argument | ... | closed | base ["^" "{" line "}"]
    base    = symbol ["_" "{" indices "}"] | number | \left( line \right)
"""

from fractions import Fraction

from ..language import (Dim, Expr, Function, Index, Num, Pow, Tensor, delta,
                        product, total)
from .calls import Calls
from .tokens import Unreadable
from .values import add, join, negative, odot, power, transposed

CLOSERS = {"", "}", ")", r"\right", "+", "-", ",", ">", "=", r"\}",
           r"\rVert", r"\odot"}


def read(text, symbols):
    r"""Return the expression or the matrix line that LaTeX stands for.

    A line without any matrix is returned as an expression.

    >>> from lmbook.derivation.language import *
    >>> K = dim("K"); l, = indices("l", K); z = tensor("z", K)
    >>> line = -total(l, z[l] * log(z[l]))
    >>> from lmbook.derivation.reading import symbols_of
    >>> read(r"-\sum_{l=1}^{K} z_{l} \log z_{l}", symbols_of(line)) == line
    True
    >>> read(r"z_{l} +", symbols_of(line))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    lmbook.derivation.reading.tokens.Unreadable: expected a factor, not ...
    """
    reader = Reader(text, symbols)
    try:
        value = reader.line()
    except Unreadable:
        raise
    except ValueError as problem:
        raise Unreadable(f"{problem}, before character "
                         f"{reader.positions[reader.place]} of {text!r}")
    if reader.peek():
        reader.fail("the end")
    return value


class Reader(Calls):
    """A recursive-descent parser: one method per rule of the grammar."""

    def line(self):
        """Read a sum of signed products."""
        terms = [self.signed(self.take("-"))]
        while self.at("+") or self.at("-"):
            minus = self.take("-")
            if not minus:
                self.expect("+")
            terms.append(self.signed(minus))
        return add(terms)

    def signed(self, minus):
        """Read one product and apply the sign that stood before it."""
        return negative(self.product()) if minus else self.product()

    def product(self):
        """Read factors side by side, or joined by \\odot."""
        values, open_before = [self.factor()], self.open
        while self.peek() not in CLOSERS:
            dot = self.take(r"\cdot")
            if open_before:
                self.fail("the end of the product")
            if self.peek()[:1].isdigit() and not dot:
                self.fail(r"\cdot before a number")
            values.append(self.next_factor(values[-1], dot))
            open_before = self.open
        if self.at(r"\odot"):
            return self.elementwise(values)
        self.open = open_before
        return join(values)

    def next_factor(self, before, dot):
        """Read a factor; two numbers need a dot between them."""
        fraction = self.at(r"\frac") and self.peek(2)[:1].isdigit()
        if isinstance(before, Num) and fraction and not dot:
            self.fail(r"\cdot between two numbers")
        return self.factor()

    def elementwise(self, values):
        """Read the rest of A \\odot B \\odot C."""
        if len(values) > 1 or self.open:
            self.fail(r"parentheses around a factor of \odot")
        value = values[0]
        while self.take(r"\odot"):
            value = odot(value, self.factor())
            if self.open:
                self.fail(r"parentheses around a factor of \odot")
        if self.peek() not in CLOSERS:
            self.fail(r"parentheses around a factor of \odot")
        return value

    def factor(self):
        """Read one factor; `open` says that it reaches to the right."""
        self.open = False
        known = self.builtin()
        if known is not None:
            return known
        if self.at(r"\sum") or self.at(r"\prod"):
            return self.summed()
        value = self.powered(self.base())
        return self.closed(value)

    def base(self):
        """Read what a power or a transpose may stand on."""
        if self.at("(") or self.at(r"\left"):
            return self.grouped()
        if self.peek()[:1].isdigit():
            return Num(Fraction(self.number()))
        value = self.symbol()
        if value is None:
            if self.take(r"\delta", "_"):
                return self.kronecker()
            if self.at(r"\mathbf"):
                return self.constant()
            self.fail("a factor")
        return self.entry(value)

    def entry(self, value):
        """Read the indices of a tensor; return any other symbol itself."""
        if isinstance(value, Function):
            self.fail(f"parentheses, since {value.name} is a function")
        if not isinstance(value, Tensor) or not value.dims:
            return value[()] if isinstance(value, Tensor) else value
        self.expect("_")
        return value[self.indices()]

    def kronecker(self):
        """Read the two indices of a delta."""
        indices = self.indices()
        if len(indices) != 2:
            self.refuse("two indices below the delta")
        return delta(*indices)

    def indices(self):
        """Read indices in braces, side by side or with commas."""
        self.expect("{")
        found = [self.index()]
        while not self.take("}"):
            self.take(",")
            found.append(self.index())
        return tuple(found)

    def index(self):
        """Read one index."""
        value = self.symbol(Index)
        if value is None:
            self.fail("an index")
        return value

    def powered(self, base):
        """Read ^{...}, if it comes, above a base."""
        if not self.take("^"):
            return base
        self.expect("{")
        if self.take(r"\top"):
            value = transposed(base)
        elif self.take(r"\odot"):
            value = power(base, self.line())
        else:
            value = self.raised(base)
        self.expect("}")
        if self.at("^"):
            self.fail("no second power")
        return value

    def raised(self, base):
        """Read the exponent of a scalar."""
        exponent = self.line()
        if not isinstance(exponent, Expr):
            self.refuse("a number as exponent")
        if isinstance(base, Expr):
            return Pow(base, exponent)
        return power(base, exponent, scalar=True)

    def grouped(self):
        """Read a line in parentheses."""
        close = ")" if self.take("(") else r"\right"
        if close == r"\right":
            self.expect(r"\left", "(")
        value = self.line()
        self.expect(*([")"] if close == ")" else [close, ")"]))
        self.open = False
        return value

    def summed(self):
        r"""Read \sum_{i=1}^{N} or \prod_{i=1}^{N} and its body."""
        kind = total if self.take(r"\sum") else product
        if kind is product:
            self.expect(r"\prod")
        self.expect("_", "{")
        index = self.index()
        self.expect("=", "1", "}", "^", "{")
        size = self.symbol(Dim)
        if size != index.dim:
            self.refuse(f"the size {index.dim.name} of {index.name}")
        self.expect("}")
        body = self.product()
        self.open = True
        return kind(index, body)
