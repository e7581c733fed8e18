// Live reload. The preview server adds this script to pages; a build does not.
//
// If only text and plain elements changed, they are patched in place, which keeps the scroll position, open menus and the state of
// scripts. Otherwise the page reloads and restores its scroll position. Style sheets and images are replaced without a reload.

const script = document.querySelector("script[data-mlsys-live]");
let { tag, build } = script.dataset;

// ---- The page as the server sent it, before scripts changed it ----

const parse = (html) => new DOMParser().parseFromString(html, "text/html");
async function fetchPage() {
  const response = await fetch(location.pathname + location.search, { headers: { Accept: "*/*" }, cache: "no-store" });
  const found = (response.headers.get("etag") ?? "").replaceAll('"', "");
  return { tag: found, html: await response.text() };
}
// The page as sent, as a tree and as text.
let before = null;
let beforeHtml = "";
const idle = globalThis.requestIdleCallback ?? ((run) => setTimeout(run, 200));
function remember() {
  idle(async () => {
    const page = await fetchPage().catch(() => null);
    if (page?.tag !== tag || before) return;
    [before, beforeHtml] = [parse(page.html), page.html];
    script.dataset.remembered = "";
  });
}

// ---- Changing the page in place ----

// Elements with state in scripts or the browser. If one is added or removed, the page reloads.
const ALIVE = "script, style, link, base, button, input, select, textarea, details, dialog, iframe, object, video, audio, " +
  "canvas, form, [data-bs-toggle], [data-anchor-id], .panel-tabset, [onclick]";
const isAlive = (node) => node.nodeType === 1 && (node.matches(ALIVE) || node.querySelector(ALIVE) !== null);
const alike = (live, old) =>
  live && live.nodeType === old.nodeType && live.nodeName === old.nodeName &&
  (old.nodeType === 1 ? (live.id || "") === (old.id || "") : live.data === old.data);

// Collects in `todo` the steps that change `live`, which was sent as `old`, into `now`. False if the result is not certain.
function compare(old, now, live, todo) {
  if (old.isEqualNode(now)) return true;
  if (!alike(live, old) || old.nodeName !== now.nodeName) return false;
  if (old.nodeType !== 1) {
    todo.push(() => (live.data = now.data));
    return true;
  }
  if (old.nodeName === "SCRIPT" || old.nodeName === "STYLE") return false;
  if (old.nodeName === "LINK") {
    if (old.rel !== "stylesheet" || now.rel !== "stylesheet") return false;
    todo.push(() => swapSheet(live, now.getAttribute("href")));
    return true;
  }
  for (const name of new Set([...old.getAttributeNames(), ...now.getAttributeNames()])) {
    const value = now.getAttribute(name);
    if (old.getAttribute(name) === value) continue;
    if (value === null) todo.push(() => live.removeAttribute(name));
    else todo.push(() => live.setAttribute(name, value));
  }
  return compareChildren(old.childNodes, now.childNodes, live, todo);
}

// How far to search for a child that moved because others were added or removed before it.
const AHEAD = 60;
const indexIn = (nodes, node, from, end) => {
  for (let at = from; at < Math.min(end, from + AHEAD); at += 1) if (nodes[at].isEqualNode(node)) return at;
  return -1;
};

// Scripts append nodes at the end of an element only, so `live.childNodes[i]` corresponds to `a[i]`.
function compareChildren(a, b, live, todo) {
  const c = [...live.childNodes];
  let [i, j] = [0, 0];
  let [endA, endB] = [a.length, b.length];
  while (endA > 0 && endB > 0 && a[endA - 1].isEqualNode(b[endB - 1])) [endA, endB] = [endA - 1, endB - 1];
  const come = (until) => {
    if (i < a.length && !alike(c[i], a[i])) return false;
    const next = i < a.length ? c[i] : (c[i] ?? null);
    for (; j < until; j += 1) {
      const node = b[j];
      if (isAlive(node)) return false;
      todo.push(() => live.insertBefore(document.importNode(node, true), next));
    }
    return true;
  };
  const go = (until) => {
    for (; i < until; i += 1) {
      const node = c[i];
      if (!alike(node, a[i]) || isAlive(a[i])) return false;
      todo.push(() => node.remove());
    }
    return true;
  };
  while (i < endA || j < endB) {
    if (i === endA) return come(endB);
    if (j === endB) return go(endA);
    if (a[i].isEqualNode(b[j])) {
      [i, j] = [i + 1, j + 1];
      continue;
    }
    const later = indexIn(b, a[i], j + 1, endB);
    const earlier = later < 0 ? indexIn(a, b[j], i + 1, endA) : -1;
    if (later >= 0) {
      if (!come(later)) return false;
    } else if (earlier >= 0) {
      if (!go(earlier)) return false;
    } else {
      const pair = [];
      if (compare(a[i], b[j], c[i], pair)) {
        todo.push(...pair);
        [i, j] = [i + 1, j + 1];
      } else if (!come(j + 1) || !go(i + 1)) return false;
    }
  }
  return true;
}

