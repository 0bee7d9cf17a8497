"""Cut words into tokens: apply the merges in the order they were learnt.

A word is a string with one character for each token, as in training, so
the merge of a pair is `str.replace`.
"""

NONE = "\U0010ffff"     # above every token


def merge_table(merges, first):
    """Return {pair: new token}, both as strings, from pairs of tokens.

    >>> merge_table([(0, 1), (3, 2)], 3)
    {'\\x00\\x01': '\\x03', '\\x03\\x02': '\\x04'}
    """
    return {chr(left) + chr(right): chr(first + number)
            for number, (left, right) in enumerate(merges)}


def merged(word, table):
    """Return a word after its merges, the one learnt first first.

    A merge learnt earlier made a smaller token, so the pair to merge is
    the one whose new token is lowest.

    >>> merged("\\0\\1\\2\\0", merge_table([(0, 1), (3, 2)], 3))
    '\\x04\\x00'
    """
    while len(word) > 1:
        new, pair = min((table.get(left + right, NONE), left + right)
                        for left, right in zip(word, word[1:]))
        if new == NONE:
            break
        word = word.replace(pair, new)
    return word
