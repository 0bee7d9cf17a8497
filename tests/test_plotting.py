"""The book's figures: contrast, sameness, words for the picture."""

import functools
import itertools
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import matplotlib
import numpy as np
import pytest

from lmbook import plotting
from lmbook.plotting import INK, PALETTE, Picture, figure, show, style

SVG = "{http://www.w3.org/2000/svg}"
LIGHT, DARK = "#ffffff", "#121212"
SOURCE = pathlib.Path(plotting.__file__).parents[1]

# How colours look to readers without one kind of cone, as matrices on
# linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868],
                            [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968],
                              [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779],
                            [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}


def linear(colour):
    """Return linear RGB of '#rrggbb' (IEC 61966-2-1)."""
    c = np.array([int(colour[i:i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    low, high = sorted(
        float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def oklab(rgb):
    """Return Ottosson's Oklab coordinates, where distance is difference."""
    lms = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                    [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])
    lab = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                    [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])
    return lab @ np.cbrt(lms @ np.clip(rgb, 0, 1))


def closest(palette, sight):
    """Return the smallest Oklab distance between two colours."""
    seen = [oklab(SIGHT[sight] @ linear(c)) for c in palette]
    return min(np.linalg.norm(a - b)
               for a, b in itertools.combinations(seen, 2))


@functools.cache
def drawn(*words):
    """Return one example, drawn once for several tests."""
    return example(*words)


def example(alt="two curves: a < b & b", caption="A caption with <b>."):
    """Draw something with every kind of mark."""
    fig, ax = figure(5, 3)
    x = np.linspace(0, 1, 20)
    ax.plot(x, x ** 2, label="square")
    ax.plot(x, x, label=r"$\tau = 1$", marker="o")
    ax.bar(x, x / 3, width=0.02)
    ax.fill_between(x, x, x + 0.1, alpha=0.3)
    ax.set(xlabel="input", ylabel="output", title="Two curves")
    ax.legend()
    return show(fig, alt, caption)


# ---------------------------------------------------------------- by hand

def test_contrast_by_hand():
    # white on black: (1 + 0.05) / (0 + 0.05) = 21, the largest there is
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


# ---------------------------------------------------------------- colours

@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_colours_are_seen_on_both_pages(page):
    for colour in PALETTE:
        assert contrast(colour, page) >= 3
    assert contrast(INK, page) >= 4.2


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_stay_apart(sight):
    assert len(PALETTE) == len(plotting.DASHES) == 6
    assert closest(PALETTE, sight) >= 0.1


def test_a_bad_palette_is_caught():
    # Matplotlib's own first colours: two of them meet without red cones,
    # and the olive one is too pale on white
    default = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd"]
    assert closest(default, "deuteranopia") < 0.1
    assert contrast("#bcbd22", LIGHT) < 3


def test_nothing_is_painted_behind():
    picture = drawn()
    fills = re.findall(r"fill: (#\w+|none)", picture.svg)
    assert "none" in fills and "#ffffff" not in picture.svg.lower()


def test_text_takes_the_colour_of_the_page():
    picture = drawn()
    assert INK in picture.svg
    assert INK not in picture._repr_html_()
    assert "currentColor" in picture._repr_html_()


# --------------------------------------------------------------- sameness

def test_same_text_twice():
    assert drawn() == example()
    assert drawn("one") != drawn("two")


def test_same_text_in_two_processes():
    code = ("from test_plotting import example;"
            "import hashlib;"
            "text = example()._repr_html_().encode();"
            "import sys; sys.stdout.write(hashlib.sha256(text).hexdigest())")
    here = pathlib.Path(__file__).parent
    path = os.pathsep.join([str(SOURCE), str(here)])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, text=True,
            capture_output=True, env={**os.environ, "PYTHONPATH": path,
                                      "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")}
    assert len(outputs) == 1 and len(outputs.pop()) == 64


def test_no_date_no_version():
    svg = drawn().svg
    assert "metadata" not in svg and "Matplotlib" not in svg
    assert "<style" not in svg            # it would reach the whole page
    assert not re.search(r"20\d\d-\d\d", svg)


def test_letters_are_outlines():
    assert "<text" not in drawn().svg


# ------------------------------------------------------- what is shown

def test_svg_has_size_role_and_words():
    root = ElementTree.fromstring(drawn().svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "two curves: a < b & b"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "two curves: a < b & b"
    assert root.get("width") == "360pt"           # 5 inches of 72 points
    assert root.get("height") == "216pt"
    assert "max-width:100%" in root.get("style")


def test_html_is_one_well_formed_figure():
    root = ElementTree.fromstring(drawn()._repr_html_())
    assert root.tag == "figure" and root[0].tag == f"{SVG}svg"
    assert root[1].tag == "figcaption"
    assert root[1].text == "A caption with <b>."
    plain = Picture("<svg/>", "alt")._repr_html_()
    assert plain == '<figure class="plot"><svg/></figure>'


def test_ids_are_own_and_links_lead_somewhere():
    one, two = drawn("one").svg, drawn("two").svg
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (one, two)]
    assert ids[0] and not ids[0] & ids[1]
    links = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', one))
    assert links and links <= ids[0]


def test_repr_is_the_words():
    assert repr(drawn("a line")) == "<Picture: a line>"


def test_style_is_restored():
    before = dict(matplotlib.rcParams)
    with style():
        assert matplotlib.rcParams["text.color"] == INK
    assert dict(matplotlib.rcParams) == before


def test_grid_of_axes():
    fig, axes = figure(6, 3, rows=2, columns=2, sharex=True)
    assert axes.shape == (2, 2)
    assert tuple(fig.get_size_inches()) == (6, 3)


@pytest.mark.parametrize("size", [(0, 3), (6, -1), (7.5, 3)])
def test_wrong_size(size):
    with pytest.raises(ValueError, match=f"{size[0]} x {size[1]}"):
        figure(*size)


@pytest.mark.parametrize("alt", ["", "  "])
def test_picture_without_words(alt):
    fig, _ = figure(3, 2)
    with pytest.raises(ValueError, match="alt must say"):
        show(fig, alt)


def test_only_plotting_imports_matplotlib():
    code = ("import sys, lmbook.functional, lmbook.gradcheck,"
            " lmbook.exercises;"
            "assert 'matplotlib' not in sys.modules;"
            "assert 'sympy' not in sys.modules;"
            "assert 'torch' not in sys.modules")
    subprocess.run([sys.executable, "-c", code], check=True,
                   env={**os.environ, "PYTHONPATH": str(SOURCE)})
