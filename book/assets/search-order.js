// The order of search results: the more of a name was typed, the higher it
// stands, words before code. The stopwords of the search engine count nowhere,
// neither in what was typed nor in a name.

const BONUS = { words: 30, code: 8 };

const wordsOf = (text) => splitQuery(text.toLowerCase())
  .filter((word) => !stopwords.includes(word));

// Of a title such as "Optimisers > Nesterov looks first" only the end counts,
// and of a function only its last name.
const isCode = (title) => /^lmbook\./.test(title);
const lastName = (title) => title.split(isCode(title) ? "." : " > ").pop();

function likeness(asked, title) {
  const name = wordsOf(lastName(title));
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
    const bonus = isCode(title) ? BONUS.code : BONUS.words;
    return score + bonus * likeness(asked, title);
  };
}
