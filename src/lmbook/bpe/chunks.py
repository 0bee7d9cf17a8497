"""Cut a text into chunks, the pieces that no merge may cross.

The pattern is that of GPT-2 (Radford et al. 2019, released with the
model's code): an English ending such as 's; or a run of letters, of
digits, or of other signs, each with one space before it; or whitespace.
Joined again, the chunks are the text.
"""

import re
from collections import Counter

import regex

PATTERN = (r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+"
           r"| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")

# Unicode's White_Space, written out: the \s of `regex` means these 25
# characters, that of `re` also U+001C to U+001F, which are none of them.
SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

# A stretch is a run of whitespace and what follows it up to the next one.
# No match of PATTERN reaches from one stretch into the next, so the slow
# Unicode pattern need only see each different stretch once. A block is
# many stretches; counting block by block saves memory.
find_stretches = re.compile(f"[{SPACE}]*[^{SPACE}]+|[{SPACE}]+").findall
find_blocks = re.compile(f".{{1,65536}}[{SPACE}]*[^{SPACE}]*",
                         re.DOTALL).finditer
find_chunks = regex.compile(PATTERN).findall


def chunks(text):
    """Return the chunks of a text: a list of strings that join to it.

    `ValueError` if text is not a string.

    >>> chunks("Don't stop at 10,  please!")
    ['Don', "'t", ' stop', ' at', ' 10', ',', ' ', ' please', '!']
    """
    return find_chunks(checked(text))


def chunk_counts(text):
    r"""Return {chunk: how often it occurs} for a text, as `chunks` cuts it.

    In the order of first occurrence; `ValueError` if not a string.

    >>> chunk_counts("a rose is a rose")
    {'a': 1, ' rose': 2, ' is': 1, ' a': 1}
    """
    stretches, counts = Counter(), {}
    for block in find_blocks(checked(text)):
        stretches.update(find_stretches(text, *block.span()))
    for stretch, count in stretches.items():
        for chunk in find_chunks(stretch):
            counts[chunk] = counts.get(chunk, 0) + count
    return counts


def checked(text):
    """Return the text itself; `ValueError` if it is not a string."""
    if not isinstance(text, str):
        raise ValueError(f"expected a string, got {type(text).__name__} "
                         f"{text!r}"[:200])
    return text
