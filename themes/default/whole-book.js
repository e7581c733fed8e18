// The whole book on one page: loads the listed pages in order, with unique ids and links within this page.

const bookPages = all("#mlsys-book-pages ol a");

/** Adds a prefix to the ids of a page and points its links to the copies of the other pages. */
function makeOwn(content, url, numbers) {
  const own = `p${numbers.get(url.pathname)}-`;
  for (const element of content.querySelectorAll("*")) {
    if (element.id) element.id = own + element.id;
    for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls", "headers"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.split(/\s+/).map((id) => own + id).join(" "));
    }
    const href = element.getAttribute("href");
    if (href) {
      const to = new URL(href, url);
      const number = to.origin === location.origin && numbers.get(to.pathname);
      if (number) element.setAttribute("href", `#p${number}${to.hash ? `-${to.hash.slice(1)}` : ""}`);
      else element.setAttribute("href", to.href);
    }
    const src = element.getAttribute("src");
    if (src && !src.startsWith("data:")) element.setAttribute("src", new URL(src, url).href);
    element.removeAttribute("loading");
    if (element.matches("details")) element.open = true;
    // For printing, all collapsible content is open.
    if (element.matches(".collapse")) element.classList.add("show");
    if (element.matches('[data-bs-toggle="collapse"]')) {
      element.classList.remove("collapsed");
      for (const name of ["data-bs-toggle", "data-bs-target", "aria-controls", "aria-expanded", "aria-label"]) element.removeAttribute(name);
    }
  }
}

async function gather() {
  const numbers = new Map(bookPages.map((link, at) => [new URL(link.href).pathname, at + 1]));
  const main = document.getElementById("quarto-document-content");
  const styles = new Set();
  for (const link of bookPages) {
    const url = new URL(link.href);
    const page = await fetch(url).then(async (response) => (response.ok ? response.text() : ""));
    const from = new DOMParser().parseFromString(page, "text/html");
    // Colours that only some pages define.
    for (const style of all("head style", from)) {
      if (!styles.has(style.textContent)) document.head.append(document.adoptNode(style));
      styles.add(style.textContent);
    }
    const section = document.createElement("section");
    section.className = "mlsys-book-page";
    section.append(...(from.querySelector("main")?.childNodes ?? []));
    all("script, nav, .code-copy-button, #quarto-back-to-top", section).forEach((element) => element.remove());
    makeOwn(section, url, numbers);
    section.id = `p${numbers.get(url.pathname)}`;
    main.append(section);
    link.href = `#${section.id}`;
  }
  const button = document.querySelector(".mlsys-print");
  button.hidden = false;
  button.addEventListener("click", () => print());
  document.body.classList.add("mlsys-gathered");
  reachScrolling();
}

if (bookPages.length) gather();
