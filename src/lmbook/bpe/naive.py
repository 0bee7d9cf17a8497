"""Byte pair encoding as it is defined: count, merge the best, repeat.

Sennrich, Haddow and Birch, "Neural machine translation of rare words with
subword units", ACL 2016.  Everything is counted again for every merge,
which is slow; `lmbook.bpe.training` learns the same merges fast.
"""

END = "</w>"


def spelled(counts, end=END):
    """Return {symbols of a word: count} from {word: count}.

    end: a symbol put after the last character of each word, "" for none.

    >>> spelled({"low": 5})
    {('l', 'o', 'w', '</w>'): 5}
    """
    last = (end,) if end else ()
    return {(*word, *last): count for word, count in counts.items()}


def count_pairs(words):
    """Return {pair: count}: how often two symbols stand side by side.

    words: {tuple of symbols: count}. Overlapping pairs all count: the
    symbols a a a hold the pair (a, a) twice.

    >>> count_pairs({("a", "a", "a"): 2, ("a", "b"): 1})
    {('a', 'a'): 4, ('a', 'b'): 1}
    """
    pairs = {}
    for symbols, count in words.items():
        for pair in zip(symbols, symbols[1:]):
            pairs[pair] = pairs.get(pair, 0) + count
    return pairs


def merge_pair(symbols, pair):
    """Return the symbols with the pair joined, from left to right.

    >>> merge_pair(("a", "a", "a"), ("a", "a"))
    ('aa', 'a')
    """
    merged, position = [], 0
    while position < len(symbols):
        width = 2 if symbols[position:position + 2] == pair else 1
        merged.append("".join(symbols[position:position + width]))
        position += width
    return tuple(merged)


def naive_merges(words, num_merges, tie_break="first"):
    """Return the merges learnt from words, and the words after them.

    words: {tuple of symbols: count}. Each merge joins the pair with the
    highest count. tie_break: "first" takes the pair met first in the
    words, as the published program does; "lowest" the pair whose symbols
    come first, in the order of the alphabet and then of their making,
    which is the rule of `BPE.train`. Stops early if no pair is left.

    >>> merges, words = naive_merges(spelled({"low": 5, "lot": 2}), 2)
    >>> merges
    [('l', 'o'), ('lo', 'w')]
    >>> words
    {('low', '</w>'): 5, ('lo', 't', '</w>'): 2}
    """
    if tie_break not in ("first", "lowest"):
        raise ValueError(f"unknown tie_break {tie_break!r}; "
                         "expected 'first' or 'lowest'")
    rank = {s: n for n, s in enumerate(
        sorted({s for w in words for s in w}, key=lambda s: (s != END, s)))}
    merges = []
    while len(merges) < num_merges and (pairs := count_pairs(words)):
        if tie_break == "lowest":
            pairs = {pair: pairs[pair] for pair in sorted(
                pairs, key=lambda pair: (rank[pair[0]], rank[pair[1]]))}
        best = max(pairs, key=pairs.get)
        rank[best[0] + best[1]] = len(rank)
        merges.append(best)
        words = {merge_pair(symbols, best): count
                 for symbols, count in words.items()}
    return merges, words
