"""The checks of the chapter on gradients and Jacobians: A1, A3 and A4."""

import numpy as np

from .registry import ask, exercise, expect, numbers, require

POINTS = ((3.0, np.pi / 2, 0.0), (1.0, 2.0, -0.5), (-0.7, 0.3, 1.1))
DEGREES = "the calculator is set to degrees: angles are in radians"


@exercise("A1", "a gradient of three variables, and its value at a point")
def a1(gradient, value):
    """Check x -> the gradient of x^2 y + sin(z + 6y), and one value."""
    for point in POINTS:
        (x, y, z), wave = point, np.cos(point[2] + 6 * point[1])
        right = np.array([2 * x * y, x * x + 6 * wave, wave])
        expect(ask(gradient, np.array(point)), right,
               f"the gradient at {_rounded(point)}", {
                   "a gradient has the shape of its input, (3,)": right[None],
                   "flatten it to the shape of its input": right[:, None],
                   "the inner slope 6 is missing":
                       np.array([2 * x * y, x * x + wave, wave]),
                   "x^2 y moves with y too":
                       np.array([2 * x * y, 6 * wave, wave]),
                   "keep the order x, y, z": right[::-1]})
    wave = np.cos(np.radians(3 * np.pi))                # mistaken for degrees
    _by_hand(value, [3 * np.pi, 3, -1], "the value at (3, pi/2, 0)",
             {DEGREES: [3 * np.pi, 9 + 6 * wave, wave],
              "keep the order x, y, z": [-1, 3, 3 * np.pi]})


@exercise("A3", "the Jacobian of three functions of three variables")
def a3(jacobian, value):
    """Check x -> the 3 x 3 Jacobian, and its value at (1, pi, 0)."""
    for point in ((1.0, np.pi, 0.0), (0.5, 1.0, 2.0), (-1.2, 0.4, 0.9)):
        right, mistakes = _three_outputs(*point)
        expect(ask(jacobian, np.array(point)), right,
               f"the Jacobian at {_rounded(point)}", mistakes)
    right = np.array([[0, 0, np.pi], [0, 0, 0], [0, 0, 0]])
    tilt = -np.sin(np.radians(np.pi))                   # mistaken for degrees
    turned = np.array([[0, 0, np.pi], [0, tilt, tilt], [0, 0, 0]])
    _by_hand(value, right, "the value at (1, pi, 0)", {DEGREES: turned})


def _three_outputs(x1, x2, x3):
    """Return the Jacobian of A3 at a point, and what mistakes make of it."""
    wave, bell = np.cos(x1 * x2 * x3), np.exp(-x3 ** 2 / 2)
    first = wave * np.array([x2 * x3, x1 * x3, x1 * x2])
    second = -np.sin(x2 + x3) * np.array([0.0, 1.0, 1.0])
    third = np.array([0.0, 0.0, -x3 * bell])
    return np.array([first, second, third]), {
        "row 1 lacks its inner slopes, such as x2 x3":
            np.array([wave * np.ones(3), second, third]),
        "row 2: the slope of a cosine is minus a sine":
            np.array([first, -second, third]),
        "row 3 lacks the inner slope -x3":
            np.array([first, second, [0.0, 0.0, bell]]),
        "row 3: the inner slope is -x3, with its sign":
            np.array([first, second, -third])}


@exercise("A4", "the shape of a Jacobian, and a Jacobian of any shape")
def a4(shape, jacobian):
    """Check (out, in) -> shape, and (f, x) -> all slopes of f at x."""
    for out, inside in (((), ()), ((), (3,)), ((2,), ()), ((2,), (3,)),
                        ((2, 3), (4,)), ((), (2, 3)), ((2, 3), (4, 5, 6))):
        _check_shape(ask(shape, out, inside), out, inside)
    for out, inside in (((2,), (3,)), ((3,), (3,)), ((), (2, 3)),
                        ((2,), ()), ((2, 3), (2, 2, 4))):
        _check_slopes(jacobian, out, inside)


def _check_shape(got, out, inside):
    """Refuse anything but the tuple out + inside."""
    require(isinstance(got, (tuple, list)), "return a tuple of sizes, got"
            f" {type(got).__name__}")
    got, right = tuple(got), out + inside
    what = f"the shape for output {out} and input {inside}"
    known = {"the output comes first": inside + out,
             "keep the axes apart, do not flatten them":
                 (int(np.prod(out)), int(np.prod(inside)))}
    for hint, shape in known.items():
        require(got == right or got != shape, f"{what}: {hint}")
    require(got == right, f"{what} is {got}, expected {right}")


def _check_slopes(jacobian, out, inside):
    """Compare the reader's slopes of a random quadratic map with ours."""
    rng = np.random.default_rng(len(out) + 10 * len(inside))
    weight = rng.normal(size=out + inside)
    axes = tuple(range(-len(inside), 0))

    x = rng.uniform(1, 2, size=inside)
    right = 2 * weight * x

    def f(at, bend=0.0):
        return (weight * at * at + bend * (at - x) ** 2).sum(axis=axes)

    what = f"the slopes for output {out} and input {inside}"
    flat = right.reshape(max(right.size // max(x.size, 1), 1), -1)
    _by_hand(ask(jacobian, f, x), right, what, {
        "keep the axes of output and input apart": flat,
        "the axes of the output come first":
            np.moveaxis(right, axes, range(len(inside))),
        "divide by the whole distance, 2h": 2 * right,
        "divide a one-sided difference by h, not by 2h": right / 2})
    bent = numbers(ask(jacobian, lambda at: f(at, 1e6), x), what)
    require(np.allclose(bent, right, rtol=6e-4, atol=6e-4), f"{what}: where"
            " the function bends sharply they are off; nudge to both sides")


def _by_hand(got, right, what, mistakes):
    """Like `expect`, for numbers of about four digits."""
    got = numbers(got, what)
    for value in map(np.asarray, (right, *mistakes.values())):
        if got.shape == value.shape and np.allclose(got, value, rtol=6e-4,
                                                    atol=6e-4):
            got = value
            break
    expect(got, right, what, mistakes)


def _rounded(point):
    """Return a point as text with at most three decimals."""
    return tuple(round(float(p), 3) for p in point)
