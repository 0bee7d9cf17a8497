"""Shapes of matrix lines, and the messages when they do not fit."""


class ShapeMismatch(ValueError):
    """Matrices whose shapes do not fit together."""


def name(size):
    """Return the name of a size; a missing axis has size 1.

    >>> name(None)
    '1'
    """
    return size.name if size else "1"


def describe(matrix):
    """Return a matrix with its shape, for messages.

    >>> from lmbook.derivation.language import dim, tensor
    >>> from lmbook.derivation.matrices import M
    >>> describe(M(tensor("z", dim("K"))).T)
    'z.T of shape (1, K)'
    """
    return f"{matrix!r} of shape ({', '.join(map(name, matrix.dims))})"


def is_scalar(matrix):
    """Say whether a matrix line is a single number.

    >>> from lmbook.derivation.matrices import M
    >>> is_scalar(M(2))
    True
    """
    return matrix.dims == (None, None)


def same_shape(left, right, sign):
    """Raise ShapeMismatch unless two matrices have the same shape.

    >>> from lmbook.derivation.language import dim, tensor
    >>> from lmbook.derivation.matrices import M
    >>> same_shape(M(tensor("v", dim("K"))), M(1), "+")
    Traceback (most recent call last):
    ...
    lmbook.derivation.matrices.shapes.ShapeMismatch: v of shape (K, 1) + \
1 of shape (1, 1): the rows of the left run over K, those of the \
right over 1
    """
    for axis, one, two in zip(("rows", "columns"), left.dims, right.dims):
        if one != two:
            raise ShapeMismatch(
                f"{describe(left)} {sign} {describe(right)}: the {axis} of "
                f"the left run over {name(one)}, those of the right over "
                f"{name(two)}")
