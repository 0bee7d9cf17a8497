"""Prose out of docstrings: keep paragraphs of English, drop the rest.

A docstring of a scientific package mixes English with headings, parameter
tables, sessions, formulas and reStructuredText marks. `paragraphs` keeps
the blocks at the left margin outside a table section, turns the marks into
plain words, and keeps a block only if what is left reads like English.

Left out on purpose: bullet lists, indented blocks, and every paragraph that
needs a formula or a line of code to be understood.
"""

import inspect
import re

TABLES = frozenset((
    "parameters", "other parameters", "arguments", "args", "options",
    "keyword arguments", "attributes", "properties", "methods", "routines",
    "returns", "return", "yields", "receives", "raises", "warns",
    "see also", "references", "reference", "bibliography", "literature",
    "author", "authors", "copyright", "license", "contents", "todo"))

UNDERLINE = re.compile(r"([-=~^*#\"'`+])\1{2,}$")
MARGIN_MARK = re.compile(
    r"\s|>>>"                                     # indented, or a session
    r"|[-*+•] |\(?([0-9]{1,2}|[a-zA-Z])[.)] "     # an item of a list
    r"|\.\.|:[\w ]+:(?!`)|[@#|+=]")               # directive, field, table

CODE = re.compile(r"``([^`]+)``")
ROLE = re.compile(r"(?:(?<!\w):[\w:+.-]+:)?`([^`]+)`(?:__?(?!\w))?")
MARKS = [(re.compile(pattern), new) for pattern, new in (
    (r"\[\D?(\d+)\]_+(?!\w)", r"[\1]"),                 # footnote [1]_
    (r"(?<![\w*])(\*{1,2})(\w[^*]*)\1(?![\w*])", r"\2"),  # *emphasis*
    (r"(?<!\\)\$(\w+)\$", r"\1"),                        # $n$
    (r"\\(?: |(?=s\b))", ""),                            # `Axes`\s
    (r"(?<!\S)\.(?=[A-Z]\w)", ""),                       # .Axes
    (r"(?<=\w)\(\)", ""),                                # call()
    (r"\s+", " "))]

WORD = re.compile(r"""["'(]*[A-Za-z]+(?:['’/-][A-Za-z]+)*[.,;:!?'")]*""")
FORMULA = re.compile(
    r"[\\^{}<>=|`$*~@#]|\[(?!\d+\])|\w\[|(?<!\d)\]"   # but "[1]" is a citation
    r"|\w\((?!s\))|::|\.\.\.|__|%\(|//|--|sphx_")     # and "row(s)" a word
SENTENCES = re.compile(r"""["'(]?[A-Z].*[.!?]["')]?""")


def blocks(docstring):
    """Return the blocks of a docstring, without headings and tables.

    A block is a list of lines between two blank lines. The blocks of a
    section named in `TABLES` are dropped up to the next heading.

    >>> blocks("One\\nblock.\\n\\nParameters\\n----------\\nx : int")
    [['One', 'block.']]
    """
    kept, block, table = [], [], False
    lines = inspect.cleandoc(docstring).split("\n") + ["", ""]
    for line, below in zip(lines, lines[1:]):
        if line.strip() and UNDERLINE.match(below.strip()):
            table = line.strip(" :").lower() in TABLES
        elif UNDERLINE.match(line.strip()):
            block = []
        elif line.strip():
            block.append(line.rstrip())
        elif block:
            kept += [] if table else [block]
            block = []
    return kept


def role_text(match):
    """Return the words a reader sees for one role or link in backticks.

    >>> ROLE.sub(role_text, "see :class:`~a.b.Axes` and `it <x.org>`_")
    'see Axes and it'
    """
    target = match.group(1).strip()
    words = re.sub(r"\s*<[^<>]*>$", "", target) or target.strip("<>")
    if words.startswith("~"):
        return words.rpartition(".")[2].lstrip("~")
    return words.lstrip(".")


def clean(text):
    """Return text with its reStructuredText marks turned into words.

    >>> clean("The *norm* of ``x`` [1]_; see :func:`~numpy.linalg.norm`.")
    'The norm of x [1]; see norm.'
    """
    text = ROLE.sub(role_text, CODE.sub(r"\1", text))
    for mark, new in MARKS:
        text = mark.sub(new, text)
    return text.strip()


def is_prose(text):
    """Tell whether a paragraph reads like English sentences.

    It does if it has five words or more, starts with a capital, ends a
    sentence, holds no formula, and 85 % of its tokens are words.

    >>> is_prose("The inverse exists when the matrix has full rank.")
    True
    >>> is_prose("The inverse exists when det(A) = 1 and n > 2 hold.")
    False
    """
    tokens = text.split()
    if len(tokens) < 5 or FORMULA.search(text):
        return False
    words = sum(WORD.fullmatch(token) is not None for token in tokens)
    return (SENTENCES.fullmatch(text) is not None
            and words >= 0.85 * len(tokens))


def paragraphs(docstring):
    """Return the prose paragraphs of a docstring, cleaned, in order.

    >>> paragraphs("Return the sum of *all* the entries.\\n\\n>>> f(1)\\n1")
    ['Return the sum of all the entries.']
    """
    kept = []
    for block in blocks(docstring):
        if not any(MARGIN_MARK.match(line) for line in block):
            kept.append(clean(" ".join(block)))
    return [text for text in kept if is_prose(text)]
