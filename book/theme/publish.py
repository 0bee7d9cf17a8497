"""A small Sphinx extension: what a published site needs.

A preview for links in messages (og: tags), a page for lost readers
(404.html), and a map of the site for search engines (sitemap.xml).  The
address is `html: baseurl:` in `_config.yml`.  While it is empty, there is no
sitemap and no preview picture, since both hold whole addresses, and
404.html is only right at the top of a server.
"""

import re
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from docutils import nodes

PICTURE = "_static/preview.png"
LENGTH = 200                                # of a description, in letters
AWAY = {"404", "search", "genindex"}        # pages that no one looks for
RELATIVE = re.compile(r'((?:href|src|action|data-content_root)=")'
                      r'(?!#|/|[a-z]+:)([^"]*)')
LOST = """<section><h1>This page is not here</h1>
<p>The address may be old, or mistyped. Search for what you want:</p>
<form action="search.html" method="get" role="search" class="lost-search">
<input type="search" name="q" aria-label="Search the book">
<button type="submit">Search</button></form>
<p>Or begin at one of these:</p>
<ul><li><a href="book/index.html">The first page, with a map</a></li>
<li><a href="book/formula-sheet.html">Formula sheet</a></li>
<li><a href="book/glossary.html">Glossary</a></li>
<li><a href="book/notation.html">Notation</a></li></ul></section>"""


def description(doctree):
    """Return how a page begins; None if it begins with a formula."""
    first = doctree.next_node(nodes.paragraph) if doctree else None
    if first is None or first.next_node(nodes.math):
        return None
    text = " ".join(first.astext().split())
    return text if len(text) <= LENGTH else (
        text[:LENGTH].rsplit(" ", 1)[0] + " …")


def tags(title, words, base, page):
    """Return the tags that say how a link to a page looks in a message."""
    values = {"og:type": "article", "og:site_name": "Every Equation Checked",
              "og:title": title, "og:description": words}
    if base:
        values |= {"og:url": urljoin(base, page),
                   "og:image": urljoin(base, PICTURE),
                   "og:image:width": "1200", "og:image:height": "630",
                   "og:image:alt": "Every Equation Checked"}
    return "".join(f'\n<meta property="{name}" content="{escape(value)}">'
                   for name, value in values.items() if value)


def add_tags(app, pagename, templatename, context, doctree):
    """Put the tags into the head of a page."""
    title = re.sub("<[^>]*>", "", context.get("title") or app.config.project)
    words = description(doctree) or app.config.myst_html_meta.get(
        "description", "")
    context["metatags"] = context.get("metatags", "") + tags(
        title, words, app.config.html_baseurl, f"{pagename}.html")


def lost(app):
    """Yield the page that a server shows for an unknown address."""
    yield "404", {"title": "Not found", "body": LOST}, "page.html"


def rooted(html, base):
    """Return a page whose links do not depend on where it is shown.

    >>> rooted('<a href="book/a.html"> <a href="#x">', "https://a.org/b/")
    '<a href="/b/book/a.html"> <a href="#x">'
    """
    root = urlsplit(base).path or "/"
    return RELATIVE.sub(lambda found: found[1] + urljoin(root, found[2]),
                        html)


def sitemap(base, pages):
    """Return the map of a site as XML."""
    places = "".join(f"<url><loc>{escape(urljoin(base, page))}</loc></url>\n"
                     for page in sorted(pages))
    return ('<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://'
            f'www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n')


def finish(app, error):
    """Write the map, and make the links of 404.html whole."""
    base = app.config.html_baseurl
    if error or not base or app.builder.format != "html":
        return
    base = base.rstrip("/") + "/"
    pages = {f"{name}.html" for name in app.env.found_docs} - {
        f"{name}.html" for name in AWAY}
    out = Path(app.outdir)
    (out / "sitemap.xml").write_text(sitemap(base, pages), encoding="utf-8")
    page = out / "404.html"
    page.write_text(rooted(page.read_text("utf-8"), base), encoding="utf-8")


def setup(app):
    """Register the extension with Sphinx."""
    app.connect("html-page-context", add_tags, priority=800)
    app.connect("html-collect-pages", lost)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
