// Measures the time from an edit to the browser: `node tests/browser/live/edits.js BOOK [EDITS]`.
//
// Copies the book, serves it with `target/release/mlsys` (or `MLSYS`), and opens the page of its largest source in Chromium (or
// `CHROMIUM`). Then it saves the source many times with a new word in a paragraph, and the configuration with a new text in the
// navigation. The time runs from just before the save until the word is in the page. The output has the medians of the total and of its
// parts: watching (saving, file events, waiting for quiet, and delivery of the server's event), reading, building, publishing, and
// in the page the transfer, parsing, patching and display.

import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { chromium } from "playwright-core";

const [source, count = 50] = [process.argv[2], Number(process.argv[3] ?? 50)];
const root = new URL("../../../", import.meta.url).pathname;
const command = process.env.MLSYS ?? join(root, "target/release/mlsys");
const book = mkdtempSync(join(tmpdir(), "mlsys-edits-"));
cpSync(source, book, { recursive: true, dereference: true, filter: (path) => !path.endsWith("_build") });

const files = readdirSync(book, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const paths = files.map((entry) => join(entry.parentPath, entry.name));
for (const path of paths) chmodSync(path, 0o644);
for (const entry of readdirSync(book, { recursive: true, withFileTypes: true })) {
  if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
}
chmodSync(book, 0o755);
const pages = paths.filter((path) => path.endsWith(".qmd"));
const largest = pages.toSorted((a, b) => statSync(b).size - statSync(a).size)[0];
const address = relative(book, largest).replace(/\.qmd$/, ".html");

const server = spawn(command, ["serve", book, "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
let said = "";
server.stderr.on("data", (bytes) => (said += bytes));
const until = async (found, what) => {
  const start = performance.now();
  for (;;) {
    const value = await found();
    if (value) return value;
    if (performance.now() - start > 60_000) throw new Error(`waited too long for ${what}\n${said.slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const now = () => performance.timeOrigin + performance.now();
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// Saves as editors do: writes a temporary file and renames it.
function save(path, text) {
  writeFileSync(`${path}.tmp~`, text);
  renameSync(`${path}.tmp~`, path);
}

async function measure(page, name, path, edit) {
  const runs = [];
  for (let at = 0; at < count; at += 1) {
    const word = `edited${name}${at}x`;
    await page.evaluate((word) => {
      window.seen = null;
      window.detail = null;
      document.addEventListener("mlsys:changed", (event) => (window.detail = event.detail), { once: true });
      // Looks only at changed nodes, so that looking costs no time.
      const has = ({ target, addedNodes }) =>
        (target.nodeType === 3 ? [target] : [...addedNodes]).some((node) => node.textContent.includes(word));
      const observer = new MutationObserver((records) => {
        if (!records.some(has)) return;
        window.seen = performance.timeOrigin + performance.now();
        observer.disconnect();
      });
      observer.observe(document.documentElement, { childList: true, characterData: true, subtree: true });
    }, word);
    const before = said.length;
    const text = edit(word);
    const start = now();
    save(path, text);
    const seen = await until(() => page.evaluate(() => window.seen && window.detail && [window.seen, window.detail]), word);
    const line = await until(() => said.slice(before).match(/rebuilt in ([\d.]+) ms \(read ([\d.]+) ms\), published in ([\d.]+)/), "the report");
    const [built, read, published] = line.slice(1).map((part) => Number(part ?? 0));
    const { began, transfer, parse, patch } = seen[1];
    const total = seen[0] - start;
    const [watch, show] = [began - start - built - published, seen[0] - began - transfer - parse - patch];
    runs.push({ total, watch, read, build: built - read, publish: published, transfer, parse, patch, show });
    // Waits until everything is quiet before the next edit.
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const parts = Object.keys(runs[0]).map((key) => `${key} ${median(runs.map((run) => run[key])).toFixed(1)}`);
  const totals = runs.map((run) => run.total).toSorted((a, b) => a - b);
  console.log(`${name}: ${count} edits, medians in ms: ${parts.join(", ")}; slowest tenth from ${totals[Math.floor(count * 0.9)].toFixed(1)}`);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  const url = await until(() => said.match(/http:\/\/\S+?\//)?.[0], "the server");
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(url + address, { waitUntil: "load" });
  // The page stores the server's version when it is idle.
  await page.waitForTimeout(2000);
  const text = readFileSync(largest, "utf8");
  const paragraph = [...text.matchAll(/\n\n([A-Z][a-z]+ [a-z]+ [a-z][^\n]{60,})\n\n/g)];
  const at = paragraph[Math.floor(paragraph.length / 2)];
  const place = at.index + 2 + at[1].indexOf(" ");
  await measure(page, "Prose", largest, (word) => `${text.slice(0, place)} ${word}${text.slice(place)}`);
  save(largest, text);
  await page.waitForTimeout(1000);
  let main = realpathSync(join(book, "_quarto.yml"));
  const named = readFileSync(main, "utf8").trim();
  if (!named.includes("\n") && named.endsWith(".yml")) main = join(book, named);
  const config = readFileSync(main, "utf8");
  await measure(page, "Navigation", main, (word) => config.replace(/^(\s+(?:- )?(?:text|section):).*$/m, `$1 "${word}"`));
} finally {
  await browser.close();
  server.kill("SIGINT");
  rmSync(book, { recursive: true, force: true });
}
