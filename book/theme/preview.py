"""Draw the picture that a message shows beside a link to the book.

    python book/theme/preview.py [--chromium PATH]

writes `preview.png`, 1200 by 630, from the logo and the font of the book.
It was run once; run it again if the logo or the promise changes.
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "assets"
PAGE = """<!DOCTYPE html><meta charset="utf-8"><style>
@font-face {{ font-family: Book; src: url("{font}"); font-weight: 400 700; }}
* {{ margin: 0; }}
body {{ width: 1200px; height: 630px; background: #fdfcf8; color: #20292d;
  font-family: Book; overflow: hidden; }}
main {{ padding: 84px 92px; border-top: 14px solid #0d6a60; height: 100%; }}
svg {{ width: 118px; height: 118px; }}
h1 {{ font-size: 82px; font-weight: 600; letter-spacing: -0.015em;
  margin: 34px 0 22px; }}
p {{ font-size: 37px; line-height: 1.4; color: #55605f; }}
b {{ color: #0b6157; font-weight: 600; }}
</style><main>{logo}<h1>Every Equation Checked</h1>
<p>Neural networks and language models,<br>
<b>derived, proved and run.</b></p></main>"""


def draw(chromium, out):
    """Let Chromium take the picture."""
    text = PAGE.format(
        font=(ASSETS / "fonts" / "source-serif-4.woff2").as_uri(),
        logo=(ASSETS / "logo.svg").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "preview.html")
        page.write_text(text, encoding="utf-8")
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu",
             "--hide-scrollbars", "--allow-file-access-from-files",
             "--window-size=1200,630", f"--screenshot={out}",
             page.as_uri()], check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    draw(parser.parse_args().chromium, ASSETS / "preview.png")
