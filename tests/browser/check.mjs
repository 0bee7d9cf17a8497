// Opens every page of the built site in Chromium and fails on any defect.
//
//   node check.mjs SITE [--shots DIR] [--only TEXT] [--quick]
//
// Each page is opened from a folder and from a local server, light and dark,
// on a desktop and on a phone: all mathematics typeset, no request leaves the
// machine, no console error, no broken image, no sideways scroll of the page,
// no accessibility violation (axe-core), at most 720 kB compressed.
// --quick: from the server and in light only.
// BROWSER_MODULES names the folder that holds node_modules.

import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { inspectPage } from "./inspect.mjs";
import { serve } from "./serve.mjs";

const LIMIT = 720_000;
const SIZES = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
};
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shots: { type: "string" }, only: { type: "string" },
    quick: { type: "boolean" },
  },
});
const site = resolve(positionals[0] ?? "_build/html");
const modules = resolve(process.env.BROWSER_MODULES ?? "_build/browser");
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const isRedirect = (html) => html.includes('http-equiv="refresh"');

function findPages(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".html") && !name.startsWith("_"))
    .filter((name) => !options.only || name.includes(options.only))
    .filter((name) => !isRedirect(readFileSync(join(folder, name), "utf8")))
    .sort();
}

function watch(page, base) {
  const seen = { problems: [], bytes: new Map() };
  page.on("console", (message) => {
    if (message.type() === "error") {
      seen.problems.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => seen.problems.push(`script: ${error}`));
  page.on("requestfailed", (request) => {
    seen.problems.push(`not loaded: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      seen.problems.push(`${response.status()}: ${response.url()}`);
    }
    seen.bytes.set(response.url(), response.body().catch(() => null));
  });
  page.route("**", (route) => {
    const url = route.request().url();
    if (url.startsWith(base) || /^(data|blob):/.test(url)) {
      return route.continue();
    }
    seen.problems.push(`leaves the machine: ${url}`);
    return route.abort();
  });
  return seen;
}

async function weigh(bytes) {
  let total = 0;
  for (const body of await Promise.all(bytes.values())) {
    if (body) total += Math.min(body.length, gzipSync(body).length);
  }
  return total;
}

async function accessibility(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run());
  return found.violations.map((violation) => {
    const targets = violation.nodes.map((node) => node.target.join(" "));
    return `axe ${violation.id}: ${targets.slice(0, 4).join(" | ")}`;
  });
}

async function view(browser, base, name, scheme, size) {
  const context = await browser.newContext({
    colorScheme: scheme, viewport: SIZES[size], serviceWorkers: "block",
  });
  const page = await context.newPage();
  const seen = watch(page, base);
  await page.goto(base + name, { waitUntil: "load" });
  seen.problems.push(...await page.evaluate(inspectPage));
  const local = base.startsWith("file:");
  let weight = 0;
  if (!local) {
    seen.problems.push(...await accessibility(page));
    if (size === "desktop") weight = await weigh(seen.bytes);
    if (weight > LIMIT) seen.problems.push(`too heavy: ${weight} bytes`);
  }
  if (options.shots && !local) {
    const file = `${name.replaceAll("/", "-")}-${scheme}-${size}.png`;
    await page.screenshot({ path: join(options.shots, file), fullPage: true,
      animations: "disabled" });
  }
  await context.close();
  return { problems: seen.problems, weight };
}

async function checkPage(browser, bases, name) {
  const tally = { passed: 0, failed: 0, weight: 0, lines: [] };
  for (const base of bases) {
    for (const scheme of schemes) {
      for (const size of Object.keys(SIZES)) {
        const result = await view(browser, base, name, scheme, size);
        const where = `${base.split(":")[0]}, ${scheme}, ${size}`;
        tally.weight = Math.max(tally.weight, result.weight);
        tally[result.problems.length ? "failed" : "passed"] += 1;
        const found = new Set(result.problems);
        tally.lines.push(...[...found].map((line) => `   ${where}: ${line}`));
      }
    }
  }
  return tally;
}

const pages = findPages(site);
if (options.shots) mkdirSync(options.shots, { recursive: true });
const server = await serve(site);
const folder = `${pathToFileURL(site).href}/`;
const bases = options.quick ? [server.base] : [folder, server.base];
const schemes = options.quick ? ["light"] : ["light", "dark"];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS,
});
const total = { passed: 0, failed: 0 };
const waiting = [...pages];

async function work() {
  for (let name = waiting.shift(); name; name = waiting.shift()) {
    report(name, await checkPage(browser, bases, name));
  }
}

function report(name, tally) {
  const word = tally.failed ? "FAIL" : "ok  ";
  const kilobytes = Math.round(tally.weight / 1000);
  console.log(`${word} ${name}  (${kilobytes} kB compressed)`);
  for (const line of tally.lines) console.log(line);
  total.passed += tally.passed;
  total.failed += tally.failed;
}

await Promise.all([work(), work()]);
await browser.close();
server.close();
if (pages.length === 0) {
  console.log(`no page found in ${site}`);
  total.failed += 1;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;
