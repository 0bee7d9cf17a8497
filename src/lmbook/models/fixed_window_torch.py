"""A neural language model that sees a fixed window of words.

Randomness (first weights, order of the minibatches, dropout) comes from
PyTorch's own generator: call `torch.manual_seed` first.

Source: Bengio et al., "A neural probabilistic language model" (2003).
Departures: LayerNorm, dropout and residual blocks after the hidden layer,
no direct connections from the embeddings to the output, no output bias.
"""

import io
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from lmbook.files import save
from lmbook.models.images_torch import evaluating

BOS, EOS = 1, 2             # ids of <s> and </s>, as in lmbook.vocabulary


class ResidualBlock(nn.Module):
    """Linear, tanh, plus the input; then LayerNorm and dropout.

    Shapes: (..., H) to (..., H).

    >>> ResidualBlock(4, dropout=0.1)(torch.zeros(2, 4)).shape
    torch.Size([2, 4])
    """

    def __init__(self, hidden_dim, dropout):
        """Draw the first weights, by PyTorch's rule for each layer."""
        super().__init__()
        self.linear = nn.Linear(hidden_dim, hidden_dim)
        self.norm = nn.LayerNorm(hidden_dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, h):
        """Return the hidden values after the block."""
        return self.dropout(self.norm(h + torch.tanh(self.linear(h))))


class FixedWindowLM(nn.Module):
    """Log-probabilities of the next word, from the `window` words before.

    Shapes: ids (w,) to (V,), or (B, w) to (B, V); whole numbers from 0
    to V - 1.
    Errors: `ValueError` for a window of another width, for ids that are
    not whole numbers, and for ids outside the vocabulary.

    >>> model = FixedWindowLM(50, window=3, embedding_dim=4, hidden_dim=8)
    >>> model([7, 0, 49]).shape
    torch.Size([50])
    >>> model([[7, 0, 49], [1, 1, 7]]).exp().sum(1).round().tolist()
    [1.0, 1.0]
    """

    def __init__(self, vocab_size, window, embedding_dim, hidden_dim,
                 num_blocks=1, dropout=0.1):
        """Draw the first weights, by PyTorch's rule for each layer."""
        super().__init__()
        self.config = dict(
            vocab_size=vocab_size, window=window, dropout=dropout,
            embedding_dim=embedding_dim, hidden_dim=hidden_dim,
            num_blocks=num_blocks)
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.hidden = nn.Linear(window * embedding_dim, hidden_dim)
        self.norm = nn.LayerNorm(hidden_dim)
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.Sequential(*(
            ResidualBlock(hidden_dim, dropout) for _ in range(num_blocks)))
        self.output = nn.Linear(hidden_dim, vocab_size, bias=False)

    def forward(self, ids):
        """Return the log-probabilities of every next word."""
        ids = self._checked(ids)
        e = self.embedding(ids).flatten(-2)         # (..., w * D)
        h = self.dropout(self.norm(torch.tanh(self.hidden(e))))
        return F.log_softmax(self.output(self.blocks(h)), dim=-1)

    def next_logits(self, context):
        """Return the log-probabilities after a context of any length.

        The last w ids count; a shorter context gets `<s>` on its left.
        The model is used in evaluation mode, and then put back.

        Shapes: context (T,), T may be 0; a NumPy array (V,).

        >>> model = FixedWindowLM(50, 3, 4, 8)
        >>> bool((model.next_logits([7]) == model.next_logits(
        ...     [1, 1, 7])).all())
        True
        """
        window = self.config["window"]
        ids = ([BOS] * window + list(context))[-window:]
        with evaluating(self):
            return self(ids).numpy().astype(np.float64)

    def _checked(self, ids):
        """Return ids as a tensor of int64; `ValueError` if they are not."""
        ids = torch.as_tensor(np.asarray(ids) if isinstance(ids, list)
                              else ids)
        window, vocab_size = (
            self.config[name] for name in ("window", "vocab_size"))
        if ids.ndim not in (1, 2) or ids.shape[-1] != window:
            raise ValueError(f"ids must have shape ({window},) or (B, "
                             f"{window}), got {tuple(ids.shape)}")
        if ids.is_floating_point() or ids.dtype == torch.bool:
            raise ValueError(f"ids must be whole numbers, got {ids.dtype}")
        outside = ids[(ids < 0) | (ids >= vocab_size)]
        if len(outside):
            raise ValueError(f"id {outside[0].item()} is not in the vocabu"
                             f"lary: expected 0 to {vocab_size - 1}")
        return ids.long()


