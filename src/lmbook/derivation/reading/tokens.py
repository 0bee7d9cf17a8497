r"""Words of the printed LaTeX, and a cursor that walks over them."""

import re

WORD = re.compile(r"""(?P<skip>\s+|\\,|&|\\displaystyle(?![A-Za-z]))
    |\\[A-Za-z]+|\\[{}]|\d+(?:\.\d+)?|[A-Za-z]|[{}()_^+=<>,'-]""", re.X)


class Unreadable(ValueError):
    """LaTeX outside the dialect that the book prints."""


def words(text):
    r"""Return each word of LaTeX with its position; spaces are dropped.

    >>> words(r"x_{12} \, y")
    [('x', 0), ('_', 1), ('{', 2), ('12', 3), ('}', 5), ('y', 10)]
    >>> words("x ! y")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    lmbook.derivation.reading.tokens.Unreadable: '!' at character 2 of ...
    """
    found, position = [], 0
    while position < len(text):
        match = WORD.match(text, position)
        if not match:
            raise Unreadable(f"{text[position]!r} at character {position} "
                             f"of {text!r} is not part of the dialect")
        if match["skip"] is None:
            found.append((match[0], position))
        position = match.end()
    return found


class Cursor:
    """A position in printed LaTeX, with the symbols it may contain.

    >>> c = Cursor(r"x_{1} y", {"x_{1}": 1, "x": 2})
    >>> c.symbol(), c.peek(), c.symbol()
    (1, 'y', None)
    """

    def __init__(self, text, symbols):
        self.text, self.place = text, 0
        pairs = words(text)
        self.words = [word for word, _ in pairs]
        self.positions = [at for _, at in pairs] + [len(text)]
        names = [([w for w, _ in words(k)], v) for k, v in symbols.items()]
        self.names = sorted(names, key=lambda pair: -len(pair[0]))

    def peek(self, ahead=0):
        """Return a word without taking it, or '' at the end."""
        place = self.place + ahead
        return self.words[place] if place < len(self.words) else ""

    def at(self, *expected):
        """Say whether the next words are these."""
        end = self.place + len(expected)
        return self.words[self.place:end] == list(expected)

    def take(self, *expected):
        """Take these words if they come next, and say whether they did."""
        found = self.at(*expected)
        self.place += len(expected) * found
        return found

    def expect(self, *expected):
        """Take these words or raise Unreadable."""
        for word in expected:
            if not self.take(word):
                self.fail(word)

    def fail(self, expected):
        """Raise Unreadable at the present position."""
        found = self.peek() or "the end"
        raise Unreadable(
            f"expected {expected}, not {found}, at character "
            f"{self.positions[self.place]} of {self.text!r}")

    def refuse(self, expected):
        """Raise Unreadable for what was just taken."""
        raise Unreadable(
            f"expected {expected} before character "
            f"{self.positions[self.place]} of {self.text!r}")

    def symbol(self, *kinds, take=True):
        """Return the longest symbol that comes next, None if there is none."""
        for name, value in self.names:
            if self.at(*name) and (not kinds or isinstance(value, kinds)):
                self.place += len(name) * take
                return value
        return None

    def number(self, expected="a number"):
        """Take a number and return its text."""
        if not self.peek()[:1].isdigit():
            self.fail(expected)
        self.place += 1
        return self.words[self.place - 1]

    def word(self):
        """Take letters up to the closing brace and return them."""
        taken = []
        while self.peek().isalpha():
            taken.append(self.peek())
            self.place += 1
        self.expect("}")
        return "".join(taken)
