// A static file server for one folder, on a free port of this machine. It
// compresses text, as every real host does.
//
//   node serve.mjs FOLDER        serves until stopped and prints the address

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8", ".json": "application/json",
  ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2",
  ".woff": "font/woff", ".ttf": "font/ttf",
};

export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const name = normalize(decodeURIComponent(pathname));
    const file = join(folder, name.endsWith("/") ? `${name}index.html` : name);
    try {
      const body = await readFile(file);
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      const headers = { "content-type": type, "cache-control": "max-age=600" };
      const zip = /^text|json|svg/.test(type);
      if (zip) headers["content-encoding"] = "gzip";
      response.writeHead(200, headers).end(zip ? gzipSync(body) : body);
    } catch {
      response.writeHead(404).end("not found");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const base = `http://127.0.0.1:${server.address().port}/`;
  return { base, close: () => server.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log((await serve(process.argv[2])).base);
}
