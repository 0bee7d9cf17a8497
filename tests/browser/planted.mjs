// Plants one defect of each kind in copies of a page, runs check.mjs on them,
// and fails unless every defect is reported in the expected words.
//
//   node planted.mjs SITE

import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const inline = (tex) => `<p class="mathjax_process">\\(${tex}\\)</p>`;
const noise = Array.from({ length: 120_000 }, (_, k) =>
  Math.abs(Math.sin(k + 1)).toString(36).slice(2)).join("");
const DEFECTS = {
  "tex-error": [inline("\\left( x"), "missing \\right"],
  "tex-unknown": [inline("\\nosuchcommand x"), "unknown command"],
  "tex-raw": ["<p>Here $x^2$ is left raw.</p>", "raw TeX: Here $x^2$"],
  "tex-ignored": ['<p class="mathjax_ignore"><span class="math">x</span></p>',
    "not typeset: x"],
  elsewhere: ['<img alt="a" src="https://example.org/a.png">',
    "leaves the machine: https://example.org/a.png"],
  console: ['<script>console.error("planted")</script>', "console: planted"],
  script: ['<script>throw new Error("planted")</script>',
    "script: Error: planted"],
  wide: ['<div style="width:900px">wide</div>', "in a window of 390"],
  image: ['<img alt="a" src="gone.png">', "broken image: gone.png"],
  label: ['<img src="../_static/logo.svg">', "axe image-alt"],
  faint: ['<p style="color:#999;background:#aaa">faint</p>',
    "axe color-contrast"],
  heavy: [`<script>/* ${noise} */</script>`, "too heavy"],
};

const here = dirname(fileURLToPath(import.meta.url));
const site = resolve(process.argv[2] ?? "_build/html");
const copy = `${site}-planted`;
cpSync(site, copy, { recursive: true });
const page = readFileSync(join(copy, "book/notation.html"), "utf8");
for (const [name, [html]] of Object.entries(DEFECTS)) {
  const file = join(copy, `book/planted-${name}.html`);
  writeFileSync(file, page.replace('<article class="bd-article">',
    (found) => found + html));
}

function run() {
  const script = join(here, "check.mjs");
  const args = [script, copy, "--only", "planted-", "--quick"];
  try {
    return { code: 0, text: execFileSync("node", args, { encoding: "utf8" }) };
  } catch (error) {
    return { code: error.status, text: error.stdout };
  }
}

const { code, text } = run();
rmSync(copy, { recursive: true });
const reports = text.split(/^(?=FAIL|ok )/m);
const missed = Object.entries(DEFECTS).filter(([name, [, words]]) => {
  const report = reports.find((part) => part.includes(`planted-${name}.html`));
  return !report?.startsWith("FAIL") || !report.includes(words);
}).map(([name]) => name);
const total = Object.keys(DEFECTS).length;
console.log(`planted defects caught: ${total - missed.length} of ${total}`);
if (missed.length) console.log(`missed: ${missed.join(", ")}\n${text}`);
process.exitCode = missed.length || code !== 1 ? 1 : 0;
