// Keys for the player while the focus is in it; on the whole page only for those who switched that on.
import { load } from "./memory.js";

const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];

export function listen(root, { start, player }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !isMeant(event, root)) return;
    const act = actionFor(event.key, root, player());
    if (!act || player()?.isUntracked) return;
    event.preventDefault();
    if (player()) act();
    else if (["k", " "].includes(event.key.toLowerCase())) start();
  }, { capture: true });
}

function isMeant({ target, key }, root) {
  if (document.querySelector("dialog[open]")) return false;
  if (target.closest("input, textarea, select, [contenteditable]")) return false;
  if ((key === " " || key === "Enter") && target.closest("button, a, summary")) return false;
  return root.contains(target) || load("setting:page-keys") === true;
}

function actionFor(key, root, player) {
  if (/^[0-9]$/.test(key)) return () => player.seek((player.duration() * Number(key)) / 10);
  const name = key.length === 1 ? key.toLowerCase() : key;
  const to = (step) => () => player.seek(player.time() + step);
  const play = () => (player.paused() ? player.play() : player.pause());
  return {
    " ": play, k: play, j: to(-10), l: to(10), ArrowLeft: to(-5), ArrowRight: to(5),
    ArrowUp: () => player.louder(0.1), ArrowDown: () => player.louder(-0.1), m: () => player.mute(),
    c: () => player.captions?.toggle(), f: () => fullScreen(root),
    t: () => document.dispatchEvent(new CustomEvent("tabs:show", { detail: "transcript" })),
    "<": () => step(player, -1), ">": () => step(player, 1),
  }[name];
}

function step(player, by) {
  const now = RATES.findIndex((rate) => rate >= player.rate());
  player.setRate(RATES[Math.max(0, Math.min(RATES.length - 1, now + by))]);
}

function fullScreen(root) {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.querySelector("[data-player-box]").requestFullscreen();
}
