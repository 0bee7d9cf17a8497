"""Matrix lines as whole arrays: a second opinion on what they mean.

The kernel, the worlds and the reader see a matrix line through its entries.
A fault in how entries are written would mislead all three, so each matrix
line is also computed with whole arrays, `X.T @ P` as NumPy understands it.
"""

from ..language import D, Index
from ..matrices import algebra as a
from ..matrices import calculus as c
from ..worlds import evaluate
from ..worlds.numeric import np

PLAIN = {"exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos,
         "tanh": np.tanh, "sqrt": np.sqrt,
         "relu": lambda x: np.maximum(x, 0), "step": lambda x: 1.0 * (x > 0),
         "sigmoid": lambda x: 1 / (1 + np.exp(-x))}


def whole(m, world):
    """Return a matrix line as an array of shape (rows, columns).

    >>> from lmbook.derivation.language import dim, tensor
    >>> from lmbook.derivation.worlds import World
    >>> K = dim("K"); x = tensor("x", K); world = World({K: 2}, {x: [3, 4]})
    >>> whole(a.M(x).T @ a.M(x), world)
    array([[25.]])
    """
    def of(part):
        return whole(part, world)

    match m:
        case a.Leaf(tensor):
            array = values(tensor, world)
            return array if array.ndim == 2 else array.reshape(-1, 1)
        case a.Transpose(arg):
            return of(arg).T
        case a.MatMul(left, right):
            return of(left) @ of(right)
        case a.Sum(args):
            return sum(map(of, args))
        case a.Minus(arg):
            return -of(arg)
        case a.Scale(scalar, arg):
            return of(scalar) * of(arg)
        case a.Over(arg, scalar):
            return of(arg) / of(scalar)
        case a.Hadamard(left, right):
            return of(left) * of(right)
    return _calculus(m, world, of)


def _calculus(m, world, of):
    match m:
        case c.Ones(size):
            return np.ones((world.sizes[size], 1))
        case c.Eye(size):
            return np.eye(world.sizes[size])
        case c.Diag(arg):
            return np.diag(of(arg).ravel())
        case c.Trace(arg):
            return np.trace(of(arg)).reshape(1, 1)
        case c.Norm2(arg):
            return (of(arg)**2).sum().reshape(1, 1)
        case c.Apply(name, _, arg) if name in PLAIN:
            return PLAIN[name](of(arg))
        case c.Gradient(top, a.Leaf(tensor)):
            slots = axes(tensor.dims)
            slope = D(top.entry(), tensor[slots])
            return evaluate(slope, world, slots).reshape(of(m.bottom).shape)
        case c.Jacobian(a.Leaf(y), a.Leaf(x)):
            rows, columns = axes(y.dims), axes(x.dims, "column")
            slope = D(y[rows], x[columns])
            return evaluate(slope, world, rows + columns)
    return by_entries(m, world)


def axes(dims, name="row"):
    """Return one index per dimension."""
    return tuple(Index(f"{name}{n}", d) for n, d in enumerate(dims))


def values(tensor, world):
    """Return a whole tensor, given or defined, as an array."""
    slots = axes(tensor.dims)
    return evaluate(tensor[slots], world, slots)


def by_entries(m, world):
    """Return a matrix line from its entries, as the kernel sees it."""
    p, q = (Index(n, d) if d else None for n, d in zip("pq", m.dims))
    array = evaluate(m.entry(p, q), world,
                     tuple(i for i in (p, q) if i is not None))
    shape = [world.sizes[d] if d else 1 for d in m.dims]
    return array.reshape(shape)
