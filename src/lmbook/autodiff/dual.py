"""Forward mode: a `Dual` carries a derivative along with its value."""

from .array import Array
from .box import as_inside, level_of
from .shapes import broadcast_to


class Dual(Array):
    """A value and its slope: value + slope e, where e^2 = 0.

    Start with the slope v of the input x; every operation passes on the
    derivative of its result along v.

    Shapes: `value` and `slope` have one shape; they hold arrays or boxes.
    Errors: `ValueError` for two shapes, or for what is not a real number.
    Source: Clifford (1873); Griewank and Walther (2008), section 3.1.

    >>> x = Dual(3.0, 1.0)
    >>> x * x + x           # 3^2 + 3 with slope 2 * 3 + 1
    Dual(12.0, 7.0)
    """

    __slots__ = ("inside", "slope", "level")

    def __init__(self, value, slope, *, level=None):
        """Keep the value and its derivative."""
        self.inside, self.slope = as_inside(value), as_inside(slope)
        if self.inside.shape != self.slope.shape:
            raise ValueError(f"the value has shape {self.inside.shape}, the"
                             f" slope {self.slope.shape}")
        if self.slope.dtype != self.inside.dtype != object:
            self.slope = self.slope.astype(self.inside.dtype)
        self.level = 1 + max(level_of(value), level_of(slope)) \
            if level is None else level

    @classmethod
    def close(cls, rule, operands, own, args):
        """Return rule(*args) and its change; `own` are places of duals."""
        dual = cls.__new__(cls)
        out = dual.inside = rule(*args)
        dual.level = operands[own[0]].level
        slope = None
        for k in own:
            change = rule.jvps[k](operands[k].slope, out, *args)
            slope = change if slope is None else slope + change
        if slope.shape != out.shape:
            slope = broadcast_to(slope, out.shape)
        if slope.dtype != out.dtype != object:
            slope = slope.astype(out.dtype)
        dual.slope = slope
        return dual

    @property
    def value(self):
        """The value, without the slope."""
        return self.inside

    def __repr__(self):
        """Return value and slope."""
        return f"Dual({self.inside}, {self.slope})"
