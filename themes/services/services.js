// Services of other hosts that the author asks for: comments, analytics, and the question for consent to cookies. Nothing loads
// before the page itself is complete.
const config = JSON.parse(document.getElementById("mlsys-services").textContent);
const main = document.querySelector("main") ?? document.body;
const isDark = () => document.documentElement.dataset.bsTheme === "dark";

function load(src, attributes = {}, parent = document.body) {
  const script = document.createElement("script");
  script.async = true;
  script.src = src;
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  parent.append(script);
}

function comments({ hypothesis, utterances, giscus }) {
  if (hypothesis) load(hypothesis);
  const section = document.createElement("section");
  section.className = "mlsys-comments";
  if (utterances || giscus) main.append(section);
  if (utterances) load("https://utteranc.es/client.js", { ...utterances, crossorigin: "anonymous" }, section);
  if (!giscus) return;
  const { themes, ...attributes } = giscus;
  const theme = () => themes[isDark() ? 1 : 0];
  load("https://giscus.app/client.js", { ...attributes, "data-theme": theme(), crossorigin: "anonymous" }, section);
  new MutationObserver(() => {
    const frame = section.querySelector("iframe.giscus-frame");
    frame?.contentWindow.postMessage({ giscus: { setConfig: { theme: theme() } } }, "https://giscus.app");
  }).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}

function analytics({ id, version, storage, anonymize }) {
  if (version === 3) {
    window.GoogleAnalyticsObject = "ga";
    window.ga ??= (...call) => (window.ga.q ??= []).push(call);
    window.ga.l = Date.now();
    window.ga("create", id, storage === "none" ? { storage } : "auto");
    window.ga("send", { hitType: "pageview", anonymizeIp: anonymize });
    load("https://www.google-analytics.com/analytics.js");
    return;
  }
  window.dataLayer ??= [];
  // The service reads the object of the arguments, not an array.
  window.gtag = function () {
    window.dataLayer.push(arguments);
  };
  window.gtag("js", new Date());
  if (storage === "none") window.gtag("consent", "default", { ad_storage: "denied", analytics_storage: "denied" });
  window.gtag("config", id, { anonymize_ip: anonymize });
  load(`https://www.googletagmanager.com/gtag/js?id=${encodeURIComponent(id)}`);
}

// Scripts that wait for consent: those of the configuration, and the author's own, as `type="text/plain"`.
function consented() {
  if (config.analytics) analytics(config.analytics);
  for (const waiting of document.querySelectorAll('script[type="text/plain"][cookie-consent]')) {
    const script = document.createElement("script");
    for (const { name, value } of waiting.attributes) if (name !== "type") script.setAttribute(name, value);
    script.textContent = waiting.textContent;
    waiting.replaceWith(script);
  }
}

function consent({ type, style, palette, policy, texts }) {
  const KEY = "mlsys-cookie-consent";
  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.mlsys-consent { position: fixed; inset: auto 1rem 1rem auto; z-index: 1090; max-width: 26rem; margin: 0; padding: 1rem;
    border: 1px solid; border-radius: 0.4rem; background: #fff; color: #1f2328; }
    .mlsys-consent.dark { background: #1f2328; color: #fff; }
    .mlsys-consent.headline { inset: auto 0 0 0; max-width: none; width: auto; }
    .mlsys-consent.interstitial, .mlsys-consent.standalone { inset: 0; margin: auto; height: fit-content; }
    .mlsys-consent p { margin: 0 0 0.75rem; } .mlsys-consent a { color: inherit; }
    .mlsys-consent button { min-height: 2.25rem; margin-right: 0.5rem; padding: 0 1rem; font: inherit; }`);
  document.adoptedStyleSheets.push(sheet);
  const dialog = document.createElement("dialog");
  dialog.className = `mlsys-consent ${style} ${palette}`;
  dialog.setAttribute("aria-label", texts.title);
  const text = document.createElement("p");
  text.textContent = `${texts.message} `;
  if (policy) {
    const link = Object.assign(document.createElement("a"), { href: policy, textContent: texts.policy });
    text.append(link);
  }
  dialog.append(text);
  let isRunning = false;
  const run = () => {
    if (!isRunning) consented();
    isRunning = true;
  };
  const button = (label, answer) => {
    const element = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    element.addEventListener("click", () => {
      try {
        localStorage.setItem(KEY, answer);
      } catch {
        // Storage is disabled: the question comes again.
      }
      dialog.close();
      if (answer === "yes") run();
      // What has run cannot be undone; a new page has no such scripts.
      else if (isRunning) location.reload();
    });
    dialog.append(element);
  };
  button(texts.accept, "yes");
  button(texts.decline, "no");
  const ask = () => (style === "interstitial" || style === "standalone" ? dialog.showModal() : dialog.show());
  document.body.append(dialog);
  let link = document.getElementById("open_preferences_center");
  const footer = document.querySelector(".nav-footer-center") ?? document.querySelector(".nav-footer");
  if (!link && footer) {
    link = Object.assign(document.createElement("a"), { href: "#", id: "open_preferences_center", textContent: texts.preferences });
    const box = Object.assign(document.createElement("div"), { className: "cookie-consent-footer" });
    box.append(link);
    footer.append(box);
  }
  link?.addEventListener("click", (event) => {
    event.preventDefault();
    ask();
  });
  const answer = stored();
  if (answer === "yes" || (type === "implied" && answer !== "no")) run();
  if (!answer) ask();
}

function start() {
  if (config.comments) comments(config.comments);
  if (config.consent) consent(config.consent);
  else consented();
}
if (document.readyState === "complete") start();
else addEventListener("load", start);
