"""The checks behind the exercises, one file for each chapter."""

from . import (
    activations_and_initialisation, gradients_and_jacobians,
    residual_connections, softmax_and_cross_entropy, softmax_pitfalls)
from .registry import EXERCISES, Exercise, NotYet

__all__ = [
    "EXERCISES", "Exercise", "NotYet", "activations_and_initialisation",
    "gradients_and_jacobians", "residual_connections",
    "softmax_and_cross_entropy", "softmax_pitfalls",
]
