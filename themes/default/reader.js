// Reader mode: hides the navigation. The choice is stored.
const readerToggle = document.querySelector(".quarto-reader-toggle");
if (readerToggle) {
  const set = (on) => {
    document.body.classList.toggle("quarto-reader-mode", on);
    readerToggle.setAttribute("aria-pressed", on);
    try { localStorage.setItem("quarto-reader-mode", on); } catch {}
  };
  let on = false;
  try { on = localStorage.getItem("quarto-reader-mode") === "true"; } catch {}
  readerToggle.onclick = () => set(readerToggle.getAttribute("aria-pressed") !== "true");
  set(on);
}
