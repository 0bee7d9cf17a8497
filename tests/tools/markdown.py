"""Read MyST Markdown as the site's parser does and list what is in it."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

OPAQUE = {"code-block", "code", "code-cell", "literalinclude", "raw",
          "bibliography", "toctree", "tableofcontents", "mermaid",
          "glue", "glue:any", "glue:math", "glue:md"}
PATHS = {"figure", "image", "literalinclude", "include", "glue:figure"}
BRACKETS = re.compile(r"(?<!\\)\\\[(.+?)\\\]", re.DOTALL)
PARENTHESES = re.compile(r"(?<!\\)\\\((.+?)\\\)", re.DOTALL)
DISPLAYS = {"math_block": "display", "math_block_label": "display",
            "amsmath": "display"}


@dataclass(frozen=True)
class Item:
    """One thing found on a page.

    ``kind``: text, math, display, heading, directive, role, code, image or
    listitem.  ``name``: level of a heading, name of a directive or role.
    ``inside``: names of the directives around it.  ``options`` and ``body``:
    those of a directive.
    """

    kind: str
    text: str
    name: str = ""
    inside: tuple = ()
    options: tuple = ()
    in_link: bool = False
    body: str = ""


def parser():
    """Return a Markdown parser with the extensions the book uses."""
    found = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, colon_fence_plugin, myst_role_plugin,
                   myst_block_plugin, amsmath_plugin):
        found.use(plugin)
    return found.use(dollarmath_plugin, allow_space=True, allow_digits=True,
                     double_inline=True)


PARSER = parser()


def parse(text, inside=()):
    """Return the items of a Markdown text, in reading order."""
    items, heading = [], None
    for token in PARSER.parse(text):
        if token.type == "heading_open":
            heading = token.tag[1:]
        elif token.type == "list_item_open":
            items.append(Item("listitem", "", inside=inside))
        elif token.type == "inline":
            if heading:
                items.append(Item("heading", token.content, heading, inside))
                heading = None
            items += inline(token, inside)
        elif token.type in DISPLAYS:
            items.append(Item("display", token.content, inside=inside))
        elif token.type in {"fence", "colon_fence"}:
            items += fence(token, inside)
        elif token.type == "html_block":
            items += brackets(token.content, inside)
            items.append(Item("text", re.sub("<[^>]*>", " ", token.content),
                              inside=inside))
    return items


def brackets(source, inside):
    r"""Find ``\[...\]`` and ``\(...\)``: Markdown has no use for them, but
    they must not carry a formula past the checks."""
    source = re.sub(r"\$[^$]*\$", " ", source)
    return [Item("display", m, inside=inside) for m in BRACKETS.findall(source)
            ] + [Item("math", m, inside=inside)
                 for m in PARENTHESES.findall(source)]


def inline(token, inside):
    """Return the items of one paragraph, heading or table cell."""
    items, link = brackets(token.content, inside), False
    for child in token.children:
        link = {"link_open": True, "link_close": False}.get(child.type, link)
        if child.type in {"text", "text_special"}:
            items.append(Item("text", child.content, "", inside, (), link))
        elif child.type == "math_inline":
            items.append(Item("math", child.content, "", inside))
        elif child.type == "math_inline_double":
            items.append(Item("display", child.content, "", inside))
        elif child.type == "code_inline":
            items.append(Item("code", child.content, "", inside))
        elif child.type == "image":
            items.append(Item("image", child.content, "", inside))
        elif child.type == "myst_role":
            items.append(role(child, inside))
    return items


def role(child, inside):
    """Return a role; ``{math}`` is a formula like any other."""
    name = child.meta["name"]
    kind = "math" if name == "math" else "role"
    return Item(kind, child.content, name, inside)


def fence(token, inside):
    """Return a directive and what is in it, or a block of code."""
    match = re.match(r"\{([\w:-]+)\}\s*(.*)", token.info.strip())
    if not match:
        return [Item("code", token.content, token.info.strip(), inside)]
    name, argument = match.groups()
    options, body = split_options(token.content)
    if name == "math":
        return [Item("display", f"{argument}\n{body}".strip(), name, inside)]
    found = Item("directive", argument, name, inside,
                 tuple(sorted(options.items())), body=body)
    if name in OPAQUE:
        return [found]
    title = [] if name in PATHS else parse(argument, inside + (name,))
    return [found] + title + parse(body, inside + (name,))


def split_options(content):
    """Split a directive's content into its options and its body.

    >>> split_options(":label: ex-b1\\n\\nShow it.")
    ({'label': 'ex-b1'}, 'Show it.')
    """
    lines, options = content.split("\n"), {}
    while lines and (found := re.match(r":([\w-]+):\s*(.*)", lines[0])):
        options[found.group(1)] = found.group(2).strip()
        lines.pop(0)
    return options, "\n".join(lines).strip()


def words(items):
    """Count words: a formula, a role or a piece of code counts as one."""
    return sum(len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", item.text))
               if item.kind == "text"
               else item.kind in {"math", "role", "code"} for item in items)
