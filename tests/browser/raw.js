// HTML that the author wrote into the sources: what is wrong with it is reported to the author, and is no fault of the pages.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf, sources } from "./site.js";

/** The text of the project's sources. */
export const sourceText = filesOf(sources)
  .filter((path) => !path.startsWith("_build/") && /\.(qmd|md|ya?ml|html|js|s?css|bib|svg)$/.test(path))
  .map((path) => readFileSync(join(sources, path), "utf8"))
  .join("\n");

const squeezed = sourceText.replace(/\s+/g, " ");

/** Whether a piece of a page stands in the sources like this. */
export const isRawText = (piece) => squeezed.includes(piece.replace(/\s+/g, " ").trim());

const attributes = (tag) =>
  new Map([...tag.matchAll(/\s([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s">]+)))?/g)].map((m) => [m[1], m[2] ?? m[3] ?? m[4] ?? ""]));
const rawTags = new Map();
for (const [tag, name] of sourceText.matchAll(/<([a-z][a-z0-9]*)\s[^>]*>/g)) {
  if (!rawTags.has(name)) rawTags.set(name, []);
  rawTags.get(name).push(attributes(tag));
}

/** Whether an element, given by its name and attributes, is one of the sources: all it has was written there. */
export function isRawElement(name, given) {
  // The site adds these; addresses are changed to be right on the page.
  const own = Object.entries(given).filter(([key]) => !["tabindex", "src", "href", "loading"].includes(key));
  return (rawTags.get(name) ?? []).some(
    (tag) => own.length > 0 && own.every(([key, value]) => tag.has(key) && (tag.get(key) === value || value === key || value === "")),
  );
}
