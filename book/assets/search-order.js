// The order of search results: the more of a name was typed, the higher it
// stands. Code keeps its rank: many a function shares its name with an idea.
// The stopwords of the search engine count nowhere, neither in what was typed
// nor in a name.

const BONUS = 40;

const wordsOf = (text) => splitQuery(text.toLowerCase())
  .filter((word) => !stopwords.includes(word));

// Of a title such as "Optimisers > Nesterov looks first" only the end counts.
function likeness(asked, title) {
  const name = wordsOf(title.split(" > ").pop());
  const both = name.filter((word) => asked.includes(word)).length;
  return both / Math.max(asked.length, name.length, 1);
}

if (typeof Scorer !== "undefined") {
  const parse = Search._parseQuery;
  let asked = [];
  Search._parseQuery = (query) => {
    const parsed = parse(query);
    asked = wordsOf(query);
    parsed[4] = new Set([...parsed[4]].filter((word) => asked.includes(word)));
    return parsed;
  };
  Scorer.score = (result) => {
    const [, title, anchor, , score] = result;
    if (anchor.startsWith("#term-")) {
      result[1] = `Glossary: ${anchor.slice(6).replaceAll("-", " ")}`;
    }
    const isCode = title.startsWith("lmbook.");
    return isCode ? score : score + BONUS * likeness(asked, title);
  };
}
