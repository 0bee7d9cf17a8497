"""Ties: what byte pair encoding may learn when every choice is allowed."""

from collections import Counter

from lmbook.bpe.naive import count_pairs, merge_pair


def every_result(words, num_merges):
    """Return {the words after the merges: ways that lead there}.

    words: {tuple of symbols: count}. A way is a sequence of merges, each
    of a pair that no other pair exceeds in its count. The number of
    results can grow fast: for words that can be done by hand.

    >>> every_result({("a", "b", "c"): 1}, 1)
    Counter({(('ab', 'c'),): 1, (('a', 'bc'),): 1})
    """
    ways = Counter({tuple(words): 1})
    for _ in range(num_merges):
        after = Counter()
        for state, number in ways.items():
            pairs = count_pairs(dict(zip(state, words.values())))
            highest = max(pairs.values(), default=0)
            for pair in (p for p in pairs if pairs[p] == highest):
                after[tuple(merge_pair(symbols, pair)
                            for symbols in state)] += number
        ways = after or ways
    return ways
