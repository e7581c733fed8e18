// Axe finds no violation in the states of a page either: open menus, search, sidebar, answered questions and others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "../reader.js";
import { pages, read } from "../site.js";
import { violations } from "../violations.js";

const visible = (locator) => locator.waitFor({ state: "visible" });

/**
 * The states: what the page needs, the width of the window, the reader's actions, and the part of the page to check if not all of it.
 * (A target half covered by an open menu would count as too small.)
 */
const states = [
  ["the search with answers", /mlsys-search-button/, 1280, async (page) => {
    const word = (await page.locator("main h1, main h2").first().innerText()).match(/\p{L}{4,}/u)?.[0] ?? "the";
    await page.locator(".mlsys-search-button:visible").first().click();
    await page.locator(".mlsys-search input").fill(word);
    await visible(page.locator(".mlsys-search-option, .mlsys-search-status:not(:empty)").first());
  }],
  ["a menu of the bar", /<nav class="navbar[^]*dropdown-toggle/, 1280, async (page) => {
    await page.locator(".navbar .dropdown-toggle").first().click();
    await visible(page.locator(".dropdown-menu.show"));
  }, ".navbar"],
  ["the bar's menus on a telephone", /navbar-toggler/, 390, async (page) => {
    await page.locator(".navbar-toggler").click();
    await visible(page.locator(".navbar-collapse.show"));
    const menu = page.locator(".navbar .dropdown-toggle:visible").first();
    if (await menu.count()) await menu.click();
  }],
  ["the sidebar on a telephone", /quarto-btn-toggle/, 390, async (page) => {
    await page.locator(".quarto-btn-toggle").click();
    await visible(page.locator("#quarto-sidebar.show"));
  }],
  ["the table of contents on a telephone", /id="toc-title"/, 390, async (page) => {
    await page.locator("#toc-title button").click();
    await visible(page.locator("#TOC.mlsys-open"));
  }],
  ["the reader mode", /quarto-reader-toggle/, 1280, async (page) => {
    await page.locator(".quarto-reader-toggle:visible").first().click();
    await visible(page.locator(".quarto-reader-mode main"));
  }],
  ["answered questions", /data-answers="/, 1280, async (page) => {
    await page.evaluate(() => document.querySelectorAll("details, .callout-collapse").forEach((fold) => {
      fold.open = true;
      fold.classList.add("show");
    }));
    for (const quiz of (await page.locator(".mlsys-quiz").all()).slice(0, 4)) {
      await quiz.locator("input").first().check();
      await quiz.locator("button").click();
      await visible(quiz.locator('[role="status"]'));
    }
  }],
  ["all that folds, open", /<details|callout-collapse/, 1280, async (page) => {
    await page.evaluate(() => document.querySelectorAll("main details").forEach((fold) => { fold.open = true; }));
    for (const button of (await page.locator('main .callout-header.collapsed[data-bs-toggle="collapse"]:visible').all()).slice(0, 5)) await button.click();
  }],
  ["an enlarged picture", /class="lightbox/, 1280, async (page) => {
    await page.locator("main a.lightbox").first().click();
    await visible(page.locator("dialog.mlsys-lightbox"));
  }],
  ["a preview", /class="quarto-xref"/, 390, async (page) => {
    await page.keyboard.press("Tab");
    await page.locator("main a.quarto-xref:visible").first().focus();
    await page.locator(".mlsys-preview").waitFor({ state: "visible", timeout: 2000 }).catch(() => {});
  }],
  ["a later tab", /panel-tabset/, 1280, async (page) => {
    await page.locator('main [role="tab"][aria-selected="false"]:visible').first().click();
  }],
  ["the menu of code tools", /quarto-code-tools-menu/, 1280, async (page) => {
    const menu = page.locator("#quarto-code-tools-menu");
    const closed = page.locator("details.code-fold:not([open])");
    await menu.click();
    await page.locator("#quarto-show-all-code").click();
    assert.equal(await closed.count(), 0);
    await page.keyboard.press("ArrowDown");
    await page.locator("#quarto-hide-all-code").click();
    assert.equal(await closed.count(), await page.locator("details.code-fold").count());
    await menu.click();
    await visible(page.locator("#quarto-view-source"));
  }],
  ["the source of the page", /popovertarget="quarto-embedded-source-code"|code-tools-button/, 1280, async (page) => {
    await page.locator(".code-tools-button:visible").first().click();
    await page.waitForTimeout(150);
  }],
];

for (const [name, needs, width, act, within] of states) {
  // Avoid the error page, which has the least content.
  const path = pages.find((path) => path !== "404.html" && needs.test(read(path)));
  if (!path) continue;
  for (const dark of [false, true]) {
    test(`${name}, ${dark ? "dark" : "light"}: ${path}`, async (t) => {
      const page = await open(path, { width, dark });
      await act(page);
      const { ours, raw } = await violations(page, within);
      if (raw) t.diagnostic(`${raw} violations in HTML of the sources`);
      assert.equal(ours.length, 0, `${ours.length} violations\n${ours.slice(0, 20).join("\n")}`);
    });
  }
}
