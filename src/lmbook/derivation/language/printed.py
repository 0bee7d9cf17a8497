"""What expressions and matrix lines share: `str` is their LaTeX."""


class Printed:
    """Something with a LaTeX form, written by the room `printing`."""

    def __str__(self):
        from ..printing import latex    # the one import that points up
        return latex(self)
