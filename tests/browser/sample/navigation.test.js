// Navigation through the book.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "../reader.js";

const chapter = "contents/core/introduction/introduction.html";

test("the links after the text lead to the next and the previous page", async () => {
  const page = await open(chapter);
  await page.locator(".nav-page-next a").click();
  await page.waitForURL((url) => !url.pathname.endsWith(chapter));
  await page.locator(".nav-page-previous a").click();
  await page.waitForURL((url) => url.pathname.endsWith(chapter));
});

test("a menu opens by click and by arrow, and Escape closes it", async () => {
  const page = await open(chapter);
  const button = page.locator(".navbar .dropdown-toggle").first();
  const menu = page.locator(".navbar .dropdown-menu").first();
  await button.click();
  assert.ok(await menu.isVisible());
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Escape");
  assert.ok(await menu.isHidden());
  await button.focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Preface");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Guide");
  await page.mouse.click(800, 700);
  assert.ok(await menu.isHidden());
});

test("sections of the sidebar fold", async () => {
  const page = await open(chapter);
  const section = page.locator("#quarto-sidebar .sidebar-item-section").first();
  const items = section.locator(".sidebar-section");
  assert.ok(await items.isVisible());
  await section.locator(".sidebar-item-toggle").click();
  assert.ok(await items.isHidden());
});

test("on a narrow screen the sidebar is a drawer that takes and returns the focus", async () => {
  const page = await open(chapter, { width: 390 });
  const sidebar = page.locator("#quarto-sidebar");
  assert.ok(await sidebar.isHidden());
  await page.locator(".quarto-btn-toggle").click();
  assert.ok(await sidebar.isVisible());
  assert.ok(await page.evaluate(() => document.activeElement.matches("#quarto-sidebar a.active")));
  await page.keyboard.press("Escape");
  assert.ok(await sidebar.isHidden());
  assert.ok(await page.evaluate(() => document.activeElement.matches(".quarto-btn-toggle")));
});

test("the drawer has a button that closes it, and rows that a finger can hit", async () => {
  const page = await open(chapter, { width: 390 });
  await page.locator(".quarto-btn-toggle").click();
  const rows = await page.locator("#quarto-sidebar .sidebar-item-text:visible").evaluateAll((all) => all.map((row) => row.offsetHeight));
  assert.ok(Math.min(...rows) >= 44, String(rows));
  await page.locator(".mlsys-drawer button").click();
  assert.ok(await page.locator("#quarto-sidebar").isHidden());
});

test("on a wide screen the contents are open beside the margin notes", async () => {
  const page = await open("contents/core/training/training.html", { width: 1600 });
  assert.ok(await page.locator("#TOC > ul").isVisible());
  const contents = await page.locator("#TOC").boundingBox();
  const notes = await page.locator("main .column-margin").evaluateAll((all) => all.map((note) => note.getBoundingClientRect().right));
  assert.ok(notes.length > 0 && notes.every((right) => right < contents.x));
});

test("between phones and wide screens no margin note slides under the contents", async () => {
  const page = await open("contents/core/ml_systems/ml_systems.html", { width: 1280 });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y < height; y += 90) {
    await page.evaluate((y) => new Promise((done) => { scrollTo(0, y); requestAnimationFrame(() => requestAnimationFrame(done)); }), y);
    const covered = await page.evaluate(() => {
      const side = document.getElementById("quarto-margin-sidebar");
      if (getComputedStyle(side).visibility === "hidden") return [];
      const box = side.getBoundingClientRect();
      return [...document.querySelectorAll("main .column-margin")].filter((note) => {
        const at = note.getBoundingClientRect();
        return at.right > box.left && at.top < box.bottom && at.bottom > box.top;
      }).map((note) => note.textContent);
    });
    assert.deepEqual(covered, [], `at ${y}`);
  }
});

test("the contents leave out the page's own title", async () => {
  const page = await open(chapter, { width: 1600 });
  const title = (await page.locator("h1").first().innerText()).trim();
  assert.ok(!(await page.locator("#TOC a.nav-link").allInnerTexts()).includes(title));
});

test("on a telephone an announcement has one line until it is tapped", async () => {
  const page = await open(chapter, { width: 320 });
  const content = page.locator(".quarto-announcement-content");
  const height = async () => (await content.boundingBox()).height;
  const folded = await height();
  await content.click({ position: { x: 2, y: 2 } });
  assert.ok(folded < 30 && (await height()) > folded);
});

test("the first Tab focuses a link that skips the navigation", async () => {
  const page = await open(chapter);
  await page.keyboard.press("Tab");
  assert.ok(await page.locator(".mlsys-skip-link").isVisible());
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "quarto-document-content");
});

test("the table of contents marks the section in view", async () => {
  const page = await open(chapter);
  const links = page.locator("#TOC a[data-scroll-target]");
  const last = links.last();
  const target = await last.getAttribute("href");
  await page.evaluate((id) => document.querySelector(id).scrollIntoView(), target);
  await page.waitForFunction((href) => document.querySelector("#TOC a.active")?.getAttribute("href") === href, target);
});

test("the back-to-top button appears when scrolling up", async () => {
  const page = await open(chapter, { height: 500 });
  const button = page.locator("#quarto-back-to-top");
  assert.ok(await button.isHidden());
  await page.evaluate(() => scrollTo(0, 1500));
  await page.waitForTimeout(100);
  await page.evaluate(() => scrollTo(0, 1200));
  await button.waitFor({ state: "visible" });
  await button.click();
  await page.waitForFunction(() => scrollY === 0);
});

test("a missing URL shows the complete error page", async () => {
  const page = await open("404.html");
  assert.ok(await page.locator(".navbar").isVisible());
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).margin), "0px", "its style sheet is found");
  const footer = await page.locator(".footer").boundingBox();
  assert.ok(footer.y + footer.height >= 899, "the footer is at the bottom of the window");
});

test("a missing URL lists the pages nearest to it and offers the search", async () => {
  const page = await open("404.html");
  await page.evaluate(() => history.replaceState(null, "", "/contents/core/trainin/trainng.html"));
  const near = await page.evaluate(async () => {
    const options = JSON.parse(document.getElementById("quarto-search-options").textContent);
    const box = document.getElementById("mlsys-near").cloneNode(true);
    box.querySelector("ul").replaceChildren();
    await (await import(new URL(options.script, document.baseURI))).near(options, box);
    return [...box.querySelectorAll("a")].map((link) => new URL(link.href).pathname);
  });
  assert.match(near[0], /training\/training\.html$/);
  await page.locator("#mlsys-near .mlsys-search-button").click();
  assert.ok(await page.locator(".mlsys-search input").isVisible());
});
