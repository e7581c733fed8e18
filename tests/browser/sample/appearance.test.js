// Light and dark mode and the announcement: the reader's choice is remembered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "../reader.js";

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const mode = (page) => page.evaluate(() => document.documentElement.dataset.bsTheme);

test("pages follow the system setting, with and without the script", async () => {
  const light = await background(await open("index.html"));
  assert.notEqual(await background(await open("index.html", { dark: true })), light);
  assert.notEqual(await background(await open("index.html", { dark: true, script: false })), light);
});

test("the reader's choice is remembered and applied before the first paint", async () => {
  const page = await open("index.html");
  await page.locator(".quarto-color-scheme-toggle:visible").first().click();
  assert.equal(await mode(page), "dark");
  const chosen = await background(page);
  const next = await open("contents/frontmatter/preface.html", {
    reader: page,
    // The body's colour in the first frame; another one would flash.
    before: (page) =>
      page.addInitScript(() => {
        const frame = () => {
          if (document.body) window.firstBackground = getComputedStyle(document.body).backgroundColor;
          else requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
  });
  assert.equal(await next.evaluate(() => window.firstBackground), chosen);
  assert.equal(await mode(next), "dark");
});

test("a change of the system is followed until the reader chooses", async () => {
  const page = await open("index.html");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(() => document.documentElement.dataset.bsTheme === "dark");
  await page.locator(".quarto-color-scheme-toggle:visible").first().click();
  await page.emulateMedia({ colorScheme: "light" });
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await mode(page), "light");
});

test("an announcement stays away once dismissed", async () => {
  const page = await open("index.html");
  const announcement = page.locator("#quarto-announcement");
  assert.ok(await announcement.isVisible());
  await announcement.locator(".quarto-announcement-action").click();
  assert.ok(await announcement.isHidden());
  const next = await open("contents/guide/index.html", { reader: page });
  assert.ok(await next.locator("#quarto-announcement").isHidden());
});
