"""The checks behind the exercises, one file for each chapter."""

from . import (
    matrix_calculus, softmax_and_cross_entropy, softmax_pitfalls)
from .registry import EXERCISES, Exercise, NotYet

__all__ = ["EXERCISES", "Exercise", "NotYet", "matrix_calculus",
           "softmax_and_cross_entropy", "softmax_pitfalls"]
