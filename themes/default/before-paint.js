// State that the first paint depends on: scripts are available, the colour mode, the dismissed announcements. Loaded as a file,
// because a content security policy may forbid inline scripts. `data-mode` is the default mode; a page without it has only one.
{
  const root = document.documentElement;
  root.classList.add("mlsys-script");
  let storage = {};
  try {
    storage = { ...localStorage };
  } catch {
    // Storage is disabled.
  }
  const { mode } = document.currentScript.dataset;
  if (mode) {
    const choice = storage["quarto-color-scheme"];
    const dark = choice ? choice === "alternate" || choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.bsTheme = dark ? "dark" : choice ? "light" : mode;
  }
  // The body's class in the HTML is that of the light mode; projects' style sheets select it.
  if (root.dataset.bsTheme === "dark") {
    new MutationObserver((_, observer) => {
      if (!document.body) return;
      observer.disconnect();
      document.body.classList.replace("quarto-light", "quarto-dark");
    }).observe(root, { childList: true });
  }
  const dismissed = Object.keys(storage).flatMap((key) => key.match(/^quarto-announcement-([0-9a-f]+)$/)?.[1] ?? []);
  if (dismissed.length) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(dismissed.map((id) => `#quarto-announcement[data-announcement-id="${id}"] { display: none }`).join("\n"));
    document.adoptedStyleSheets = [sheet];
  }
}
