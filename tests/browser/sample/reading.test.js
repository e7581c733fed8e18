// Features of the text with scripts: previews, lightbox, tabs, folding, copying, reading position.

import assert from "node:assert/strict";
import { test } from "node:test";
import { home, open } from "../reader.js";
import { pages, read } from "../site.js";

/** The first page that matches an expression: tests name the feature that they need, not a file. */
function pageWith(expression) {
  const page = pages.find((path) => expression.test(read(path)));
  assert.ok(page, `a page has ${expression}`);
  return page;
}
const preview = (page) => page.locator(".mlsys-preview");
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const visible = (locator) => locator.waitFor({ state: "visible" });

test("a reference to another page shows a preview by keyboard, and Escape hides it", async () => {
  const path = pageWith(/class="mlsys-xref"/);
  const page = await open(path);
  const link = page.locator('main a.mlsys-xref').first();
  await page.keyboard.press("Tab");
  await link.focus();
  await visible(preview(page));
  assert.ok((await preview(page).innerText()).length > 20);
  assert.equal(await link.getAttribute("aria-describedby"), await preview(page).getAttribute("id"));
  await page.keyboard.press("Escape");
  await preview(page).waitFor({ state: "detached" });
});

test("a reference to a figure of the page shows a preview on hover, and the pointer can enter it", async () => {
  const path = pageWith(/<a href="#fig-[^"]*" class="quarto-xref"/);
  const page = await open(path, { height: 300 });
  await page.locator('main a.quarto-xref[href^="#fig-"]').first().hover();
  await visible(preview(page).locator("img"));
  await preview(page).hover();
  await page.waitForTimeout(400);
  assert.ok(await preview(page).isVisible());
  assert.equal(await preview(page).locator("[id]").count(), 0, "ids are not doubled");
  await page.mouse.move(2, 2);
  await preview(page).waitFor({ state: "detached" });
});

test("notes and citations out of sight have previews", async () => {
  const path = pageWith(/role="doc-noteref"/);
  const page = await open(path, { width: 390, height: 300 });
  await page.keyboard.press("Tab");
  for (const role of ["doc-noteref", "doc-biblioref"]) {
    const link = page.locator(`main p a[role="${role}"]`).first();
    await link.focus();
    // A link at the lower edge: its target is below the window.
    await link.evaluate((element) => scrollBy({ top: element.getBoundingClientRect().bottom - innerHeight + 4, behavior: "instant" }));
    await page.evaluate(() => document.activeElement.blur());
    await page.waitForTimeout(100);
    await link.focus();
    await visible(preview(page));
    await page.keyboard.press("Escape");
  }
});

test("notes open below their paragraphs on narrow screens without a script, and are beside them on wide ones", async () => {
  const path = pageWith(/class="footnote-ref"[^]*column-margin column-container/);
  const places = (page) =>
    page.evaluate(() => {
      const note = document.querySelector('main p + .column-margin > [role="doc-footnote"]');
      const text = note.parentElement.previousElementSibling;
      const [above, beside] = [text, note].map((element) => element.getBoundingClientRect());
      const level = Math.abs(beside.top - above.top) < 400;
      return { shown: beside.height > 0, below: beside.top >= above.bottom, right: beside.left >= above.right, level };
    });
  const page = await open(path, { width: 390, script: false });
  assert.equal((await places(page)).shown, false, "closed at first");
  const note = page.locator('main p + .column-margin > [role="doc-footnote"]').first();
  const id = await note.getAttribute("id");
  await page.locator(`main a.footnote-ref[href="#${id}"]`).click();
  assert.deepEqual(await places(page), { shown: true, below: true, right: false, level: true });
  await note.locator('[role="doc-backlink"]').first().click();
  assert.equal((await places(page)).shown, false, "its own number closes it");
  const wide = await places(await open(path, { width: 1400 }));
  assert.ok(wide.shown && wide.right && wide.level);
});

test("an image opens in full size with its caption, and arrow keys show the next and previous one", async () => {
  const path = pageWith(/class="lightbox/);
  const page = await open(path);
  const link = page.locator("main a.lightbox").first();
  await link.focus();
  await page.keyboard.press("Enter");
  const dialog = page.locator("dialog.mlsys-lightbox");
  await visible(dialog.locator("img"));
  const caption = await link.evaluate((element) => element.closest("figure").querySelector("figcaption").textContent.trim());
  assert.equal((await dialog.locator("figcaption").textContent()).trim(), caption);
  assert.ok(await dialog.getAttribute("aria-label"));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  assert.equal((await dialog.locator("figcaption").textContent()).trim(), caption);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await link.evaluate((element) => element === document.activeElement), "the focus comes back");
});

