// A reader: Chromium on the site. Whatever a page does, errors on the console and requests to other hosts that the sources do
// not name fail the test.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach } from "node:test";
import { chromium } from "playwright-core";
import { filesOf, pages, serve, sources } from "./site.js";

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

let sourceText;
/** Whether the sources name a host. */
function isNamed(host) {
  sourceText ??= filesOf(sources)
    .filter((path) => !path.startsWith("_build/") && /\.(qmd|md|ya?ml|html|js|s?css|bib|svg)$/.test(path))
    .map((path) => readFileSync(join(sources, path), "utf8"))
    .join("\n");
  return sourceText.includes(host);
}

/**
 * Opens a page as a new reader. Options: `width` (1280) and `height` (900) of the window, `dark` system colours, `script: false`
 * for a browser without scripts, `reader` to go on with the context of an earlier page, `hash`, and `before(page)`.
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
        if (!isNamed(url.host)) problems.push(`request to ${url}`);
        return route.fulfill({ status: 200, contentType: "text/plain", body: "" });
      },
    );
  }
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(`${path}: ${error}`));
  page.on("console", (message) => {
    // The error page is sent with status 404, which Chromium reports.
    const expected = path === "404.html" && message.location().url.endsWith("/404.html");
    if (message.type() === "error" && !expected) problems.push(`${path}: ${message.text()} ${message.location().url}`);
  });
  await more.before?.(page);
  await page.goto(`${server.origin}/${path}${more.hash ?? ""}`, { waitUntil: "load" });
  return page;
}

/** The first page of the site that holds a text: tests name what they need, not a file. */
export function pageWith(text, read) {
  const page = pages.find((path) => read(path).includes(text));
  assert.ok(page, `a page has ${text}`);
  return page;
}

/** The address of the site. */
export const origin = server.origin;
