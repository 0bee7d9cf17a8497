"""A classifier of sentences: the mean of word vectors, then layers."""

from collections import Counter

import numpy as np
from scipy import sparse

from ..nn import Linear, Module, Parameter, ReLU, Sequential

PAD, UNKNOWN = "<pad>", "<unk>"


def vocabulary(sentences, least=2):
    """Return {word: id} for the words that stand at least `least` times.

    Id 0 is `<pad>`, which fills up short sentences, and id 1 is `<unk>`,
    for every other word; the rest follow in alphabetical order.

    Shapes: `sentences` a list of lists of words.
    Errors: `ValueError` if no word is left.

    >>> vocabulary([["a", "good", "film"], ["a", "bad", "film"]])
    {'<pad>': 0, '<unk>': 1, 'a': 2, 'film': 3}
    """
    counts = Counter(word for sentence in sentences for word in sentence)
    kept = sorted(word for word, n in counts.items() if n >= least)
    if not kept:
        raise ValueError(f"no word stands at least {least} times in"
                         f" {len(counts)} different words")
    return {word: n for n, word in enumerate((PAD, UNKNOWN, *kept))}


def encode(sentences, index):
    """Return the ids of the words, a row for each sentence.

    Shapes: `sentences` N lists of words; the result is (N, T), T the
    length of the longest, and short rows end in the id of `<pad>`.
    Errors: `ValueError` for a sentence without words.

    >>> encode([["a", "film"], ["so", "a", "a"]], {"<pad>": 0,
    ...     "<unk>": 1, "a": 2, "film": 3})
    array([[2, 3, 0],
           [1, 2, 2]])
    """
    lengths = np.array([len(sentence) for sentence in sentences])
    if not lengths.all():
        raise ValueError(f"sentence {lengths.argmin()} has no words")
    ids = np.full((len(lengths), lengths.max()), index[PAD])    # (N, T)
    for row, sentence in zip(ids, sentences):
        row[:len(sentence)] = [index.get(word, index[UNKNOWN])
                               for word in sentence]
    return ids


def shares(ids, size, dtype=np.float64):
    """Return which share of each sentence each word is.

    Row n holds how often each word stands in sentence n, divided by the
    length of the sentence, so it sums to 1.  The matrix is sparse: most
    words are not in most sentences.

    Shapes: `ids` (N, T), 0 where a sentence has ended; the result (N, V)
    with V = `size`.
    Errors: `ValueError` for a sentence without words, or an id that is
    not in 0 .. V-1.

    >>> shares([[2, 3, 3, 1], [2, 0, 0, 0]], 4).toarray()
    array([[0.  , 0.25, 0.25, 0.5 ],
           [0.  , 0.  , 1.  , 0.  ]])
    """
    ids = np.asarray(ids)
    words = ids != 0                                        # (N, T)
    lengths = words.sum(1)                                  # (N,)
    if not lengths.all():
        raise ValueError(f"sentence {lengths.argmin()} has no words")
    if ids.min() < 0 or ids.max() >= size:
        wrong = ids[(ids < 0) | (ids >= size)][0]
        raise ValueError(f"id {wrong} is no word: expected"
                         f" 0 .. {size - 1}")
    weights = np.repeat(1 / lengths, lengths).astype(dtype)
    starts = np.concatenate(([0], np.cumsum(lengths)))      # of the rows
    return sparse.csr_array((weights, ids[words], starts),
                            shape=(len(ids), size))


class MeanEmbedding(Module):
    """The mean of the vectors of the words of a sentence.

    Vectors start normal with mean 0 and deviation `scale`.  The gradient
    of a vector is the sum, over the sentences, of the share of its word
    times the gradient of the mean.

    Shapes: ids (N, T), 0 where a sentence has ended, to (N, D); `weight`
    (V, D).
    Errors: `ValueError` as `shares`.
    Source: `torch.nn.EmbeddingBag` with `mode="mean"`.

    >>> layer = MeanEmbedding(4, 2, rng=np.random.default_rng(0))
    >>> layer.weight.data = [[0, 0], [1, 2], [3, 4], [5, 6]]
    >>> layer(np.array([[1, 3], [2, 0]]))
    array([[3., 4.],
           [3., 4.]])
    >>> layer.backward(np.array([[4.0, 0.0], [0.0, 1.0]]))
    >>> layer.weight.grad
    array([[0., 0.],
           [2., 0.],
           [0., 1.],
           [2., 0.]])
    """

    def __init__(self, vocab_size, dim, scale=0.1, *, rng,
                 dtype=np.float64):
        if min(vocab_size, dim) < 1:
            raise ValueError("expected at least 1 word and 1 entry, got"
                             f" {vocab_size} and {dim}")
        self.weight = Parameter(
            rng.normal(0, scale, (vocab_size, dim)).astype(dtype))

    def forward(self, ids):
        """Return the mean vector of each sentence."""
        table = self.weight.data
        share = shares(ids, len(table), table.dtype)        # (N, V)
        self.keep(share)
        return share @ table

    def backward(self, grad_output):
        """Add to the gradient of the vectors; ids have none."""
        self.weight.grad += self.kept().T @ grad_output

    def __repr__(self):
        """Return the sizes."""
        return "MeanEmbedding({}, {})".format(*self.weight.shape)


def classifier(vocab_size, dim, hidden=(), classes=2, activation=ReLU, *,
               rng, dtype=np.float64):
    """Return mean of word vectors, hidden layers, and a score per class.

    `hidden` lists the sizes of the hidden layers, none for a linear
    classifier; `activation` makes the layer that follows each.

    Shapes: ids (N, T) to logits (N, K), K = `classes`.
    Errors: `ValueError` for sizes below 1.
    Source: Iyyer et al. (2015), "deep averaging network", without the
    dropping of words.

    >>> rng = np.random.default_rng(0)
    >>> classifier(50, 8, [16, 4], rng=rng)
    Sequential(MeanEmbedding(50, 8), Linear(8, 16), ReLU(), \
Linear(16, 4), ReLU(), Linear(4, 2))
    """
    layers = [MeanEmbedding(vocab_size, dim, rng=rng, dtype=dtype)]
    for size in hidden:
        layers += [Linear(dim, size, rng=rng, dtype=dtype), activation()]
        dim = size
    return Sequential(*layers, Linear(dim, classes, rng=rng, dtype=dtype))


def accuracy(model, ids, labels):
    """Return the share of sentences whose label has the highest score.

    Shapes: `ids` (N, T), `labels` (N,) whole numbers.
    Errors: `ValueError` if their lengths differ.

    >>> model = classifier(9, 4, rng=np.random.default_rng(0))
    >>> model.parameters().data[-2:] = [5.0, -5.0]     # the last bias
    >>> accuracy(model, [[1, 2], [3, 0]], [0, 1])
    0.5
    """
    if len(ids) != len(labels):
        raise ValueError(f"{len(ids)} sentences and {len(labels)} labels:"
                         " expected as many")
    with model.evaluating():
        found = model(ids).argmax(-1)                       # (N,)
    return float((found == labels).mean())
