// A page of `mlsys serve` while its sources are edited.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";

const address = process.env.MLSYS_SERVER;
const path = (name) => join(process.env.MLSYS_SOURCES, name);
const read = (name) => readFileSync(path(name), "utf8");
const save = (name, text) => writeFileSync(path(name), text);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
after(() => browser.close());

const long = `---\ntitle: Pears\n---\n\n${Array.from({ length: 80 }, (_, at) => `Paragraph ${at} about pears.\n\n`).join("")}
## Kinds {#sec-pears}\n\n${Array.from({ length: 80 }, (_, at) => `Kind ${at} of pears.\n\n`).join("")}`;

/** Opens a page once the server has the last saved version, and marks it, so that a reload is detected. */
async function open(name, text) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(20_000);
  await page.goto(address + name, { waitUntil: "load" });
  if (text) await page.getByText(text, { exact: true }).first().waitFor({ state: "attached" });
  await page.locator("script[data-mlsys-live][data-remembered]").waitFor({ state: "attached" });
  await page.evaluate(() => (window.marked = true));
  return page;
}
const isSame = (page) => page.evaluate(() => window.marked === true);

test("text changes in place, and the scroll position stays", async () => {
  save("pears.qmd", long);
  const page = await open("pears.html", "Kind 79 of pears.");
  await page.evaluate(() => document.getElementById("sec-pears").scrollIntoView({ behavior: "instant" }));
  await page.waitForTimeout(300);
  const top = () => page.evaluate(() => document.getElementById("sec-pears").getBoundingClientRect().top);
  const before = await top();
  save("pears.qmd", long.replace("Kind 3 of pears.", "Kind 3 of plums."));
  await page.getByText("Kind 3 of plums.", { exact: true }).waitFor();
  assert.ok(await isSame(page), "the page was not loaded anew");
  save("pears.qmd", long.replace("Paragraph 2 about pears.", "Paragraph 2.\n\nAnd one more.\n\nAnd another."));
  await page.getByText("And another.", { exact: true }).waitFor({ state: "attached" });
  assert.ok(await isSame(page), "paragraphs come in place, too");
  await page.waitForTimeout(200);
  assert.ok(Math.abs((await top()) - before) < 30, `the heading went from ${before} to ${await top()}`);
  await page.close();
});

test("an edit within a section arrives with the event and equals a new page", async () => {
  const start = `---\ntitle: Pears\n---\n\n## Kinds {#sec-kinds-of-pears}\n\nOne 😀 pear.\n\n- A with $y$\n- B\n\n### Old {#sec-old}\n\nOld é ones.\n`;
  save("pears.qmd", start);
  const page = await open("pears.html", "Old é ones.");
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const edits = [
    ["One 😀 pear.", "One 😀 red pear."],
    ["One 😀 red pear.", "Two *red* pears.\n\nAnd 😀 one."],
    ["- B", "- B\n- C with $x^2$"],
    ["Old é ones.", "Old è ones & <b>others</b>."],
    ["And 😀 one.\n\n", ""],
  ];
  let text = start;
  for (const [old, now] of edits) {
    text = text.replace(old, now);
    // Listen before saving the edit, because the change may arrive at once.
    await page.evaluate(() => {
      window.changed = new Promise((resolve) =>
        document.addEventListener("mlsys:changed", (event) => resolve(event.detail.section), { once: true }),
      );
    });
    save("pears.qmd", text);
    assert.ok(await page.evaluate(() => window.changed), `\`${now}\` is within a section`);
  }
  assert.ok(await isSame(page));
  assert.deepEqual(asked.filter((path) => path.endsWith("pears.html")), []);
  const differs = await page.evaluate(async () => {
    const sent = await (await fetch(location.pathname, { headers: { Accept: "*/*" }, cache: "no-store" })).text();
    // Scripts added links to the headings.
    const section = (page) => {
      const copy = page.getElementById("sec-kinds-of-pears").cloneNode(true);
      copy.querySelectorAll("h2, h3").forEach((heading) => heading.remove());
      return copy.outerHTML;
    };
    const [here, there] = [section(document), section(new DOMParser().parseFromString(sent, "text/html"))];
    return here === there ? "" : `${here}\n--- not\n${there}`;
  });
  assert.equal(differs, "");
  await page.close();
});

test("elements with state in scripts are reloaded, at the same scroll position", async () => {
  save("pears.qmd", long);
  const page = await open("pears.html", "Kind 3 of pears.");
  await page.evaluate(() => document.getElementById("sec-pears").scrollIntoView({ behavior: "instant" }));
  await page.waitForTimeout(300);
  const top = () => page.evaluate(() => document.getElementById("sec-pears")?.getBoundingClientRect().top);
  const before = await top();
  save("pears.qmd", long.replace("Paragraph 5 about", "```python\nprint(5)\n```\n\n## A new heading\n\nParagraph 5 about"));
  await page.getByRole("heading", { name: "A new heading" }).waitFor();
  assert.ok(!(await isSame(page)));
  await page.waitForTimeout(500);
  assert.ok(Math.abs((await top()) - before) < 60, `the heading went from ${before} to ${await top()}`);
  await page.close();
});

test("an edit of another page does not affect this one", async () => {
  const page = await open("apples.html");
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  save("part/plums.qmd", "---\ntitle: Plums\n---\n\nOther plums.\n");
  const other = await open("part/plums.html", "Other plums.");
  assert.ok(await isSame(page));
  assert.deepEqual(requests, []);
  await other.close();
  await page.close();
});

test("style sheets are replaced without a reload", async () => {
  const page = await open("apples.html");
  const color = (selector, name) =>
    page.evaluate(([selector, name]) => getComputedStyle(document.querySelector(selector)).getPropertyValue(name), [selector, name]);
  save("style.css", "main { color: rgb(1, 2, 3); }\n");
  await page.waitForFunction(() => getComputedStyle(document.querySelector("main")).color === "rgb(1, 2, 3)");
  const before = await color(":root", "--bs-primary");
  save("theme.scss", "/*-- scss:defaults --*/\n$primary: #a01;\n");
  await page.waitForFunction((before) => getComputedStyle(document.documentElement).getPropertyValue("--bs-primary") !== before, before);
  assert.ok(await isSame(page));
  assert.equal(await color("main", "color"), "rgb(1, 2, 3)");
  await page.close();
});

test("errors are shown on their page, with file, line and source", async () => {
  const apples = "---\ntitle: Apples\n---\n\nRound ones.\n";
  save("apples.qmd", apples);
  const page = await open("apples.html", "Round ones.");
  const box = page.locator("mlsys-notes section");
  save("apples.qmd", `${apples}\nSee @fig-nowhere.\n`);
  await box.waitFor();
  const text = await box.innerText();
  assert.match(text, /apples\.qmd:\d+:\d+/);
  assert.match(text, /See @fig-nowhere\./);
  save("apples.qmd", apples);
  await box.waitFor({ state: "detached" });
  const config = read("_quarto.yml");
  save("_quarto.yml", `${config}toc: [\n`);
  await page.locator("mlsys-notes section.failed").waitFor();
  assert.match(await box.innerText(), /_quarto\.yml:\d+:\d+/);
  assert.equal(await page.locator("#title-block-header h1").innerText(), "Apples", "the last good page stays");
  save("_quarto.yml", config);
  await box.waitFor({ state: "detached" });
  assert.ok(await isSame(page));
  await page.close();
});
