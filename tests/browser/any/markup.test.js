// Every page is valid HTML.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import { isRawText } from "../raw.js";
import { pages, read } from "../site.js";

const validator = new HtmlValidate({ extends: ["html-validate:standard"] });

for (const path of pages) {
  test(path, async (t) => {
    const text = read(path);
    const report = await validator.validateString(text, path);
    const starts = [0, ...[...text.matchAll(/\n/g)].map((m) => m.index + 1)];
    // The reported tag and the text after it.
    const place = ({ line, column }) => {
      const start = text.lastIndexOf("<", starts[line - 1] + column - 1);
      return text.slice(start, text.indexOf(">", start) + 20).split("\n")[0];
    };
    const found = report.results
      .flatMap((result) => result.messages)
      .filter((message) => message.severity === 2);
    const ours = found
      .filter((message) => !isRawText(place(message)))
      .map((m) => `${path}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
    if (found.length > ours.length) t.diagnostic(`${found.length - ours.length} errors in HTML of the sources`);
    assert.equal(ours.length, 0, `${ours.length} errors\n${ours.slice(0, 20).join("\n")}`);
  });
}
