// Reads a chapter to its end and comes back: the place is offered again, the
// tick can be seen and heard, all can be forgotten, and a browser that stores
// nothing shows nothing. From a folder and from a server.
//
//   node progress.mjs SITE

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { serve } from "./serve.mjs";

const site = resolve(process.argv[2] ?? "_build/html");
const modules = resolve(process.env.BROWSER_MODULES ?? "_build/browser");
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const START = "Start with Gradients and Jacobians";
const KEY = "every-equation-checked";

const wrong = [];
const expect = (right, words) => { if (!right) wrong.push(words); };

async function story(page, base) {
  const kind = base.split(":")[0];
  const start = page.locator("#continue a");
  await page.goto(`${base}book/index.html`);
  expect(await start.textContent() === START, `${kind}: no plain start`);

  await page.goto(`${base}book/optimisers.html`);
  expect(await page.locator(".was-read").count() === 0, `${kind}: too early`);
  await page.locator("#nesterov-looks-first").scrollIntoViewIfNeeded();
  await page.evaluate(() => document.querySelector("#nesterov-looks-first")
    .scrollIntoView());
  await page.goto(`${base}book/index.html`);
  const offer = await start.textContent();
  expect(offer === "Continue where you stopped: Optimisers – " +
    "Nesterov looks first", `${kind}: offered ${offer}`);
  await start.click();
  await page.waitForURL(/optimisers\.html#nesterov-looks-first$/);

  await page.locator(".prev-next-footer").scrollIntoViewIfNeeded();
  const link = page.locator(".bd-sidebar-primary a.was-read");
  await link.waitFor({ state: "attached" });
  const said = await link.textContent();
  expect(/^\s*Optimisers\s+\(read\)$/.test(said), `${kind}: says ${said}`);

  await page.goto(`${base}book/index.html`);
  expect(await link.count() === 1, `${kind}: the tick is gone`);
  await page.getByRole("button", { name: "Forget it" }).click();
  const status = await page.getByRole("status").last().textContent();
  expect(status.trim() === "Forgotten.", `${kind}: status ${status}`);
  expect(await link.count() === 0, `${kind}: the tick stays`);
  const stored = await page.evaluate((key) => localStorage.getItem(key), KEY);
  expect(stored === null, `${kind}: still stored ${stored}`);
}

async function refused(browser, base) {
  const page = await browser.newPage();
  page.on("pageerror", (error) => wrong.push(`refused: ${error}`));
  await page.addInitScript((key) => {
    const only = (method) => {
      const own = Storage.prototype[method];
      Storage.prototype[method] = function guarded(name, ...rest) {
        if (name === key) throw new DOMException("refused");
        return own.call(this, name, ...rest);
      };
    };
    ["getItem", "setItem", "removeItem"].forEach(only);
  }, KEY);
  await page.goto(`${base}book/optimisers.html`);
  await page.locator(".prev-next-footer").scrollIntoViewIfNeeded();
  await page.goto(`${base}book/index.html`);
  const start = await page.locator("#continue a").textContent();
  expect(start === START, `refused: ${start}`);
  await page.close();
}

const server = await serve(site);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
for (const base of [`${pathToFileURL(site).href}/`, server.base]) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await story(page, base);
  await page.close();
}
await refused(browser, server.base);
await browser.close();
server.close();
for (const words of wrong) console.log(words);
console.log(`progress: ${wrong.length} wrong`);
process.exitCode = wrong.length ? 1 : 0;
