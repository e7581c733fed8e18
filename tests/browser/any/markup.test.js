// Every page is valid HTML.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import { pages, read } from "../site.js";

const validator = new HtmlValidate({ extends: ["html-validate:standard"] });

for (const path of pages) {
  test(path, async () => {
    const report = await validator.validateString(read(path), path);
    const found = report.results
      .flatMap((result) => result.messages)
      .filter((message) => message.severity === 2)
      .map((m) => `${path}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
    assert.equal(found.length, 0, `${found.length} errors\n${found.slice(0, 20).join("\n")}`);
  });
}
