// [data-complete]: the mark shows at once, the server's answer replaces it, a refusal takes it back. Who leaves before the
// answer loses nothing: the wanted state is sent once more, and repeating it changes nothing.

const page = document.body;
let before = null;

const formOf = ({ detail }) => (detail.elt.matches?.("[data-complete]") ? detail.elt : null);

page.addEventListener("htmx:beforeRequest", (event) => {
  const form = formOf(event);
  if (!form) return;
  const line = document.getElementById(form.dataset.complete);
  const wanted = new URLSearchParams(event.detail.requestConfig.formData);
  before = { form, wanted, inside: [...form.childNodes], line, lineInside: line?.innerHTML };
  const isUndo = Boolean(form.querySelector("[data-undo]"));
  before.isUndo = isUndo;
  const words = document.createElement("p");
  words.className = isUndo ? "muted" : "lesson-done";
  words.textContent = isUndo ? "Open again" : "Completed";
  form.replaceChildren(words);
  const item = line?.querySelector("[data-status]");
  if (item) item.dataset.status = isUndo ? "started" : "done";
});

page.addEventListener("htmx:afterSwap", () => {
  if (!before) return;
  const { isUndo } = before;
  before = null;
  document.dispatchEvent(new CustomEvent(isUndo ? "lesson:undone" : "lesson:marked"));
  const next = document.querySelector(isUndo ? "#complete button" : "#lesson-end [data-next]");
  (next ?? document.querySelector("#complete button")).focus({ preventScroll: true });
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  page.addEventListener(failure, (event) => {
    if (!before || !formOf(event)) return;
    const { form, inside, line, lineInside } = before;
    form.replaceChildren(...inside);
    if (line) line.innerHTML = lineInside;
    before = null;
    form.querySelector("button").focus();
  });
}

addEventListener("pagehide", () => {
  if (before) fetch(before.form.action, { method: "POST", body: before.wanted, keepalive: true, redirect: "manual" });
});

// The video was watched to its threshold.
document.addEventListener("lesson:completed", () => {
  window.htmx.ajax("GET", window.location.pathname, { target: "#lesson-end", swap: "outerHTML" });
});
