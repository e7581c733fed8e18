// The search box: a dialog with a combobox and the list of results.

let dialog;
let options;

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const word = (key) => options.language[key] ?? "";

// Opens the box. `text` was typed while this script was loading. The box opens at a button that looks like a text field.
export function open(settings, button, text = "") {
  options = settings;
  dialog ??= build();
  if (dialog.open) return;
  place(button);
  dialog.showModal();
  const input = dialog.querySelector("input");
  if (text) input.value = text;
  input.select();
  if (text) input.setSelectionRange(text.length, text.length);
  load(options.index).then(() => input.value && search(), fail);
}

function place(button) {
  const slot = button?.closest(".type-textbox") ?? document.querySelector("#quarto-search.type-textbox");
  const box = slot?.getBoundingClientRect();
  const inPlace = Boolean(box?.width) && innerWidth >= 576;
  dialog.classList.toggle("mlsys-search-textbox", inPlace);
  const style = inPlace
    ? { top: `${Math.max(8, box.top)}px`, left: `${Math.min(Math.max(8, box.left), innerWidth - 200)}px`, width: `${Math.min(544, innerWidth - 16 - box.left)}px` }
    : { top: "", left: "", width: "" };
  Object.assign(dialog.style, style);
}

function build() {
  const label = word("search-label");
  const input = element("input", {
    type: "text",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "mlsys-search-results",
    "aria-label": label,
    placeholder: word("search-text-placeholder") || label,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  const clear = element("button", { type: "button", class: "mlsys-search-clear", hidden: "" }, word("search-clear-button-title"));
  const cancel = element("button", { type: "button", class: "mlsys-search-cancel" }, word("search-detached-cancel-button-title"));
  const field = element("div", { class: "mlsys-search-field" }, input, clear, cancel);
  if (options["copy-button"]) {
    const copy = element("button", { type: "button", class: "mlsys-search-copy" }, word("search-copy-link-title"));
    copy.addEventListener("click", () => navigator.clipboard.writeText(linkToSearch(input.value)));
    cancel.before(copy);
  }
  const status = element("p", { class: "mlsys-search-status", role: "status" });
  const list = element("div", { class: "mlsys-search-results", id: "mlsys-search-results", role: "listbox", "aria-label": label, hidden: "" });
  const made = element("dialog", { class: "mlsys-search", "aria-label": label }, field, status, list);
  clear.addEventListener("click", () => {
    input.value = "";
    input.focus();
    search();
  });
  cancel.addEventListener("click", () => made.close());
  input.addEventListener("input", search);
  input.addEventListener("keydown", onKey);
  list.addEventListener("pointermove", (event) => activate(event.target.closest('[role="option"]'), false));
  list.addEventListener("click", follow);
  // Close on a click outside the box, but not if a text selection ends there.
  made.addEventListener("pointerdown", (event) => event.target === made && made.close());
  document.body.append(made);
  return made;
}

function linkToSearch(query) {
  const link = new URL(location.href);
  link.hash = "";
  link.search = new URLSearchParams({ q: query, "show-results": "1" });
  return link.href;
}

const shownOptions = () => [...dialog.querySelectorAll('[role="option"]')].filter((option) => !option.hidden);

function activate(option, scroll = true) {
  if (!option) return;
  for (const other of dialog.querySelectorAll('[aria-selected="true"]')) other.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  dialog.querySelector("input").setAttribute("aria-activedescendant", option.id);
  if (scroll) option.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.isComposing) return;
  const shown = shownOptions();
  const at = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) {
    event.preventDefault();
    activate(shown[(at + step + shown.length) % shown.length]);
  } else if (event.key === "Enter" && shown[at]) {
    event.preventDefault();
    if (shown[at].href && (event.ctrlKey || event.metaKey)) window.open(shown[at].href);
    else shown[at].click();
  }
}

// Results on this page scroll to their section; others are links.
function follow(event) {
  const option = event.target.closest('[role="option"]');
  if (!option) return;
  if (option.dataset.more !== undefined) {
    unfold(option);
  } else if (option.pathname === location.pathname && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const query = dialog.querySelector("input").value;
    dialog.close();
    location.hash = option.hash;
    if (!option.hash) scrollTo({ top: 0 });
    mark(options, query);
  }
}

function unfold(more) {
  const folded = [...more.parentElement.querySelectorAll("[data-folded]")];
  if (more.dataset.more === "") {
    more.before(...(folded.length ? folded : more.fold()));
    for (const option of folded) option.hidden = false;
    more.textContent = word("search-hide-matches-text");
  } else {
    folded.forEach((option) => (option.hidden = true));
    more.textContent = moreText(folded.length);
  }
  more.dataset.more = more.dataset.more === "" ? "open" : "";
  activate(more);
}

function moreText(count) {
  return `${count} ${word(count === 1 ? "search-more-match-text" : "search-more-matches-text")}`;
}

function fail() {
  dialog.querySelector(".mlsys-search-status").textContent = word("search-unavailable-text");
}

// Shows the results of the query in the box. Results of an outdated query are dropped.
let asked = 0;
async function search() {
  const input = dialog.querySelector("input");
  const query = input.value;
  const number = (asked += 1);
  dialog.querySelector(".mlsys-search-clear").hidden = !query;
  try {
    const index = await load(options.index);
    const result = await find(index, query, options.limit);
    if (number === asked) show(index, query, result);
  } catch {
    if (number === asked) fail();
  }
}

