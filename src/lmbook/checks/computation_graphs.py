"""The checks of the chapter on computation graphs: C1, C2, C3 and C8."""

import math

import numpy as np

from ..functional import sigmoid, softmax
from . import graph_programs as programs
from .registry import NotYet, ask, exercise, expect, numbers, require

POINTS = (1.0, 3.0, 2.0), (2.0, -1.0, 0.5), (0.3, 0.7, -4.0)
SIZES = {"x": (4,), "W1": (3, 4), "b1": (3,), "W2": (3, 4), "b2": (3,),
         "U": (5, 6), "b3": (5,), "W3": (2, 5), "W4": (2, 4)}


@exercise("C1", "a small graph, forwards and backwards")
def c1(forward, local, total):
    """Check functions of (x, y, z): values, local and total derivatives."""
    for point in POINTS:
        x, y, z = point
        at = f"at {point}"
        b = math.exp(y)
        for got, size in ((ask(forward, *point), 4), (ask(local, *point), 6),
                          (ask(total, *point), 3)):
            require(np.shape(got) == (size,), f"expected {size} numbers in a"
                    f" row, got shape {np.shape(got)}")
        expect(ask(forward, *point), [math.log(x), b, b * z,
                                      math.log(x) + b * z], f"forward {at}", {
            "use the natural logarithm": [math.log10(x), b, b * z,
                                          math.log10(x) + b * z]})
        expect(ask(local, *point), [1 / x, b, z, b, 1, 1], f"local {at}", {
            "the slope of b z with respect to b is z, and to z it is b":
                [1 / x, b, b, z, 1, 1],
            "the slope of exp is its value, exp(y)": [1 / x, y, z, b, 1, 1]})
        expect(ask(total, *point), [1 / x, z * b, b], f"total {at}", {
            "the path from y passes the product: its slope z is missing":
                [1 / x, b, b],
            "the path from z passes the product, whose slope there is"
            " exp(y)": [1 / x, z * b, 1]})


MISTAKES = {
    "once": "an operation may use the same operand twice, as in a * a: each"
            " use contributes",
    "overwrite": "a node that is used twice gets two contributions: add"
                 " them with += instead of overwriting",
    "unstarted": "the last box has gradient 1: begin with it",
    "early": "a node handed its gradient on before all of it had arrived:"
             " visit a node after everything that uses it",
}


@exercise("C2", "a reverse-mode engine")
def c2(engine, arrays=None):
    """Check a class with data, grad, +, *, exp, relu and backward.

    `arrays`, if given, is a class for arrays with @, +, relu and backward.
    """
    from .graphs_torch import gradients
    x = [1.25, -0.5]
    small = [(x, [(name, 0, 1) if name in ("add", "mul") else (name, k)])
             for name in programs.OPERATIONS for k in (0, 1)]
    small += [(x, [("exp", 0), ("mul", 0, 2), ("add", 2, 3)]),
              (x, [("mul", 0, 0)]), (x, [("add", 1, 1)])]
    for program in small + [programs.random_program(k) for k in range(40)]:
        value, right = gradients(program)
        what = _named(program)
        got = ask(lambda: programs.run(engine, program))
        expect(got[0], value, f"the value of {what}")
        require(all(g is not None for g in got[1]),
                f"{what}: a gradient is None: start every gradient at 0")
        expect(got[1], right, f"the gradients of {what}", {
            hint: programs.gradients(program, mistake)
            for mistake, hint in MISTAKES.items()})
    _deep(engine)
    if arrays is not None:
        _arrays(arrays)


def _arrays(engine):
    """Compare relu(X W + b) W + relu(X W + b), all used twice, with torch."""
    from .graphs_torch import twice
    for n, d in ((4, 3), (1, 2), (3, 3)):
        rng = np.random.default_rng(n)
        given = [rng.normal(size=shape) for shape in ((n, d), (d, d), (d,))]
        value, right, parts = twice(*given)
        leaves = [ask(engine, a) for a in given]
        out = ask(lambda: programs.run_twice(*leaves))
        expect(out.data, value, f"the values for X of shape {(n, d)}")
        for name, leaf, grad, part in zip("XWb", leaves, right, parts):
            got = numbers(leaf.grad, f"the gradient of {name}")
            require(name != "b" or got.shape != (n, d) or n == 1,
                    "the gradient of b: it was broadcast over the rows: sum"
                    " over them")
            expect(got, grad, f"the gradient of {name}", part)


def _named(program):
    """Return a program as a line of text."""
    inputs, steps = program
    if len(steps) > 3:
        return f"a random graph with {len(steps)} operations"
    names = ["a", "b", "c", "d", "e"]
    lines = [f"{names[len(inputs) + k]} = {operation}"
             f"({', '.join(names[i] for i in operands)})"
             for k, (operation, *operands) in enumerate(steps)]
    return "; ".join(lines)


def _deep(engine):
    """Ask for the gradient of a chain too deep for recursion."""
    chain = [1.0], [("add", 0, 0), *[("relu", k) for k in range(1, 20_000)]]
    try:
        value, grads = programs.run(engine, chain)
    except RecursionError:
        raise NotYet("a chain of 20,000 operations is too deep for a"
                     " function that calls itself: keep a list of the nodes"
                     " still to visit") from None
    expect([value, *grads], [2.0, 2.0], "a chain of 20,000 operations")


