"""The checks of the chapter on residual connections, C4 to C7 and L7."""

import numpy as np

from ..functional import relu, softmax
from .registry import NotYet, ask, exercise, expect, numbers, require

NAMES = ("dh3", "dh2", "dz2", "dh1", "dz1", "dx", "dW1", "dW2")
SWAPPED = "use W2 itself: the transpose belongs to the other layout"


@exercise("C4", "the slope of ReLU, and the slopes at its kink")
def c4(relu_jacobian, is_subgradient):
    """Check z -> diag(1{z > 0}), and (slope, z) -> is it a subgradient."""
    for z in ([2.0], [-1.0, 3.0], [0.5, 0.0, -0.0, -2.0, 7.0]):
        z = np.array(z)
        right = np.diag((z > 0) * 1.0)
        expect(ask(relu_jacobian, z), right, f"the Jacobian at {z}", {
            "return a matrix: these are its diagonal entries": z > 0,
            "at 0 take the slope 0, as PyTorch does": np.diag(z >= 0),
            "at 0 take the slope 0, not the mean of 0 and 1":
                np.diag(np.heaviside(z, 0.5)),
            "the slope is 0 or 1, not the value": np.diag(relu(z)),
            "an entry off the diagonal is 0: h_i sees z_i only":
                np.tile((z > 0)[:, None], len(z))})
    for z in (-1.5, 0.0, 2.0):
        for slope in (-0.1, 0.0, 0.3, 1.0, 1.1):
            got = numbers(ask(is_subgradient, slope, z), "the answer")
            right = 0 <= slope <= 1 if z == 0 else slope == (z > 0)
            hint = ("at 0 every slope from 0 to 1 stays below ReLU" if z == 0
                    else "away from 0 only one line stays below ReLU")
            require(got.shape == () and bool(got) == right,
                    f"the slope {slope} at z = {z}: you say {bool(got.any())}"
                    f"; {hint}")


@exercise("C5", "the Jacobian of a residual block")
def c5(block_jacobian):
    """Check (h1, W2) -> I + diag(1{W2 h1 > 0}) W2."""
    for h1, w2 in _blocks():
        gate, eye = (w2 @ h1 > 0) * 1.0, np.eye(len(h1))
        what = f"the Jacobian of a block of {len(h1)} units"
        try:
            got = ask(block_jacobian, h1, w2)
        except NotYet as error:
            raise NotYet(f"{what}: {error}; write it for any size") from error
        expect(got, eye + gate[:, None] * w2, what, {
                   SWAPPED: eye + gate[:, None] * w2.T,
                   "this is the other layout: a row for each output, please":
                       eye + w2.T * gate,
                   "the skip is missing: add the identity":
                       gate[:, None] * w2,
                   "the gate stands on the left: it shuts rows":
                       eye + w2 * gate,
                   "the gate looks at z2, not at h1":
                       eye + (h1 > 0)[:, None] * w2,
                   "the gate is missing": eye + w2})


@exercise("C6", "backwards through the whole residual network")
def c6(backward):
    """Check (x, y, W1, W2) -> dh3, dh2, dz2, dh1, dz1, dx, dW1, dW2."""
    rng = np.random.default_rng(6)
    for d, h in ((2, 3), (4, 4), (3, 5)):
        x, w1 = rng.normal(size=d), rng.normal(size=(h, d))
        w2, y = rng.normal(size=(h, h)), rng.dirichlet(np.ones(h))
        z1 = w1 @ x
        z2 = w2 @ relu(z1)
        if (z1 > 0).all() or (z2 > 0).all() or not (z2 > 0).any():
            x, w2 = -x, -w2                     # see open and shut gates
        got = ask(backward, x, y, w1, w2)
        require(isinstance(got, (tuple, list)) and len(got) == len(NAMES),
                f"return eight gradients: {', '.join(NAMES)}")
        right, mistakes = _network(x, y, w1, w2)
        for name, value in zip(NAMES, got):
            expect(value, right[name], name, mistakes.get(name))


