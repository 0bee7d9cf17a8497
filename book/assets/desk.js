// The form in which a reader types a line of a derivation. Nothing loads
// before the first click on Check; then come scripts, which a page may load
// from a folder too. Python runs in a worker, so the page stays awake.

const form = document.getElementById("desk");
const part = (name) => document.getElementById(`desk-${name}`);
const PATIENCE = Number(form?.dataset.patience ?? 30);   // seconds for a line
const STARTING = 180;
const desk = { worker: null, lines: [], busy: false };

// The sheet of a start --------------------------------------------------

async function typeset(node) {
  if (!window.MathJax?.startup) return;
  await MathJax.startup.promise;
  await MathJax.typesetPromise([node]);
  for (const box of node.querySelectorAll(".step-math")) {
    box.classList.add("typeset");
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
  }
}

// Typeset out of the flow of speech: a screen reader hears the end alone.
async function show(place, html) {
  window.MathJax?.typesetClear?.([place]);
  const box = document.createElement("div");
  box.innerHTML = html;
  place.replaceChildren(box);
  await typeset(box);
}

function chooseStart() {
  const key = part("start").value;
  const sheet = document.querySelector(`template[data-start="${key}"]`);
  const { fact, example } = sheet.dataset;
  desk.lines = [];
  part("sheet").replaceChildren(sheet.content.cloneNode(true));
  const uses = part("sheet").querySelector(".desk-uses");
  uses.id = "desk-names";
  uses.prepend("You may write ");
  part("example").innerHTML = "For example <code></code>";
  part("example").querySelector("code").textContent = example;
  part("cite").hidden = !fact;
  part("cite").querySelector("span").textContent = fact;
  part("fact").checked = false;
  part("line").value = "";
  part("verdict").replaceChildren();
  say("");
  if (form.dataset.weight === "{}") trouble(ABSENT);
  return typeset(part("sheet"));
}

const say = (words) => { part("status").textContent = words; };

// Loading ----------------------------------------------------------------

const ABSENT = "This copy of the site was built without the engine for the " +
  "page. To add it, run make engine, which needs npm, and then make book.";
const WEAK = "This browser cannot run the engine: it lacks ";

function lacking() {
  return ["WebAssembly", "Worker", "DecompressionStream", "BigInt64Array"]
    .filter((name) => !(name in window));
}

function loadScript(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => failed(new Error(`${address} did not load`));
    document.head.append(script);
  });
}

async function unpack(letters) {
  const bytes = Uint8Array.from(atob(letters), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function loadFiles() {
  const weight = JSON.parse(form.dataset.weight);
  const mega = (bytes) => (bytes / 1e6).toFixed(1);
  const all = Object.values(weight).reduce((sum, bytes) => sum + bytes, 0);
  let here = 0;
  window.LMBOOK_ENGINE ??= {};
  for (const [name, bytes] of Object.entries(weight)) {
    say(`Loading the engine: ${mega(here)} of ${mega(all)} MB …`);
    await loadScript(form.dataset.folder + name);
    here += bytes;
  }
  say("Starting the engine …");
  const names = Object.keys(window.LMBOOK_ENGINE);
  const files = await Promise.all(
    names.map((name) => unpack(window.LMBOOK_ENGINE[name])));
  return Object.fromEntries(names.map((name, n) => [name, files[n]]));
}

// One question to the worker; it may fail, or take too long.
function ask(message, patience) {
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error("late")),
      1000 * patience);
    const settle = (act) => (value) => { clearTimeout(late); act(value); };
    desk.worker.onmessage = ({ data }) => data.error
      ? settle(failed)(new Error(data.error)) : settle(done)(data);
    desk.worker.onerror = (event) => {
      event.preventDefault();
      settle(failed)(new Error(event.message || "its worker did not start"));
    };
    desk.worker.postMessage(message);
  });
}

async function begin() {
  if (desk.worker) return;
  desk.files ??= await loadFiles();
  say("Starting the engine …");
  const code = new TextDecoder().decode(desk.files["pyodide_worker.js"]);
  const address = `data:text/javascript,${encodeURIComponent(code)}`;
  desk.worker = new Worker(address, { type: "module" });  // a folder's too
  try {
    await ask({ files: desk.files }, STARTING);
  } catch (error) {
    stop();
    throw error;
  }
}

function stop() {
  desk.worker?.terminate();
  desk.worker = null;
}

// Checking ---------------------------------------------------------------

function trouble(words) {
  const box = document.createElement("div");
  box.className = "verdict refused";
  const line = document.createElement("p");
  line.textContent = words;
  box.append(line);
  part("verdict").replaceChildren(box);
  say("");
}

function explain(error) {
  if (error.message === "late") {
    return "The engine did not finish with this line in " +
      `${PATIENCE} seconds and was stopped. Nothing is claimed ` +
      "about it; try a shorter line.";
  }
  const served = location.protocol === "file:"
    ? " Serve the site with make serve and open it from there." : "";
  return `The engine did not run in this browser: ${error.message}.${served}`;
}

async function check() {
  if (form.dataset.weight === "{}") return trouble(ABSENT);
  if (lacking().length) return trouble(`${WEAK}${lacking().join(", ")}.`);
  const text = part("line").value;
  const cite = !part("cite").hidden && part("fact").checked;
  part("verdict").replaceChildren();
  await begin();
  say("Checking …");
  const asked = { start: part("start").value, lines: desk.lines, text, cite };
  const { answer } = await ask({ request: JSON.stringify(asked) }, PATIENCE);
  const found = JSON.parse(answer);
  if (found.verdict === "accepted") {
    desk.lines.push([text, cite]);
    await show(part("sheet").querySelector(".desk-chain"), found.chain);
  }
  say("");
  await show(part("verdict"), found.html);
}

async function submit(event) {
  event.preventDefault();
  if (desk.busy) return;
  desk.busy = true;
  for (const name of ["start", "again"]) part(name).disabled = true;
  try {
    await check();
  } catch (error) {
    stop();                              // the next click starts it anew
    trouble(explain(error));
  }
  for (const name of ["start", "again"]) part(name).disabled = false;
  desk.busy = false;
}

if (form) {
  form.hidden = false;
  form.addEventListener("submit", submit);
  part("start").addEventListener("change", chooseStart);
  part("again").addEventListener("click", chooseStart);
  chooseStart();
}