test("tabs change by click and arrow, and those of a group are remembered", async () => {
  const path = pageWith(/panel-tabset" data-group|panel-tabset/);
  const page = await open(path);
  const set = page.locator(".panel-tabset").first();
  const tabs = set.locator('[role="tab"]');
  await tabs.nth(1).click();
  assert.equal(await tabs.nth(1).getAttribute("aria-selected"), "true");
  assert.ok(await set.locator(".tab-pane").nth(1).isVisible());
  assert.ok(await set.locator(".tab-pane").nth(0).isHidden());
  await page.keyboard.press("ArrowLeft");
  assert.equal(await tabs.nth(0).getAttribute("aria-selected"), "true");
  await tabs.nth(1).click();
  const group = await set.getAttribute("data-group");
  if (group) {
    const again = await open(path, { reader: page });
    assert.equal(await again.locator(".panel-tabset").first().locator('[role="tab"]').nth(1).getAttribute("aria-selected"), "true");
  }
});

test("a button copies code, without numbers and marks", async () => {
  const path = pageWith(/code-copy-button/);
  const page = await open(path);
  const scaffold = page.locator(".code-copy-outer-scaffold").first();
  await scaffold.hover();
  await scaffold.locator(".code-copy-button").click();
  assert.equal(await clipboard(page), await scaffold.locator("code").evaluate((code) => code.textContent));
});

test("a page is copied as Markdown", async () => {
  const page = await open("contents/guide/start.html");
  const action = page.locator("#quarto-margin-sidebar a.mlsys-copy-markdown");
  await action.click();
  await page.waitForFunction(() => document.querySelector("a.mlsys-copy-markdown").textContent === "Copied!");
  assert.equal(await clipboard(page), read("contents/guide/start.llms.md"));
});

test("a heading's link is copied when it is followed", async () => {
  const page = await open("contents/core/introduction/introduction.html");
  const heading = page.locator("main h2.anchored").first();
  await heading.hover();
  await heading.locator(".mlsys-anchor").click();
  await page.waitForFunction(() => location.hash.length > 1);
  assert.equal(await clipboard(page), page.url());
});

test("a folded box opens by click and by key", async () => {
  const path = pageWith(/callout-header[^>]*data-bs-toggle="collapse"/);
  const page = await open(path);
  const header = page.locator('.callout-header[data-bs-toggle="collapse"]').first();
  const body = page.locator(await header.getAttribute("data-bs-target"));
  const open_ = await body.isVisible();
  await header.click();
  assert.equal(await body.isVisible(), !open_);
  await header.press("Enter");
  assert.equal(await body.isVisible(), open_);
  assert.equal(await header.getAttribute("aria-expanded"), String(open_));
});

test("a page that was left in the middle offers to continue there", async () => {
  const path = pageWith(/<main[\s\S]{20000,}<\/main>/);
  const page = await open(path, { height: 500 });
  assert.equal(await page.locator(".mlsys-resume").count(), 0);
  const id = await page.evaluate(() => {
    const sections = [...document.querySelectorAll("main section.level2[id]")];
    const section = sections[Math.floor(sections.length / 2)];
    section.scrollIntoView();
    return section.id;
  });
  await page.goto(`${home}index.html`);
  const again = await open(path, { reader: page });
  const link = again.locator(".mlsys-resume a");
  assert.ok((await link.getAttribute("href")).length > 1);
  await link.click();
  await again.waitForFunction(() => scrollY > innerHeight);
  assert.ok(await again.evaluate((id) => document.getElementById(id) !== null, id));
});

test("the next page is prefetched", async () => {
  const page = await open("index.html");
  await page.waitForFunction(() => document.querySelector('link[rel="prefetch"]')?.href === document.querySelector('link[rel="next"]').href);
});

test("print shows the text without the navigation, and nothing is folded", async () => {
  const path = pageWith(/panel-tabset/);
  const page = await open(path);
  await page.emulateMedia({ media: "print" });
  for (const part of ["#quarto-header", "#quarto-sidebar", "#quarto-margin-sidebar", ".page-navigation", ".footer"]) {
    assert.ok(await page.locator(part).first().isHidden(), part);
  }
  assert.equal(await page.locator(".tab-pane:visible").count(), await page.locator(".tab-pane").count());
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
});

test("a quiz counts the questions that are answered", async () => {
  const page = await open("contents/core/training/training.html");
  const box = page.locator(".callout-quiz-question").first();
  await box.locator("details").evaluateAll((all) => all.forEach((details) => (details.open = true)));
  const progress = box.locator(".mlsys-quiz-progress");
  assert.equal(await progress.textContent(), "0 / 2");
  const question = box.locator(".mlsys-quiz").first();
  await question.locator("input").first().check();
  await question.locator("button").click();
  assert.equal(await progress.textContent(), "1 / 2");
  assert.equal(await question.locator("button").textContent(), "Try again");
  await question.locator("button").click();
  assert.equal(await progress.textContent(), "0 / 2");
  assert.equal(await question.locator("input:checked").count(), 0);
  assert.equal(await question.locator("button").textContent(), "Check");
});

test("a margin note is beside the start of its paragraph", async () => {
  const page = await open("contents/core/ml_systems/ml_systems.html", { width: 1280 });
  const distances = await page.locator("main .column-margin:has([role=doc-footnote])").evaluateAll((notes) =>
    notes.map((note) => Math.abs(note.getBoundingClientRect().top - note.previousElementSibling.getBoundingClientRect().top)));
  assert.ok(Math.min(...distances) < 4, String(distances));
});

test("the lines of the text have about 60 to 75 characters", async () => {
  const page = await open(pageWith(/id="purpose"/), { width: 1280 });
  // The mean of the lines; the last one of a paragraph is half full on average.
  const characters = await page.locator("#purpose > p").last().evaluate((paragraph) => {
    const range = new Range();
    range.selectNodeContents(paragraph);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
    return paragraph.textContent.length / (lines.size - 0.5);
  });
  assert.ok(characters > 50 && characters < 78, String(characters));
});

test("the search field names its key", async () => {
  const page = await open("index.html");
  assert.equal(await page.locator(".navbar .mlsys-search-button").getAttribute("data-key"), "f");
  assert.ok(await page.locator(".navbar .mlsys-search-label").isVisible());
});
