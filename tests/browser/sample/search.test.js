// The search with keyboard and pointer: opening, queries, results.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { createRequire } from "node:module";
import { test } from "node:test";
import { open } from "../reader.js";

const chapter = "contents/core/introduction/introduction.html";
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Types a query and waits for the results of all of it; shorter prefixes have results too. */
async function ask(page, query) {
  await page.keyboard.type(query);
  await page.waitForFunction((query) => {
    const first = document.querySelector("a.mlsys-search-option");
    return first && new URL(first.href).searchParams.get("q") === query;
  }, query);
}
const headings = (page) => page.locator(".mlsys-search-option:not([hidden]) .mlsys-search-heading").allTextContents();
// The excerpt of a result arrives after its heading, so the text is no stable name.
const active = (page) => page.evaluate(() => document.activeElement.getAttribute("aria-activedescendant"));

test("the shortcuts open the search, Escape closes it and returns the focus", async () => {
  const page = await open(chapter);
  for (const key of ["/", "f", "s", "Control+k"]) {
    await page.locator(".navbar-brand").first().focus();
    await page.keyboard.press(key);
    await page.locator("dialog.mlsys-search input:focus").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog.mlsys-search").waitFor({ state: "hidden" });
    assert.ok(await page.evaluate(() => document.activeElement.matches(".navbar-brand")), `after ${key}`);
  }
});

test("text typed before the search has loaded is not lost", async () => {
  const page = await open(chapter, {
    before: (page) => page.route(/search-[0-9a-f]+\.js/, async (route) => {
      await new Promise((ready) => setTimeout(ready, 300));
      return route.continue();
    }),
  });
  await page.keyboard.press("/");
  await page.keyboard.type("gradient");
  await page.locator(".mlsys-search-option").first().waitFor();
  assert.equal(await page.locator(".mlsys-search input").inputValue(), "gradient");
});

test("a shortcut is a normal letter in a text field", async () => {
  const page = await open(chapter);
  await page.keyboard.press("/");
  await page.locator("dialog.mlsys-search input:focus").waitFor();
  await page.keyboard.type("f/s");
  assert.equal(await page.locator(".mlsys-search input").inputValue(), "f/s");
});

test("arrows choose a result, Enter follows it to its section, where the words are marked", async () => {
  const page = await open(chapter);
  await page.keyboard.press("/");
  await ask(page, "gradient");
  assert.ok(await active(page), "the first result is chosen");
  const first = await active(page);
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await active(page), first);
  await page.keyboard.press("ArrowUp");
  assert.equal(await active(page), first);
  await page.keyboard.press("ArrowUp");
  assert.notEqual(await active(page), first, "before the first comes the last");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith(chapter));
  await page.waitForFunction(() => CSS.highlights.get("mlsys-search")?.size > 0);
  const { hash, search } = new URL(page.url());
  assert.equal(search, "", "the address goes without the query");
  if (hash) assert.ok(await page.evaluate((id) => document.getElementById(id).getBoundingClientRect().top < innerHeight, hash.slice(1)));
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => CSS.highlights.has("mlsys-search")), false);
});

test("a result on the page itself is shown without loading the page again", async () => {
  const page = await open("contents/core/training/training.html");
  await page.evaluate(() => (window.stays = true));
  await page.keyboard.press("/");
  await ask(page, "what memory holds");
  await page.locator(".mlsys-search-option", { hasText: "What Memory Holds" }).first().click();
  await page.waitForURL((url) => url.hash === "#sec-training-memory");
  assert.equal(await page.evaluate(() => window.stays), true);
  assert.ok(await page.locator("dialog.mlsys-search").isHidden());
});

test("word forms, prefixes, accents, case and typing errors find the same results", async () => {
  const page = await open(chapter);
  await page.keyboard.press("/");
  const input = page.locator(".mlsys-search input");
  const found = async (query) => {
    await input.fill("");
    await page.waitForFunction(() => !document.querySelector(".mlsys-search-status").textContent);
    await input.fill(query);
    await page.waitForFunction(() => document.querySelector(".mlsys-search-status").textContent);
    return headings(page);
  };
  const plain = await found("quantization");
  assert.ok(plain.length, "the book speaks of quantization");
  assert.deepEqual(await found("QUÄNTIZATION"), plain);
  for (const query of ["quantiz", "quantized", "quantzation"]) {
    assert.ok((await found(query)).some((heading) => plain.includes(heading)), query);
  }
  assert.deepEqual(await found("xyzzyqwert"), []);
  assert.equal(await page.locator(".mlsys-search-status").textContent(), "No results");
  await found("systolic accelerator dataflow");
  assert.match(await page.locator(".mlsys-search-status").textContent(), /^(1 matching document|[2-9] matching documents|No results)$/);
});

test("results are grouped by page, with marked excerpts; further ones unfold", async () => {
  const page = await open(chapter);
  await page.keyboard.press("/");
  await ask(page, "training");
  await page.locator(".mlsys-search-excerpt mark").first().waitFor();
  const more = page.locator(".mlsys-search-more").first();
  const group = page.locator(".mlsys-search-group", { has: more }).first();
  const results = group.locator("a[role=option]:not([hidden])");
  assert.equal(await results.count(), 3);
  await more.click();
  assert.ok((await results.count()) > 3);
  await more.click();
  assert.equal(await results.count(), 3);
});

test("the search loads nothing before it is used, and little then", async () => {
  const loaded = [];
  const page = await open(chapter, {
    before: (page) => page.on("response", async (response) => {
      if (/\/search[-/]/.test(response.url())) loaded.push(gzipSync(await response.body()).length);
    }),
  });
  assert.equal(loaded.length, 0);
  await page.keyboard.press("/");
  await ask(page, "memory");
  await page.locator(".mlsys-search-excerpt mark").first().waitFor();
  await page.waitForLoadState("networkidle");
  const bytes = loaded.reduce((sum, length) => sum + length, 0);
  assert.ok(bytes > 0 && bytes < 300_000, `${bytes} bytes`);
});

test("without scripts there is no search button", async () => {
  const page = await open(chapter, { script: false });
  assert.equal(await page.locator(".mlsys-search-button:visible").count(), 0);
});

for (const [name, options] of [
  ["light", {}],
  ["dark", { dark: true }],
  ["narrow", { width: 390, height: 844 }],
]) {
  test(`the open search is accessible and fits: ${name}`, async () => {
    const page = await open(chapter, options);
    await page.locator(".mlsys-search-button:visible").first().click();
    await page.locator("dialog.mlsys-search input:focus").waitFor();
    await ask(page, "model");
    await page.locator(".mlsys-search-excerpt mark").first().waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.addScriptTag({ path: axe });
    const found = await page.evaluate(async () => {
      const runOnly = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
      const { violations } = await window.axe.run(".mlsys-search", { runOnly, resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
    });
    assert.deepEqual(found, []);
  });
}