def windows(sentences, window, bos=BOS, eos=EOS):
    """Return (contexts, targets): one row for each token to predict.

    Each sentence is a list of ids without `<s>` and `</s>`. Every one of
    its tokens is predicted, and then `</s>`; no window crosses from one
    sentence into another.

    Shapes: contexts (N, w), targets (N,), N the number of tokens, each
    sentence's `</s>` included.
    Errors: `ValueError` for no sentences, or a sentence with `<s>` in it.

    >>> contexts, targets = windows([[5, 6], [7]], window=2)
    >>> contexts.tolist()
    [[1, 1], [1, 5], [5, 6], [1, 1], [1, 7]]
    >>> targets.tolist()
    [5, 6, 2, 7, 2]
    """
    if not len(sentences):
        raise ValueError("expected at least one sentence, got none")
    pieces = [[*[bos] * window, *sentence, eos] for sentence in sentences]
    stream = np.fromiter((i for piece in pieces for i in piece), np.int64)
    rows = np.lib.stride_tricks.sliding_window_view(stream, window + 1)
    rows = rows[rows[:, -1] != bos]
    tokens = sum(map(len, sentences)) + len(sentences)
    if len(rows) != tokens:
        raise ValueError(f"a sentence holds the id {bos} of <s>: expected"
                         " sentences without it")
    return rows[:, :-1].copy(), rows[:, -1].copy()


def familiar(contexts, seen_contexts, bos=BOS):
    """Return how much of the end of each context was seen as a run.

    It is the largest k for which the last k ids also stand, in the same
    order, at the end of one of the contexts seen. Contexts that begin
    with `<s>`, near the start of a sentence, get 0.

    Shapes: contexts (N, w), seen_contexts (M, w); (N,), from 0 to w.

    >>> seen = np.array([[3, 4, 5], [6, 7, 8]])
    >>> familiar(np.array([[9, 4, 5], [6, 7, 8], [1, 4, 5]]), seen)
    array([2, 3, 0])
    """
    depth = np.zeros(len(contexts), dtype=np.int64)
    for k in range(1, contexts.shape[1] + 1):
        seen = set(map(tuple, seen_contexts[:, -k:].tolist()))
        depth += [tuple(run) in seen for run in contexts[:, -k:].tolist()]
    return np.where(contexts[:, 0] == bos, 0, depth)


def save_model(model, path):
    """Write a model to a file, all or nothing: its sizes and weights.

    >>> import tempfile
    >>> model = FixedWindowLM(4, 1, 2, 3)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_model(model, folder + "/model.pt")
    ...     same = load_model(folder + "/model.pt")
    >>> bool((same.next_logits([3]) == model.next_logits([3])).all())
    True
    """
    buffer = io.BytesIO()
    torch.save({"config": model.config, "weights": model.state_dict()},
               buffer)
    save(path, buffer.getvalue())


def load_model(path):
    """Return the model in a file of `save_model`, in evaluation mode.

    Only tensors and plain data are loaded, so a file cannot run a
    program. The weights keep the type they were saved with.

    Errors: `pickle.UnpicklingError` for a file that holds anything else.
    """
    stored = torch.load(io.BytesIO(pathlib.Path(path).read_bytes()),
                        weights_only=True)
    model = FixedWindowLM(**stored["config"])
    model.to(stored["weights"]["embedding.weight"].dtype)
    model.load_state_dict(stored["weights"])
    return model.eval()
