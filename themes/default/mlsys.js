// Behaviour of all pages: menus, the sidebar, the colour scheme, tabs, collapsible content, copy buttons, the table of contents.
// All content is readable without scripts.

const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const words = document.querySelector("script[data-copied]")?.dataset ?? {};
const stored = (key, value) => {
  try {
    return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value);
  } catch {
    return null;
  }
};

// Collapsible content, compatible with Bootstrap: `data-bs-toggle="collapse"` with the selector of its target, and the same events.
const folders = (target) =>
  all('[data-bs-toggle="collapse"]').filter((button) => target.matches(button.dataset.bsTarget || "none"));

function fold(target, open = !target.classList.contains("show")) {
  target.dispatchEvent(new Event(open ? "show.bs.collapse" : "hide.bs.collapse", { bubbles: true }));
  target.classList.toggle("show", open);
  for (const button of folders(target)) {
    button.classList.toggle("collapsed", !open);
    if (button.hasAttribute("aria-expanded")) button.setAttribute("aria-expanded", open);
  }
  target.dispatchEvent(new Event(open ? "shown.bs.collapse" : "hidden.bs.collapse", { bubbles: true }));
}

for (const button of all('[data-bs-toggle="collapse"]')) {
  if (!button.matches("button, a, summary")) {
    button.tabIndex = 0;
    button.setAttribute("role", "button");
    button.setAttribute("aria-expanded", !button.classList.contains("collapsed"));
    button.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        button.click();
      }
    });
  }
}

// The sidebar on small screens: it takes the focus when it opens and returns it when it closes.
const sidebar = document.getElementById("quarto-sidebar");
const sidebarButton = document.querySelector(".quarto-btn-toggle");
// On small screens the sidebar is a drawer with a title and a button that closes it.
function addDrawerBar() {
  if (!sidebar || sidebar.querySelector(".mlsys-drawer")) return;
  const bar = Object.assign(document.createElement("div"), { className: "mlsys-drawer" });
  const title = Object.assign(document.createElement("span"), { textContent: sidebar.getAttribute("aria-label") ?? "" });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  close.setAttribute("aria-label", words.close ?? "");
  close.addEventListener("click", () => toggleSidebar(false));
  bar.append(title, close);
  sidebar.prepend(bar);
}
function toggleSidebar(open) {
  if (!sidebar) return;
  if (open) addDrawerBar();
  fold(sidebar, open);
  if (open) (sidebar.querySelector("a.active") ?? sidebar.querySelector("a, button"))?.focus();
  else sidebarButton?.focus();
}

// Menus.
function closeMenus(except) {
  for (const button of all('[data-bs-toggle="dropdown"][aria-expanded="true"]')) {
    if (button !== except) openMenu(button, false);
  }
}
function openMenu(button, open) {
  button.setAttribute("aria-expanded", open);
  button.parentElement.querySelector(".dropdown-menu")?.classList.toggle("show", open);
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  const menu = at('[data-bs-toggle="dropdown"]');
  closeMenus(menu);
  if (menu) {
    event.preventDefault();
    openMenu(menu, menu.getAttribute("aria-expanded") !== "true");
    return;
  }
  if (at(".quarto-btn-toggle")) return toggleSidebar(!sidebar?.classList.contains("show"));
  if (at("#quarto-sidebar-glass")) return toggleSidebar(false);
  const all_code = at("#quarto-show-all-code, #quarto-hide-all-code");
  if (all_code) {
    for (const code of all("details.code-fold")) code.open = all_code.id === "quarto-show-all-code";
    document.getElementById("quarto-code-tools-menu").focus();
    return;
  }
  const folder = at('[data-bs-toggle="collapse"]');
  if (folder) {
    event.preventDefault();
    all(folder.dataset.bsTarget).forEach((target) => fold(target));
    return;
  }
  const tab = at('[data-bs-toggle="tab"]');
  if (tab) {
    event.preventDefault();
    chooseTab(tab, true);
    return;
  }
  const picture = at("a.lightbox");
  if (picture && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    enlarge(picture);
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".dropdown");
  if (event.key === "Escape") {
    const button = menu?.querySelector('[aria-expanded="true"]');
    closeMenus();
    button?.focus();
    if (sidebar?.classList.contains("show") && sidebar.contains(event.target)) toggleSidebar(false);
  }
  if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const button = menu.querySelector('[data-bs-toggle="dropdown"]');
    const items = all(".dropdown-item", menu);
    if (!items.length) return;
    event.preventDefault();
    if (button.getAttribute("aria-expanded") !== "true") openMenu(button, true);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length + (at < 0 && step < 0 ? 1 : 0)) % items.length].focus();
  }
  const tab = event.target.closest?.('[role="tab"]');
  if (tab && ["ArrowRight", "ArrowLeft", "Home", "End"].includes(event.key)) {
    const tabs = all('[role="tab"]', tab.closest('[role="tablist"]'));
    const at = tabs.indexOf(tab);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    event.preventDefault();
    chooseTab(tabs[next % tabs.length], true);
    tabs[next % tabs.length].focus();
  }
});