def _network(x, y, w1, w2):
    """Return the eight gradients, and what known mistakes would give."""
    z1 = w1 @ x
    h1 = relu(z1)
    z2 = w2 @ h1
    h3 = h1 + relu(z2)
    dh3 = softmax(h3) - y
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + w2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    right = dict(zip(NAMES, (
        dh3, dh3, dz2, dh1, dz1, w1.T @ dz1, np.outer(dz1, x),
        np.outer(dz2, h1))))
    return right, {
        "dh3": {"this is the prediction: subtract the labels": dh3 + y},
        "dh2": {"the gate acts one step later, at z2": dz2},
        "dz2": {"shut the gates where z2 is not positive": dh3,
                "this gate looks at z1: z2 has its own": dh3 * (z1 > 0)},
        "dh1": {"the skip is a second path: add dh3": w2.T @ dz2,
                "as a column it is W2^T dz2, as a row dz2^T W2":
                    dh3 + w2 @ dz2,
                "the layer is a second path: add W2^T dz2": dh3},
        "dz1": {"shut the gates where z1 is not positive": dh1},
        "dW1": {"take the errors after the gate, at z1": np.outer(dh1, x)},
        "dW2": {"take the errors after the gate, at z2": np.outer(dh3, h1),
                "W2 reads h1": np.outer(dz2, h3)},
    }


@exercise("C7", "the gain of a product of Jacobians, at each depth")
def c7(gains):
    """Check (branches, skip) -> the root mean square gain at each depth."""
    rng = np.random.default_rng(7)
    for depth, h in ((1, 2), (4, 3), (6, 5)):
        branches = rng.normal(size=(depth, h, h)) / 2
        for skip in (False, True):
            right = _gains(branches, skip)
            what = (f"the gains of {depth} block{'s' * (depth > 1)},"
                    f" skip={skip}")
            factors = branches + skip * np.eye(h)
            expect(ask(gains, branches, skip), right, what, {
                "divide by the root of the number of units":
                    right * np.sqrt(h),
                "with a skip each factor is identity plus branch, without"
                " one the branch alone": _gains(branches, not skip),
                "a later block stands on the left of the product":
                    _gains(branches, skip, np.matmul),
                "multiply the matrices, not their norms": np.cumprod(
                    [np.linalg.norm(f) / np.sqrt(h) for f in factors]),
                "one gain for each depth, not the last alone": right[-1]})


def _gains(branches, skip, times=lambda product, factor: factor @ product):
    """Return the gains of the products of 1, 2, ... factors."""
    product = np.eye(branches.shape[1])
    found = []
    for branch in branches:
        product = times(product, branch + skip * np.eye(len(branch)))
        found.append(np.linalg.norm(product) / np.sqrt(len(branch)))
    return np.array(found)


@exercise("L7", "the weights of a block, not transposed")
def l7(block_vjp):
    """Check (grad_output, H1, W2) -> the gradient for the rows of H1."""
    rng = np.random.default_rng(8)
    for h1, w2 in _blocks():
        rows = np.stack([h1, h1[::-1], rng.uniform(size=len(h1))])
        g = rng.normal(size=rows.shape)                     # (N, H)
        gate = (rows @ w2.T > 0) * 1.0
        expect(ask(block_vjp, g, rows, w2), g + (g * gate) @ w2,
               f"the gradient for {len(rows)} rows of {len(h1)} units", {
                   "rows times W2: you have transposed it":
                       g + (g * gate) @ w2.T,
                   "the skip is missing: add grad_output": (g * gate) @ w2,
                   "the gate comes first, then W2": g + (g @ w2) * gate,
                   "the gate looks at the score H1 @ W2.T, not at H1":
                       g + (g * (rows > 0)) @ w2,
                   "the gate is missing": g + g @ w2})


def _blocks():
    """Return pairs (h1, W2): no W2 is symmetric, gates are open and shut."""
    rng = np.random.default_rng(5)
    pairs = []
    for h in (3, 5):
        h1 = np.append(rng.uniform(0.5, 2, h - 1), 0.0)
        w2 = rng.normal(size=(h, h))
        w2[0] = -np.abs(w2[0])                              # a shut gate
        w2[1] = np.abs(w2[1])                               # an open one
        pairs.append((h1, w2))
    return [*pairs, (np.array([1.0, 2.0]), np.array([[1.0, -1], [2, 1]]))]
