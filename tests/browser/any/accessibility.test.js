// Axe finds no violation of WCAG 2.2 AA, in light and in dark mode.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "../reader.js";
import { somePages } from "../site.js";
import { violations } from "../violations.js";

for (const path of somePages(12)) {
  for (const [name, options] of [
    ["light", {}],
    ["dark", { dark: true }],
    ["narrow", { width: 390 }],
  ]) {
    test(`${path} ${name}`, async (t) => {
      const page = await open(path, options);
      const { ours, raw } = await violations(page);
      if (raw) t.diagnostic(`${raw} violations in HTML of the sources`);
      assert.equal(ours.length, 0, `${ours.length} violations\n${ours.slice(0, 20).join("\n")}`);
    });
  }
}
