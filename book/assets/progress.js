// Remembers, in this browser alone, which chapters were read to their end and
// where the reader stopped. Where nothing can be stored, nothing is shown.

const KEY = "every-equation-checked";

function recall() {
  try {
    return { read: [], ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return { read: [] };
  }
}

function remember(change) {
  try {
    const now = JSON.stringify({ ...recall(), ...change });
    localStorage.setItem(KEY, now);
  } catch { /* a private window may refuse: then nothing is remembered */ }
}

const nameOf = (link) => link.pathname.split("/").pop();
const here = nameOf(location);

function markRead() {
  const { read } = recall();
  for (const link of document.querySelectorAll(".bd-sidebar-primary a")) {
    if (!read.includes(nameOf(link)) || link.matches(".was-read")) continue;
    link.classList.add("was-read");
    const words = document.createElement("span");
    words.className = "read-words";
    words.textContent = " (read)";
    link.append(words);
  }
}

function unmark() {
  for (const link of document.querySelectorAll(".was-read")) {
    link.classList.remove("was-read");
    link.querySelector(".read-words").remove();
  }
}

// The end of a chapter is its last section, the one before the page's foot.
function watchEnd() {
  const end = document.querySelector(".prev-next-footer");
  new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    const { read } = recall();
    remember({ read: [...new Set([...read, here])].sort() });
    markRead();
  }).observe(end);
}

function sectionInView() {
  const heads = [...document.querySelectorAll("article section[id] > h2, " +
    "article section[id] > h3")];
  return heads.filter((head) =>
    head.getBoundingClientRect().top < innerHeight / 2).pop();
}

function watchPlace() {
  const store = () => {
    const head = sectionInView();
    const words = (node) => node.firstChild.textContent.trim();
    remember({ last: { page: here, id: head?.parentElement.id ?? "",
      title: words(document.querySelector("article h1")),
      section: head ? words(head) : "" } });
  };
  addEventListener("pagehide", store);
  document.addEventListener("visibilitychange", store);
}

function offerToContinue(link) {
  const { last } = recall();
  if (!last) return;
  link.href = `${last.page}${last.id && `#${last.id}`}`;
  link.textContent = `Continue where you stopped: ${last.title}` +
    (last.section && ` – ${last.section}`);
}

function offerToForget(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    try {
      localStorage.removeItem(KEY);
    } catch { /* nothing was stored */ }
    unmark();
    button.nextElementSibling.textContent = " Forgotten.";
  });
}

markRead();
if (document.querySelector(".reading-time")) {
  watchEnd();
  watchPlace();
}
const start = document.querySelector("#continue a");
if (start) offerToContinue(start);
const forget = document.querySelector("#forget");
if (forget) offerToForget(forget);
