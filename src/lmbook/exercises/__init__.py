"""Instant feedback: `check(name, answer)`, and `grade(file)`."""

from .feedback import Correct, NotYet, check
from .grading import grade

__all__ = ["Correct", "NotYet", "check", "grade"]
