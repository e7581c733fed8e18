// Reading positions: a page offers to continue where the reader left it. Also prefetches the next page.

const STORAGE_KEY = "mlsys-places";
const places = () => {
  try {
    return JSON.parse(stored(STORAGE_KEY) ?? "{}");
  } catch {
    return {};
  }
};

/** The last heading above the middle of the window, as its section. */
function sectionInView() {
  const passed = all("main section[id] > :is(h2, h3, h4)").filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2);
  const heading = passed.at(-1);
  return heading && scrollY > innerHeight ? { id: heading.parentElement.id, title: plain(heading) } : null;
}
const plain = (heading) => {
  const copy = heading.cloneNode(true);
  all(".mlsys-anchor", copy).forEach((anchor) => anchor.remove());
  return copy.textContent.trim();
};

function keepPlace() {
  const section = sectionInView();
  const others = places();
  delete others[location.pathname];
  // The 50 newest positions, newest last.
  const entries = Object.entries(others).slice(-49);
  if (section) entries.push([location.pathname, section]);
  stored(STORAGE_KEY, JSON.stringify(Object.fromEntries(entries)));
}

/** A bar with a link to the last position on the page. */
function offerPlace() {
  const place = places()[location.pathname];
  const arrived = performance.getEntriesByType("navigation")[0]?.type;
  if (!place || location.hash || scrollY > 0 || arrived === "reload" || arrived === "back_forward") return;
  const target = document.getElementById(place.id);
  if (!target) return;
  const bar = document.createElement("div");
  bar.className = "mlsys-resume";
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", words.resume ?? "");
  const link = Object.assign(document.createElement("a"), { href: `#${place.id}` });
  link.append(`${words.resume}: `, Object.assign(document.createElement("b"), { textContent: place.title }));
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  close.setAttribute("aria-label", words.close ?? "");
  bar.append(link, close);
  const remove = () => bar.remove();
  close.addEventListener("click", remove);
  link.addEventListener("click", remove);
  // The bar disappears when the reader continues from the start.
  addEventListener("scroll", () => scrollY > innerHeight && remove(), { passive: true });
  document.body.append(bar);
}

if (document.querySelector("main section[id]")) {
  offerPlace();
  addEventListener("pagehide", keepPlace);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keepPlace());
}

// Scrolls the sidebar to the current page.
const activeItem = document.querySelector("#quarto-sidebar a.active");
if (activeItem && sidebar && activeItem.offsetTop > sidebar.clientHeight * 0.8) {
  sidebar.scrollTop = activeItem.offsetTop - sidebar.clientHeight / 2;
}

// Prefetches the next page when the browser is idle, unless the reader saves data.
function fetchAhead() {
  const next = document.querySelector('head link[rel="next"]');
  if (!next || navigator.connection?.saveData) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: next.href, as: "document" }));
}
addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(fetchAhead));

// If the book is configured for it, a service worker makes visited pages, or all pages, available offline.
if (words.offline && navigator.serviceWorker) navigator.serviceWorker.register(words.offline);
