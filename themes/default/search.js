// Search. Its script and index load on first use; text typed before that is passed on.
const searchOptions = JSON.parse(document.getElementById("quarto-search-options")?.textContent || "null");
if (searchOptions) {
  let loading;
  let typed = null;
  const search = () => {
    loading ??= import(new URL(searchOptions.script, document.baseURI));
    return loading.catch((error) => {
      loading = undefined;
      throw error;
    });
  };
  const openSearch = async (button, text = "") => {
    typed = text;
    try {
      (await search()).open(searchOptions, button, typed);
    } finally {
      typed = null;
    }
  };
  for (const button of all(".mlsys-search-button")) {
    button.addEventListener("click", () => openSearch(button));
    const [key] = searchOptions["keyboard-shortcut"];
    if (key) button.dataset.key = key;
    button.addEventListener("focus", () => search().then((module) => module.load(searchOptions.index)), { once: true });
  }
  // The page for missing files lists pages whose addresses and titles are like the one that was asked for.
  const near = document.getElementById("mlsys-near");
  if (near) search().then((module) => module.near(searchOptions, near));
  const isShortcut = (event) => {
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && key === "k" && !event.altKey && !event.shiftKey) return true;
    const writes = event.target.closest?.("input, textarea, select, [contenteditable], .mlsys-search");
    return searchOptions["keyboard-shortcut"].some((shortcut) => {
      const parts = shortcut.toLowerCase().split(/\+(?=.)/);
      const name = parts.pop();
      const has = (...names) => names.some((modifier) => parts.includes(modifier));
      const meant = has("ctrl", "control") === event.ctrlKey && has("cmd", "meta", "command") === event.metaKey && has("alt", "option") === event.altKey;
      return key === name && meant && (parts.length > 0 || !writes);
    });
  };
  addEventListener("keydown", (event) => {
    if (typed !== null && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      typed += event.key;
      event.preventDefault();
    } else if (typed === null && isShortcut(event)) {
      event.preventDefault();
      openSearch();
    }
  });
  const address = new URL(location.href);
  const query = address.searchParams.get("q");
  if (query) {
    if (address.searchParams.has("show-results")) openSearch(undefined, query);
    else {
      search().then((module) => {
        module.arrive();
        return module.mark(searchOptions, query);
      });
    }
    address.searchParams.delete("q");
    address.searchParams.delete("show-results");
    history.replaceState(history.state, "", address);
  }
}
