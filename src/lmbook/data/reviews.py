"""Film reviews written for this book: one sentence each, with a label.

The file `reviews.tsv` has a header and a line for each review:

| column   | value                                                    |
|----------|----------------------------------------------------------|
| id       | r0001, r0002, ...                                        |
| label    | 1 positive, 0 negative                                   |
| kind     | one of KINDS: what a reader needs to find the label      |
| sentence | one English sentence of 6 to 35 words                    |

Half of the reviews of every kind are positive. "plain": the words speak
for themselves. "negation": a word such as "not" or "never" turns them.
"contrast": two sides, and the verdict is the second ("dull, but ...").
"mixed": praise and blame, then a verdict. "irony": the words say one
thing and mean another.

Source: every sentence was made up for this book; films and people in
them do not exist. Licence: CC BY 4.0, as the text of the book.
"""

from importlib import resources
from typing import NamedTuple

from lmbook.data.fetch import decode

COLUMNS = ("id", "label", "kind", "sentence")
KINDS = ("plain", "negation", "contrast", "mixed", "irony")


class Review(NamedTuple):
    """One line of the file: strings, and the label as 0 or 1."""

    id: str
    label: int
    kind: str
    sentence: str


def review_of(line, place):
    """Return the `Review` in a line; `ValueError` names the place.

    >>> review_of("r1\\t1\\tnegation\\tI was never bored.", "line 2").label
    1
    """
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{place}: {len(cells)} columns; expected "
                         f"{len(COLUMNS)}: {', '.join(COLUMNS)}")
    number, label, kind, sentence = cells
    if label not in ("0", "1"):
        raise ValueError(f"{place}: label {label!r}; expected 0 or 1")
    if kind not in KINDS:
        raise ValueError(f"{place}: kind {kind!r}; expected one of "
                         f"{list(KINDS)}")
    if not sentence or sentence != sentence.strip():
        raise ValueError(f"{place}: sentence {sentence!r}; expected text "
                         "without space before or after it")
    return Review(number, int(label), kind, sentence)


def parse(text, name="reviews.tsv"):
    """Return the reviews in the text of a file, in its order.

    `ValueError` names the file and line of the first fault: a header or
    cell that is not as described above, or an id or sentence seen before.
    """
    header, *lines = text.rstrip("\n").split("\n")
    if tuple(header.split("\t")) != COLUMNS:
        raise ValueError(f"{name}: header {header!r}; expected the columns "
                         f"{', '.join(COLUMNS)}, with tabs between")
    reviews, seen = [], {}
    for number, line in enumerate(lines, 2):
        review = review_of(line, f"{name}, line {number}")
        for value in (review.id, review.sentence):
            if value in seen:
                raise ValueError(f"{name}, line {number}: {value!r} is "
                                 f"already in line {seen[value]}")
            seen[value] = number
        reviews.append(review)
    return reviews


def read():
    """Return the reviews of this book, a list of N `Review`.

    >>> len(read())
    1400
    """
    path = resources.files("lmbook.data") / "reviews.tsv"
    return parse(decode(path.read_bytes(), path))
