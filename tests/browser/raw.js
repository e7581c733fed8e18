// Raw HTML of the sources. Its mistakes are reported to the author; they are not mistakes of the generated pages.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf, sources } from "./site.js";

/** The text of the project's sources. */
export const sourceText = filesOf(sources)
  .filter((path) => !path.startsWith("_build/") && /\.(qmd|md|ya?ml|html|js|s?css|bib|svg)$/.test(path))
  .map((path) => readFileSync(join(sources, path), "utf8"))
  .join("\n");

const squeezed = sourceText.replace(/\s+/g, " ");

/** True if the sources contain this piece of a page literally. */
export const isRawText = (piece) => squeezed.includes(piece.replace(/\s+/g, " ").trim());

const attributes = (tag) =>
  new Map([...tag.matchAll(/\s([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s">]+)))?/g)].map((m) => [m[1], m[2] ?? m[3] ?? m[4] ?? ""]));
const rawTags = new Map();
for (const [tag, name] of sourceText.matchAll(/<([a-z][a-z0-9]*)\s[^>]*>/g)) {
  if (!rawTags.has(name)) rawTags.set(name, []);
  rawTags.get(name).push(attributes(tag));
}

/** True if an element with this name and these attributes comes from the sources. */
export function isRawElement(name, given) {
  // mlsys adds these attributes and rewrites URLs.
  const own = Object.entries(given).filter(([key]) => !["tabindex", "src", "href", "loading"].includes(key));
  return (rawTags.get(name) ?? []).some(
    (tag) => own.length > 0 && own.every(([key, value]) => tag.has(key) && (tag.get(key) === value || value === key || value === "")),
  );
}
