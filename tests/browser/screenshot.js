// Takes the screenshot in the README. Build the sample book first:
//   cargo run -- build && npm ci --prefix tests/browser && node tests/browser/screenshot.js
// `CHROMIUM` is the browser, by default `chromium`.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const sources = fileURLToPath(new URL("../../quarto", import.meta.url));
process.env.MLSYS_SOURCES ??= sources;
process.env.MLSYS_SITE ??= `${sources}/_build/html`;
const { serve } = await import("./site.js");

const server = await serve();
const executablePath = process.env.CHROMIUM ?? execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(10_000);
  await page.goto(`${server.origin}/contents/core/hw_acceleration/hw_acceleration.html`);
  // A figure with the notes beside it.
  const figure = page.locator("#fig-roofline");
  await figure.scrollIntoViewIfNeeded();
  await figure.locator("img").evaluate((picture) => picture.complete || new Promise((loaded) => { picture.onload = loaded; }));
  await figure.evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 300));
  await page.screenshot({ path: `${sources}/assets/images/screenshot.png` });
} finally {
  await browser.close();
  server.close();
}
