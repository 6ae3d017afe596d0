// After the end: the next lesson on a card. It starts by itself only for those who switched that on, after a countdown
// that can be cancelled, and never leads into a quiz or an exam.
import { load } from "./memory.js";

const COUNTDOWN = 8;
const PLAYABLE = ["video", "audio", "replay"];

export function bind(player, root) {
  const { nextUrl, nextTitle, nextNumber, nextType } = root.dataset;
  if (!nextUrl) return;
  player.on("ended", () => {
    const card = build(nextUrl, `Up next: Lesson ${nextNumber}, ${nextTitle}`);
    const count = load("setting:autoplay") && PLAYABLE.includes(nextType) ? countDown(card, nextUrl) : null;
    const close = () => {
      clearInterval(count);
      card.remove();
    };
    card.querySelector("button").addEventListener("click", close);
    card.addEventListener("keydown", ({ key }) => key === "Escape" && close());
    player.on("play", close);
    root.querySelector("[data-player-box]").append(card);
    if (count || root.contains(document.activeElement)) card.querySelector("button").focus({ preventScroll: true });
    document.getElementById("live").textContent = card.querySelector("p").textContent;
  });
}

function build(url, text) {
  const card = document.createElement("div");
  card.className = "player-next";
  card.dataset.upNext = "";
  const words = document.createElement("p");
  words.textContent = text;
  const row = document.createElement("div");
  row.className = "btn-row";
  row.append(made("a", "btn player-start", "Play next"), made("button", "btn btn-quiet", "Stay"));
  row.firstChild.href = url;
  row.lastChild.type = "button";
  card.append(words, row);
  return card;
}

function made(name, look, text) {
  const element = document.createElement(name);
  element.className = look;
  element.textContent = text;
  return element;
}

function countDown(card, url) {
  const button = card.querySelector("button");
  const words = made("p", "player-countdown", "");
  card.firstChild.after(words);
  button.textContent = "Cancel";
  let left = COUNTDOWN;
  const tick = () => {
    words.textContent = `Plays in ${left} s`;
    if (left-- > 0) return;
    sessionStorage.setItem("play-next", url);
    location.assign(url);
  };
  tick();
  return setInterval(tick, 1000);
}
