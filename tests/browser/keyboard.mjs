// Walks through a chapter with the keys Tab, Enter and Escape alone: the skip
// link, the table of contents, a badge, a copy button, a hint, a solution.
// Every stop must be seen: a ring around it, and inside the window.
//
//   node keyboard.mjs SITE

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const site = resolve(process.argv[2] ?? "_build/html");
const modules = resolve(process.env.BROWSER_MODULES ?? "_build/browser");
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const folder = `${pathToFileURL(site).href}/book/`;
const MOST = 600;                            // stops of one chapter, at most

const wrong = [];
const expect = (right, words) => { if (!right) wrong.push(words); };

// What has the focus: its name, what it is, and how it shows that.
function look() {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const name = node.getAttribute("aria-label") ?? node.title ?? "";
  return {
    tag: node.tagName.toLowerCase(), kind: node.className.toString(),
    name: (name || node.textContent).trim().replace(/\s+/g, " ").slice(0, 50),
    href: node.getAttribute("href") ?? "",
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.height > 0 && box.bottom > 0 &&
      box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    opensAt: node.getAttribute("aria-expanded"),
    within: {
      sidebar: !!node.closest(".bd-sidebar-primary"),
      hint: !!node.closest(".tip.dropdown"), solution: !!node.closest(".solution"),
      exercises: !!node.closest("#exercises"),
    },
  };
}

async function step(page, key = "Tab") {
  await page.keyboard.press(key);
  await page.waitForTimeout(15);
  return page.evaluate(look);
}

const isToggle = (stop) => /toggle-button/.test(stop.kind) ||
  stop.tag === "summary";

// What to press on the first stop of each kind, and what must then be true.
const DEEDS = [
  ["badge", (stop) => /badge/.test(stop.kind), async (page) => {
    const shown = () => page.evaluate(() => getComputedStyle(
      document.activeElement, "::after").visibility);
    await page.waitForTimeout(200);
    expect(await shown() === "visible", "a badge says nothing on focus");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(200);
    expect(await shown() === "hidden", "Escape does not close the badge");
  }],
  ["copy button", (stop) => /copybtn/.test(stop.kind), async (page) => {
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text.trim().length > 0, "Enter on a copy button copies nothing");
  }],
  ["folded code", (stop) => stop.tag === "summary" &&
    !stop.within.exercises, opens],
  ["hint", (stop) => isToggle(stop) && stop.within.hint, opens],
  ["solution", (stop) => isToggle(stop) && stop.within.solution &&
    !stop.within.hint, opens],
];

async function opens(page, what) {
  const isOpen = () => page.evaluate(() => {
    const node = document.activeElement;
    const box = node.closest("details, .admonition");
    return box.tagName === "DETAILS" ? box.open
      : node.getAttribute("aria-expanded") === "true" &&
        [...box.children].slice(1).some((child) => child.offsetHeight > 0);
  });
  expect(!await isOpen(), `${what}: open before it is asked for`);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(100);
  expect(await isOpen(), `${what}: Enter does not open it`);
}

async function walk(page, chapter) {
  await page.goto(`${folder}${chapter}.html`);
  await page.evaluate(() => window.MathJax?.startup?.promise);
  await page.waitForTimeout(500);
  await step(page);
  await page.waitForTimeout(400);            // the link slides in
  const skip = await page.evaluate(look);
  expect(skip?.href === "#main-content", `first stop: ${skip?.name}`);
  expect(skip?.inside, "the skip link cannot be seen");

  const waiting = new Map(DEEDS.map(([what, fits, deed]) =>
    [what, { fits, deed }]));
  let [stops, sidebar, last] = [1, 0, null];
  for (; stops < MOST; stops += 1) {
    const stop = await step(page);
    if (!stop) break;
    if (stop.href === "#main-content") break;
    last = stop;
    if (stop.within.sidebar) sidebar += 1;
    const where = `${chapter}, stop ${stops}, ${stop.tag} “${stop.name}”`;
    expect(stop.ring, `${where}: no ring`);
    expect(stop.inside, `${where}: outside the window`);
    expect(stop.name, `${where} .${stop.kind}: no name`);
    for (const [what, { fits, deed }] of waiting) {
      if (!fits(stop)) continue;
      await deed(page, what);
      waiting.delete(what);
      break;
    }
  }
  expect(stops < MOST, `${chapter}: no end after ${MOST} stops`);
  expect(sidebar > 20, `${chapter}: ${sidebar} stops in the contents`);
  for (const what of waiting.keys()) wrong.push(`${chapter}: no ${what}`);
  return { stops, last };
}

async function skipped(page, chapter) {
  await page.goto(`${folder}${chapter}.html`);
  await step(page);
  await page.keyboard.press("Enter");
  const next = await step(page);
  expect(!next.within.sidebar, `after the skip link: ${next.name}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const context = await browser.newContext({
  viewport: { width: 1280, height: 900 },
  reducedMotion: "reduce",
  permissions: ["clipboard-read", "clipboard-write"],
});
const page = await context.newPage();
const { stops } = await walk(page, "softmax-and-cross-entropy");
await skipped(page, "softmax-and-cross-entropy");
await browser.close();
for (const words of [...new Set(wrong)]) console.log(words);
console.log(`keyboard: ${stops} stops, ${wrong.length} wrong`);
process.exitCode = wrong.length ? 1 : 0;
