"""The site builds without a warning, twice alike, and no link dangles."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["_config.yml", "_toc.yml", "book", "src"]
ADDRESS = {"a": "href", "link": "href", "script": "src", "img": "src",
           "source": "src", "iframe": "src", "video": "src", "audio": "src",
           "object": "data", "embed": "src", "use": "href"}
NEIGHBOURS = ["next", "prev", "search", "index", "author", "canonical"]
JUNK = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints",
                              "*.egg-info")
LOADED = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")]+)")


class Page(HTMLParser):
    """The ids of one page, its links, and what it loads."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loads = set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "meta" and given.get("http-equiv") == "refresh":
            self.links.append(given["content"].split("url=")[1])
        address = given.get(ADDRESS.get(tag))
        read_later = tag == "a" or given.get("rel") in NEIGHBOURS
        if address:
            (self.links if read_later else self.loads).append(address)


def start_build(folder):
    """Copy the sources into `folder` and start a strict build there."""
    for name in SOURCES:
        source = ROOT / name
        copy = shutil.copy if source.is_file() else shutil.copytree
        extra = {} if source.is_file() else {"ignore": JUNK}
        copy(source, folder / name, **extra)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".",
               "-q", "-W", "-n", "--keep-going"]
    return subprocess.Popen(command, cwd=folder, text=True,
                            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def contents(folder):
    """Every file below `folder`: name to bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """Two finished builds: (exit code, log, folder with the pages) each."""
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    running = [start_build(folder) for folder in folders]
    logs = [process.communicate()[0] for process in running]
    return [(process.returncode, log, folder / "_build" / "html")
            for process, log, folder in zip(running, logs, folders)]


@pytest.fixture(scope="module")
def site(builds):
    """The pages of the first build: name to parsed page."""
    folder = builds[0][2]
    pages = {path.relative_to(folder).as_posix(): Page(path)
             for path in folder.rglob("*.html")
             if not path.relative_to(folder).parts[0].startswith("_")}
    return folder, pages


def broken_links(folder, pages):
    """Links of the site that lead nowhere, as (page, address)."""
    wrong = []
    for name, page in pages.items():
        for address in page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = folder / name
            if parts.path:
                target = (target.parent / unquote(parts.path)).resolve()
            known = pages.get(os.path.relpath(target, folder.resolve()))
            anchor = unquote(parts.fragment)
            missing = anchor and known and anchor not in known.ids
            if not target.is_file() or missing:
                wrong.append((name, address))
    return wrong


def foreign(folder, pages):
    """What pages or stylesheets load from elsewhere or from a missing file."""
    wrong = []
    for name, page in pages.items():
        for address in page.loads:
            parts = urlsplit(address)
            local = (folder / name).parent / unquote(parts.path)
            absent = parts.scheme != "data" and not local.is_file()
            if parts.netloc or absent:
                wrong.append((name, address))
    for path in folder.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        wrong += [(path.name, address) for address in LOADED.findall(text)]
    return wrong


def test_both_builds_are_clean(builds):
    for code, log, _ in builds:
        assert code == 0, log


def test_every_page_of_the_contents_is_there(site):
    _, pages = site
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    listed = re.findall(r"(?:root|file):\s*(\S+)", toc)
    expected = {f"{name}.html" for name in listed}
    assert expected and expected <= set(pages)


def test_previous_and_next_follow_the_contents(site):
    folder, pages = site
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    names = re.findall(r"(?:root|file):\s*book/(\S+)", toc)
    for before, after in zip(names, names[1:]):
        for page, side, target in ((before, "right-next", after),
                                   (after, "left-prev", before)):
            html = (folder / f"book/{page}.html").read_text("utf-8")
            found = re.search(rf'class="{side}"\s+href="([^"]+)"', html)
            assert found and found[1] == f"{target}.html", page


def test_two_builds_are_identical(builds):
    one, two = (contents(folder) for _, _, folder in builds)
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []


def test_no_link_is_broken(site):
    assert broken_links(*site) == []


def test_nothing_comes_from_elsewhere(site):
    assert foreign(*site) == []


def test_a_broken_link_is_caught(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here"></a><a href="#gone"></a>'
        '<a href="b.html"></a><a href="https://example.org/"></a>')
    pages = {"a.html": Page(tmp_path / "a.html")}
    assert broken_links(tmp_path, pages) == [("a.html", "#gone"),
                                             ("a.html", "b.html")]


def test_a_foreign_resource_is_caught(tmp_path):
    (tmp_path / "a.html").write_text(
        '<img src="//example.org/x.png"><script src="gone.js"></script>'
        '<img src="data:image/png;base64,AA==">')
    (tmp_path / "a.css").write_text(
        '@import "https://example.org/x.css"; b { background: url(c.png) }')
    found = foreign(tmp_path, {"a.html": Page(tmp_path / "a.html")})
    assert found == [("a.html", "//example.org/x.png"), ("a.html", "gone.js"),
                     ("a.css", "https://example.org/x.css")]
