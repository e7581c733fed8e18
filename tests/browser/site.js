// The built site: its pages, and a server for them.

import { createServer } from "node:http";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

/** The folder of the built site. */
export const folder = process.env.MLSYS_SITE;
/** The folder of the project that it was built from. */
export const sources = process.env.MLSYS_SOURCES;

const types = {
  ".html": "text/html; charset=utf-8",
  ".xhtml": "application/xhtml+xml",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** The path of the site on its host, with slashes at both ends. */
export const sitePath = process.env.MLSYS_SITE_PATH ?? "/";

/** All files below a folder, as paths relative to it, sorted. */
export function filesOf(root, below = "") {
  return readdirSync(join(root, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = below ? `${below}/${entry.name}` : entry.name;
      return entry.isDirectory() ? filesOf(root, path) : [path];
    })
    .sort();
}

/** The pages of the site. */
export const pages = filesOf(folder).filter((path) => path.endsWith(".html"));

/** A file of the site as text. */
export const read = (path) => readFileSync(join(folder, path), "utf8");

/** A sample of at most this many pages: the home page, the error page, and others from the smallest to the largest. */
export function somePages(count) {
  if (pages.length <= count) return pages;
  const first = ["index.html", "404.html"].filter((page) => pages.includes(page));
  const rest = pages.filter((page) => !first.includes(page));
  rest.sort((a, b) => statSync(join(folder, a)).size - statSync(join(folder, b)).size || (a < b ? -1 : 1));
  const steps = count - first.length - 1;
  return first.concat(Array.from({ length: steps + 1 }, (_, i) => rest[Math.round((i * (rest.length - 1)) / steps)]));
}

/** The size of a file as a server sends it, compressed. */
export const compressed = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });

/** Sends a page like a slow connection: a few lines at a time, with time to paint after each piece. */
async function sendInPieces(response, bytes) {
  const least = Math.max(400, bytes.length / 40);
  for (let start = 0; start < bytes.length; ) {
    const line = bytes.indexOf("\n", start + least) + 1;
    const end = line || bytes.length;
    response.write(bytes.subarray(start, end));
    await new Promise((next) => setTimeout(next, 20));
    start = end;
  }
  response.end();
}

/**
 * Serves the site on the loopback address like a static host: missing pages get the error page. Pages whose URL ends with
 * `?slow` arrive in pieces.
 */
export async function serve() {
  const ready = new Map();
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://site");
    let path = normalize(decodeURIComponent(url.pathname));
    if (path.startsWith(sitePath)) path = path.slice(sitePath.length - 1);
    if (path.endsWith("/")) path += "index.html";
    let status = 200;
    let bytes;
    try {
      bytes = readFileSync(join(folder, path));
    } catch {
      status = 404;
      path = "/404.html";
      bytes = pages.includes("404.html") ? readFileSync(join(folder, path)) : Buffer.from("");
    }
    const type = types[extname(path)] ?? "application/octet-stream";
    // Compressed once, as on a static host.
    const headers = { "content-type": type, "cache-control": "no-cache" };
    if (url.search === "?slow") {
      response.writeHead(status, headers);
      return sendInPieces(response, bytes);
    }
    if (/text|json|svg|xml/.test(type) && /\bbr\b/.test(request.headers["accept-encoding"] ?? "")) {
      headers["content-encoding"] = "br";
      if (!ready.has(path)) ready.set(path, compressed(bytes));
      bytes = ready.get(path);
    }
    response.writeHead(status, headers);
    response.end(request.method === "HEAD" ? undefined : bytes);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
