// <section data-player="vimeo" …>: a poster first, the provider's player after Play, our row of controls below it.
// Nothing plays by itself, and nothing is asked of another host before Play.
import { load, waiting } from "./memory.js";
import { beginning, posterOf } from "./poster.js";

const ADAPTERS = { vimeo: "vimeo", youtube: "youtube", bunny: "bunny", loom: "frame", wistia: "frame", google_drive: "frame" };

const root = document.querySelector("[data-player]");
const { student, lesson, report: url, opened } = root.dataset;
const controls = root.querySelector("[data-player-controls]");
const media = root.querySelector("video, audio");
const poster = posterOf(root, media);

let player = null;
let opening = null;
let reporter = null;

prepare();

function prepare() {
  controls?.append(document.getElementById("player-controls").content);
  poster.show();
  if (controls) controls.querySelector("[data-player-rate]").value = load("setting:rate") ?? "1";
  poster.offer(beginning(root.dataset), start);
  document.documentElement.dataset.seekable = "";
  document.addEventListener("click", seekFromText);
  document.querySelector('[data-dialog="shortcuts"]')?.addEventListener("click", () => import("./settings.js"), { once: true });
  root.addEventListener("focusin", listenToKeys, { once: true });
  if (load("setting:page-keys")) listenToKeys();
  controls?.addEventListener("click", ({ target }) => !player && target.closest("[data-do]") && useEarly(target.closest("[data-do]")));
  if (student && waiting(student).length) withReporter().then((sender) => sender.sendAll());
  if (sessionStorage.getItem("play-next") === location.pathname && load("setting:autoplay")) start();
  sessionStorage.removeItem("play-next");
}

async function listenToKeys() {
  root.removeEventListener("focusin", listenToKeys);
  const { listen } = await import("./keys.js");
  listen(root, { start, player: () => player });
}

async function start(from = beginning(root.dataset)) {
  poster.load();
  try {
    const isOpen = Boolean(player);
    await (opening ??= open(from));
    if (isOpen) await player.seek?.(from);
    await player.play();
    poster.show(false);
  } catch (error) {
    console.warn(error);
    if (!player) opening = null; // mounted players are asked again
    poster.fail(error);
  }
}

async function open(from) {
  const name = ADAPTERS[root.dataset.player] ?? (root.dataset.hls ? "hls" : "html5");
  const box = root.querySelector("[data-player-box]");
  const { mount } = await import(`./${name}.js`);
  player = await mount({ box, media, data: root.dataset, from, hide: poster.hide });
  await connect();
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
  else if (control.dataset.do === "copy") import("./controls.js").then(({ copyLink }) => copyLink(control, beginning(root.dataset)));
  else start();
}