@exercise("C3", "backpropagation through two branches and a skip")
def c3(gradients):
    """Check x, y and eight parameters -> (loss, gradients by name)."""
    from .graphs_torch import branched
    for seed in range(3):
        rng = np.random.default_rng(seed)
        arrays = {name: rng.normal(size=size) for name, size in SIZES.items()}
        arrays["y"] = rng.dirichlet(np.ones(2))
        loss, right = branched(arrays)
        got = ask(lambda: gradients(**{k: v.copy() for k, v
                                       in arrays.items()}))
        require(isinstance(got, tuple) and len(got) == 2
                and isinstance(got[1], dict),
                "return (loss, gradients), the gradients in a dictionary")
        missing = sorted(set(right) - set(got[1]))
        require(not missing, f"no gradient for {', '.join(missing)}")
        expect(got[0], loss, "the loss")
        wrong = _branched_mistakes(arrays)
        for name in ("W3", "W4", "b3", "U", "b1", "W1", "b2", "W2", "x"):
            expect(got[1][name], right[name], f"the gradient of {name}",
                   wrong.get(name))


def _branched_mistakes(a):
    """Return {name: {hint: the gradient with that mistake}}."""
    x, h = a["x"], len(a["b1"])
    a1, a2 = a["W1"] @ x + a["b1"], a["W2"] @ x + a["b2"]
    c1, c2 = sigmoid(a1), np.maximum(a2, 0)
    mix = a["U"] @ np.concatenate([c1, c2]) + a["b3"]
    scores = a["W3"] @ mix + a["W4"] @ x
    to_z = softmax(scores) - a["y"]                                 # (C,)
    to_c = a["U"].T @ a["W3"].T @ to_z                              # (2 H,)
    to_a1, to_a2 = to_c[:h] * c1 * (1 - c1), to_c[h:] * (a2 > 0)
    one, two, skip = a["W1"].T @ to_a1, a["W2"].T @ to_a2, a["W4"].T @ to_z
    lost = "x is used three times and its gradients add: one is missing,"
    return {
        "W3": {"an outer product: errors times inputs": np.outer(mix, to_z),
               "target minus prediction? it is prediction minus target":
                   np.outer(-to_z, mix)},
        "b1": {"the slope of the sigmoid is missing": to_c[:h],
               "the slope of the sigmoid is c1 (1 - c1), from its output":
                   to_c[:h] * a1 * (1 - a1),
               "the two branches are the wrong way round": to_a2},
        "b2": {"the slope of ReLU is missing: zero where a2 < 0":
                   to_c[h:]},
        "x": {f"{lost} that of the skip": one + two,
              f"{lost} that of the ReLU branch": one + skip,
              f"{lost} that of the sigmoid branch": two + skip,
              "x is used three times: add the three gradients": skip}}


ACTIVATIONS = {                                     # f(x), then its slope
    "negate": (np.negative, lambda x: -np.ones_like(x)),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda x: 1 / x),
    "square": (np.square, lambda x: 2 * x),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "relu": (lambda x: np.maximum(x, 0), lambda x: 1.0 * (x > 0)),
}


@exercise("C8", "what a backward pass has to keep")
def c8(rules, bytes_kept):
    """Check {name: (what is kept, rule)}, and (N, D, H) -> bytes."""
    require(isinstance(rules, dict) and set(rules) == set(ACTIVATIONS),
            f"give a rule for each of {', '.join(ACTIVATIONS)}")
    for name, rule in rules.items():
        require(isinstance(rule, tuple) and len(rule) == 2 and rule[0] in
                ("nothing", "input", "output"), f"{name}: expected a pair:"
                " 'nothing', 'input' or 'output', then a function")
        _rule(name, *rule)
    for n, d, h in ((4, 5, 2), (32, 10, 20), (7, 50, 3)):
        right = 8 * (n * d + n * h)
        expect(ask(bytes_kept, n, d, h), right, f"the bytes for N, D, H ="
               f" {n}, {d}, {h}", {
                   "a float64 has eight bytes": right / 8,
                   "ReLU can read its slope off its output: the scores"
                   " before it need not be kept": 8 * n * (d + 2 * h),
                   "the weight needs the input of the layer too": 8 * n * h,
                   "a mask of single bytes is enough for ReLU, but keep its"
                   " output: the next layer needs it": 8 * n * d + n * h,
                   "the weights are there anyway: do not count them":
                       right + 8 * h * d,
                   "ReLU needs to know which units were on": 8 * n * d})


def _rule(name, keep, rule):
    """Ask one rule for a gradient; it sees only what was kept."""
    function, slope = ACTIVATIONS[name]
    x = np.array([0.3, 1.7] if name == "log" else [-1.2, -0.1, 0.3, 1.7])
    out, grad = function(x), np.linspace(0.5, 2, len(x))
    require(name != "negate" or keep == "nothing",
            "negate: its slope is the same everywhere: keep nothing")
    kept = {"nothing": None, "input": x, "output": out}[keep]
    hint = {"square": "two inputs have the same square, and different"
                      " slopes: the output does not tell them apart"}
    require(keep != "output" or name not in hint,
            f"{name}: {hint.get(name)}")
    expect(ask(rule, grad, kept), grad * slope(x), f"the rule of {name},"
           f" which keeps {'the ' * (keep != 'nothing')}{keep}", {
               "multiply by the gradient that arrives": slope(x),
               "you kept the output: write the slope with it":
                   grad * slope(out),
               "the slope is missing": grad})
