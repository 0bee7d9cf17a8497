"""The checks behind the exercises, one file for each chapter."""

from . import (
    residual_connections, softmax_and_cross_entropy, softmax_pitfalls,
    what_networks_represent)
from .registry import EXERCISES, Exercise, NotYet

__all__ = ["EXERCISES", "Exercise", "NotYet", "residual_connections",
           "softmax_and_cross_entropy", "softmax_pitfalls",
           "what_networks_represent"]