// The common case: an edit inside a section, before its first subsection. Only this part is parsed and compared.
function patchSection(html, { start, end, text }) {
  const [opens, closes] = ["<section ", "</section>"];
  const gone = beforeHtml.slice(start, end);
  if (!before || [opens, closes].some((mark) => (gone + text).includes(mark))) return false;
  const head = html.lastIndexOf(opens, start);
  const from = html.indexOf(">", head) + 1;
  const id = html.slice(head, from).match(/ id="([^"&]+)"/)?.[1];
  if (head < 0 || from === 0 || from > start || !id) return false;
  const inside = (whole, after) => {
    const ends = [opens, closes].map((mark) => whole.indexOf(mark, after)).filter((at) => at >= 0);
    const box = parse(`<body><div>${whole.slice(from, Math.min(...ends))}</div><hr>`).body;
    // Fails if the edit cuts through a tag or leaves an element open.
    return ends.length && box.childNodes.length === 2 && box.lastChild.nodeName === "HR" ? [...box.firstChild.childNodes] : null;
  };
  const [old, now] = [inside(beforeHtml, end), inside(html, start + text.length)];
  const [section, live] = [before.getElementById(id), document.getElementById(id)];
  if (!old || !now || !section || !live) return false;
  const known = [...section.childNodes].slice(0, old.length);
  if (known.length !== old.length || !known.every((node, at) => node.isEqualNode(old[at]))) return false;
  const next = section.childNodes[old.length] ?? null;
  const todo = [];
  if (!compareChildren(known, now, live, todo)) return false;
  for (const step of todo) step();
  for (const node of known) node.remove();
  for (const node of now) section.insertBefore(node, next);
  beforeHtml = html;
  return true;
}

function patch(html, now) {
  const todo = [];
  if (!before || !compare(before.documentElement, now.documentElement, document.documentElement, todo)) return false;
  for (const step of todo) step();
  [before, beforeHtml] = [now, html];
  return true;
}

// ---- Style sheets and images ----

function swapSheet(link, href) {
  const fresh = link.cloneNode();
  fresh.href = href;
  fresh.addEventListener("load", () => link.remove());
  fresh.addEventListener("error", () => link.remove());
  link.after(fresh);
}
const mark = (url) => {
  const marked = new URL(url, location.href);
  marked.searchParams.set("mlsys", build);
  return marked.href;
};
function exchange(changed) {
  const has = (url) => {
    const target = new URL(url || "about:blank", location.href);
    const path = decodeURIComponent(target.pathname);
    return target.origin === location.origin && changed.some((name) => path.endsWith(`/${name}`));
  };
  for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
    if (has(link.href)) swapSheet(link, mark(link.href));
  }
  for (const image of document.images) {
    if (has(image.currentSrc || image.src)) image.src = mark(image.src);
  }
  return ![...document.scripts].some((other) => other !== script && other.src && has(other.src));
}

// ---- Reloading at the same scroll position ----

const PLACE = "mlsys-live-place";
function reload() {
  const marks = [...document.querySelectorAll("main [id]")].filter((node) => node.getBoundingClientRect().top <= 120);
  const last = marks.at(-1);
  const place = { path: location.pathname, y: scrollY, id: last?.id, top: last?.getBoundingClientRect().top };
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(place));
  } catch {}
  location.reload();
}
function restore() {
  let place = null;
  try {
    place = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
  } catch {}
  if (place?.path !== location.pathname) return;
  const node = place.id && document.getElementById(place.id);
  const y = node ? scrollY + node.getBoundingClientRect().top - place.top : place.y;
  scrollTo({ top: y, behavior: "instant" });
}

// ---- Notes ----

