// The engine in the page: a reader types lines and reads verdicts, with the
// network cut.
//
//   node engine.mjs SITE [--shots DIR]
//
// From a folder and from a local server: nothing of the engine is asked for
// before the click, right lines are accepted, wrong ones refused with the
// engine's words, all mathematics typeset, no console error, no sideways
// scroll on a phone, no accessibility violation in light and dark. Then the
// messages of a site without the engine and of a browser that is too old,
// and a line that takes too long.

import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { serve } from "./serve.mjs";

const PAGE = "book/how-this-book-checks-itself.html";
const SOFTMAX = "s[i] * (delta(i, j) - s[j])";
const LABELS = "-total(l, y[l] * (delta(l, j) - s[j]))";

// A start, a line, whether the fact is cited, and words of the verdict. A
// start of null goes on from the line before.
const CASES = [
  ["softmax", SOFTMAX, false, "Accepted: proved for every size"],
  ["softmax", "s[i] * (delta(i, j) + s[j])", false,
    "WrongStep|K = 1|this line gives 2, the line before 0"],
  ["softmax", "s[i] * (1 - s[j])", false, "WrongStep|K = 2"],
  ["softmax", "s[i] * (delta(i, j) - s[l])", false,
    "IndexMismatch|the index l is free here"],
  ["softmax", "s[i] * (delta(i, j) - q[j])", false,
    "Unreadable|the name q is not known here"],
  ["softmax", "s[i] * (delta(i, j) - s[j]", false,
    "Unreadable|2 round brackets are opened and 1 closed"],
  ["softmax", "s[i] (1 - s[j])", false,
    "Unreadable|a product needs its sign"],
  ["softmax", "0.5 * s[i]", false, "Unreadable|a fraction of whole numbers"],
  ["softmax", "__import__('os')", false, "Unreadable"],
  ["quadratic", "(A + A.T) @ x", false, "Accepted"],
  ["quadratic", "2 * A @ x", false, "WrongStep|K = 2"],
  ["quadratic", "x @ A", false, "ShapeMismatch|of shape (K, 1)"],
  ["logistic", "exp(-z) / (1 + exp(-z))**2", false, "Accepted"],
  [null, "p * (1 - p)", false, "Accepted|2 lines proved"],
  [null, "p * (1 - p)", false, "IdleStep"],
  ["logistic", "p * (1 + p)", false, "WrongStep|at z ="],
  ["cross-entropy", "s[j] - y[j]", false, "WrongStep"],
  ["cross-entropy", "s[j] - y[j]", true,
    "Accepted|facts shown necessary: the labels sum to one"],
  ["cross-entropy", LABELS, true, "IdleFact"],
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true, options: { shots: { type: "string" } } });
const site = resolve(positionals[0] ?? "_build/html");
const modules = resolve(process.env.BROWSER_MODULES ?? "_build/browser");
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const wrong = [];
const expect = (right, words) => { if (!right) wrong.push(words); };

async function open(browser, base, { scheme = "light", setup } = {}) {
  const context = await browser.newContext({ colorScheme: scheme,
    viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const asked = [];
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`script: ${error}`));
  page.on("request", (request) => asked.push(request.url()));
  await page.route("**", (route) => {
    const url = route.request().url();
    if (url.startsWith(base) || /^(data|blob):/.test(url)) {
      return route.fallback();
    }
    wrong.push(`leaves the machine: ${url}`);
    return route.abort();
  });
  await setup?.(page);
  await page.goto(base + PAGE, { waitUntil: "load" });
  await page.evaluate(() => window.MathJax?.startup?.promise);
  return { page, asked, close: () => context.close() };
}

async function type(page, start, line, cite) {
  if (start) {
    await page.getByLabel("Start from").selectOption(start);
    await page.getByRole("button", { name: "Start again" }).click();
  }
  if (cite) await page.getByLabel("by the fact that").check();
  const box = page.getByLabel("Your next line");
  await box.fill(line);
  await box.press("Enter");
  await page.waitForFunction(() =>
    document.querySelector("#desk-verdict .verdict") &&
    !document.getElementById("desk-status").textContent &&
    !document.getElementById("desk-start").disabled, null,
    { timeout: 180_000 });
  return page.evaluate(() => {
    const verdict = document.getElementById("desk-verdict");
    const said = [...verdict.querySelectorAll(".verdict-head, p")];
    return { kind: verdict.querySelector(".verdict").className,
      words: said.map((node) => node.textContent).join(" "),
      raw: /\\[(a-z]/.test(document.getElementById("desk").innerText) };
  });
}

async function tryAll(page, where) {
  for (const [start, line, cite, words] of CASES) {
    const found = await type(page, start, line, cite);
    for (const piece of words.split("|")) {
      expect(found.words.includes(piece),
        `${where}: ${line}: expected "${piece}", read "${found.words}"`);
    }
    const right = words.startsWith("Accepted");
    expect(found.kind.includes(" right") === right,
      `${where}: ${line}: ${found.kind}`);
    expect(!found.raw, `${where}: ${line}: TeX is not typeset`);
    if (process.env.SAY) console.log(`   ${line}: ${found.words}`);
  }
}

async function looks(page, where) {
  const wide = await page.evaluate(() =>
    document.scrollingElement.scrollWidth - window.innerWidth);
  expect(wide <= 0, `${where}: ${wide} pixels too wide`);
  if (options.shots) {
    await page.locator("#desk").screenshot({
      path: join(options.shots, `desk-${where.replaceAll(" ", "-")}.png`) });
  }
  if (where.startsWith("file")) return;       // axe fetches the stylesheets
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run("#desk"));
  for (const { id, nodes } of violations) {
    wrong.push(`${where}: axe ${id}: ${nodes[0].target.join(" ")}`);
  }
}

