"""What is printed: exact LaTeX by hand, traps, laws, wrong versions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from ink_lines import (K, L, LINES, N, W1, X, f, g, i, j, l, n, s,
                       same_value, tau, x, x1, y, yhat, z)
from mutate import line_mutants

from lmbook.derivation.language import (
    D, Function, Mul, Num, delta, dim, exp, expr, index, indices, is_zero, log,
    normal_cdf, pi, product, relu, scalar, sigmoid, sqrt, step, tanh, tensor,
    total)
from lmbook.derivation.printing import latex
from lmbook.derivation.reading import AmbiguousPrint, read, symbols_of

BY_HAND = [
    # sums reach to the end of the product
    (-total(l, y[l] * log(s[l])), r"-\sum_{l=1}^{K} y_{l} \log s_{l}"),
    (total(l, y[l]) * x, r"\left( \sum_{l=1}^{K} y_{l} \right) x"),
    (x * total(l, y[l]), r"x \sum_{l=1}^{K} y_{l}"),
    (total(l, y[l]) + x, r"\sum_{l=1}^{K} y_{l} + x"),
    (total(l, y[l] + x), r"\sum_{l=1}^{K} \left( y_{l} + x \right)"),
    (total(l, -y[l]), r"\sum_{l=1}^{K} \left( -y_{l} \right)"),
    (total(i, j, delta(i, j)),
     r"\sum_{i=1}^{K} \sum_{j=1}^{K} \delta_{ij}"),
    (product(l, sigmoid(z[l])), r"\prod_{l=1}^{K} \sigma(z_{l})"),
    # products, quotients and signs stay as they were written
    (exp(z[i]) / total(l, exp(z[l])),
     r"\frac{e^{z_{i}}}{\sum_{l=1}^{K} e^{z_{l}}}"),
    (x * (x + 1) * tau, r"x \left( x + 1 \right) \tau"),
    (x - (x + 1), r"x - \left( x + 1 \right)"),
    (x * (-tau), r"x \left( -\tau \right)"),
    (-(x * tau), r"-x \tau"),
    (2 * x, "2 x"), (x * 2, r"x \cdot 2"), (expr(2) * 3, r"2 \cdot 3"),
    (2 * (1 / expr(3)), r"2 \cdot \frac{1}{3}"),
    (Fraction("0.999") * x, "0.999 x"), (Fraction(1, 2) * x,
                                         r"\frac{1}{2} x"),
    # powers
    (s[i] ** 2, "s_{i}^{2}"), (log(x) ** 2, r"\left( \log x \right)^{2}"),
    ((x / tau) ** 2, r"\left( \frac{x}{\tau} \right)^{2}"),
    (W1[i, j] ** 2, r"\left( W^{(1)}_{ij} \right)^{2}"),
    (x1 ** 2, "x_{1}^{2}"), (x ** expr(-1), "x^{-1}"),
    # functions
    (log(x) * tau, r"\log(x) \tau"), (log(x * tau), r"\log(x \tau)"),
    (log(total(l, exp(z[l]))), r"\log \sum_{l=1}^{K} e^{z_{l}}"),
    (log(x / tau), r"\log \frac{x}{\tau}"), (tanh(x), r"\tanh x"),
    (relu(x), r"\operatorname{ReLU}(x)"), (sqrt(x), r"\sqrt{x}"),
    (sigmoid(z[i] - z[j]), r"\sigma(z_{i} - z_{j})"),
    (step(x), r"\mathbb{1}\{x > 0\}"), (is_zero(x), r"\mathbb{1}\{x = 0\}"),
    (normal_cdf(x), r"\Phi(x)"), (pi * x, r"\pi x"),
    (exp(total(l, z[l])), r"\exp\left( \sum_{l=1}^{K} z_{l} \right)"),
    (f.d()(x) + f.d().d()(x), "f'(x) + f''(x)"),
    (f.d().d().d().d()(x), "f^{(4)}(x)"),
    (g.d(1)(x, tau), r"\partial_{1} g(x, \tau)"),
    (g.d(1).d(2).d(2)(x, tau), r"\partial_{1} \partial_{2}^{2} g(x, \tau)"),
    # derivatives
    (D(s[l], z[j]), r"\frac{\partial s_{l}}{\partial z_{j}}"),
    (D(L, z[i], z[j]),
     r"\frac{\partial^{2} L}{\partial z_{i} \partial z_{j}}"),
    (D(L, x, x), r"\frac{\partial^{2} L}{\partial x^{2}}"),
    (D(x * tau, x), r"\frac{\partial}{\partial x} \left( x \tau \right)"),
    (D(x * tau, x) * L,
     r"\left( \frac{\partial}{\partial x} \left( x \tau \right) \right) L"),
    # names
    (yhat[i], r"\hat{y}_{i}"), (X[n, i], "X_{ni}"), (K * i, "K i"),
    (tensor("A", K, K)[indices("i j1", K)], "A_{i,j_{1}}"),
    (tensor("q", dim("d_k"))[index("a", dim("d_k"))], "q_{a}"),
    (scalar("loss") / dim("d_k"), r"\frac{\mathrm{loss}}{d_{k}}"),
    (tensor("W_Q", K, K)[i, j], "W^{(Q)}_{ij}"),
    (tensor("m", K, tex="m_{t}")[i], "{m_{t}}_{i}"),
]


@pytest.mark.parametrize("line, text", BY_HAND, ids=[t for _, t in BY_HAND])
def test_by_hand(line, text):
    assert latex(line) == text


@pytest.mark.parametrize("line, text", BY_HAND, ids=[t for _, t in BY_HAND])
def test_by_hand_reads_back_and_prints_the_same(line, text):
    assert latex(read(text, symbols_of(line))) == text


def test_a_nested_product_keeps_its_parentheses():
    nested = Mul((x, Mul((tau, L))))
    assert latex(nested) == r"x \left( \tau L \right)"
    assert read(latex(nested), symbols_of(nested)) == nested


def test_a_negative_number_is_printed_with_its_sign_in_parentheses():
    assert latex(Mul((x, Num(Fraction(-2))))) == r"x \left( -2 \right)"


def test_small_decimals_are_exact():
    assert latex(expr(Fraction("0.00000001"))) == "0.00000001"
    assert latex(expr(Fraction("1.05"))) == "1.05"


@pytest.mark.parametrize("one, two, shown", [
    (z[i], scalar("z"), "z"), (x, Function("x")(tau), "x"),
    (exp(x), scalar("e"), "e"), (sigmoid(x), scalar("sigma"), r"\\sigma"),
    (index("i", N), i, "i"), (index("x", K), x, "x"),
    (scalar("z1"), z[i], r"z_\{1\}"), (pi * 1, scalar("pi"), r"\\pi"),
    (delta(i, j), tensor("delta", K)[i], r"\\delta"),
    (tensor("p", K)[i], tensor("q", K, tex="p")[i], "p"),
    (Function("h")(x), Function("h", 2)(x, x), "h"),
    (yhat[i], tensor("yhat", K)[i], "yhat")])
def test_two_symbols_of_one_look_are_refused(one, two, shown):
    with pytest.raises(AmbiguousPrint, match=shown):
        symbols_of(one, two)


def test_sigma_as_a_tensor_beside_the_sigmoid_is_clear():
    line = sigmoid(x) * tensor("sigma", N)[n]
    assert read(latex(line), symbols_of(line)) == line


def test_a_name_without_latex_is_refused():
    with pytest.raises(ValueError, match="x'.*is not a name"):
        latex(scalar("x'"))


@given(LINES)
@settings(max_examples=200, deadline=None,
          derandomize=True)
def test_printed_braces_and_parentheses_balance(line):
    text = latex(line)
    assert text.count(r"\left(") == text.count(r"\right)")
    assert text.count("{") == text.count("}")
    assert "--" not in text and "+ -" not in text


@pytest.mark.parametrize("line, text", BY_HAND[::3],
                         ids=[t for _, t in BY_HAND[::3]])
def test_a_wrong_line_never_prints_like_the_right_one(line, text):
    for description, mutant in line_mutants(line):
        assert latex(mutant) != text, description


def test_the_checker_by_values_sees_a_wrong_sign():
    assert not same_value(x - tau, x + tau)