// Tabs. Tabsets of a group switch together; the choice is stored for other pages.
function chooseTab(tab, remember) {
  const set = tab.closest(".panel-tabset");
  for (const other of all('[role="tab"]', tab.closest('[role="tablist"]'))) {
    const chosen = other === tab;
    for (const margin of all(`.${other.id}-margin-content`)) margin.classList.toggle("collapse", !chosen);
    other.classList.toggle("active", chosen);
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    document.querySelector(other.dataset.bsTarget)?.classList.toggle("active", chosen);
  }
  const group = set?.dataset.group;
  if (!group || !remember) return;
  const name = tab.textContent.trim();
  stored(`mlsys-tab-${group}`, name);
  for (const other of all(".panel-tabset")) {
    if (other !== set && other.dataset.group === group) chooseNamed(other, name);
  }
}
function chooseNamed(set, name) {
  const tab = all(':scope > [role="tablist"] [role="tab"]', set).find((t) => t.textContent.trim() === name);
  if (tab) chooseTab(tab, false);
}
for (const set of all(".panel-tabset")) {
  all(':scope > [role="tablist"] [role="tab"]', set).forEach((tab) => {
    tab.tabIndex = tab.classList.contains("active") ? 0 : -1;
  });
  const name = set.dataset.group && stored(`mlsys-tab-${set.dataset.group}`);
  if (name) chooseNamed(set, name);
}

// The colour scheme: the reader's choice, otherwise the system's. Stored values and classes have Quarto's names.
function setMode(mode) {
  root.dataset.bsTheme = mode;
  document.body.classList.toggle("quarto-dark", mode === "dark");
  document.body.classList.toggle("quarto-light", mode !== "dark");
  all(".quarto-color-scheme-toggle").forEach((button) => button.setAttribute("aria-pressed", mode === "dark"));
}
if (root.dataset.bsTheme) {
  setMode(root.dataset.bsTheme);
  for (const button of all(".quarto-color-scheme-toggle")) {
    button.addEventListener("click", () => {
      const mode = root.dataset.bsTheme === "dark" ? "light" : "dark";
      stored("quarto-color-scheme", mode === "dark" ? "alternate" : "default");
      setMode(mode);
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    if (!stored("quarto-color-scheme")) setMode(event.matches ? "dark" : "light");
  });
}

// Announcements stay hidden once dismissed.
const announcement = document.getElementById("quarto-announcement");
if (announcement) {
  const key = `quarto-announcement-${announcement.dataset.announcementId}`;
  const button = announcement.querySelector(".quarto-announcement-action");
  announcement.querySelector(".quarto-announcement-content")?.addEventListener("click", () => {
    announcement.classList.toggle("mlsys-open");
    measure();
  });
  if (button) {
    button.addEventListener("click", () => {
      stored(key, "true");
      announcement.hidden = true;
      measure();
    });
  }
}

// Copy buttons of code blocks.
for (const button of all(".code-copy-button")) {
  button.setAttribute("aria-label", button.title || words.copy || "");
  button.addEventListener("click", async () => {
    const code = button.parentElement.querySelector("code")?.cloneNode(true);
    if (!code) return;
    all(".code-annotation-anchor", code).forEach((anchor) => anchor.remove());
    await navigator.clipboard.writeText(code.textContent);
    button.classList.add("code-copy-button-checked");
    button.setAttribute("aria-label", words.copied || "");
    setTimeout(() => {
      button.classList.remove("code-copy-button-checked");
      button.setAttribute("aria-label", words.copy || "");
    }, 1500);
  });
}

// "Copy as Markdown": the page's Markdown goes to the clipboard. Where it cannot be copied, the link leads to it.
for (const link of all("a.mlsys-copy-markdown")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(answer.status);
      await navigator.clipboard.writeText(await answer.text());
    } catch {
      location.href = link.href;
      return;
    }
    const label = link.lastChild.textContent;
    link.lastChild.textContent = words.copied || "✓";
    setTimeout(() => (link.lastChild.textContent = label), 1500);
  });
}

// The height of the sticky bars, as a CSS variable for sticky elements below them.
let barHeight = 0;
function measure() {
  const bars = all("#quarto-header > *").filter((bar) => getComputedStyle(bar).position === "sticky");
  barHeight = bars.reduce((height, bar) => height + bar.offsetHeight, 0);
  root.style.setProperty("--mlsys-header", `${barHeight}px`);
}

measure();