function show(index, query, result) {
  const input = dialog.querySelector("input");
  const status = dialog.querySelector(".mlsys-search-status");
  const list = dialog.querySelector(".mlsys-search-results");
  watch?.disconnect();
  watch = watchExcerpts(index, result.words, list);
  let count = 0;
  const option = (name, attributes) => {
    const id = `mlsys-search-option-${(count += 1)}`;
    return element(name, { role: "option", id, "aria-selected": "false", ...attributes });
  };
  const resultOf = (section) => {
    const link = option("a", { class: "mlsys-search-option", href: address(section, query), tabindex: "-1" });
    const heading = section.heading || section.page.title;
    const text = element("span", { class: `mlsys-search-excerpt${section.size < 60 ? " mlsys-short" : ""}` });
    link.append(element("span", { class: "mlsys-search-heading" }, ...marked(heading, result.words)), text);
    link.section = section;
    watch.observe(link);
    return link;
  };
  const groups = result.pages.map(({ page, sections }, number) => {
    const title = element("div", { class: "mlsys-search-page", id: `mlsys-search-page-${number}`, role: "presentation" });
    const context = crumbsOf(page);
    if (context.length) title.append(element("span", { class: "mlsys-search-crumbs" }, `${context.join(" › ")} › `));
    title.append(element("span", { class: "mlsys-search-title" }, ...marked(page.title, result.words)));
    const group = element("div", { role: "group", class: "mlsys-search-group", "aria-labelledby": title.id }, title);
    const shown = options["collapse-after"] || sections.length;
    group.append(...sections.slice(0, shown).map(resultOf));
    const folded = sections.slice(shown);
    if (folded.length) {
      const more = option("div", { class: "mlsys-search-option mlsys-search-more", "data-more": "" });
      more.textContent = moreText(folded.length);
      more.fold = () => folded.map((section) => {
        const link = resultOf(section);
        link.dataset.folded = "";
        return link;
      });
      group.append(more);
    }
    return group;
  });
  list.replaceChildren(...groups);
  list.hidden = !groups.length;
  list.scrollTop = 0;
  input.setAttribute("aria-expanded", String(groups.length > 0));
  input.removeAttribute("aria-activedescendant");
  if (!query.trim()) status.textContent = "";
  else status.textContent = result.count ? counted(result.count) : word("search-no-results-text");
  activate(shownOptions()[0], false);
}

function counted(count) {
  return `${count} ${word(count === 1 ? "search-matching-document-text" : "search-matching-documents-text")}`;
}

// Excerpts are loaded for visible results.
let watch;
function watchExcerpts(index, words, list) {
  const fill = async (link) => {
    const text = link.querySelector(".mlsys-search-excerpt");
    const pieces = await excerpt(index, link.section, words);
    if (pieces.length) text.replaceChildren(...pieces.map(piece));
    else text.remove();
  };
  return new IntersectionObserver((entries, observer) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      // Without an excerpt the result is still a link.
      fill(target).catch(() => {});
    }
  }, { root: list });
}

const piece = ([text, isMarked]) => (isMarked ? element("mark", {}, text) : text);

function marked(text, words) {
  const pieces = [];
  let at = 0;
  eachWord(text, (found, start, end) => {
    if (!words.has(found) || start < at) return;
    pieces.push([text.slice(at, start), false], [text.slice(start, end), true]);
    at = end;
  });
  return [...pieces, [text.slice(at), false]].map(piece);
}

// The breadcrumbs of a page, according to `show-item-context`.
function crumbsOf(page) {
  const above = page.crumbs.slice(0, -1);
  const context = options["show-item-context"];
  if (context === "false") return [];
  return context === "parent" ? above.slice(-1) : context === "root" ? above.slice(0, 1) : above;
}

const rootOfSite = () => new URL(document.querySelector('meta[name="quarto:offset"]')?.content ?? "./", document.baseURI);
const addressOf = (page) => new URL(page.href, rootOfSite()).href;

function address(section, query) {
  const link = new URL(addressOf(section.page));
  link.search = new URLSearchParams({ q: query });
  if (section.id) link.hash = section.id;
  return link.href;
}

// Fills the list of the page for missing files with the pages nearest to the address, and shows its search button.
export async function near(settings, box) {
  box.hidden = false;
  const pages = [...new Set((await load(settings.index)).sections.map((section) => section.page))];
  const best = nearest(decodeURI(location.pathname), pages).map((page) => {
    const item = element("li", {});
    item.append(element("a", { href: addressOf(page) }, page.title));
    return item;
  });
  box.querySelector("ul").append(...best);
  box.querySelector("p").hidden = !best.length;
}

// Scrolls to the fragment of the URL again after layout, unless the reader has scrolled.
export function arrive() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || document.readyState === "complete") return;
  const moved = new AbortController();
  for (const event of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    addEventListener(event, () => moved.abort(), { signal: moved.signal, passive: true });
  }
  addEventListener("load", () => {
    target.scrollIntoView({ behavior: "instant" });
    moved.abort();
  }, { signal: moved.signal });
}

// Highlights the matches of a query with the CSS Custom Highlight API, which leaves the DOM unchanged. Escape removes them.
export async function mark(settings, query) {
  if (!globalThis.CSS?.highlights) return;
  const { words } = await find(await load(settings.index), `${query} `, 0);
  const ranges = [];
  const main = document.querySelector("main");
  if (!main) return;
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("script, style, .katex, [hidden]") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  while (texts.nextNode() && ranges.length < 2000) {
    eachWord(texts.currentNode.data, (found, start, end) => {
      if (!words.has(found)) return;
      const range = new Range();
      range.setStart(texts.currentNode, start);
      range.setEnd(texts.currentNode, end);
      ranges.push(range);
    });
  }
  CSS.highlights.set("mlsys-search", new Highlight(...ranges));
  addEventListener("keydown", (event) => event.key === "Escape" && CSS.highlights.delete("mlsys-search"));
}
