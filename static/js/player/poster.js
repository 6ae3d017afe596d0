// What stands on the player before Play, and again when the video did not load; and where Play begins.
import { clock } from "./clock.js";
import { entryOf } from "./memory.js";

const REWIND = 3;
const NEARLY_OVER = 0.95;

/** Where to begin: the time in the address, else the newer of what the server and this browser remember. */
export function beginning({ student, lesson, completed, resumeAt, resume, start }) {
  const asked = Number.parseInt(new URLSearchParams(location.search).get("t"), 10);
  if (asked >= 0) return asked;
  if (completed !== undefined) return 0;
  const local = student ? entryOf(student, lesson) : null;
  if (local && local.at > Number(resumeAt || 0)) {
    const isOver = local.duration && local.position > local.duration * NEARLY_OVER;
    return isOver ? 0 : Math.max(0, local.position - REWIND);
  }
  return Number(resume) || Number(start) || 0;
}

export function posterOf(root, media) {
  const poster = root.querySelector("[data-player-poster]");
  const button = root.querySelector("[data-player-start]");
  const label = root.querySelector("[data-player-start-label]");

  /** Say what Play will do: `from` is where it begins, `start(from)` begins there, without an argument where it must. */
  function offer(from, start) {
    label.textContent = from ? `${new URLSearchParams(location.search).has("t") ? "Play from" : "Resume at"} ${clock(from)}` : "Play";
    button.addEventListener("click", (event) => {
      event.preventDefault();
      start();
    });
    if (!from) return;
    const over = extra("button", "Start over");
    over.type = "button";
    over.addEventListener("click", () => start(0));
  }

  function load() {
    label.textContent = "Loading";
    button.setAttribute("aria-busy", "true");
  }

  function show(isPoster = true) {
    const hadFocus = root.contains(document.activeElement);
    poster.hidden = !isPoster;
    if (media) media.controls = !isPoster;
    button.removeAttribute("aria-busy");
    if (hadFocus && !isPoster) (media ?? root).focus({ preventScroll: true });
  }

  function fail({ name }) {
    show();
    label.textContent = name === "NotAllowedError" ? "Play" : "Try again";
    if (name !== "NotAllowedError") offerElsewhere();
  }

  function offerElsewhere() {
    document.getElementById("live").textContent = "The video did not load.";
    if (root.querySelector("[data-elsewhere]")) return;
    const link = extra("a", `The video did not load. Open it at ${new URL(button.href).host}`);
    link.href = button.href;
    link.dataset.elsewhere = "";
  }

  function extra(name, text) {
    const element = document.createElement(name);
    element.className = "player-over";
    element.textContent = text;
    button.after(element);
    return element;
  }

  return { offer, load, show, fail, hide: () => (poster.hidden = true) };
}
