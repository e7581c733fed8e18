// Violations of WCAG 2.2 AA that axe finds on a page.

import { createRequire } from "node:module";
import { isRawElement } from "./raw.js";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * The current violations on a page or a part of it: those of mlsys, and the number of those in raw HTML of the sources. `tags` select
 * the rules; with none, all of axe's rules hold.
 */
export async function violations(page, within = "html", tags = standards) {
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(async ([within, values]) => {
    const results = await window.axe.run(within, {
      ...(values.length && { runOnly: { type: "tag", values } }),
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
  }, [within, tags]);
  const ours = found.filter(({ chain }) => !chain.some(([name, attributes]) => isRawElement(name, attributes)));
  return { ours: ours.map(({ text }) => text), raw: found.length - ours.length };
}
