// Properties of every page: small, complete without its script, no layout shift.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { isRawElement } from "../raw.js";
import { open } from "../reader.js";
import { folder, pages, read, sitePath, somePages } from "../site.js";

test("our style sheets and scripts are at most 60 KB per page and have fingerprints", () => {
  for (const path of pages) {
    const ours = [...read(path).matchAll(/(?:href|src)="([^"]*site_libs\/mlsys\/[^"]+\.(?:css|js))"/g)].map((m) => m[1]);
    assert.ok(ours.some((file) => file.endsWith(".css")) && ours.some((file) => file.endsWith(".js")), path);
    let size = 0;
    for (const file of new Set(ours)) {
      assert.match(file, /-[0-9a-f]{8}\.(css|js)$/);
      const below = file.startsWith("/") ? file.replace(sitePath, "") : posix.join(posix.dirname(path), file);
      size += gzipSync(readFileSync(join(folder, below)), { level: 9 }).length;
    }
    assert.ok(size <= 60 * 1024, `${path}: ${size} bytes`);
  }
});

test("no event handler attributes outside the content", () => {
  for (const path of pages) {
    const frame = read(path).replace(/<main[\s\S]*<\/main>/, "");
    assert.doesNotMatch(frame, /<[a-z][^>]* on[a-z]+="/, path);
  }
});

for (const path of somePages(12)) {
  test(`${path} does not shift while it loads slowly`, async () => {
    const page = await open(path, {
      slow: true,
      before: (page) =>
        page.addInitScript(() => {
          window.shifts = [];
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              const elements = entry.sources.map(({ node }) => node?.nodeType === 1 ? node : node?.parentElement).filter(Boolean);
              // The column widths of a table are known only after its last row.
              if (elements.length > 0 && elements.every((element) => element.closest("table"))) continue;
              const nodes = elements.map((element) => [element.localName, Object.fromEntries([...element.attributes].map((a) => [a.name, a.value]))]);
              // A math font that loads late shifts letters by an imperceptible amount.
              if (entry.value < 0.0005) continue;
              window.shifts.push([entry.value.toFixed(4), nodes]);
            }
          }).observe({ type: "layout-shift", buffered: true });
        }),
    });
    await page.waitForTimeout(300);
    const shifts = await page.evaluate(() => window.shifts);
    // A raw HTML image without a size shifts the content after it.
    const ours = shifts.filter(([, nodes]) => !nodes.some(([name, attributes]) => isRawElement(name, attributes)));
    assert.equal(JSON.stringify(ours), "[]");
  });

  test(`${path} is no wider than the screen of a phone`, async () => {
    const page = await open(path, { width: 390 });
    const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
    assert.ok(wide <= 390, `${wide} px`);
  });

  test(`${path} shows its text without a script`, async () => {
    const page = await open(path, { script: false });
    assert.ok(await page.locator("main").isVisible());
    assert.equal(await page.locator(".code-copy-button:visible, .quarto-color-scheme-toggle:visible").count(), 0);
  });
}

for (const path of pages.filter((path) => /class="[^"]*column-screen/.test(read(path))).slice(0, 3)) {
  test(`${path} has no full-width content covered by its sidebar`, async () => {
    const page = await open(path);
    const covered = await page.evaluate(() => {
      const edge = document.querySelector("#quarto-sidebar")?.getBoundingClientRect().right ?? 0;
      return [...document.querySelectorAll("main [class*='column-screen']")].filter((wide) => wide.getBoundingClientRect().left < edge).length;
    });
    assert.equal(covered, 0);
  });
}

for (const path of pages.filter((path) => read(path).includes("quarto-title-banner")).slice(0, 3)) {
  for (const width of [390, 1280, 1920]) {
    test(`${path} has its title over its text at ${width}`, async () => {
      const page = await open(path, { width });
      const edges = await page.evaluate(() =>
        [".quarto-title-banner .title", ".quarto-title-meta", "main > section, main > p"].map((part) => document.querySelector(part).getBoundingClientRect().left),
      );
      assert.ok(edges.every((edge) => Math.abs(edge - edges[0]) <= 1), `${edges}`);
    });
  }
}