const STYLE = `
:host { all: initial; color-scheme: dark; font: 14px/1.5 system-ui, sans-serif; }
section { position: fixed; z-index: 2147483000; right: 1rem; bottom: 1rem; max-width: min(46rem, calc(100vw - 2rem)); max-height: 60vh;
  overflow: auto; box-sizing: border-box; background: #1b1d22; color: #f2f2f2; border: 1px solid #6b7280; border-top: 4px solid #ff7b72;
  border-radius: 6px; padding: .75rem 1rem; box-shadow: 0 6px 30px #0008; }
section.failed { inset: 0; max-width: none; max-height: none; border-radius: 0; padding: 2rem; background: #1b1d22f5; }
header { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; }
h2 { font-size: 1rem; margin: 0; } .failed h2 { font-size: 1.3rem; }
button { font: inherit; color: inherit; background: #3a3f4a; border: 1px solid #8b93a1; border-radius: 4px; padding: .1rem .6rem; cursor: pointer; }
article { margin-top: .75rem; } p { margin: 0; } .error { color: #ff9a92; } .warning { color: #f5c96a; }
code { font: 13px/1.5 ui-monospace, monospace; } .place { color: #9ecbff; }
pre { margin: .25rem 0; padding: .5rem; background: #0d0f12; overflow-x: auto; white-space: pre-wrap; font: 13px/1.5 ui-monospace, monospace; }
@media print { section { display: none; } }`;
let panel = null;
let dismissed = "";
const element = (name, text, className = "") =>
  Object.assign(document.createElement(name), { textContent: text, className });
function show(notes, failed) {
  const key = JSON.stringify([notes, failed]);
  if (key === dismissed) return;
  dismissed = "";
  panel?.remove();
  panel = null;
  if (!notes.length) return;
  panel = document.createElement("mlsys-notes");
  const inside = panel.attachShadow({ mode: "open" });
  const box = element("section", "", failed ? "failed" : "");
  box.setAttribute("role", failed ? "alert" : "status");
  const head = document.createElement("header");
  const close = element("button", "Close");
  close.addEventListener("click", () => {
    dismissed = key;
    panel?.remove();
    panel = null;
  });
  const count = `${notes.length} ${notes.length === 1 ? "problem" : "problems"}`;
  head.append(element("h2", failed ? "Build failed. Showing the last good version." : `${count} on this page`), close);
  box.append(head);
  for (const note of notes) {
    const article = document.createElement("article");
    const line = element("p", "", note.severity);
    line.append(element("code", note.place, "place"), ` ${note.severity}: ${note.message}`);
    article.append(line);
    if (note.source) article.append(element("pre", note.source));
    for (const hint of note.hints) article.append(element("p", hint));
    box.append(article);
  }
  inside.append(element("style", STYLE), box);
  document.documentElement.append(panel);
}
addEventListener("keydown", (event) => {
  if (event.key === "Escape") panel?.shadowRoot.querySelector("button").click();
});

// ---- Listening ----

let wanted = tag;
// The edit from one version of the page to the next, if the server sent it.
let edit = null;
let renewing = null;
async function renew() {
  while (tag !== wanted) {
    const times = [performance.now()];
    const known = edit?.from === tag && edit.tag === wanted && before ? edit : null;
    const edited = known && beforeHtml.slice(0, known.start) + known.text + beforeHtml.slice(known.end);
    const page = known ? { tag: known.tag, html: edited } : await fetchPage();
    times.push(performance.now());
    const isPatched = known !== null && patchSection(page.html, known);
    const now = isPatched ? null : parse(page.html);
    times.push(performance.now());
    if (!isPatched && page.tag !== tag && !patch(page.html, now)) return reload();
    times.push(performance.now());
    tag = page.tag;
    // Scripts that compute layout run again, after the change is visible.
    setTimeout(() => dispatchEvent(new Event("resize")));
    const [began, fetched, parsed, patched] = times;
    const detail = { build, section: isPatched, began: performance.timeOrigin + began, transfer: fetched - began, parse: parsed - fetched, patch: patched - parsed };
    document.dispatchEvent(new CustomEvent("mlsys:changed", { detail }));
    if (page.tag !== wanted && wanted.startsWith("404")) return reload();
    if (page.tag === wanted) break;
  }
}

let source = null;
let pause = 250;
function listen() {
  source?.close();
  const page = decodeURIComponent(location.pathname);
  source = new EventSource(`/.mlsys/events?${new URLSearchParams({ page, tag: wanted, build })}`);
  source.onopen = () => (pause = 250);
  source.onmessage = (event) => {
    const message = JSON.parse(event.data);
    build = message.build;
    wanted = message.tag;
    if (message.edit) edit = { ...message.edit, tag: wanted };
    show(message.notes, message.failed);
    if (!exchange(message.changed)) return reload();
    if (tag !== wanted && !renewing) {
      renewing = renew().catch(() => {}).finally(() => (renewing = null));
    }
  };
  source.onerror = () => {
    source.close();
    setTimeout(() => document.hidden || listen(), pause);
    pause = Math.min(pause * 2, 4000);
  };
}
// Browsers allow six connections per host; background pages must not use them up.
document.addEventListener("visibilitychange", () => (document.hidden ? source?.close() : listen()));
addEventListener("pageshow", (event) => event.persisted && listen());
addEventListener("pagehide", () => source?.close());
addEventListener("load", restore);
remember();
listen();
