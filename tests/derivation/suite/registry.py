"""The list of functions that build a derivation."""

ALL = []


def derivation(build):
    """Add a function to the list; it returns one finished Derivation."""
    ALL.append(build)
    return build
