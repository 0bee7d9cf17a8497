"""Random computations, and what the usual mistakes make of their gradients.

A program is (inputs, steps): the numbers it starts from, and its operations
in order, each an (operation, *operands).  Operands count the values so far,
inputs first; the last value is the output.
"""

import math

import numpy as np

OPERATIONS = "add", "mul", "exp", "relu"


def evaluate(program):
    """Return (values, slopes): every number, and its local derivatives."""
    inputs, steps = program
    values, slopes = list(inputs), [()] * len(inputs)
    for operation, *operands in steps:
        x, y = values[operands[0]], values[operands[-1]]
        value, slope = {
            "add": (x + y, (1.0, 1.0)), "mul": (x * y, (y, x)),
            "exp": (power := math.exp(min(x, 9.0)), (power,)),
            "relu": (max(x, 0.0), (float(x > 0),))}[operation]
        values.append(value)
        slopes.append(slope)
    return values, slopes


def random_program(seed, size=14):
    """Return a program with values of moderate size, all of them used."""
    rng = np.random.default_rng(seed)
    program = [float(v) for v in rng.uniform(-1.5, 1.5, 3).round(3)], []
    while len(program[1]) < size:
        values, _ = evaluate(program)
        i, j = (int(k) for k in rng.integers(len(values), size=2))
        operation = str(rng.choice(OPERATIONS))
        if operation == "exp" and values[i] > 1.5 or (
                operation == "mul" and abs(values[i] * values[j]) > 30):
            operation = "add"
        operands = (i, j) if operation in ("add", "mul") else (i,)
        program[1].append((operation, *operands))
    used = {k for _, *operands in program[1] for k in operands}
    for k in range(len(values)):
        if k not in used:
            program[1].append(("add", k, 3 + len(program[1]) - 1))
    return program


def run(engine, program):
    """Return (output, gradients of the inputs) by a reader's engine."""
    inputs, steps = program
    values = [engine(number) for number in inputs]
    for operation, *operands in steps:
        x, y = values[operands[0]], values[operands[-1]]
        values.append(x + y if operation == "add" else
                      x * y if operation == "mul" else
                      getattr(x, operation)())
    values[-1].backward()
    return values[-1].data, [v.grad for v in values[:len(inputs)]]


def gradients(program, mistake=None):
    """Return the gradients of the inputs, right or with one mistake.

    Mistakes: "overwrite" keeps the last contribution to a gradient, "once"
    visits a parent that is used twice by one operation once, "early" walks
    depth first from the output and hands a gradient on before all of it
    has arrived, "unstarted" leaves the gradient of the output at 0.
    """
    _, slopes = evaluate(program)
    inputs, steps = program
    parents = [()] * len(inputs) + [tuple(step[1:]) for step in steps]
    order = list(range(len(parents)))[::-1]
    if mistake == "early":
        order = depth_first(parents)
    grads = [0.0] * len(parents)
    grads[-1] = 0.0 if mistake == "unstarted" else 1.0
    for node in order:
        seen = set()
        for parent, slope in zip(parents[node], slopes[node]):
            if mistake == "once" and parent in seen:
                continue
            seen.add(parent)
            old = 0.0 if mistake == "overwrite" else grads[parent]
            grads[parent] = old + slope * grads[node]
    return grads[:len(inputs)]


def depth_first(parents):
    """Return the nodes in the order in which a walk first meets them."""
    order, stack = [], [len(parents) - 1]
    while stack:
        node = stack.pop()
        if node not in order:
            order.append(node)
            stack += reversed(parents[node])
    return order


def run_twice(x, weight, bias):
    """Return relu(X W + b) W + relu(X W + b), ready for its gradients."""
    unit = (x @ weight + bias).relu()
    out = unit @ weight + unit
    out.backward()
    return out
