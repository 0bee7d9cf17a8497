// Runs inside the page and lists what is wrong with it, in words.

export async function inspectPage() {
  const problems = [];
  const main = document.querySelector("main") ?? document.body;
  await window.MathJax?.startup?.promise;
  window.dispatchEvent(new Event("resize"));      // measure what is wide again
  await new Promise((done) => setTimeout(done, 300));
  await document.fonts.ready;

  for (const node of main.querySelectorAll(".math, .step-math")) {
    if (node.querySelector("mjx-container")) continue;
    problems.push(`not typeset: ${node.textContent.trim().slice(0, 60)}`);
  }
  const formulas = [...window.MathJax?.startup?.document?.math ?? []];
  const broken = "mjx-merror, mjx-container [style*='color: red']";
  for (const node of main.querySelectorAll(broken)) {
    const item = formulas.find(({ typesetRoot }) =>
      typesetRoot?.contains(node));
    const reason = node.getAttribute("data-mjx-error") ?? "unknown command";
    problems.push(`mathematics in error: ${reason}: ${item?.math}`);
  }

  const skip = "code, pre, script, style, noscript, textarea, mjx-container";
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent;
    if (!/\$|\\\(|\\\)|\\\[|\\begin\{/.test(text)) continue;
    if (walker.currentNode.parentElement.closest(skip)) continue;
    problems.push(`raw TeX: ${text.trim().slice(0, 60)}`);
  }

  for (const image of document.images) {
    image.loading = "eager";
    await image.decode().catch(() => {
      problems.push(`broken image: ${image.getAttribute("src")}`);
    });
  }

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...main.querySelectorAll("*")]
      .filter((node) => node.getBoundingClientRect().right > root.clientWidth)
      .map((node) => `${node.tagName.toLowerCase()}.${node.className}`);
    problems.push(`page is ${root.scrollWidth} px wide in a window of ` +
      `${root.clientWidth}: ${wide.slice(0, 3).join(", ")}`);
  }
  return problems;
}
