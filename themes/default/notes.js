// Notes in the margin, and the contents that share it.

// Contents that share the margin are unfolded above the first note, folded beside the text after it, and out of sight while a note
// passes, so that none is covered.
const sharing = toc && tocTitle && document.querySelector("#quarto-margin-sidebar.mlsys-toc-folded");
const marginNotes = () => all("main .column-margin").filter((note) => !note.parentElement.closest(".column-margin"));
// Notes beside the text float; those within wide content may not.
const floats = (note) => getComputedStyle(note).float !== "none";
function placeContents() {
  const button = tocTitle?.firstElementChild;
  if (!sharing || !button || toc.classList.contains("mlsys-open")) return sharing?.classList.remove("mlsys-away");
  if (!wide.matches || roomy.matches) {
    toc.classList.remove("mlsys-unfolded");
    return sharing.classList.remove("mlsys-away");
  }
  const notes = marginNotes().filter(floats).map((note) => note.getBoundingClientRect());
  const first = notes[0]?.top ?? Infinity;
  toc.classList.toggle("mlsys-unfolded", !foldedByReader);
  let box = sharing.getBoundingClientRect();
  const unfolds = !foldedByReader && first > box.bottom && box.bottom <= innerHeight;
  if (!unfolds) {
    toc.classList.remove("mlsys-unfolded");
    box = sharing.getBoundingClientRect();
  }
  button.setAttribute("aria-expanded", unfolds);
  const meets = notes.some((note) => note.top < box.bottom && note.bottom > box.top);
  sharing.classList.toggle("mlsys-away", meets && !sharing.contains(document.activeElement));
}
if (sharing) {
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      placeContents();
    });
  }, { passive: true });
  sharing.addEventListener("focusout", placeContents);
}

// Aligns margin content with the start of its paragraph or figure, unless margin content above it is in the way. `transform`
// avoids another layout.
function liftMargin() {
  const notes = marginNotes();
  notes.forEach((note) => (note.style.transform = ""));
  toc?.classList.remove("mlsys-unfolded");
  if (!wide.matches) return placeContents();
  const folded = roomy.matches ? null : document.querySelector("#quarto-margin-sidebar.mlsys-toc-folded");
  let free = folded ? folded.getBoundingClientRect().bottom + scrollY - folded.getBoundingClientRect().top + 8 : -Infinity;
  const shifts = [];
  for (const note of notes) {
    if (!floats(note)) continue;
    const box = note.getBoundingClientRect();
    const top = box.top + scrollY;
    const before = (note.previousElementSibling?.getBoundingClientRect().top ?? box.top) + scrollY;
    const to = Math.max(Math.min(top, before), free);
    if (to !== top) shifts.push([note, to - top]);
    free = to + box.height + 12;
  }
  for (const [note, shift] of shifts) note.style.transform = `translateY(${shift}px)`;
  placeContents();
}

liftMargin();
reachScrolling();
addEventListener("load", () => {
  liftMargin();
  reachScrolling();
});
addEventListener("resize", () => {
  measure();
  liftMargin();
});
