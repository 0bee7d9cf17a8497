"""Learn the merges of byte pair encoding, touching only what changes.

The result is that of `lmbook.bpe.naive` with its tie_break "lowest".
Three structures make it fast:

- A word is a string with one character for each of its tokens (token n is
  `chr(n)`), so that cutting it at a pair is `str.split`.
- Each pair knows the words it has been seen in; nothing else is visited.
- The most frequent pair is on top of a heap. A count in the heap may be
  out of date, but only too high: counts grow only when their pair is new.
  A pair on top with an old count goes back with its true one.
"""

import heapq
from collections import defaultdict


def learn_merges(words, counts, first, num_merges):
    """Return the merges learnt, a list of pairs of tokens (left, right).

    words: list of strings, a character `chr(n)` for each token n < first.
    counts: how often each word occurs. Merge k makes the token first + k.
    The most frequent pair is merged; on a tie the lowest, by its left
    token and then its right. Fewer than num_merges if no pair is left.

    >>> learn_merges(["\\0\\1\\2", "\\0\\1"], [3, 2], 3, 5)
    [(0, 1), (3, 2)]
    """
    words, merges = list(words), []
    places = find_pairs(words)
    pairs = {pair: sum(map(counts.__getitem__, numbers))
             for pair, numbers in places.items()}
    heap = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(heap)
    while heap and len(merges) < num_merges:
        count, pair = heapq.heappop(heap)
        if -count > pairs.get(pair, 0):         # out of date
            if pair in pairs:
                heapq.heappush(heap, (-pairs[pair], pair))
            continue
        new = chr(first + len(merges))
        merges.append((ord(pair[0]), ord(pair[1])))
        for old, made, numbers in merge(words, pair, new, places.pop(pair)):
            count = sum(map(counts.__getitem__, numbers))
            pairs[old] -= count
            if not pairs[old]:
                del pairs[old]
                places.pop(old, None)
            pairs[made] = count
            places[made] = numbers
            heapq.heappush(heap, (-count, made))
    return merges


def find_pairs(words):
    """Return {pair: numbers of the words that hold it}.

    A pair is a string of two characters. A number is there as often as
    its word holds the pair; overlapping pairs all count.

    >>> dict(find_pairs(["aab", "aaa"]))
    {'aa': [0, 1, 1], 'ab': [0]}
    """
    places = defaultdict(list)
    for number, word in enumerate(words):
        for left, right in zip(word, word[1:]):
            places[left + right].append(number)
    return places


def merge(words, pair, new, numbers):
    """Merge a pair in the words with these numbers, which are changed.

    Where x a b y becomes x ab y, the pair (x, a) turns into (x, ab) and
    (b, y) into (ab, y); a b a b also turns (b, a) into (ab, ab). Return
    a list of (old pair, new pair, numbers of the words, each as often as
    it happens there).

    >>> words = ["xab", "yab", "xabab"]
    >>> merge(words, "ab", "N", [0, 1, 2, 2])
    [('xa', 'xN', [0, 2]), ('ya', 'yN', [1]), ('ba', 'NN', [2])]
    >>> words
    ['xN', 'yN', 'xNN']
    """
    before, after, between = defaultdict(list), defaultdict(list), []
    for number in numbers:
        parts = words[number].split(pair)
        if len(parts) == 1:
            continue            # merged away by now, or seen just before
        words[number] = new.join(parts)
        for head in parts[:-1]:
            if head:
                before[head[-1]].append(number)
        for tail in parts[1:]:
            if tail:
                after[tail[0]].append(number)
        if len(parts) > 2:
            between += [number] * parts[1:-1].count("")
    left, right = pair
    turned = [(x + left, x + new, found) for x, found in before.items()]
    turned += [(right + y, new + y, found) for y, found in after.items()]
    if between:
        turned.append((right + left, new + new, between))
    return turned
