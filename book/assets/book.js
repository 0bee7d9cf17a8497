// Small things the stylesheet cannot do: badges that open by tap and close by
// Escape, keyboard access to what scrolls sideways, and a copy button that
// keeps the focus, which the copying itself takes away.

function prepareBadges() {
  for (const badge of document.querySelectorAll(".badge[data-tip]")) {
    badge.setAttribute("aria-description", badge.dataset.tip);
    badge.addEventListener("click", () => badge.classList.toggle("open"));
    badge.addEventListener("blur", () => badge.classList.remove("open"));
    badge.addEventListener("mouseleave", () => badge.classList.remove("closed"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const badge of document.querySelectorAll(".badge[data-tip]")) {
      badge.classList.remove("open");
      badge.classList.add("closed");
      badge.addEventListener("blur", () => badge.classList.remove("closed"),
        { once: true });
    }
  });
}

function prepareScrollers() {
  const scrollers = ".step-math, div.math, mjx-container[display=true], " +
    ".pst-scrollable-table-container, pre";
  const boxes = [...document.querySelectorAll(scrollers)];
  const wide = boxes.map((box) => box.scrollWidth > box.clientWidth + 1);
  boxes.forEach((box, n) => {             // first all is read, then written
    if (!wide[n]) return box.removeAttribute("tabindex");
    box.tabIndex = 0;
    if (!box.hasAttribute("role")) box.setAttribute("role", "group");
    if (!box.hasAttribute("aria-label")) {
      box.setAttribute("aria-label", "Wide content, scrolls sideways");
    }
  });
}

function keepFocus(event) {
  event.target.closest?.(".copybtn")?.focus();
}

const idle = window.requestIdleCallback ?? ((task) => setTimeout(task, 200));
const lookAgain = () => idle(prepareScrollers);

prepareBadges();
window.addEventListener("load", () => {
  const typeset = window.MathJax?.startup?.promise ?? Promise.resolve();
  typeset.then(lookAgain);
});
window.addEventListener("resize", lookAgain);
document.addEventListener("click", keepFocus);
document.addEventListener("click", lookAgain);       // something may unfold
