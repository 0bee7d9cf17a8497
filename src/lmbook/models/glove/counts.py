"""Which words stand near each other, how often, and the logarithm."""

import numpy as np
from scipy import sparse


def cooccurrence(sentences, size, window=1, *, both_sides=False,
                 by_distance=False):
    """Return how often word j stands up to `window` places after i.

    `both_sides` counts each pair both ways, so that the matrix is
    symmetric; `by_distance` counts a pair that is k places apart as
    1/k, as the paper does.  Pairs end with the sentence.

    Shapes: `sentences` lists of ids from 0 to size - 1, or an array
    (N, w); the result is sparse (CSR), (size, size), float64.
    Errors: `ValueError` for an id outside that range or not a whole
    number, and for a window or size below 1.
    Source: Pennington, Socher and Manning (2014), section 4.2.

    >>> cooccurrence([[0, 1, 2], [0, 1]], 3).toarray()
    array([[0., 2., 0.],
           [0., 0., 1.],
           [0., 0., 0.]])
    """
    for name, value in (("window", window), ("size", size)):
        if value != int(value) or value < 1:
            raise ValueError(f"{name} must be a whole number above 0,"
                             f" got {value}")
    ids, left = _in_a_row(sentences, size)
    stands = sparse.csr_array(          # which word stands there
        (np.ones(len(ids)), ids,
         np.arange(len(ids) + 1, dtype=np.int32)),
        shape=(len(ids), size))
    X = (stands.T.tocsr()
         @ _followers(ids, left, size, window, by_distance)).tocsr()
    X = X + X.T if both_sides else X
    X.sort_indices()
    return X


def _in_a_row(sentences, size):
    """Return all ids in one row, and how many follow in the sentence."""
    lengths = np.array([len(s) for s in sentences], dtype=np.int64)
    ids = np.empty(0, dtype=np.int32)
    if lengths.sum():
        ids = np.concatenate([np.asarray(s) for s in sentences if len(s)])
    if ids.dtype.kind not in "iu":
        raise ValueError(f"ids must be whole numbers, got {ids.dtype}")
    if ids.size and not 0 <= ids.min() <= ids.max() < size:
        bad = ids[(ids < 0) | (ids >= size)][0]
        raise ValueError(f"id {bad} is outside 0 to {size - 1}")
    ends = np.repeat(lengths.cumsum(), lengths)
    return ids.astype(np.int32), ends - 1 - np.arange(len(ids))


def _followers(ids, left, size, window, by_distance):
    """Return the words at most `window` places after each place.

    Shapes: `ids` and `left` (T,); the result sparse, (T, size), its rows
    unsorted; a word that follows twice is in its row twice.
    """
    distance = np.arange(1, window + 1)
    there = distance <= left[:, None]                   # (T, window)
    padded = np.append(ids[1:], np.zeros(window, ids.dtype))
    words = np.lib.stride_tricks.sliding_window_view(padded, window)
    values = 1 / distance if by_distance else np.ones(window)
    starts = np.append(0, np.minimum(left, window).cumsum())
    if starts[-1] < 2**31:
        starts = starts.astype(np.int32)        # the product is faster
    return sparse.csr_array(
        (np.broadcast_to(values, there.shape)[there],
         words[:len(ids)][there], starts), shape=(len(ids), size))


def log_counts(counts, smoothing=1.0, scale=1.0):
    """Return log(scale * counts + smoothing), entry by entry.

    Most pairs of words never meet and have no logarithm.  The paper skips
    them; here a number is added to every count before the logarithm, and
    a pair that never met gets the log of that number.  With the default 1
    it gets 0, and a sparse matrix stays sparse.  `scale` brings counts
    from a shorter text to the size of a longer one.

    Shapes: `counts` (V, V), dense or sparse; the result alike.
    Errors: `ValueError` for counts that are negative or not square,
    `scale` not above 0, negative smoothing, smoothing 0 where a count is
    0, and a sparse matrix with smoothing other than 1, which would not be
    sparse any more (`SparseTargets` takes the constant apart).

    >>> log_counts(np.array([[0, 1], [3, 0]])).round(3)
    array([[0.   , 0.693],
           [1.386, 0.   ]])
    """
    counts = as_counts(counts)
    if not (scale > 0 and np.isfinite(scale)):
        raise ValueError(f"scale must be above 0, got {scale}")
    if not (smoothing >= 0 and np.isfinite(smoothing)):
        raise ValueError(f"smoothing must be at least 0, got {smoothing}")
    if sparse.issparse(counts):
        if smoothing != 1:
            raise ValueError("sparse counts need smoothing 1, got"
                             f" {smoothing}: their zeros must stay zeros")
        counts.data = np.log1p(scale * counts.data)
        return counts
    if smoothing == 0 and not counts.all():
        i, j = np.argwhere(counts == 0)[0].tolist()
        raise ValueError(f"the count in row {i}, column {j} is 0 and has no"
                         " logarithm: use smoothing above 0")
    return np.log(scale * counts + smoothing)


def as_counts(counts):
    """Return a float copy of counts (V, V), dense or sparse.

    >>> as_counts([[1]])
    array([[1.]])
    """
    counts = (sparse.csr_array(counts, dtype=float, copy=True)
              if sparse.issparse(counts) else np.array(counts, dtype=float))
    values = counts.data if sparse.issparse(counts) else counts
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"counts have shape {counts.shape}, expected a"
                         " square")
    if not np.isfinite(values).all():
        raise ValueError("counts must be finite")
    if (values < 0).any():
        raise ValueError(f"counts must not be negative, got {values.min()}")
    return counts


def paper_weights(counts, largest=100.0, alpha=0.75):
    """Return the weight of each pair in the loss of the paper.

    f(x) = min(1, (x / largest)^alpha): 0 for pairs that never met, 1 for
    frequent ones.

    Shapes: `counts` (V, V), dense; the result alike.
    Errors: `ValueError` as `log_counts`; `largest` or `alpha` not above 0.
    Source: Pennington, Socher and Manning (2014), equation 9.

    >>> paper_weights([[0, 1], [16, 81]], largest=16).round(3)
    array([[0.   , 0.125],
           [1.   , 1.   ]])
    """
    for name, value in (("largest", largest), ("alpha", alpha)):
        if not (value > 0 and np.isfinite(value)):
            raise ValueError(f"{name} must be above 0, got {value}")
    counts = as_counts(counts)
    if sparse.issparse(counts):
        counts.data = np.minimum(1, (counts.data / largest) ** alpha)
        return counts
    return np.minimum(1, (counts / largest) ** alpha)
