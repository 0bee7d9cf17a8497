"""The checks behind the exercises, one file for each chapter."""

from . import (
    gradients_and_jacobians, residual_connections, sentiment_classification,
    softmax_and_cross_entropy, softmax_pitfalls)
from .registry import EXERCISES, Exercise, NotYet

__all__ = [
    "EXERCISES", "Exercise", "NotYet", "gradients_and_jacobians",
    "residual_connections", "sentiment_classification",
    "softmax_and_cross_entropy", "softmax_pitfalls",
]
