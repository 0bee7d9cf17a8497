// Asks the search of the book for a formula, a function and exercises, and
// fails unless the right page is the first or second answer.
//
//   node site-search.mjs SITE

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const site = resolve(process.argv[2] ?? "_build/html");
const modules = resolve(process.env.BROWSER_MODULES ?? "_build/browser");
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const folder = `${pathToFileURL(site).href}/`;

// What is typed, and where one of the first two answers must lead.
const QUERIES = [
  ["Jacobian of softmax", "softmax-and-cross-entropy.html#equation-eq-jacobian"],
  ["hessian of cross-entropy", "hessians-and-automatic-differentiation.html" +
    "#equation-eq-ce-hessian"],
  ["cross_entropy_vjp", "reference-calculus.html" +
    "#lmbook.functional.losses.cross_entropy_vjp"],
  ["KneserNey", "#lmbook.models.ngram.kneser_ney.KneserNey"],
  ["B5", "softmax-and-cross-entropy.html#ex-b5"],
  ["L12", "ngram-language-models.html#ex-l12"],
  ["the bias that grew", "softmax-and-cross-entropy.html#ex-l1"],
  ["hot and cold", "softmax-and-cross-entropy.html#ex-b8"],
  ["layer normalisation", "regularisation-and-normalisation.html" +
    "#layer-normalisation"],
  ["perplexity", "glossary.html#term-perplexity"],
  ["softmax", "glossary.html#term-softmax"],
  ["optimisers", "optimisers.html"],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage();
let wrong = 0;
for (const [query, place] of QUERIES) {
  await page.goto(`${folder}search.html?q=${encodeURIComponent(query)}`);
  const links = page.locator("#search-results > ul > li > a:first-of-type");
  await links.nth(1).waitFor({ timeout: 5000 }).catch(() => {});
  const first = await links.evaluateAll((found) =>
    found.slice(0, 2).map((link) => link.getAttribute("href")));
  if (first.some((href) => decodeURIComponent(href).endsWith(place))) continue;
  wrong += 1;
  console.log(`${query}: ${first.join(", ") || "nothing"}`);
}
await page.goto(`${folder}404.html`);
await page.getByRole("searchbox").last().fill("softmax");
await page.getByRole("button", { name: "Search" }).last().click();
await page.waitForURL(/search\.html\?q=softmax/);
await browser.close();
console.log(`site search: ${QUERIES.length} queries, ${wrong} wrong`);
process.exitCode = wrong ? 1 : 0;
