"""Learn the merges of byte pair encoding, touching only what changes.

The result is that of `lmbook.bpe.naive` with its tie_break "lowest".
Three structures make it fast:

- A word is a string with one character for each of its tokens (token n is
  `chr(n)`), so that merging a pair is `str.replace`.
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
    words = list(words)
    pairs, places = count_pairs(words, counts)
    heap = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(heap)
    merges = []
    while heap and len(merges) < num_merges:
        count, pair = heap[0]
        if -count != pairs[pair]:
            if pairs[pair]:
                heapq.heapreplace(heap, (-pairs[pair], pair))
            else:
                heapq.heappop(heap)
            continue
        heapq.heappop(heap)
        new = chr(first + len(merges))
        for made in merge(words, counts, pair, new, pairs, places):
            heapq.heappush(heap, (-pairs[made], made))
        merges.append((ord(pair[0]), ord(pair[1])))
    return merges


def count_pairs(words, counts):
    """Return {pair: count} and {pair: numbers of the words with it}.

    A pair is a string of two characters; overlapping pairs all count.
    """
    pairs, places = defaultdict(int), defaultdict(list)
    for number, (word, count) in enumerate(zip(words, counts)):
        for left, right in zip(word, word[1:]):
            pairs[left + right] += count
            places[left + right].append(number)
    return pairs, places


def merge(words, counts, pair, new, pairs, places):
    """Merge a pair in every word that has it; return the pairs this made.

    words, pairs and places are changed. Beside each place of the merge
    one pair goes and another comes: x a b y becomes x ab y, so (x, a) and
    (b, y) lose a count, (x, ab) and (ab, y) gain it.
    """
    before, after = defaultdict(int), defaultdict(int)
    left, right = pair
    for number in places.pop(pair):
        parts = words[number].split(pair)
        if len(parts) == 1:
            continue                # merged away, or listed twice
        words[number] = new.join(parts)
        count = counts[number]
        for head in parts[:-1]:
            if head:
                before[head[-1]] += count
                places[head[-1] + new].append(number)
        for tail in parts[1:]:
            if tail:
                after[tail[0]] += count
                places[new + tail[0]].append(number)
        twins = parts[1:-1].count("")
        if twins:
            pairs[right + left] -= count * twins
            pairs[new + new] += count * twins
            places[new + new].append(number)
    del pairs[pair]
    for x, count in before.items():
        pairs[x + left] -= count
        pairs[x + new] = count
    for y, count in after.items():
        pairs[right + y] -= count
        pairs[new + y] = count
    return ([x + new for x in before] + [new + y for y in after]
            + [new + new] * (new + new in pairs))
