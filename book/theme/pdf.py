"""The whole book as one PDF, printed by Chromium from the built site.

    python book/theme/pdf.py [--site _build/html] [--chromium PATH]

puts the articles of all pages, in the order of the table of contents, into
one page; links between pages become links inside it.  Chromium sets the
mathematics, prints, and makes the outline from the headings.  The result is
`every-equation-checked.pdf` inside the site, and the landing page then
links to it.  The reference of the package stays on the screen.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

NAME = "every-equation-checked.pdf"
ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.S)
HEAD = re.compile(r"<head>.*?</head>", re.S)
SCRIPT = re.compile(r"<script.*?</script>", re.S)
MATHEMATICS = re.compile(r"MathJax|mathjax|mathematics\.js")
ANCHOR = re.compile(r'((?:\s(?:id|for|aria-labelledby|aria-describedby|name)='
                    r'"|href="#|url\(#))([^")]+)')
PAGE = re.compile(r'href="([\w-]+)\.html(?:#([^"]*))?"')
PLACE = '<div id="whole-book"></div>'


def order(toc):
    """Return the names of the pages to print, in the order of the book."""
    files = [toc["root"], *(chapter["file"] for part in toc["parts"]
                            for chapter in part["chapters"])]
    return [name for name in (Path(file).name for file in files)
            if not name.startswith("reference-")]


def local(page, article, pages):
    """Return an article whose anchors carry the name of its page.

    >>> local("a", '<p id="x"><a href="#x"></a><a href="b.html#y">', "ab")
    '<p id="a--x"><a href="#a--x"></a><a href="#b--y">'
    """
    def anchor(match):
        names = match[2].split(" ") if "aria" in match[1] else [match[2]]
        return match[1] + " ".join(f"{page}--{name}" for name in names)

    def other(match):
        if match[1] not in pages:
            return match[0]
        return f'href="#{match[1]}' + (f'--{match[2]}"' if match[2] else '"')

    return PAGE.sub(other, ANCHOR.sub(anchor, article))


def unfolded(article):
    """Open hints and solutions; the code of derivations stays folded."""
    return (article.replace("toggle-hidden", "").replace(" dropdown", "")
            .replace('<details class="hint"', '<details open class="hint"'))


def whole(site, pages):
    """Return the book as one HTML page."""
    text = {page: (site / "book" / f"{page}.html").read_text("utf-8")
            for page in pages}
    head = HEAD.search(next(html for html in text.values()
                            if MATHEMATICS.search(html)))[0]
    head = SCRIPT.sub(lambda script: script[0] * bool(
        MATHEMATICS.search(script[0])), head)
    body = "\n".join(
        f'<section class="printed-page" id="{page}">'
        f"{unfolded(local(page, ARTICLE.search(html)[1], pages))}</section>"
        for page, html in text.items())
    head = re.sub(r"<title>.*?</title>",
                  "<title>Every Equation Checked</title>", head, flags=re.S)
    return ('<!DOCTYPE html>\n<html lang="en" data-theme="light" '
            f'data-mode="light">{head}<body class="whole-book">'
            f'<article class="bd-article">{body}</article></body></html>')


def browser(given):
    """Return the path of Chromium, or end with a message."""
    found = given or os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        sys.exit("make pdf prints with Chromium: install it, or give its "
                 "path in the variable CHROMIUM")
    return found


def print_pdf(chromium, page, out):
    """Print one HTML page; the file is complete or not there."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "book.pdf")
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu",
             "--allow-file-access-from-files", "--no-pdf-header-footer",
             "--generate-pdf-document-outline", f"--print-to-pdf={made}",
             "--virtual-time-budget=3000000", "--timeout=900000",
             page.resolve().as_uri()],
            check=True, capture_output=True, timeout=1200)
        shutil.move(made, out)


def main():
    """Put the pages together, print them, link the result."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--site", type=Path, default=Path("_build/html"))
    parser.add_argument("--chromium")
    options = parser.parse_args()
    chromium = browser(options.chromium)
    pages = order(yaml.safe_load(Path("_toc.yml").read_text("utf-8")))
    page = options.site / "book" / "whole-book.html"
    page.write_text(whole(options.site, pages), encoding="utf-8")
    try:
        print_pdf(chromium, page, options.site / NAME)
    finally:
        page.unlink()
    landing = options.site / "book" / "index.html"
    landing.write_text(landing.read_text("utf-8").replace(PLACE, (
        f'<p><a href="../{NAME}">The whole book as one PDF</a></p>')),
        encoding="utf-8")
    print(f"written to {options.site / NAME}, "
          f"{(options.site / NAME).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
