"""What the tests of lmbook.autodiff run: a case for every rule.

A case is a name, the operation for our boxes, the same for torch, and its
inputs.  The name starts with the label of the rule that it is about.
"""

import numpy as np
import torch

import lmbook.autodiff as ad
from lmbook.autodiff import elementwise, probabilities, products, shapes

RNG = np.random.default_rng(7)
MASK = np.array([[True, False, True], [False, False, True]])
ROWS, COLUMNS = np.array([0, 1, 0, 0]), np.array([2, 1, 2, 0])


def draw(*shape):
    """Return numbers of both signs, away from 0 and from each other."""
    size = int(np.prod(shape))
    steps = 0.3 + 2 * (RNG.permutation(size) + RNG.uniform(size=size)) / size
    return (steps * RNG.choice([-1, 1], size)).reshape(shape)


A, B, ROW, COLUMN, ONE = (
    draw(2, 3), draw(2, 3), draw(3), draw(2, 1), draw())
POSITIVE = np.abs(A)
BATCH = draw(2, 2, 3)

CASES = [
    ("+", lambda x, y: x + y, None, (A, ROW)),
    ("+ number", lambda x: 2 + x, None, (A,)),
    ("-", lambda x, y: x - y, None, (ROW, COLUMN)),
    ("- number", lambda x: 2 - x, None, (A,)),
    ("*", lambda x, y: x * y, None, (A, COLUMN)),
    ("* twice", lambda x: x * x * 3, None, (A,)),
    ("/", lambda x, y: x / y, None, (ROW, A)),
    ("/ number", lambda x: 2 / x, None, (A,)),
    ("neg", lambda x: -x, None, (A,)),
    ("** number", lambda x: x ** 3, None, (A,)),
    ("** root", lambda x: x ** 0.5, None, (POSITIVE,)),
    ("**", lambda x, y: x ** y, None, (POSITIVE, ROW)),
    ("** base", lambda x: 2 ** x, None, (A,)),
    ("exp", ad.exp, torch.exp, (A,)),
    ("log", ad.log, torch.log, (POSITIVE,)),
    ("sqrt", ad.sqrt, torch.sqrt, (POSITIVE,)),
    ("tanh", ad.tanh, torch.tanh, (A,)),
    ("sigmoid", ad.sigmoid, torch.sigmoid, (A,)),
    ("relu", ad.relu, torch.relu, (A,)),
    ("where", lambda x, y: ad.where(MASK, x, y),
     lambda x, y: torch.where(torch.tensor(MASK), x, y), (A, ROW)),
    ("astype", lambda x: elementwise.astype(x, np.float64),
     lambda x: x * 1, (A,)),
    ("broadcast", lambda x: shapes.broadcast_to(x, (4, 2, 3)),
     lambda x: x.expand(4, 2, 3), (COLUMN,)),
    ("sum", lambda x: x.sum(), None, (A,)),
    ("sum axis", lambda x: x.sum(0), None, (A,)),
    ("sum axes", lambda x: x.sum((0, -1)), None, (BATCH,)),
    ("sum keepdims", lambda x: x.sum(-1, keepdims=True), None, (A,)),
    ("sum mean", lambda x: x.mean(), None, (A,)),
    ("sum mean axis", lambda x: x.mean(-1, keepdims=True), None, (BATCH,)),
    ("max", lambda x: x.max(), lambda x: torch.amax(x), (A,)),
    ("max axis", lambda x: x.max(1), lambda x: torch.amax(x, 1), (A,)),
    ("max keepdims", lambda x: x.max((0, 2), keepdims=True),
     lambda x: torch.amax(x, (0, 2), keepdim=True), (BATCH,)),
    ("reshape", lambda x: x.reshape(3, -1), None, (A,)),
    ("transpose", lambda x: x.T, None, (A,)),
    ("transpose axes", lambda x: x.transpose(1, -1, 0),
     lambda x: x.permute(1, -1, 0), (BATCH,)),
    ("[] slice", lambda x: x[:, 1:], None, (A,)),
    ("[] entry", lambda x: x[1, 2], None, (A,)),
    ("[] new axis", lambda x: x[..., None, 0], None, (A,)),
    ("[] repeats", lambda x: x[ROWS], None, (A,)),
    ("[] pairs", lambda x: x[ROWS, COLUMNS], None, (A,)),
    ("[] list", lambda x: x[[1, 1, 0]], None, (A,)),
    ("[] mask", lambda x: x[MASK], None, (A,)),
    ("place", lambda x: shapes.place(x, ROWS, (3,)),
     lambda x: torch.zeros(3, dtype=x.dtype).index_add(
         0, torch.tensor(ROWS), x), (draw(4),)),
    ("place slice", lambda x: shapes.place(x, slice(1, 4), (5,)),
     lambda x: torch.nn.functional.pad(x, (1, 1)), (ROW,)),
    ("concatenate", lambda x, y: ad.concatenate([x, y, x], axis=-1),
     lambda x, y: torch.cat([x, y, x], -1), (A, COLUMN)),
    ("concatenate stack", lambda x, y: ad.stack([x, y], axis=1),
     lambda x, y: torch.stack([x, y], 1), (A, B)),
    ("@", lambda x, y: x @ y, None, (draw(2, 3), draw(3, 4))),
    ("@ square", lambda x, y: x @ y, None, (draw(3, 3), draw(3, 3))),
    ("@ dot", lambda x, y: x @ y, None, (draw(3), draw(3))),
    ("@ column", lambda x, y: x @ y, None, (draw(2, 3), draw(3))),
    ("@ row", lambda x, y: x @ y, None, (draw(3), draw(3, 2))),
    ("@ batch", lambda x, y: x @ y, None, (BATCH, draw(2, 3, 2))),
    ("@ batch matrix", lambda x, y: x @ y, None, (BATCH, draw(3, 4))),
    ("@ matrix batch", lambda x, y: x @ y, None, (draw(1, 2), BATCH)),
    ("@ batch vector", lambda x, y: x @ y, None, (BATCH, draw(3))),
    ("@ vector batch", lambda x, y: x @ y, None, (draw(2), BATCH)),
    ("softmax", ad.softmax, lambda x: torch.softmax(x, -1), (A,)),
    ("softmax axis", lambda x: ad.softmax(x, axis=0),
     lambda x: torch.softmax(x, 0), (A,)),
    ("log_softmax", ad.log_softmax,
     lambda x: torch.log_softmax(x, -1), (A,)),
    ("log_softmax axis", lambda x: ad.log_softmax(x, 0),
     lambda x: torch.log_softmax(x, 0), (A,)),
    ("logsumexp", ad.logsumexp, lambda x: torch.logsumexp(x, -1), (A,)),
    ("logsumexp axis", lambda x: ad.logsumexp(x, 0),
     lambda x: torch.logsumexp(x, 0), (A,)),
]
CASES = [(name, ours, theirs or ours, inputs)
         for name, ours, theirs, inputs in CASES]
NAMES = [case[0] for case in CASES]
ONE_SIDED = {"** root", "**", "log", "sqrt"}       # need positive inputs

RULES = {value.label: value
         for module in (elementwise, probabilities, products, shapes)
         for value in vars(module).values() if hasattr(value, "vjps")}


def rule_of(name):
    """Return the rule a case is about."""
    return RULES[name.split()[0]]


def reverse(f):
    """Return f and its vjp by the tape, as `check_vjp` takes them."""
    def vjp(u, *inputs):
        leaves = [ad.Tensor(x) for x in inputs]
        f(*leaves).backward(u)
        return tuple(leaf.grad for leaf in leaves)
    return (lambda *inputs: f(*map(ad.Tensor, inputs)).data), vjp
