// The print page and offline reading, which the sample book enables.

import assert from "node:assert/strict";
import { test } from "node:test";
import { home, open } from "../reader.js";

test("the print page contains all pages, and its links stay inside it", async () => {
  const page = await open("print.html");
  await page.waitForSelector("body.mlsys-gathered");
  const listed = await page.locator("#mlsys-book-pages ol a").count();
  assert.ok(listed > 5);
  assert.equal(await page.locator(".mlsys-book-page").count(), listed);
  const state = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    const links = [...document.querySelectorAll('main a[href^="#p"]')];
    return {
      doubled: ids.filter((id, at) => ids.indexOf(id) !== at),
      dead: links.filter((link) => !document.getElementById(decodeURIComponent(link.hash.slice(1)))).map((link) => link.hash),
      links: links.length,
      broken: [...document.images].filter((image) => image.complete && !image.naturalWidth).map((image) => image.src),
    };
  });
  assert.deepEqual({ ...state, links: state.links > 20 }, { doubled: [], dead: [], links: true, broken: [] });
});

test("without a script the print page lists the pages", async () => {
  const page = await open("print.html", { script: false });
  assert.ok((await page.locator("#mlsys-book-pages ol a").count()) > 5);
});

test("pages can be read offline", async () => {
  const page = await open("index.html", { worker: true });
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done));
  });
  await page.context().setOffline(true);
  await page.goto(`${home}contents/core/training/training.html`);
  assert.ok(await page.locator("main h1").first().isVisible());
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).margin), "0px", "the style sheet is there");
});
