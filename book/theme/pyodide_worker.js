// Runs the engine beside the page: Pyodide, the Python of the browser, with
// the book's own code. Everything arrives in one message, nothing is fetched.

let python;

async function begin({ files }) {
  const load = (name) => import(URL.createObjectURL(
    new Blob([files[name]], { type: "text/javascript" })));
  self.fetch = async (wanted) => {           // Pyodide asks for two files
    const name = String(wanted?.url ?? wanted).split("/").pop();
    if (!files[name]) throw new Error(`the engine has no file ${name}`);
    const type = name.endsWith(".wasm") ? "application/wasm"
      : "application/octet-stream";
    return new Response(files[name], { headers: { "content-type": type } });
  };
  const { loadPyodide } = await load("pyodide.mjs");
  const { default: createPyodideModule } = await load("pyodide.asm.mjs");
  python = await loadPyodide({
    createPyodideModule, indexURL: "https://engine.invalid/",
    lockFileContents: new TextDecoder().decode(files["pyodide-lock.json"]),
  });
  python.FS.writeFile("/lmbook.zip", files["lmbook.zip"]);
  python.runPython("import sys; sys.path.insert(0, '/lmbook.zip')\n" +
    "from lmbook.desk import answer\ndesks = {}");
}

const check = (request) => {
  python.globals.set("request", request);
  return python.runPython("answer(request, desks)");
};

self.onmessage = async ({ data }) => {
  try {
    if (data.files) self.postMessage({ ready: await begin(data) ?? true });
    else self.postMessage({ answer: check(data.request) });
  } catch (error) {
    self.postMessage({ error: String(error.message ?? error) });
  }
};
