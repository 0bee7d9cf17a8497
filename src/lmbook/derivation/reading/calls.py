r"""The part of the reader for functions, fractions and derivatives."""

from ..language import Dim, Entry, Expr, Function, Tensor
from .tokens import Cursor
from .values import call, derived, divide, second, slope, special

BARE = {r"\log": "log", r"\sin": "sin", r"\cos": "cos", r"\tanh": "tanh"}
CALLED = {r"\sigma": "sigmoid", r"\Phi": "Phi", r"\exp": "exp"}
OPERATORS = {"ReLU": "relu", "diag": "diag", "tr": "trace"}


class Calls(Cursor):
    """Rules that begin with a command; the rest is in `Reader`."""

    def builtin(self):
        """Read what begins with a known command, or return None."""
        symbol = self.symbol(take=False)
        if isinstance(symbol, Function):
            return self.generic()
        indexed = isinstance(symbol, Tensor) and symbol.dims
        word = self.peek()
        built_in = word in CALLED or word == "e"
        if symbol is not None and not (
                built_in and indexed and self.peek(1) != "_"):
            return None
        if word in BARE:
            return self.bare()
        if word in CALLED:
            return self.called(CALLED[word])
        rule = {r"\frac": self.fraction, r"\sqrt": self.root,
                r"\mathbb": self.test, r"\operatorname": self.operator,
                r"\partial": self.generic, r"\nabla": self.nabla,
                r"\lVert": self.norm,
                "e": self.exponential}.get(word)
        return rule() if rule else None

    def closed(self, value):
        """Return a value that does not reach to the right."""
        self.open = False
        return value

    def bare(self):
        r"""Read \log with an argument in parentheses, or one bare factor."""
        name = BARE[self.peek()]
        self.place += 1
        if self.at("(") or self.at(r"\left"):
            value = self.grouped()
            if self.at("^"):
                self.fail("no power after the argument of a function")
            return self.closed(call(name, [value]))
        if self.peek() in BARE:
            self.fail("parentheses around a function of a function")
        summed = self.at(r"\sum") or self.at(r"\prod")
        value = self.factor()
        if self.open and not summed:
            self.fail("parentheses around the argument")
        self.open = True
        return call(name, [value])

    def called(self, name):
        """Read a function that always has parentheses."""
        self.place += 1
        return self.closed(call(name, self.arguments()))

    def arguments(self):
        """Read arguments in parentheses."""
        close = [")"] if self.take("(") else [r"\right", ")"]
        if len(close) == 2:
            self.expect(r"\left", "(")
        values = [self.line()]
        while self.take(","):
            values.append(self.line())
        self.expect(*close)
        return values

    def braced(self):
        """Read a line in braces."""
        self.expect("{")
        value = self.line()
        self.expect("}")
        return self.closed(value)

    def root(self):
        r"""Read \sqrt{...}."""
        self.expect(r"\sqrt")
        return self.closed(call("sqrt", [self.braced()]))

    def exponential(self):
        """Read e^{...} of a scalar."""
        self.expect("e", "^")
        value = self.braced()
        if not isinstance(value, Expr):
            self.refuse(r"a scalar above e (\exp takes a matrix)")
        return call("exp", [value])

    def test(self):
        r"""Read \mathbb{1}\{x > 0\} or \mathbb{1}\{x = 0\}."""
        self.expect(r"\mathbb", "{", "1", "}", r"\{")
        value = self.line()
        name = "step" if self.take(">") else "iszero"
        if name == "iszero":
            self.expect("=")
        self.expect("0", r"\}")
        return self.closed(call(name, [value]))

    def operator(self):
        r"""Read \operatorname{ReLU}, {diag} or {tr} and the argument."""
        self.expect(r"\operatorname", "{")
        word = self.word()
        if word not in OPERATORS:
            self.refuse(f"ReLU, diag or tr instead of {word}")
        value, = self.one(self.arguments())
        name = OPERATORS[word]
        result = (call(name, [value]) if name == "relu"
                  else special(name, value))
        return self.closed(result)

    def one(self, values):
        """Return a list of one argument."""
        if len(values) != 1:
            self.refuse("a single argument")
        return values

    def norm(self):
        r"""Read \lVert v \rVert^{2}, with _{F} for a matrix."""
        self.expect(r"\lVert")
        value = self.line()
        self.expect(r"\rVert")
        name = "norm2 of a matrix" if self.at("_") else "norm2"
        if self.at("_"):
            self.expect("_", "{", "F", "}")
        self.expect("^", "{", "2", "}")
        return self.closed(special(name, value))

    def constant(self):
        r"""Read \mathbf{1}_{N} or \mathbf{I}_{N}."""
        self.expect(r"\mathbf", "{")
        name = "ones" if self.take("1") else "eye"
        if name == "eye" and not self.take("I"):
            self.fail("a known symbol in bold")
        self.expect("}", "_", "{")
        size = self.symbol(Dim)
        if size is None:
            self.fail("a size")
        self.expect("}")
        return special(name, size)

    def generic(self):
        r"""Read f(x), f'(x), f^{(4)}(x) or \partial_{1} g(x, y)."""
        counts = self.partials()
        function = self.symbol(Function)
        if function is None:
            self.fail("a function")
        arity, primes = len(function.orders), self.primes()
        if primes and (counts or arity > 1) or counts and (
                arity == 1 or max(counts) > arity):
            self.refuse(f"a derivative of {function.name} with {arity} "
                      "arguments")
        values = self.arguments()
        if len(values) != arity:
            self.refuse(f"{arity} arguments of {function.name}")
        orders = tuple(counts.get(n + 1, 0) + primes for n in range(arity))
        return self.closed(call(function.name, values, orders))

    def partials(self):
        r"""Read \partial_{1}^{2} \partial_{2} ...: times by argument."""
        counts = {}
        while self.take(r"\partial", "_", "{"):
            which = self.whole()
            self.expect("}")
            if which in counts or which < 1:
                self.refuse("another argument number")
            counts[which] = self.exponent()
        return counts

    def primes(self):
        """Read the primes of f'' or the number of f^{(4)}."""
        primes = 0
        while self.take("'"):
            primes += 1
        if not primes and self.take("^", "{", "("):
            primes = self.whole()
            self.expect(")", "}")
        return primes

    def whole(self):
        """Read a whole number."""
        text = self.number()
        if "." in text:
            self.refuse("a whole number")
        return int(text)

    def exponent(self):
        """Read ^{n}; without it the number is 1."""
        if not self.take("^", "{"):
            return 1
        value = self.whole()
        self.expect("}")
        return value

    def fraction(self):
        r"""Read \frac{a}{b} or \frac{\partial y}{\partial x}."""
        self.expect(r"\frac")
        if self.at("{", r"\partial") and self.peek(2) != "_":
            return self.derivative()
        return self.closed(divide(self.braced(), self.braced()))

    def derivative(self):
        r"""Read \frac{\partial^{n} y}{\partial a \partial b}."""
        self.expect("{", r"\partial")
        order, top = self.exponent(), None
        if not self.at("}"):
            top = self.variable()
        self.expect("}", "{")
        bottoms = []
        while self.take(r"\partial"):
            bottoms += [self.variable()] * self.exponent()
        self.expect("}")
        if len(bottoms) != order:
            self.refuse(f"{order} derivations, not {len(bottoms)},")
        if top is not None:
            return self.closed(derived(top, bottoms))
        value = derived(self.grouped(), bottoms)
        self.open = True
        return value

    def variable(self):
        """Read an entry, or a whole vector or matrix."""
        symbol = self.symbol()
        if symbol is None:
            self.fail("a symbol")
        value = self.entry(symbol)
        if isinstance(value, Expr) and not isinstance(value, Entry):
            self.refuse("an entry of a tensor")
        return value

    def nabla(self):
        r"""Read \nabla_{W} L or \nabla^{2}_{x} L."""
        self.expect(r"\nabla")
        twice = self.take("^", "{", "2", "}")
        self.expect("_", "{")
        below = self.variable()
        self.expect("}")
        inner = self.at("(") or self.at(r"\left")
        top = self.grouped() if inner else self.variable()
        self.open = True
        return (second if twice else slope)(top, below)
