// The pages of the EPUB as a reading system shows them: axe finds nothing by any of its rules, in light and in dark pages, and
// nothing is wider than the page of a phone or of an e-reader.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "../reader.js";
import { filesOf, folder } from "../site.js";
import { violations } from "../violations.js";

const documents = filesOf(folder).filter((path) => path.endsWith(".xhtml"));

test("there are pages", () => assert.ok(documents.length > 20));

for (const path of documents) {
  test(path, async () => {
    for (const options of [{ width: 390 }, { width: 620, dark: true }]) {
      const page = await open(path, options);
      const { ours } = await violations(page, "html", []);
      assert.equal(ours.length, 0, `${ours.length} violations\n${ours.slice(0, 20).join("\n")}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `${wider} pixels wider than a page of ${options.width}`);
      await page.close();
    }
  });
}
