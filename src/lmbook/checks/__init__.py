"""The checks behind the exercises, one file for each chapter."""

from . import (
    hessians_and_automatic_differentiation, second_derivatives,
    softmax_and_cross_entropy, softmax_pitfalls)
from .registry import EXERCISES, Exercise, NotYet

__all__ = ["EXERCISES", "Exercise", "NotYet",
           "hessians_and_automatic_differentiation", "second_derivatives",
           "softmax_and_cross_entropy", "softmax_pitfalls"]
