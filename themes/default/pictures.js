// The lightbox: images in full size with captions and galleries. Without scripts the links open the image files.

function enlarge(link) {
  const gallery = all("main a.lightbox").filter((other) => other.dataset.gallery === link.dataset.gallery);
  const dialog = document.createElement("dialog");
  const { viewClass, viewEffect, viewCaption, viewLoop } = link.dataset;
  dialog.className = ["mlsys-lightbox", viewClass ?? "", viewEffect ? `mlsys-view-${viewEffect}` : "", viewCaption ? `mlsys-caption-${viewCaption}` : ""]
    .filter(Boolean).join(" ");
  const figure = document.createElement("figure");
  const image = document.createElement("img");
  const caption = document.createElement("figcaption");
  caption.setAttribute("aria-live", "polite");
  figure.append(image, caption);
  const button = (name, sign, press) => {
    const one = Object.assign(document.createElement("button"), { type: "button", textContent: sign, className: `mlsys-${name}` });
    one.setAttribute("aria-label", words[name] ?? name);
    one.addEventListener("click", press);
    return one;
  };
  let at = gallery.indexOf(link);
  const show = (next) => {
    if (viewLoop === "false" && (next < 0 || next >= gallery.length)) return;
    at = (next + gallery.length) % gallery.length;
    const chosen = gallery[at];
    image.src = chosen.href;
    image.alt = chosen.querySelector("img")?.alt ?? "";
    const own = chosen.closest("figure")?.querySelector("figcaption");
    caption.replaceChildren(...(own ? adopt([own.cloneNode(true)], location.href)[0].childNodes : [chosen.title]));
    dialog.setAttribute("aria-label", image.alt || caption.textContent);
  };
  dialog.append(figure, button("close", "×", () => dialog.close()));
  if (gallery.length > 1) {
    dialog.append(button("previous", "‹", () => show(at - 1)), button("next", "›", () => show(at + 1)));
  }
  dialog.addEventListener("keydown", (event) => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: gallery.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    show(next);
  });
  // A click on the backdrop has the dialog itself as its target.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target === image) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    gallery[at].focus();
  });
  show(at);
  document.body.append(dialog);
  dialog.showModal();
}
