"""The checks behind the exercises, one file for each chapter."""

from . import (
    activations_and_initialisation, computation_graphs, counting_at_scale,
    decoding, exploring_embeddings, fixed_window_language_model,
    glove_embeddings, graded, gradients_and_jacobians,
    hessians_and_automatic_differentiation, how_fast_is_it_and_why,
    layer_functions, layer_tests, layers_forward_and_backward,
    masked_language_model, matrix_calculus, mistakes, ngram_counting,
    ngram_language_models, optimisers, pytorch_classifier,
    regularisation_and_normalisation, residual_connections,
    second_derivatives, sentiment_classification,
    softmax_and_cross_entropy, softmax_pitfalls, subword_mistakes,
    subword_tokenization, what_networks_represent)
from .registry import EXERCISES, Exercise, NotYet

__all__ = [
    "EXERCISES", "Exercise", "NotYet", "activations_and_initialisation",
    "computation_graphs", "counting_at_scale", "decoding",
    "exploring_embeddings", "fixed_window_language_model",
    "glove_embeddings", "graded", "gradients_and_jacobians",
    "hessians_and_automatic_differentiation", "how_fast_is_it_and_why",
    "layer_functions", "layer_tests", "layers_forward_and_backward",
    "masked_language_model", "matrix_calculus", "mistakes",
    "ngram_counting", "ngram_language_models", "optimisers",
    "pytorch_classifier", "regularisation_and_normalisation",
    "residual_connections", "second_derivatives",
    "sentiment_classification", "softmax_and_cross_entropy",
    "softmax_pitfalls", "subword_mistakes", "subword_tokenization",
    "what_networks_represent",
]
