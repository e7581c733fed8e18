// What must be known before the first paint, or the page would flash: that scripts run, the colour mode, and which announcements
// the reader has dismissed. A file of its own, because a content security policy may forbid scripts in the page. `data-mode` is
// the mode for readers who state no preference; without it there is only one.
{
  const root = document.documentElement;
  root.classList.add("mlsys-script");
  let kept = {};
  try {
    kept = { ...localStorage };
  } catch {
    // Without storage there is nothing to remember.
  }
  const { mode } = document.currentScript.dataset;
  if (mode) {
    const choice = kept["quarto-color-scheme"];
    const dark = choice ? choice === "alternate" || choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.bsTheme = dark ? "dark" : choice ? "light" : mode;
  }
  // The body has the class of the light mode; projects' style sheets ask for it.
  if (root.dataset.bsTheme === "dark") {
    new MutationObserver((_, observer) => {
      if (!document.body) return;
      observer.disconnect();
      document.body.classList.replace("quarto-light", "quarto-dark");
    }).observe(root, { childList: true });
  }
  const dismissed = Object.keys(kept).flatMap((key) => key.match(/^quarto-announcement-([0-9a-f]+)$/)?.[1] ?? []);
  if (dismissed.length) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(dismissed.map((id) => `#quarto-announcement[data-announcement-id="${id}"] { display: none }`).join("\n"));
    document.adoptedStyleSheets = [sheet];
  }
}
