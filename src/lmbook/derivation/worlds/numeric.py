"""The arrays that worlds are made of: NumPy, or `plain` without it."""

try:
    import numpy as np
except ImportError:
    from . import plain as np

__all__ = ["np"]
