"""Answers to C4 to C7 and L7: right ones, and wrong ones with their hint."""

import numpy as np

import lmbook.functional as F


def relu_jacobian(z):
    return np.diag((z > 0) * 1.0)


def is_subgradient(slope, z):
    return 0 <= slope <= 1 if z == 0 else slope == (z > 0)


def by_touching_lines(slope, z):
    u = np.linspace(-5, 5, 2001)
    line = F.relu(z) + slope * (u - z)
    return (F.relu(u) >= line - 1e-12).all()


def gate(h1, W2):
    return (W2 @ h1 > 0)[:, None] * 1.0


def block_jacobian(h1, W2):
    return np.eye(len(h1)) + gate(h1, W2) * W2


def backward(x, y, W1, W2, wrong=""):
    z1 = W1 @ x
    h1 = F.relu(z1)
    z2 = W2 @ h1
    h3 = h1 + F.relu(z2)
    dh3 = F.softmax(h3) - (0 if wrong == "labels" else y)
    dh2 = dh3 * (z2 > 0) if wrong == "early" else dh3
    dz2 = dh2 if wrong == "gate" else F.relu_vjp(dh2, z2)
    back = W2 if wrong == "transposed" else W2.T
    dh1 = (wrong != "skip") * dh3 + (wrong != "layer") * back @ dz2
    dz1 = dh1 if wrong == "gate1" else F.relu_vjp(dh1, z1)
    dW1 = np.outer(dh1 if wrong == "dW1" else dz1, x)
    dW2 = np.outer(dh2 if wrong == "dW2" else dz2,
                   h3 if wrong == "h3" else h1)
    if wrong == "outer":
        dW1 = dW1.T
    return dh3, dh2, dz2, dh1, dz1, W1.T @ dz1, dW1, dW2


def mistake(name):
    return lambda x, y, W1, W2: backward(x, y, W1, W2, name)


def gains(branches, skip):
    product, found = np.eye(branches.shape[1]), []
    for A in branches:
        product = (A + skip * np.eye(len(A))) @ product
        found.append(np.linalg.norm(product) / np.sqrt(len(A)))
    return found


def reversed_gains(branches, skip):
    product, found = np.eye(branches.shape[1]), []
    for A in branches:
        product = product @ (A + skip * np.eye(len(A)))
        found.append(np.linalg.norm(product) / np.sqrt(len(A)))
    return found


def norms(branches, skip):
    eye = skip * np.eye(branches.shape[1])
    return np.cumprod([np.linalg.norm(A + eye) / np.sqrt(len(A))
                       for A in branches])


def block_vjp(g, H1, W2):
    return g + F.relu_vjp(g, H1 @ W2.T) @ W2


RIGHT = {
    "C4": [(relu_jacobian, is_subgradient),
           (relu_jacobian, by_touching_lines)],
    "C5": [(block_jacobian,),
           (lambda h1, W2: np.eye(len(h1))
            + np.diag(1.0 * (W2 @ h1 > 0)) @ W2,)],
    "C6": [(backward,)],
    "C7": [(gains,)],
    "L7": [(block_vjp,)],
}

WRONG = [
    ("C4", (lambda z: z > 0, is_subgradient), "its diagonal entries"),
    ("C4", (lambda z: np.diag(z >= 0), is_subgradient),
     "at 0 take the slope 0, as PyTorch"),
    ("C4", (lambda z: np.diag(np.heaviside(z, 0.5)), is_subgradient),
     "not the mean of 0 and 1"),
    ("C4", (lambda z: np.diag(F.relu(z)), is_subgradient),
     "0 or 1, not the value"),
    ("C4", (lambda z: np.tile((z > 0)[:, None], len(z)), is_subgradient),
     "h_i sees z_i only"),
    ("C4", (relu_jacobian, lambda slope, z: slope == (z > 0)),
     "slope 0.3 at z = 0.0: you say False; at 0 every slope"),
    ("C4", (relu_jacobian, lambda slope, z: 0 <= slope <= 1),
     "the slope 0.3 at z = -1.5: you say True; away from 0"),
    ("C4", (relu_jacobian, lambda slope, z: 0 < slope < 1 if z == 0
            else slope == (z > 0)), "slope 0.0 at z = 0.0: you say False"),
    ("C5", (lambda h1, W2: np.eye(len(h1)) + gate(h1, W2) * W2.T,),
     "the transpose belongs to the other layout"),
    ("C5", (lambda h1, W2: block_jacobian(h1, W2).T,),
     "this is the other layout"),
    ("C5", (lambda h1, W2: gate(h1, W2) * W2,), "the skip is missing"),
    ("C5", (lambda h1, W2: np.eye(len(h1)) + W2 * gate(h1, W2).T,),
     "it shuts rows"),
    ("C5", (lambda h1, W2: np.eye(len(h1)) + (h1 > 0)[:, None] * W2,),
     "looks at z2, not at h1"),
    ("C5", (lambda h1, W2: np.eye(len(h1)) + W2,), "the gate is missing"),
    ("C5", (lambda h1, W2: 1 + gate(h1, W2) * W2,), "entry"),
    ("C6", (lambda x, y, W1, W2: backward(x, y, W1, W2)[0],),
     "return eight gradients"),
    ("C6", (mistake("labels"),), "dh3: .* subtract the labels"),
    ("C6", (mistake("early"),), "dh2: the gate acts one step later"),
    ("C6", (mistake("gate"),), "dz2: shut the gates where z2"),
    ("C6", (mistake("skip"),), "dh1: the skip is a second path"),
    ("C6", (mistake("layer"),), "dh1: the layer is a second path"),
    ("C6", (mistake("transposed"),), "dh1: as a column it is"),
    ("C6", (mistake("gate1"),), "dz1: shut the gates where z1"),
    ("C6", (mistake("dW1"),), "dW1: take the errors after the gate, at z1"),
    ("C6", (mistake("dW2"),), "dW2: take the errors after the gate, at z2"),
    ("C6", (mistake("h3"),), "dW2: W2 reads h1"),
    ("C6", (mistake("outer"),), "dW1: it is transposed"),
    ("C6", (lambda *a: [-g for g in backward(*a)],),
     "dh3: the sign is wrong"),
    ("C7", (lambda A, skip: np.array(gains(A, skip))
            * np.sqrt(A.shape[1]),), "divide by the root"),
    ("C7", (lambda A, skip: gains(A, True),), "without one the branch"),
    ("C7", (lambda A, skip: gains(A, False),), "identity plus branch"),
    ("C7", (reversed_gains,), "a later block stands on the left"),
    ("C7", (norms,), "multiply the matrices, not their norms"),
    ("C7", (lambda A, skip: gains(A, skip)[-1],), "not the last alone"),
    ("L7", (lambda g, H1, W2: g + F.relu_vjp(g, H1 @ W2.T) @ W2.T,),
     "you have transposed it"),
    ("L7", (lambda g, H1, W2: F.relu_vjp(g, H1 @ W2.T) @ W2,),
     "the skip is missing"),
    ("L7", (lambda g, H1, W2: g + (g @ W2) * (H1 @ W2.T > 0),),
     "the gate comes first"),
    ("L7", (lambda g, H1, W2: g + g @ W2,), "the gate is missing"),
    ("L7", (lambda g, H1, W2: g + F.relu_vjp(g, H1) @ W2,),
     "the gate looks at the score"),
    ("C5", (lambda h1, W2: np.eye(2) + gate(h1, W2) * W2,),
     "a block of .* write it for any size"),
    ("C7", (lambda A, skip: np.array(gains(A, skip)) * 3,),
     "the gains of 1 block, skip"),
]
