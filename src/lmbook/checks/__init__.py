"""The checks behind the exercises, one file for each chapter."""

from . import (
    gradients_and_jacobians, hessians_and_automatic_differentiation,
    matrix_calculus, regularisation_and_normalisation, residual_connections,
    second_derivatives, softmax_and_cross_entropy, softmax_pitfalls)
from .registry import EXERCISES, Exercise, NotYet

__all__ = [
    "EXERCISES", "Exercise", "NotYet", "gradients_and_jacobians",
    "hessians_and_automatic_differentiation", "matrix_calculus",
    "regularisation_and_normalisation", "residual_connections",
    "second_derivatives", "softmax_and_cross_entropy", "softmax_pitfalls",
]
