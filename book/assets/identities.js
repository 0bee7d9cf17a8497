// The search box of the table of identities. Without JavaScript the whole
// table shows; nothing is fetched, so it works from a folder too.

// A formula and what a reader types for it become the same plain text:
// \mathbf{x}^{\top} \mathbf{A} \mathbf{x} and x^T A x are both x^tax.
function plain(text) {
  return text.replaceAll("\\top", "T")
    .replace(/\\(mathbf|boldsymbol|mathrm|operatorname|left|right|lVert|rVert)/g,
      "")
    .replace(/[\\{}\s_]/g, "").toLowerCase();
}

function matches(row, query) {
  const formula = plain(query);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => row.words.includes(word)) ||
    (formula.length > 1 && row.formula.includes(formula));
}

function readRows() {
  return [...document.querySelectorAll(".identity")].map((node) => ({
    node,
    words: [node.querySelector(".identity-title").textContent,
      node.dataset.words, node.id,
      node.closest("section").querySelector("h2").textContent,
    ].join(" ").toLowerCase(),
    formula: plain(node.dataset.tex),
  }));
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

function prepareSearch(place) {
  const rows = readRows();
  const sections = new Set(rows.map(({ node }) => node.closest("section")));
  const input = makeBox(place, rows.length);
  const count = place.querySelector("#identity-count");
  input.addEventListener("input", () => {
    const query = input.value.trim();
    let found = 0;
    for (const row of rows) {
      row.node.hidden = query !== "" && !matches(row, query);
      found += !row.node.hidden;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector(".identity:not([hidden])");
    }
    count.textContent = `${found} of ${rows.length} identities` +
      (found ? "" : ": try one word, such as norm");
  });
}

const place = document.getElementById("identity-search");
if (place) prepareSearch(place);
