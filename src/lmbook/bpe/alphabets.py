"""The smallest tokens: 256 bytes, or the characters of a text.

GPT-2 gives each byte a printable stand-in, so that a token can be shown
and stored as a string: bytes that print stand for themselves, the others
for the characters from U+0100 on, in order; a space is shown as Ġ.
Libraries sort bytes by their stand-ins, which decides ties in training.
"""

PRINTABLE = (*range(33, 127), *range(161, 173), *range(174, 256))
BYTE_ORDER = PRINTABLE + tuple(
    byte for byte in range(256) if byte not in PRINTABLE)
STAND_IN = {byte: chr(byte if rank < len(PRINTABLE)
                      else 256 + rank - len(PRINTABLE))
            for rank, byte in enumerate(BYTE_ORDER)}
BYTE_OF = {letter: byte for byte, letter in STAND_IN.items()}


def printable(token):
    r"""Return a token of bytes as GPT-2 shows it; a string is unchanged.

    >>> printable(b" caf\xc3\xa9"), printable("low</w>")
    ('ĠcafÃ©', 'low</w>')
    """
    if isinstance(token, str):
        return token
    return "".join(STAND_IN[byte] for byte in token)


def from_printable(shown):
    r"""Return the bytes that GPT-2 shows as a string.

    `ValueError` for a character that stands for no byte.

    >>> from_printable("ĠcafÃ©")
    b' caf\xc3\xa9'
    """
    for letter in shown:
        if letter not in BYTE_OF:
            raise ValueError(f"{letter!r} in {shown!r} stands for no byte")
    return bytes(BYTE_OF[letter] for letter in shown)