// The table of contents. It collapses to its title on narrow screens and where margin content needs its place. The style sheet
// collapses it; this script replaces the title by a button of the same size, which avoids a layout shift.
const toc = document.getElementById("TOC");
const tocTitle = document.getElementById("toc-title");
const wide = matchMedia("(min-width: 1200px)");
// From this width the contents have a column of their own beside the margin.
const roomy = matchMedia("(min-width: 1600px)");
let foldedByReader = false;
if (toc && tocTitle && toc.classList.contains("toc-active")) {
  const shared = toc.parentElement.classList.contains("mlsys-toc-folded");
  const title = tocTitle.textContent;
  const arrange = () => {
    toc.classList.remove("mlsys-open", "mlsys-unfolded");
    if (wide.matches && (!shared || roomy.matches)) {
      tocTitle.textContent = title;
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const isShown = toc.matches(".mlsys-open, .mlsys-unfolded");
      foldedByReader = isShown;
      toc.classList.remove("mlsys-unfolded");
      toc.classList.toggle("mlsys-open", !isShown);
      button.setAttribute("aria-expanded", !isShown);
    });
    tocTitle.replaceChildren(button);
  };
  arrange();
  wide.addEventListener("change", arrange);
  roomy.addEventListener("change", arrange);
  toc.addEventListener("click", (event) => {
    if (event.target.closest("a") && tocTitle.firstElementChild) {
      toc.classList.remove("mlsys-open", "mlsys-unfolded");
      foldedByReader = true;
      tocTitle.firstElementChild.setAttribute("aria-expanded", "false");
    }
  });

  const links = new Map();
  for (const link of all("a[data-scroll-target]", toc)) {
    const target = document.getElementById(link.dataset.scrollTarget.slice(1));
    if (target) links.set(target, link);
  }
  const targets = [...links.keys()];
  const shownLevels = Number(toc.dataset.tocExpanded ?? 1);
  let current = null;
  const mark = () => {
    // At the end of the page the last section is active, even if it is too short to reach the top.
    const end = scrollY > 0 && scrollY + innerHeight >= root.scrollHeight - 2;
    const line = end ? innerHeight : barHeight + 40;
    const passed = targets.filter((target) => target.getBoundingClientRect().top < line);
    const target = passed.at(-1) ?? targets[0];
    if (target === current) return;
    current = target;
    for (const link of links.values()) {
      link.classList.toggle("active", link === links.get(target));
      if (link === links.get(target)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const item of all("li", toc)) {
      let level = 1;
      for (let up = item.parentElement.closest("li"); up; up = up.parentElement.closest("li")) level += 1;
      item.classList.toggle("mlsys-closed", level >= shownLevels && !item.contains(links.get(target)));
    }
  };
  if (targets.length) {
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    }, { passive: true });
    mark();
  }
}

// Back to the top.
const up = document.getElementById("quarto-back-to-top");
if (up) {
  let last = scrollY;
  addEventListener("scroll", () => {
    up.classList.toggle("mlsys-shown", scrollY < last && scrollY > innerHeight);
    last = scrollY;
  }, { passive: true });
  up.addEventListener("click", (event) => {
    event.preventDefault();
    scrollTo({ top: 0 });
    document.getElementById("quarto-document-content")?.focus({ preventScroll: true });
  });
}

// Wide tables scroll. Elements that scroll horizontally are focusable, so that the keyboard can scroll them.
function reachScrolling() {
  const tables = all("main table:not(figure.quarto-float-tbl > div > table, .table-responsive > table, .mlsys-wide)");
  const wide = tables.filter((table) => table.offsetWidth > table.parentElement.clientWidth + 1 && table.parentElement.clientWidth);
  for (const table of wide) table.classList.add("mlsys-wide");
  for (const box of all("main :is(pre, div.sourceCode, .math.display, .table-responsive, table, figure.quarto-float-tbl > div)")) {
    if (box.scrollWidth > box.clientWidth + 1 && !box.querySelector("a[href]:not([tabindex='-1']), button")) box.tabIndex = 0;
  }
}

// Heading anchors: a click also copies the URL.
for (const heading of all("main .anchored[data-anchor-id]")) {
  if (!/^H[2-6]$/.test(heading.tagName)) continue;
  const link = document.createElement("a");
  link.className = "mlsys-anchor";
  link.href = `#${heading.dataset.anchorId}`;
  link.title = words.link ?? "";
  link.setAttribute("aria-label", words.link ?? "#");
  link.textContent = "#";
  link.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(link.href);
    link.textContent = "✓";
    link.setAttribute("aria-label", words.copied ?? "");
    setTimeout(() => {
      link.textContent = "#";
      link.setAttribute("aria-label", words.link ?? "#");
    }, 1500);
  });
  heading.append(" ", link);
}
