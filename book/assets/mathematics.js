// Sets the formulas in small steps, from the top of the page down, so that
// the page answers at once and nothing that is in view moves.

const SLICE = 25;                     // milliseconds of work between breaths

const breath = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  port2.postMessage(null);
});

// Some TeX commands load a file first; then MathJax asks to try again.
// The class `typeset` ends the hiding of the raw TeX.
async function setOne(formula, page) {
  await MathJax._.mathjax.mathjax.handleRetriesFor(
    () => formula.render(page));
  const box = formula.typesetRoot.closest(".math, .step-math");
  box?.classList.add("typeset");
}

// Two formulas in one piece of text: the last is cut off first, so that the
// place of the other stays true.
function inOrder(formulas) {
  const pieces = new Map();
  for (const formula of formulas) {
    const { node } = formula.start;
    pieces.set(node, [formula, ...pieces.get(node) ?? []]);
  }
  return [...pieces.values()].flat();
}

async function setInSlices() {
  const page = MathJax.startup.document;
  page.findMath().getMetrics();       // all is measured in one go
  const found = MathJax._.core.MathItem.STATE.FINDMATH;
  for (const formula of page.math) formula.state(found);
  const inView = ({ start }) => start.node.parentElement
    .getBoundingClientRect().top < window.innerHeight;
  const formulas = inOrder(page.math);
  const below = formulas.findIndex((formula) => !inView(formula));
  const first = below < 0 ? formulas.length : below;

  let since = performance.now();
  for (const [n, formula] of formulas.entries()) {
    await setOne(formula, page);
    if (n + 1 < first || performance.now() - since < SLICE) continue;
    page.addStyleSheet();             // the styles of the new characters
    await breath();
    since = performance.now();
  }
  page.addStyleSheet();
}

function showTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id) document.getElementById(id)?.scrollIntoView();
}

if (window.MathJax?.startup) {
  MathJax.startup.promise = MathJax.startup.promise
    .then(setInSlices).then(showTarget);
}
