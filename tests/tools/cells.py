"""What every code cell of the book must be, on every page."""

import ast
import re

from tools.notebooks import data, glue_key, is_slug, record

MIMES = {"text/plain", "text/html", "text/latex", "text/markdown",
         "image/svg+xml", "application/vnd.lmbook.derivation+json"}
# Pages whose subject is the code of a derivation: it is not folded there.
OPEN_CODE = {"how-this-book-checks-itself"}
STRAY = re.compile(r"^[\[(]?<[\w. ]+|\bat 0x[0-9a-f]+|^\[?(Text|Line2D)\(")
VERDICTS = re.compile(r"(allclose|isclose|array_equal|equal|gradcheck)$")
TAGS = {"hide-input", "hide-output", "hide-cell", "remove-input",
        "remove-output", "remove-cell", "raises-exception",
        "nbval-ignore-output"}
LONG_FLOAT = re.compile(r"\d\.\d{9,}")
DRAWING = re.compile(r"<svg.*?>", re.DOTALL)
LABEL = re.compile(r'aria-label="([^"]*)"')
CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
IGNORE_BUDGET = 3


def tree(cell):
    """Parse a cell; magics and shell lines are reported elsewhere."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.parse("")


def ids(page):
    """Ids are unique slugs chosen by a person."""
    seen = set()
    for cell in page.cells:
        if not page.notebook:
            break
        if not is_slug(cell.id):
            yield f"{cell.place}: the id is no slug such as 'ce-gradient'"
        if cell.id in seen:
            yield f"{cell.place}: the id appears twice"
        seen.add(cell.id)


def executed(page):
    """Cells were run from first to last in a fresh kernel."""
    for expected, cell in enumerate(page.code, 1):
        if cell.count != expected:
            yield (f"{cell.place}: execution count {cell.count}, expected "
                   f"{expected}: run make notebook")


def imports(page):
    """Only the first code cell imports; nothing is installed."""
    for position, cell in enumerate(page.code):
        found = [node for node in ast.walk(tree(cell))
                 if isinstance(node, (ast.Import, ast.ImportFrom))]
        if position == 0 and not found:
            yield f"{cell.place}: the first code cell must import"
        if position and found:
            yield f"{cell.place}: imports belong in the first code cell"
        if re.search(r"^\s*[!%]|\bsys\.path\b|\bpip install\b", cell.source,
                     re.MULTILINE):
            yield f"{cell.place}: magics, installs and sys.path are not used"
        if "vnd.lmbook" in cell.source:
            yield f"{cell.place}: only the engine writes derivation outputs"


def is_verdict(node):
    """Tell whether an expression is a comparison or a check.

    ``check("B1", ...)`` of the exercises is none: its answer is for a reader.
    """
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return bool(VERDICTS.search(name))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return is_verdict(node.operand)
    return isinstance(node, (ast.Compare, ast.BoolOp))


def silent_checks(page):
    """A check asserts: it prints nothing and shows no True."""
    for cell in page.code:
        body = tree(cell).body
        prints = [node for node in ast.walk(ast.Module(body, []))
                  if isinstance(node, ast.Call)
                  and getattr(node.func, "id", "") == "print"]
        if any(is_verdict(inner) for node in prints
               for inner in ast.walk(node) if inner is not node):
            yield f"{cell.place}: prints a check; assert it"
        shown = body[-1] if body else None
        if isinstance(shown, ast.Expr) and is_verdict(shown.value):
            yield f"{cell.place}: shows a check; assert it"


def outputs(page):
    """No error but where it is meant, no stderr, nothing stray."""
    for cell in page.code:
        kinds = {output["output_type"] for output in cell.outputs}
        meant = "raises-exception" in cell.tags
        if ("error" in kinds) != meant:
            yield (f"{cell.place}: " + ("tagged raises-exception, but no error"
                   if meant else "ended in an error"))
        for output in cell.outputs:
            if output.get("name") == "stderr":
                yield f"{cell.place}: wrote to stderr"
            found = data(output)
            plain = found.get("text/plain", "")
            alone = set(found) == {"text/plain"} and not glue_key(output)
            if alone and STRAY.search(plain):
                yield f"{cell.place}: stray output {plain[:60]!r}"
            if LONG_FLOAT.search(plain):
                yield f"{cell.place}: round the number in {plain[:60]!r}"
            for mime in sorted(set(found) - MIMES):
                yield f"{cell.place}: output of type {mime}"
            if (record(output) and not glue_key(output)
                    and page.name not in OPEN_CODE
                    and not {"hide-input", "remove-input"} & set(cell.tags)):
                yield f"{cell.place}: a derivation cell needs tag hide-input"


def pictures(page):
    """A picture shown as HTML has a caption and a text too."""
    for cell in page.code:
        for output in cell.outputs:
            shown = data(output).get("text/html", "")
            if record(output) or not DRAWING.search(shown):
                continue
            labels = [LABEL.search(tag) for tag in DRAWING.findall(shown)]
            caption = CAPTION.search(shown)
            for label in labels:
                yield from legend(cell, caption.group(1) if caption else "",
                                  label.group(1) if label else "")


def figures(page):
    """A figure has a name, a caption that is a sentence, and a text."""
    for cell in page.code:
        if any("image/svg+xml" in data(output) and not glue_key(output)
               for output in cell.outputs):
            stored = cell.metadata.get("mystnb", {})
            figure, image = stored.get("figure", {}), stored.get("image", {})
            yield from legend(cell, figure.get("caption", ""),
                              image.get("alt", ""))
            if not str(figure.get("name", "")).startswith("fig-"):
                yield f"{cell.place}: the figure has no name fig-..."
    for cell in page.cells:
        for item in cell.items:
            if item.kind == "directive" and item.name in {"figure",
                                                          "glue:figure"}:
                yield from legend(cell, item.body,
                                  dict(item.options).get("alt", ""))
            elif (item.name == "image" and not dict(item.options).get("alt")
                  or item.kind == "image" and not item.text.strip()):
                yield f"{cell.place}: an image has no alt text"


def legend(cell, caption, alt):
    """Check a caption and the text that stands for the figure."""
    if len(str(caption).split()) < 5 or "." not in str(caption):
        yield f"{cell.place}: the caption {caption!r} is no sentence"
    if len(str(alt).split()) < 3:
        yield f"{cell.place}: the figure has no alt text of three words"


def ignored(page):
    """An output that is not compared says why."""
    for cell in page.code:
        if ("nbval-ignore-output" in cell.tags
                and not re.search(r"# Not compared: \w+ \w+", cell.source)):
            yield (f"{cell.place}: nbval-ignore-output without a comment "
                   "'# Not compared: why'")
        for tag in sorted(set(cell.tags) - TAGS):
            yield f"{cell.place}: the tag {tag} is not used"
        if re.search(r"#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source):
            yield f"{cell.place}: use tags, not comments, to steer nbval"


RULES = (ids, executed, imports, silent_checks, outputs, pictures, figures,
         ignored)


def faults(page):
    """Return every fault of the code cells of one page."""
    return [fault for rule in RULES for fault in rule(page)]


def budget(every):
    """At most three outputs of the book go uncompared."""
    found = [cell.place for page in every for cell in page.code
             if "nbval-ignore-output" in cell.tags]
    return [f"{place}: more than {IGNORE_BUDGET} cells of the book have "
            "nbval-ignore-output" for place in found[IGNORE_BUDGET:]]
