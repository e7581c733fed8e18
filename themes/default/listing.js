// Listings: filters, categories, sorting and pagination. Without scripts all items are shown.
const listings = [...document.querySelectorAll(".quarto-listing")].map((root) => {
  const list = root.querySelector(".list");
  const items = [...list.children];
  const pages = root.querySelector(".listing-pagination");
  const size = Number(root.dataset.pageSize) || Infinity;
  const state = { words: "", category: "", page: 0 };
  const key = (item, field) => item.getAttribute(field === "index" ? "data-index" : `data-listing-${field}-sort`) ?? "";
  const categories = (item) => {
    try { return decodeURIComponent(atob(item.dataset.categories ?? "")).split(","); } catch { return []; }
  };
  const show = () => {
    const chosen = items.filter((item) =>
      item.textContent.toLowerCase().includes(state.words) && (!state.category || categories(item).includes(state.category)));
    const shown = new Set(chosen.slice(state.page * size, (state.page + 1) * size));
    for (const item of items) item.classList.toggle("d-none", !shown.has(item));
    root.querySelector(".listing-no-matching").classList.toggle("d-none", chosen.length > 0);
    if (!pages) return;
    const count = Math.ceil(chosen.length / size);
    pages.hidden = count < 2;
    pages.replaceChildren(...Array.from({ length: count }, (_, page) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = page + 1;
      if (page === state.page) button.setAttribute("aria-current", "page");
      button.onclick = () => { state.page = page; show(); root.scrollIntoView(); };
      return button;
    }));
  };
  const sort = (field, direction) => {
    const sign = direction === "desc" ? -1 : 1;
    const compare = (a, b) => {
      const [x, y] = [key(a, field), key(b, field)];
      return sign * (x !== "" && y !== "" && !isNaN(x) && !isNaN(y) ? x - y : x.localeCompare(y));
    };
    items.sort(compare);
    list.append(...items);
    show();
  };
  root.querySelector(".quarto-listing-filter input")?.addEventListener("input", (event) => {
    Object.assign(state, { words: event.target.value.toLowerCase(), page: 0 });
    show();
  });
  root.querySelector(".quarto-listing-sort select")?.addEventListener("change", (event) =>
    sort(event.target.value, event.target.selectedOptions[0].dataset.direction));
  for (const head of root.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.onclick = () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of root.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(head.dataset.sort, down ? "desc" : "asc");
    };
  }
  show();
  for (const item of items) item.removeAttribute("data-later");
  return (category) => { Object.assign(state, { category, page: 0 }); show(); };
});
if (listings.length) {
  const choose = () => {
    const found = /^#category=(.*)$/.exec(location.hash);
    if (location.hash && !found) return;
    const category = found ? decodeURIComponent(found[1]) : "";
    for (const listing of listings) listing(category);
    for (const link of document.querySelectorAll(".quarto-listing-category .category")) {
      const active = link.getAttribute("href") === `#category=${encodeURIComponent(category)}`;
      link.classList.toggle("active", active);
      if (active) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  };
  addEventListener("hashchange", choose);
  choose();
}
