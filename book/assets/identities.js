// The search box of the table of identities. Without JavaScript the whole
// table shows; nothing is fetched, so it works from a folder too.

const FILLERS = new Set(("a an and by derivative derivatives differentiate " +
  "for in of respect the to with").split(" "));

// What a reader may look for and will not find, and what to say then.
const MISSING = [
  [/^(inverses?|invert|determinants?|det|logdet|pinv|pseudoinverse)$/,
    "The inverse and the determinant of a matrix are not in this table: see " +
    "Further reading of Matrix calculus"],
  [/^(batch-?norm|batchnorm2?d?|batch-?normali[sz]ation)$/,
    "Batch normalisation is not in this table; its parts are: try mean " +
    "or variance"],
  [/^(gelu|elu|leaky|mish)$/,
    "Of smooth activations this table has SiLU and softplus"],
  [/^(eigenvalues?|eigenvectors?|svd|conv|convolutions?|max-?pool)$/,
    "Eigenvalues and convolutions are not in this table"],
];

// A formula and what a reader types for it become the same plain text:
// \mathbf{x}^{\top} \mathbf{A} \mathbf{x}, x^T A x and x'Ax are all x^tax.
function plain(text) {
  return text.replaceAll("\\top", "T").replace(/\\[lr]Vert|\|\||‖/g, "|")
    .replace(/\\(mathbf|boldsymbol|mathrm|operatorname|left|right)/g, "")
    .replace(/[\\{}\s_]/g, "").toLowerCase();
}

const joined = (text) => text.replace(/([a-z]{2,})-(?=[a-z]{2,})/g, "$1");

// A text as its words, as its words without hyphens, and without spaces.
function searchable(text) {
  const lower = text.toLowerCase();
  return { words: new Set(lower.split(/[\s,;:]+/)), joined: joined(lower),
    tight: lower.replace(/\s/g, "") };
}

// 0 for a whole word, 1 for a piece of one, Infinity for nothing.
function distance(word, { words, joined: text, tight }) {
  if (words.has(word)) return 0;
  const symbols = /[^a-z]/.test(word) && tight.includes(word);
  return text.includes(joined(word)) || symbols ? 1 : Infinity;
}

const worst = (words, text) =>
  Math.max(...words.map((word) => distance(word, text)));

// How far a row is from what was typed: the title first, then its other
// words and its formula, then (from 4 on) the title of its section.
function rank(row, { words, formulas }) {
  const inFormula = formulas.some((formula) => row.formula.includes(formula));
  return Math.min(worst(words, row.title), 2 + worst(words, row.all),
    inFormula ? 2 : Infinity, 4 + worst(words, row.section));
}

function understand(query) {
  const typed = query.toLowerCase().split(/[\s,;]+/).filter(Boolean)
    .filter((word, place, all) => !FILLERS.has(word) || all.length === 1);
  const formulas = [plain(query), plain(query.replaceAll("'", "^T"))]
    .filter((formula) => formula.length > 1);
  return { words: typed.length ? typed : [query.toLowerCase()], formulas };
}

// What the table leaves out of what was asked for, in words.
function missing({ words }) {
  const pairs = words.slice(1).map((word, k) => words[k] + word);
  const found = MISSING.filter(([name]) =>
    [...words, ...pairs].some((word) => name.test(word)));
  return found.map(([, answer]) => `${answer}.`).join(" ");
}

function readRows() {
  return [...document.querySelectorAll(".identity")].map((node, place) => {
    const title = node.querySelector(".identity-title").textContent;
    const all = [title, node.dataset.words, node.id].join(" ");
    const section = node.closest("section");
    return { node, place, section, cell: node.parentElement,
      heading: section.querySelector("h2").textContent,
      title: searchable(title), all: searchable(all),
      formula: plain(node.dataset.tex), rank: 0 };
  }).map((row) => ({ ...row,
    section: searchable(`${row.heading} ${[...row.all.words].join(" ")}`),
    home: row.section }));
}

function makeBox(place, total) {
  place.innerHTML = `<label for="identity-query">Search the table</label>
    <input id="identity-query" type="search" autocomplete="off"
      spellcheck="false" aria-describedby="identity-help"
      placeholder="softmax, trace, x^T A x">
    <p id="identity-help">Words, or a piece of a formula.</p>
    <p id="identity-count" role="status">${total} identities</p>`;
  return place.querySelector("input");
}

// Put the best rows first, inside a section and from section to section.
function sort(rows) {
  const order = [...rows].sort((a, b) => a.rank - b.rank || a.place - b.place);
  for (const row of order) row.cell.parentElement.append(row.cell);
  const homes = new Set(order.map((row) => row.home));
  for (const home of homes) home.parentElement.append(home);
}

function show(rows, query) {
  const wanted = query && understand(query);
  for (const row of rows) row.rank = wanted ? rank(row, wanted) : 0;
  const near = rows.some((row) => row.rank < 4) ? 4 : Infinity;
  for (const row of rows) row.node.hidden = !(row.rank < near);
  for (const { home } of rows) {
    home.hidden = !home.querySelector(".identity:not([hidden])");
  }
  sort(rows);
  const found = rows.filter((row) => !row.node.hidden).length;
  const rest = wanted && (missing(wanted) ||
    (found ? "" : "Try one word, such as norm."));
  return `${found} of ${rows.length} identities` + (rest ? `. ${rest}` : "");
}

function prepareSearch(place) {
  const rows = readRows();
  const input = makeBox(place, rows.length);
  const count = place.querySelector("#identity-count");
  input.addEventListener("input", () => {
    count.textContent = show(rows, input.value.trim());
  });
}

const place = document.getElementById("identity-search");
if (place) prepareSearch(place);
