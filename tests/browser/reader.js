// A reader: Chromium on the site. Errors on the console fail the test, and so do requests to hosts that the sources do not name.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach } from "node:test";
import { chromium } from "playwright-core";
import { sourceText } from "./raw.js";
import { folder, serve, sitePath, sources } from "./site.js";

const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
let contexts = [];
let problems = [];

after(async () => {
  await browser.close();
  server.close();
});

afterEach(async () => {
  const found = problems;
  problems = [];
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  assert.deepEqual(found, [], "no page has errors or asks other hosts");
});

/** True if a URL is of a file that is missing in the sources. */
const isLacking = (url) => {
  const path = decodeURIComponent(new URL(url, home).pathname).replace(sitePath, "/");
  return !path.startsWith("/site_libs/") && !existsSync(join(folder, path)) && !existsSync(join(sources, path));
};

/**
 * Opens a page as a new reader. Options: `width` (1280) and `height` (900) of the window, `dark` system colours, `script: false`
 * for a browser without scripts, `reader` to reuse the context of an earlier page, `hash`, `slow` for a page that arrives in
 * pieces, and `before(page)`.
 */
export async function open(path, { width = 1280, height = 900, dark = false, script = true, ...more } = {}) {
  let context = more.reader?.context();
  if (!context) {
    context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
      javaScriptEnabled: script,
      permissions: ["clipboard-read", "clipboard-write"],
      serviceWorkers: more.worker ? "allow" : "block",
    });
    context.setDefaultTimeout(10_000);
    contexts.push(context);
    await context.route(
      (url) => url.protocol.startsWith("http") && url.origin !== server.origin,
      (route) => {
        const url = new URL(route.request().url());
        if (!sourceText.includes(url.host)) problems.push(`request to ${url}`);
        // Data is empty, and so is everything else.
        const data = ["fetch", "xhr"].includes(route.request().resourceType());
        return route.fulfill({ status: 200, contentType: data ? "application/json" : "text/plain", body: data ? "{}" : "" });
      },
    );
  }
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(`${path}: ${error}`));
  page.on("console", (message) => {
    // Chromium logs every 404: for the error page itself, and for files that the book names but does not have.
    const { url } = message.location();
    const expected = /status of 404/.test(message.text()) && (url.endsWith("/404.html") || isLacking(url));
    // A script of the sources may log that another host did not respond.
    const raw = sourceText.includes(message.text().split(":")[0]);
    if (message.type() === "error" && !expected && !raw) problems.push(`${path}: ${message.text()} ${url}`);
  });
  await more.before?.(page);
  await page.goto(`${home}${path}${more.slow ? "?slow" : ""}${more.hash ?? ""}`, { waitUntil: "load" });
  return page;
}

/** The URL of the site. */
export const home = server.origin + sitePath;
