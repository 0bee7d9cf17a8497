"""What a tokenizer does to a text: how its tokens are used, what it costs.

Each function takes a tokenizer with `encode` and `tokens`, such as `BPE`.
"""

import numpy as np

from lmbook.bpe.chunks import chunk_counts


def uses(tokenizer, text):
    """Return how often each token is a whole chunk, and a part of one.

    Shapes: two integer arrays of shape (V). The text is cut by `chunks`.

    >>> from lmbook.bpe import BPE
    >>> bpe = BPE([(b"i", b"n")])
    >>> alone, inside = uses(bpe, "in within")
    >>> alone[256].item(), inside[256].item()
    (1, 1)
    """
    alone, inside = np.zeros((2, len(tokenizer.tokens)), dtype=int)
    for chunk, count in chunk_counts(text).items():
        ids = tokenizer.encode(chunk)
        np.add.at(alone if len(ids) == 1 else inside, ids, count)
    return alone, inside


def unigram_nats(tokenizer, train, test):
    """Return the loss of the test text, in nats, under single-token counts.

    A token is as likely as it is frequent in the training text, plus one
    (Laplace's rule), whatever stands before it.  The loss is the sum over
    the test tokens, not their mean.

    >>> from lmbook.bpe import BPE
    >>> round(float(unigram_nats(BPE([]), "ab", "a")), 4)   # log(258 / 2)
    4.8598
    """
    counts = 1 + np.bincount(tokenizer.encode(train),
                             minlength=len(tokenizer.tokens))
    return -np.log(counts / counts.sum())[tokenizer.encode(test)].sum()


def price(tokenizer, shared, original="en"):
    """Return the tokens each language needs for one token of the original.

    shared: {language: texts}, as `lmbook.data.messages.parallel` gives.

    >>> from lmbook.bpe import BPE
    >>> price(BPE([]), {"en": ["tea", "cup"], "el": ["τσάι", "κούπα"]})
    {'el': 3.0}
    """
    total = {language: sum(len(tokenizer.encode(text)) for text in texts)
             for language, texts in shared.items()}
    return {language: count / total[original]
            for language, count in total.items() if language != original}
