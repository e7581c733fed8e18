// No violation of WCAG 2.2 AA that axe finds, in light and in dark.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { open } from "../reader.js";
import { somePages } from "../site.js";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page) {
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(async (values) => {
    const results = await window.axe.run(document, {
      runOnly: { type: "tag", values },
      resultTypes: ["violations"],
    });
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary.split("\n")[1]?.trim()}`),
    );
  }, standards);
  return found;
}

for (const path of somePages(12)) {
  for (const [name, options] of [
    ["light", {}],
    ["dark", { dark: true }],
    ["narrow", { width: 390 }],
  ]) {
    test(`${path} ${name}`, async () => {
      const page = await open(path, options);
      const found = await violations(page);
      assert.equal(found.length, 0, `${found.length} violations\n${found.slice(0, 20).join("\n")}`);
    });
  }
}
