// No violation of WCAG 2.2 AA that axe finds, in light and in dark.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { isRawElement } from "../raw.js";
import { open } from "../reader.js";
import { somePages } from "../site.js";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function violations(page) {
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(async (values) => {
    const results = await window.axe.run(document, {
      runOnly: { type: "tag", values },
      resultTypes: ["violations"],
    });
    const chain = (target) => {
      const elements = [];
      for (let element = document.querySelector(target); element && !element.matches("main, body"); element = element.parentElement) {
        elements.push([element.localName, Object.fromEntries([...element.attributes].map((a) => [a.name, a.value]))]);
      }
      return elements;
    };
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => ({
        chain: chain(node.target[0]),
        text: `${id}: ${node.target.join(" ")}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary.split("\n")[1]?.trim()}`,
      })),
    );
  }, standards);
  const ours = found.filter(({ chain }) => !chain.some(([name, attributes]) => isRawElement(name, attributes)));
  return { ours: ours.map(({ text }) => text), raw: found.length - ours.length };
}

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
