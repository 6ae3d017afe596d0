// [data-outline-board]: what a form of the builder changes shows without leaving the page. The handles appear: drag them
// on a wide screen, or pick up with Space. Everything is one of the page's own forms, sent and answered with a page.
import { lift } from "./outline_keys.js";
import { makeDraggable } from "./outline_drag.js";

const board = () => document.querySelector("[data-outline-board]");
const live = document.getElementById("live");

prepare();

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!board().contains(form) || form.method !== "post") return;
  event.preventDefault();
  const body = new FormData(form, submitter);
  const isAdding = "outlineAdd" in form.dataset;
  send(submitter?.getAttribute("formaction") ?? form.action, body, focusAfter(form, submitter), isAdding && form);
});

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (handle && event.key === " ") lift(event, handle, { say, place });
});

function prepare() {
  for (const handle of board().querySelectorAll("[data-handle]")) handle.hidden = false;
  makeDraggable(board(), place);
}

// The thing stands where it shall be already; now the server is told.
function place(item) {
  const isLesson = "lesson" in item.dataset;
  const same = [...item.parentElement.children].filter((other) => (isLesson ? other.dataset.lesson : other.dataset.module));
  const body = new FormData(document.getElementById("outline-form"));
  body.set("position", same.indexOf(item) + 1);
  if (isLesson) body.set("module", item.parentElement.dataset.lessons);
  return send(item.dataset.move, body, (page) => page.querySelector(`#${item.id} [data-handle]`));
}

async function send(address, body, focus, form) {
  say("", "Saving…");
  board().setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.querySelector("[data-outline-board]")) show(page, focus);
    else if (form) form.submit(); // refused, or logged out: the page that says so is shown the plain way
    else window.location.reload();
  } catch {
    tellFailure();
  }
}

// No answer: what the page shows may not be what is kept.
function tellFailure() {
  board().removeAttribute("aria-busy");
  say("Not saved: no answer.", "Not saved: no answer. ");
  const link = document.createElement("a");
  link.href = window.location.pathname;
  link.textContent = "Show what is kept";
  board().querySelector("[data-outline-state]").append(link);
}

function show(page, focus) {
  board().replaceWith(page.querySelector("[data-outline-board]"));
  const told = page.querySelector(".staff-messages");
  document.querySelector(".staff-messages")?.remove();
  if (told) document.querySelector(".staff-page").prepend(told);
  prepare();
  const clock = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const isRefused = told?.querySelector("[role=alert]");
  const words = [...(told?.querySelectorAll(".message-body") ?? [])].at(-1)?.textContent.trim();
  say(words ?? "", isRefused ? "Not saved" : `Saved ${clock}`);
  (focus(document) ?? board().querySelector("h2, input"))?.focus({ preventScroll: true });
}

function say(words, stateNow) {
  if (stateNow) board().querySelector("[data-outline-state]").textContent = stateNow;
  live.textContent = words;
}

// Where the focus goes: to the menu of what was changed, behind what is gone to the next, into the field that adds.
function focusAfter(form, submitter) {
  if (form.dataset.outlineAdd) {
    const { id } = form.querySelector("input[name=title]");
    return (page) => page.querySelector(`#${id}`);
  }
  const item = submitter.closest("[data-move]");
  const next = "gone" in submitter.dataset ? (item.nextElementSibling ?? item.previousElementSibling) : item;
  return (page) => page.querySelector(`#${next?.id || "none"} summary`);
}
