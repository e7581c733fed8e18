// Where the reader is: pages offer to go on where they were left, and the next page is fetched ahead.

const kept = "mlsys-places";
const places = () => {
  try {
    return JSON.parse(stored(kept) ?? "{}");
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
  // The newest are the last; older ones are forgotten.
  const entries = Object.entries(others).slice(-49);
  if (section) entries.push([location.pathname, section]);
  stored(kept, JSON.stringify(Object.fromEntries(entries)));
}

/** A bar that leads to where the page was left. */
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
  // Whoever reads on from the beginning does not need it.
  addEventListener("scroll", () => scrollY > innerHeight && remove(), { passive: true });
  document.body.append(bar);
}

if (document.querySelector("main section[id]")) {
  offerPlace();
  addEventListener("pagehide", keepPlace);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keepPlace());
}

// The page in the sidebar stays where the reader can see it.
const activeItem = document.querySelector("#quarto-sidebar a.active");
if (activeItem && sidebar && activeItem.offsetTop > sidebar.clientHeight * 0.8) {
  sidebar.scrollTop = activeItem.offsetTop - sidebar.clientHeight / 2;
}

// The next page, when the browser has nothing else to do and the reader does not save data.
function fetchAhead() {
  const next = document.querySelector('head link[rel="next"]');
  if (!next || navigator.connection?.saveData) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: next.href, as: "document" }));
}
addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(fetchAhead));

// Pages that the reader has loaded, or all of them, can be read without a network where the book is configured so.
if (words.offline && navigator.serviceWorker) navigator.serviceWorker.register(words.offline);
