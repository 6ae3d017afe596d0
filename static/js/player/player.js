// <section data-player="vimeo" …>: a poster first, the provider's player after Play, our row of controls below it.
// Nothing plays by itself, and nothing is asked of another host before Play.
import { clock } from "./clock.js";
import { entryOf, waiting } from "./queue.js";
import { load } from "./storage.js";

const ADAPTERS = { vimeo: "vimeo", youtube: "youtube", bunny: "bunny", loom: "frame", wistia: "frame", google_drive: "frame" };
const REWIND = 3;
const NEARLY_OVER = 0.95;

const root = document.querySelector("[data-player]");
const { student, lesson, report: url, opened } = root.dataset;
const poster = root.querySelector("[data-player-poster]");
const button = root.querySelector("[data-player-start]");
const label = root.querySelector("[data-player-start-label]");
const controls = root.querySelector("[data-player-controls]");
const media = root.querySelector("video, audio");

let player = null;
let opening = null;
let reporter = null;

prepare();

function prepare() {
  const from = beginning();
  controls?.append(document.getElementById("player-controls").content);
  poster.hidden = false;
  if (media) media.controls = false;
  if (controls) controls.querySelector("[data-player-rate]").value = load("setting:rate") ?? "1";
  offer(from);
  document.documentElement.dataset.seekable = "";
  document.addEventListener("click", seekFromText);
  document.querySelector('[data-dialog="shortcuts"]')?.addEventListener("click", () => import("./settings.js"), { once: true });
  root.addEventListener("focusin", listenToKeys, { once: true });
  if (load("setting:page-keys")) listenToKeys();
  controls?.addEventListener("click", ({ target }) => !player && target.closest("[data-do]") && useEarly(target.closest("[data-do]")));
  if (student && waiting(student).length) withReporter().then((sender) => sender.sendAll());
  if (sessionStorage.getItem("play-next") === location.pathname && load("setting:autoplay")) start(beginning());
  sessionStorage.removeItem("play-next");
}

/** Where to begin: the time in the address, else the newer of what the server and this browser remember. */
function beginning() {
  const asked = Number.parseInt(new URLSearchParams(location.search).get("t"), 10);
  if (asked >= 0) return asked;
  if ("completed" in root.dataset) return 0;
  const local = student ? entryOf(student, lesson) : null;
  if (local && local.at > Number(root.dataset.resumeAt || 0)) {
    const isOver = local.duration && local.position > local.duration * NEARLY_OVER;
    return isOver ? 0 : Math.max(0, local.position - REWIND);
  }
  return Number(root.dataset.resume) || Number(root.dataset.start) || 0;
}

function offer(from) {
  label.textContent = from ? `${new URLSearchParams(location.search).has("t") ? "Play from" : "Resume at"} ${clock(from)}` : "Play";
  button.addEventListener("click", (event) => {
    event.preventDefault();
    start(beginning());
  });
  if (!from) return;
  const over = document.createElement("button");
  over.type = "button";
  over.className = "player-over";
  over.textContent = "Start over";
  over.addEventListener("click", () => start(0));
  button.after(over);
}

async function listenToKeys() {
  root.removeEventListener("focusin", listenToKeys);
  const { listen } = await import("./keys.js");
  listen(root, { start: () => start(beginning()), player: () => player });
}

async function start(from) {
  label.textContent = "Loading";
  button.setAttribute("aria-busy", "true");
  try {
    const isOpen = Boolean(player);
    await (opening ??= open(from));
    if (isOpen) await player.seek?.(from);
    await player.play();
    show(false);
  } catch (error) {
    failed(error);
  }
}

async function open(from) {
  const name = ADAPTERS[root.dataset.player] ?? (root.dataset.hls ? "hls" : "html5");
  const box = root.querySelector("[data-player-box]");
  const { mount } = await import(`./${name}.js`);
  player = await mount({ box, media, data: root.dataset, from, hide: () => (poster.hidden = true) });
  await connect();
}

function show(isPoster) {
  const hadFocus = root.contains(document.activeElement);
  poster.hidden = !isPoster;
  if (media) media.controls = !isPoster;
  button.removeAttribute("aria-busy");
  if (hadFocus && !isPoster) (media ?? root).focus({ preventScroll: true });
}

async function connect() {
  if (player.isUntracked) return;
  const [row, follow, next] = await Promise.all([import("./controls.js"), import("./follow.js"), import("./next.js")]);
  row.bind(player, root);
  follow.bind(player);
  next.bind(player, root);
  if (!student) return;
  const [{ track }, sender] = await Promise.all([import("./tracking.js"), withReporter()]);
  track(player, { student, lesson, url, opened, end: Number(root.dataset.duration) || Infinity, reporter: sender });
}

async function withReporter() {
  const [{ reporter: make }, { tellOn }] = await Promise.all([import("./reporting.js"), import("./status.js")]);
  const tell = tellOn(root);
  reporter ??= make({ student, answered, tell: (state, detail, which = lesson) => which === lesson && tell(state, detail) });
  return reporter;
}

/** A report may complete the lesson: the page then shows it without being loaded again. */
function answered(which, answer) {
  if (which !== lesson || !answer.completed || "completed" in root.dataset) return;
  root.dataset.completed = "";
  document.dispatchEvent(new CustomEvent("lesson:completed"));
}

document.addEventListener("lesson:undone", () => delete root.dataset.completed);

function failed(error) {
  console.warn(error);
  if (!player) opening = null; // mounted players are asked again
  show(true);
  label.textContent = error.name === "NotAllowedError" ? "Play" : "Try again";
  if (error.name !== "NotAllowedError") offerElsewhere();
}

function offerElsewhere() {
  document.getElementById("live").textContent = "The video did not load.";
  if (root.querySelector("[data-elsewhere]")) return;
  const link = document.createElement("a");
  link.href = button.href;
  link.className = "player-over";
  link.dataset.elsewhere = "";
  link.textContent = `The video did not load. Open it at ${new URL(button.href).host}`;
  button.after(link);
}

/** Timestamps and transcript lines are links to ?t=…; here they seek, or start there. */
function seekFromText(event) {
  const link = event.target.closest("[data-seek]");
  const time = Number(link?.dataset.seek ?? event.target.closest("[data-cue]")?.dataset.cue);
  if (Number.isNaN(time) || event.ctrlKey || event.metaKey || getSelection().toString()) return;
  event.preventDefault();
  if (player?.seek) player.seek(time).then(() => player.play());
  else start(time);
}

function useEarly(control) {
  if (control.dataset.do === "transcript") document.dispatchEvent(new CustomEvent("tabs:show", { detail: "transcript" }));
  else if (control.dataset.do === "copy") import("./controls.js").then(({ copyLink }) => copyLink(control, beginning()));
  else start(beginning());
}