async function session(browser, base, scheme) {
  const where = `${base.split(":")[0]} ${scheme}`;
  const { page, asked, close } = await open(browser, base, { scheme });
  const ours = () => asked.filter((url) => url.includes("_static/engine/"));
  expect(ours().length === 0, `${where}: loaded before the click`);
  const before = asked.length, start = Date.now();
  const [first] = CASES;
  const said = await type(page, ...first);
  const seconds = (Date.now() - start) / 1000;
  expect(said.kind.includes(" right"), `${where}: ${said.words}`);
  const files = asked.slice(before).filter((url) => !url.startsWith("blob:"));
  const size = files.reduce((sum, url) => sum + readFileSync(
    join(site, url.slice(base.length).split("?")[0])).length, 0);
  expect(ours().length === 4, `${where}: ${ours().length} scripts loaded`);
  console.log(`${where}: first verdict after ${seconds.toFixed(1)} s, ` +
    `${files.length} files, ${(size / 1e6).toFixed(1)} MB`);
  if (scheme === "light") await tryAll(page, where);
  await looks(page, where);
  await type(page, "softmax", "s[i] * (1 - s[j])", false);
  await looks(page, `${where} refused`);
  await close();
}

// What the form says where the engine cannot run.
async function message(browser, base, setup, words, early = false) {
  const { page, close } = await open(browser, base, { setup });
  const shown = await page.getByText(words).count();
  expect(shown === Number(early), `"${words}" stands ${shown} times at first`);
  const said = await type(page, "softmax", SOFTMAX, false);
  expect(said.words.includes(words), `expected "${words}", read "${said.words}"`);
  await looks(page, words);
  await close();
}

// A line without end is stopped, and the lines before it are not lost.
async function endless(browser, base) {
  const { page, close } = await open(browser, base, { setup: hasty });
  for (const [start, line, words] of [
    ["logistic", "exp(-z) / (1 + exp(-z))**2", "Accepted"],
    [null, "2**(2**99)", "in 10 seconds and was stopped"],
    [null, "p * (1 - p)", "2 lines proved"]]) {
    const said = await type(page, start, line, false);
    expect(said.words.includes(words),
      `${line}: expected "${words}", read "${said.words}"`);
  }
  await close();
}

const edited = (from, to) => (page) => page.route(`**/${PAGE}`, (route) =>
  route.fulfill({ contentType: "text/html; charset=utf-8",
    body: readFileSync(join(site, PAGE), "utf8").replace(from, to) }));
const without = edited(/data-weight="[^"]*"/, 'data-weight="{}"');
const hasty = edited('id="desk"', 'id="desk" data-patience="10"');
const old = (page) => page.addInitScript(() => {
  delete window.DecompressionStream;
});
const halved = (page) => page.route("**/_static/engine/wasm.js",
  (route) => route.fulfill({ contentType: "text/javascript",
    body: 'LMBOOK_ENGINE["pyodide.asm.wasm"] = "AAAA";' }));

if (options.shots) mkdirSync(options.shots, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const server = await serve(site);
const folder = `${pathToFileURL(site).href}/`;
for (const base of [folder, server.base]) {
  for (const scheme of base === folder ? ["light"] : ["light", "dark"]) {
    await session(browser, base, scheme);
  }
}
await message(browser, server.base, without, "built without the engine", true);
await message(browser, server.base, old, "lacks DecompressionStream");
await message(browser, server.base, halved, "The engine did not run");
await endless(browser, server.base);
await browser.close();
server.close();
for (const words of wrong) console.log(words);
console.log(`engine: ${CASES.length} lines, ${wrong.length} wrong`);
process.exitCode = wrong.length ? 1 : 0;
