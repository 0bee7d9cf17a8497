"""Cut words into tokens: apply the merges in the order they were learnt.

A word is a string with one character for each token, as in training.  A
merge learnt earlier has made a lower token, so the pair to merge next is
the one whose new token is lowest.  `merged` does this to one word,
`Merger` to many at once, one merge of each word in a round.
"""

import numpy as np

NONE = 0x10ffff         # above every token: the pair has no merge
SIZE = NONE + 1
FEW = 50                # fewer words than this are merged one by one


def merge_table(merges, first):
    """Return {pair: new token}, a string each, from pairs of tokens.

    merges: pairs of integers; merge k makes the token first + k.

    >>> merge_table([(0, 1), (3, 2)], 3)
    {'\\x00\\x01': '\\x03', '\\x03\\x02': '\\x04'}
    """
    return {chr(left) + chr(right): chr(first + number)
            for number, (left, right) in enumerate(merges)}


def merged(word, table):
    """Return a word after its merges.

    >>> merged("\\0\\1\\2\\0", merge_table([(0, 1), (3, 2)], 3))
    '\\x04\\x00'
    """
    while len(word) > 1:
        new, pair = min((table.get(left + right, chr(NONE)), left + right)
                        for left, right in zip(word, word[1:]))
        if ord(new) == NONE:
            break
        word = word.replace(pair, new)
    return word


class Merger:
    """The merges, ready to be applied to words.

    merges: pairs of integers; merge k makes the token first + k. Called
    with a list of words, none empty, it returns their tokens, a list of
    lists of integers. The time for one word grows with its length times
    the number of different merges in it: 100,000 letters without a space
    take long.

    >>> Merger([(0, 1), (3, 2)], 3)(["\\0\\1\\2\\0", "\\2"])
    [[4, 0], [2]]
    """

    def __init__(self, merges, first):
        self.table = merge_table(merges, first)
        pairs = np.array(merges, dtype=np.int64).reshape(-1, 2)
        keys = pairs[:, 0] * SIZE + pairs[:, 1]
        order = np.argsort(keys)
        self.keys = np.append(keys[order], -1)
        self.made = np.append(first + order, NONE)

    def __call__(self, words):
        if len(words) < FEW:
            return [[*map(ord, merged(word, self.table))] for word in words]
        return self.together(words)

    def together(self, words):
        """Return the tokens of many words, one merge of each in a round.

        A word without a pair to merge is done and leaves the rounds.
        """
        tokens = as_tokens("".join(words))
        owner = np.repeat(np.arange(len(words)), [*map(len, words)])
        done = []
        while len(tokens):
            new = self.find(tokens, owner)
            starts = np.flatnonzero(np.diff(owner, prepend=-1))
            sizes = np.diff(starts, append=len(tokens))
            lowest = np.repeat(np.minimum.reduceat(new, starts), sizes)
            keep = lowest < NONE
            done.append((tokens[~keep], owner[~keep]))
            at = apart(np.flatnonzero(keep & (new == lowest)))
            tokens[at] = new[at]
            keep[at + 1] = False
            tokens, owner = tokens[keep], owner[keep]
        tokens, owner = map(np.concatenate, zip(*done))
        flat = tokens[np.argsort(owner, kind="stable")].tolist()
        ends = [0, *np.cumsum(np.bincount(owner)).tolist()]
        return [flat[start:end] for start, end in zip(ends, ends[1:])]

    def find(self, tokens, owner):
        """Return the new token of each token and the next, or `NONE`.

        owner: the number of each token's word. There is nothing to merge
        with the token of another word.
        """
        pairs = tokens[:-1] * SIZE + tokens[1:]
        place = np.searchsorted(self.keys[:-1], pairs)
        good = (self.keys[place] == pairs) & (owner[1:] == owner[:-1])
        return np.append(np.where(good, self.made[place], NONE), NONE)


def as_tokens(word):
    """Return the tokens of a word, an integer for each character."""
    data = word.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(data, dtype=np.uint32).astype(np.int64)


def apart(places):
    """Return the places without those that touch one already taken.

    places: increasing integers. In a a a the pair (a, a) is at 0 and at
    1; from left to right, only the first can merge.

    >>> apart(np.array([0, 1, 2, 3, 7, 8])).tolist()
    [0, 2, 7]
    """
    number = np.arange(len(places))
    starts = np.diff(places, prepend=-2) > 1
    run = np.maximum.accumulate(np.where(starts, number, 0))
    return places[(number - run) % 2 == 0]
