// [data-lesson-preview]: links in the preview never take the editor away, and Preview leads to it. Beside the text,
// [data-write-preview] gets Write and Preview: the same rendered text in the place of the text area.

const preview = document.querySelector("[data-lesson-preview]");

preview.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  if (link.getAttribute("href").startsWith("?")) event.preventDefault(); // a moment of a video that is not played here
  link.target = "_blank";
});

for (const button of document.querySelectorAll("[data-keeps-page]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    preview.scrollIntoView({ block: "start" });
    preview.focus();
  });
}

for (const part of document.querySelectorAll("[data-write-preview]")) offer(part, part.querySelector("textarea"));

function offer(part, area) {
  const shown = document.createElement("div");
  shown.className = "lesson-written";
  shown.tabIndex = 0;
  shown.setAttribute("role", "region");
  shown.setAttribute("aria-label", "The text as students see it");
  const bar = document.createElement("div");
  bar.className = "segmented lesson-modes";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Text");
  const modes = ["Write", "Preview"].map((word) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.addEventListener("click", () => turn(word === "Preview"));
    return button;
  });
  bar.append(...modes);
  area.before(bar);
  area.after(shown);
  preview.addEventListener("htmx:afterSettle", fill);
  turn(false);

  function turn(isShown) {
    if (isShown) fill();
    area.hidden = isShown;
    shown.hidden = !isShown;
    modes.forEach((mode, number) => mode.setAttribute("aria-pressed", String(Boolean(number) === isShown)));
  }

  function fill() {
    const text = preview.querySelector("#text .prose-lesson")?.cloneNode(true);
    text?.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
    shown.replaceChildren(text ?? "Nothing written yet.");
  }
}
