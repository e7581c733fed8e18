// Previews: hovering or focusing a cross-reference, citation, note or internal link shows its target in a popup. Targets on other
// pages are fetched. Without scripts the links work as usual.

const previews = (words.previews ?? "").split(" ");
const preview = document.createElement("div");
preview.id = "mlsys-preview";
preview.className = "mlsys-preview";
preview.setAttribute("role", "tooltip");
preview.popover = "manual";
let previewed = null;
let previewTimer = 0;

const otherPages = new Map();
/** The document of a URL: this page, or another page of the site, which is fetched once. */
function documentAt(url) {
  const path = url.pathname + url.search;
  if (path === location.pathname + location.search) return Promise.resolve(document);
  if (!otherPages.has(path)) {
    const fetched = fetch(path).then(async (response) =>
      response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null,
    );
    otherPages.set(path, fetched.catch(() => null));
  }
  return otherPages.get(path);
}

/** True if a link has a preview: an internal link in the text, of a kind that the author has enabled. */
function hasPreview(link) {
  if (!link || link.origin !== location.origin || link.matches(".lightbox, .mlsys-anchor, .footnote-back, pre a, [role='tab']")) return false;
  if (link.closest(".mlsys-preview, nav, #title-block-header")) return false;
  if (link.matches("[role='doc-noteref']")) return previews.includes("footnotes");
  if (link.matches("[role='doc-biblioref']")) return previews.includes("citations");
  if (!previews.includes("crossrefs")) return false;
  return link.hash.length > 1 || (link.pathname !== location.pathname && /(\/|\.html)$/.test(link.pathname));
}

/** The content of a preview: the start of a section, a term with its definition, or the whole element. */
function excerpt(target) {
  const section = target.closest("section[id], main");
  const isHeading = target.matches("section, main, h1, h2, h3, h4, h5, h6");
  if (isHeading && section) {
    const heading = section.querySelector("h1, h2, h3, h4, h5, h6");
    const text = [...section.querySelectorAll("p")].find((p) => !p.closest("figure, .column-margin, .callout, header, li, td"));
    return [heading, text].filter(Boolean).map((part) => part.cloneNode(true));
  }
  if (target.matches("dt")) {
    const parts = [target.cloneNode(true)];
    for (let next = target.nextElementSibling; next?.matches("dd"); next = next.nextElementSibling) parts.push(next.cloneNode(true));
    const list = document.createElement("dl");
    list.append(...parts);
    return [list];
  }
  return [target.cloneNode(true)];
}

/** Prepares copied content: removes ids and controls, makes URLs relative to this page. */
function adopt(parts, base) {
  for (const part of parts) {
    for (const element of [part, ...part.querySelectorAll("*")]) {
      if (element.matches("script, style, iframe, video, button, .mlsys-anchor, .footnote-back, .column-margin")) {
        if (element !== part) {
          element.remove();
          continue;
        }
      }
      for (const name of ["id", "aria-describedby", "aria-labelledby", "loading"]) element.removeAttribute(name);
      for (const name of ["href", "src"]) {
        const value = element.getAttribute(name);
        if (value && !value.startsWith("data:")) element.setAttribute(name, new URL(value, base).href);
      }
      if (element.matches("details")) element.open = true;
      if (element.matches("a, [tabindex]")) element.tabIndex = -1;
    }
  }
  return parts;
}

const isInView = (element) => {
  const box = element.getBoundingClientRect();
  return box.height > 0 && box.top >= barHeight && box.bottom <= innerHeight;
};

async function showPreview(link) {
  const url = new URL(link.href);
  const from = await documentAt(url);
  const id = decodeURIComponent(url.hash.slice(1));
  const target = id ? from?.getElementById(id) : from?.querySelector("main");
  if (!target || previewed !== link || (from === document && isInView(target))) return;
  // Formulas of another page need its style sheet.
  for (const sheet of from === document ? [] : all('link[rel="stylesheet"][href*="site_libs/mlsys"]', from)) {
    const href = new URL(sheet.getAttribute("href"), url).href;
    if (!all('link[rel="stylesheet"]').some((own) => own.href === href)) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
    }
  }
  preview.replaceChildren(...adopt(excerpt(target), url));
  document.getElementById("quarto-document-content").append(preview);
  preview.showPopover();
  const at = link.getClientRects()[0];
  const { offsetWidth: width, offsetHeight: height } = preview;
  const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
  const below = at.bottom + height + 8 < innerHeight || at.top < height + barHeight;
  preview.style.left = `${left}px`;
  preview.style.top = `${below ? at.bottom + 4 : at.top - height - 4}px`;
  link.setAttribute("aria-describedby", preview.id);
}

function hidePreview() {
  clearTimeout(previewTimer);
  previewed?.removeAttribute("aria-describedby");
  previewed = null;
  if (preview.isConnected) preview.remove();
}

function planPreview(link, delay) {
  clearTimeout(previewTimer);
  if (link === previewed) return;
  previewTimer = setTimeout(() => {
    hidePreview();
    previewed = link;
    showPreview(link);
  }, delay);
}

if (preview.showPopover && previews.some(Boolean)) {
  const leave = () => {
    clearTimeout(previewTimer);
    previewTimer = setTimeout(hidePreview, 200);
  };
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = event.target.closest?.("main a[href]");
    if (hasPreview(link)) planPreview(link, 250);
    else if (event.target.closest?.(".mlsys-preview")) clearTimeout(previewTimer);
    else leave();
  });
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest?.("main a[href]");
    if (hasPreview(link) && link.matches(":focus-visible")) planPreview(link, 100);
    else if (previewed) leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hidePreview();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".mlsys-preview") || event.target.closest("a")) hidePreview();
  });
  addEventListener("scroll", () => preview.isConnected && hidePreview(), { passive: true });
}
