"""What is read back: by hand, refusals, laws, wrong versions."""

import pytest
from hypothesis import given, settings
from ink_lines import (L, LINES, PLAIN, W1, X, b, f, g, i, j, l, n, plain, s,
                       same_value, tau, x, y, z)
from mutate import latex_typos, line_mutants
from typos import read_typos

from lmbook.derivation.language import D, delta, exp, log, relu, sigmoid, total
from lmbook.derivation.printing import latex
from lmbook.derivation.reading import Unreadable, read, symbols_of

KNOWN = symbols_of(x + tau * L, z[i] + y[j] + s[l], X[n, i] * W1[i, j],
                   b[n], f(x), g(x, tau))


BY_HAND = [
    ("x + \\tau", x + tau), ("x \\tau - L", x * tau - L),
    (r"\displaystyle x &+ \, \tau", x + tau),
    (r"\sum_{l=1}^{K} y_{l} \log s_{l} + x",
     total(l, y[l] * log(s[l])) + x),
    (r"\frac{\partial s_{i}}{\partial z_{j}}", D(s[i], z[j])),
    (r"s_{i} \left( \delta_{ij} - s_{j} \right)",
     s[i] * (delta(i, j) - s[j])),
    (r"s_{i} (\delta_{i,j} - s_{j})", s[i] * (delta(i, j) - s[j])),
    (r"e^{x} \sigma\left( x \right)", exp(x) * sigmoid(x)),
    (r"\exp(x)", exp(x)), (r"x^{2}", x ** 2),
    (r"\partial_{2} g(x, \tau) f''(x)", g.d(2)(x, tau) * f.d().d()(x)),
]


@pytest.mark.parametrize("text, line", BY_HAND, ids=[t for t, _ in BY_HAND])
def test_by_hand(text, line):
    assert read(text, KNOWN) == line


REFUSED = [
    ("", "a factor"), ("x +", "a factor"), ("+ x", "a factor"),
    ("x + + x", "a factor"), ("x )", "the end"), ("q", "a factor"),
    ("x 2", r"\\cdot before a number"), (r"2 \frac{1}{2}", "cdot between"),
    (r"x \cdot", "a factor"), ("x^2", r"\{"), ("x_{1}", "the end|factor"),
    ("x^{2}^{2}", "no second power"), ("z", "_"), ("z_i", r"\{"),
    ("z_{ij}", "axes"), ("z_{}", "an index"), ("z_{n}", "runs over K"),
    ("z_{i,}", "an index"), (r"\delta_{in}", "delta of i over K"),
    (r"\delta_{i}", "two indices"), (r"\sum_{l=1}^{N} y_{l}", "size K of l"),
    (r"\sum_{l=0}^{K} y_{l}", "1"), (r"\sum_{l=1} y_{l}", r"\^"),
    (r"\sum_{x=1}^{K} y_{l}", "an index"), (r"\sum_{l=1}^{K}", "a factor"),
    (r"\sum_{l=1}^{K} \sum_{l=1}^{K} y_{l}", "already bound"),
    (r"\left( x )", r"\\right"), (r"( x \right)", r"\)"),
    (r"\left( x", r"\\right"), (r"\log x y_{i}", "end of the product"),
    (r"\log \log x", "parentheses"), (r"\log(x)^{2}", "no power"),
    (r"\log -x", "a factor"), ("f x", r"parentheses|\\left"),
    ("f(x, x)", "1 arguments"), ("g'(x, x)", "derivative of g"),
    (r"\partial_{3} g(x, x)", "derivative of g"),
    (r"\frac{\partial^{2} L}{\partial x}", "2 derivations"),
    (r"\frac{\partial L}{\partial x \partial x}", "1 derivations"),
    (r"\frac{\partial K}{\partial x}", "an entry"),
    (r"\frac{\partial}{\partial x} L", r"\\left"),
    (r"\frac{\partial}{\partial x} \left( L \right) x", "end of the"),
    (r"\operatorname{relu}(x)", "ReLU"), (r"\mathbb{1}\{x > 1\}", "0"),
    (r"\mathbf{z}", "bold"), (r"\tilde{y}_{i}", "a factor"),
    ("x ! x", "not part"), ("x. x", "not part"), (r"\frac{x}", r"\{"),
    (r"x \odot x", "elementwise"), (r"x^{\top}", "transpose"),
]


@pytest.mark.parametrize("text, expected", REFUSED,
                         ids=[t for t, _ in REFUSED])
def test_what_is_not_in_the_dialect_is_refused(text, expected):
    with pytest.raises(Unreadable, match=expected):
        read(text, KNOWN)


def test_the_message_gives_the_place():
    with pytest.raises(Unreadable, match="not }, at character 9 of"):
        read(r"\frac{x +}{2}", KNOWN)


@given(LINES)
@settings(max_examples=400, deadline=None,
          derandomize=True)
def test_every_line_reads_back_as_itself(line):
    back = read(latex(line), symbols_of(line))
    assert back == plain(line)
    assert latex(back) == latex(line)


@given(PLAIN)
@settings(max_examples=150, deadline=None,
          derandomize=True)
def test_what_is_read_has_the_value_of_what_was_written(line):
    assert same_value(line, read(latex(line), symbols_of(line)))


SAMPLE = [
    -total(l, y[l] / s[l] * D(s[l], z[j])), s[i] * (delta(i, j) - s[j]),
    exp(z[i] / tau) / total(l, exp(z[l] / tau)),
    2 * x * (total(l, W1[i, l] * z[l]) + b[n]) ** 2,
    log(total(l, exp(z[l]))) - total(l, y[l]) * x,
    D(L, z[i], z[j]) + f.d()(x) * g.d(1)(x, tau), relu(x) - sigmoid(-x)]


@pytest.mark.parametrize("line", SAMPLE, ids=latex)
def test_no_typo_reads_as_the_line_itself(line):
    for description, typo, seen in read_typos(line):
        assert seen != line, (description, typo)


@pytest.mark.parametrize("line", SAMPLE, ids=latex)
def test_every_wrong_line_reads_back_as_that_wrong_line(line):
    for _, mutant in line_mutants(line, [y, s, j]):
        text = latex(mutant)
        assert text != latex(line)
        assert read(text, symbols_of(line, mutant)) == plain(mutant)


def test_mutants_cover_each_kind():
    kinds = {kind for line in SAMPLE for kind, _ in line_mutants(line, [y])}
    assert kinds >= {
        "sign", "factor", "dropped term", "dropped factor", "dropped sum",
        "wrong index", "transposed", "swapped operands", "wrong tensor",
        "exponent", "function", "dropped derivative"}


def test_typos_cover_each_kind():
    text = (r"-\frac{1}{N} \hat{\mathbf{Y}}^{\top} \left( \mathbf{P} x^{2} "
            r"+ \sum_{l=1}^{K} W_{il} \log s_{l} \right) z")
    kinds = {description for description, _ in latex_typos(text)}
    assert kinds >= {"sign", "swapped indices", "dropped factor", "exponent",
                     "number", "sum limit", "dropped transpose", "accent",
                     "swapped factors", "function", "moved parenthesis"}
