"""A layered layout of a graph, after Sugiyama, Tagawa and Toda (1981).

Vertices are numbers; each edge goes from one layer to a later one.  An
edge that passes a layer gets a *bend* there, a thin vertex that keeps a
lane free between the boxes.
"""

from itertools import accumulate, combinations, repeat

SWEEPS, SETTLE = 24, 100             # of the order, of the places
GAP, LANE, STIFF = 14.0, 10.0, 8.0   # between boxes, for an arrow; a pull


def ranks(parents):
    """Return the layer of each vertex: the longest path that leads to it.

    A vertex without parents stands just before the first that uses it.
    """
    layer = []
    for above in parents:
        layer.append(1 + max((layer[p] for p in above), default=-1))
    for k, above in enumerate(parents):
        users = [layer[c] for c, those in enumerate(parents) if k in those]
        if not above and users:
            layer[k] = min(users) - 1
    return [level - min(layer) for level in layer]


def with_bends(parents, layer):
    """Return (layers, chains): the vertices of each layer, and each edge.

    `chains[child, slot]` lists the vertices that an edge runs through.
    """
    rows = [[] for _ in range(max(layer) + 1)]
    for vertex, level in enumerate(layer):
        rows[level].append(vertex)
    chains, fresh = {}, len(parents)
    for child, above in enumerate(parents):
        for slot, parent in enumerate(above):
            chain = [parent]
            for level in range(layer[parent] + 1, layer[child]):
                rows[level].append(fresh)
                chain.append(fresh)
                fresh += 1
            chains[child, slot] = [*chain, child]
    return rows, chains


def links(chains):
    """Return the pairs of vertices in neighbouring layers, in order."""
    return [pair for chain in chains.values()
            for pair in zip(chain, chain[1:])]


def crossings(rows, pairs):
    """Return how many pairs of links cross each other."""
    place = {v: (level, k) for level, row in enumerate(rows)
             for k, v in enumerate(row)}
    count = 0
    for (a, b), (c, d) in combinations(pairs, 2):
        (level, p), (_, q) = place[a], place[b]
        (other, r), (_, s) = place[c], place[d]
        count += level == other and (p - r) * (q - s) < 0
    return count


def ordered(rows, pairs):
    """Return the layers in the order with the fewest crossings found.

    Each sweep sorts every layer by the mean place of its neighbours (the
    barycentre), from the first layer to the last and back again.
    """
    best, fewest = rows, crossings(rows, pairs)
    for sweep in range(SWEEPS):
        rows = [list(row) for row in rows]
        forward = sweep % 2 == 0
        for level in range(len(rows))[::1 if forward else -1]:
            _sort(rows, level, pairs, forward)
        count = crossings(rows, pairs)
        if count < fewest:
            best, fewest = rows, count
    return best


def _sort(rows, level, pairs, forward):
    """Sort one layer by the mean place of its neighbours on one side."""
    beside = level - 1 if forward else level + 1
    if not 0 <= beside < len(rows):
        return
    place = {v: k for k, v in enumerate(rows[beside])}
    means = {}
    for k, vertex in enumerate(rows[level]):
        near = [place[a if forward else b] for a, b in pairs
                if vertex == (b if forward else a)]
        means[vertex] = sum(near) / len(near) if near else k
    rows[level].sort(key=means.get)


def spread(wanted, distance, weight=None):
    """Return places near the wanted ones, at least `distance` apart.

    They minimise the weighted sum of squares: neighbours that collide are
    pooled, and the pool goes to the mean of what they want.

    >>> spread([0.0, 0.0], [2.0])
    [-1.0, 1.0]
    """
    offset = list(accumulate(distance, initial=0.0))
    pools = []
    for value, start, mass in zip(wanted, offset, weight or repeat(1.0)):
        pools.append((value - start, mass, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (a, m, j), (b, n, k) = pools[-2:]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n, j + k)]
    flat = [value for value, _, many in pools for _ in range(many)]
    return [value + start for value, start in zip(flat, offset)]


def places(rows, pairs, size):
    """Return where each vertex stands across the flow, from zero on.

    `size[v]` is the extent of the box of `v` in that direction; a vertex
    beyond its end is a bend.  Neighbours pull each other into line, bends
    harder than boxes, so that long edges are straight.
    """
    extent = {v: size[v] if v < len(size) else LANE
              for row in rows for v in row}
    weight = {v: 1.0 if v < len(size) else STIFF for v in extent}
    near = {v: [] for v in extent}
    for a, b in pairs:
        near[a].append(b)
        near[b].append(a)
    where = {v: 100.0 * k for row in rows for k, v in enumerate(row)}
    for sweep in range(SETTLE):
        for row in rows[::1 if sweep % 2 else -1]:
            wanted = [sum(weight[n] * where[n] for n in near[v])
                      / sum(weight[n] for n in near[v])
                      if near[v] else where[v] for v in row]
            distance = [(extent[a] + extent[b]) / 2 + GAP
                        for a, b in zip(row, row[1:])]
            where.update(zip(row, spread(
                wanted, distance, [weight[v] for v in row])))
    low = min(where[v] - extent[v] / 2 for v in where)
    return {v: where[v] - low for v in where}
