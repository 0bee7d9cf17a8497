// Types into the search box of the table of identities and fails on a wrong
// answer: from a folder, by keyboard, with and without JavaScript, on paper.
//
//   node search.mjs SITE

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const site = resolve(process.argv[2] ?? "_build/html");
const modules = resolve(process.env.BROWSER_MODULES ?? "_build/browser");
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const address = pathToFileURL(join(site, "book/matrix-identities.html")).href;

// What is typed, a row that must stay, a row that must go.
const QUERIES = [
  ["softmax hessian", "cross-entropy-hessian-in-matrices", "length"],
  ["x^T A x", "quadratic-form-in-matrices", "attention-by-the-keys"],
  ["tr(AXB)", "trace-of-three", "trace-alone"],
  ["\\mathbf{v} \\mathbf{v}^{\\top}", "hessian-of-half-a-square", "softplus"],
  ["LayerNorm", "layer-norm-jacobian", "dot-product-in-vectors"],
  ["kronecker", "layer-as-kronecker", "sigmoid-of-each"],
  ["norm of Ax-b", "least-squares-as-a-row", "mean-of-entries"],
  ["layer norm", "layer-norm-jacobian", "matrix-least-squares"],
  ["gradient of norm", "frobenius-norm", "least-squares-gradient"],
  ["linear", "linear-map", "constant-function"],
  ["vec", "vec-of-a-product", "product-of-two-functions"],
  ["xAx", "quadratic-form-in-matrices", "trace-of-three"],
  ["x'Ax", "quadratic-form-in-matrices", "trace-alone"],
  ["2Ax", "symmetric-quadratic-form", "linear-map"],
  ["||x||", "length", "softplus"],
  ["crossentropy", "cross-entropy-gradient-in-vectors", "length"],
  ["mse", "least-squares-gradient", "softplus"],
  ["the derivative of the trace", "trace-alone", "softplus"],
];
// What is typed, the row that comes first.
const FIRST = [
  ["layer norm", "layer-norm-jacobian"],
  ["softmax", "softmax-jacobian-in-matrices"],
  ["gradient of norm", "frobenius-norm"],
  ["trace", "trace-alone"],
  ["", "constant-function"],
];
// What is typed, and what the table says that it leaves out.
const MISSING = [
  ["derivative of inverse", "inverse and the determinant of a matrix are not"],
  ["determinant", "0 of 104 identities. The inverse and the determinant"],
  ["log det", "not in this table"],
  ["batch norm", "Batch normalisation is not in this table"],
  ["gelu", "SiLU and softplus"],
  ["no such thing", "Try one word"],
];
const PAPER = 4;                        // pages of A4, at most

const wrong = [];
const expect = (right, words) => { if (!right) wrong.push(words); };
const visible = (page) => page.locator(".identity:visible").count();

async function typeAndCount(page, total) {
  const box = page.getByRole("searchbox", { name: "Search the table" });
  const status = page.getByRole("status");
  for (const [query, stays, goes] of QUERIES) {
    await box.fill(query);
    const found = await visible(page);
    expect(await page.locator(`#${stays}`).isVisible(), `${query}: no ${stays}`);
    expect(!await page.locator(`#${goes}`).isVisible(), `${query}: ${goes}`);
    expect((await status.textContent()).startsWith(`${found} of ${total}`),
      `${query}: announced ${await status.textContent()}, shown ${found}`);
    const empty = await page.locator("section section:visible", {
      hasNot: page.locator(".identity:not([hidden])") }).count();
    expect(empty === 0, `${query}: ${empty} headings without a row`);
  }
  for (const [query, first] of FIRST) {
    await box.fill(query);
    const found = await page.locator(".identity:visible").first()
      .getAttribute("id");
    expect(found === first, `${query}: ${found} comes first`);
  }
  for (const [query, answer] of MISSING) {
    await box.fill(query);
    const said = await status.textContent();
    expect(said.includes(answer), `${query}: ${said}`);
  }
  await box.fill("no such thing");
  expect(await visible(page) === 0, "nonsense finds a row");
  expect((await status.textContent()).includes("0 of"), "0 is not announced");
  await box.press("Escape");            // a search box empties itself
  await box.fill("");
  expect(await visible(page) === total, "an empty box hides rows");
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
await page.goto(address);
await page.evaluate(() => window.MathJax?.startup?.promise);
const total = await page.locator(".identity").count();
expect(total >= 100, `only ${total} rows`);
await typeAndCount(page, total);
const paper = (await page.pdf({ format: "A4" })).toString("latin1");
const sheets = paper.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
expect(sheets >= 1 && sheets <= PAPER, `${sheets} pages on paper`);

const plain = await browser.newContext({ javaScriptEnabled: false });
const silent = await plain.newPage();
await silent.goto(address);
expect(await visible(silent) === total, "rows are hidden without JavaScript");
expect(await silent.locator("input[type=search]:visible").count() === 0,
  "a dead search box without JavaScript");
await browser.close();
for (const words of wrong) console.log(words);
console.log(`search: ${QUERIES.length + FIRST.length + MISSING.length + 2} queries, ${total} rows, ` +
  `${sheets} pages on paper, ${wrong.length} wrong`);
process.exitCode = wrong.length ? 1 : 0;
