// Our row below the player: ten seconds back and ahead, speed, captions, transcript, a link to this moment.
import { clock } from "./clock.js";
import { store } from "./memory.js";

export function bind(player, root) {
  const row = root.querySelector("[data-player-controls]");
  row.addEventListener("click", ({ target }) => act(target.closest("[data-do]"), player));
  bindRate(row.querySelector("[data-player-rate]"), player);
  bindCaptions(row.querySelector('[data-do="captions"]'), player.captions);
  player.on("play", () => (root.dataset.playing = ""));
  for (const event of ["pause", "ended"]) player.on(event, () => delete root.dataset.playing);
}

function act(control, player) {
  const name = control?.dataset.do;
  if (name === "back") player.seek(player.time() - 10);
  else if (name === "ahead") player.seek(player.time() + 10);
  else if (name === "captions") player.captions?.toggle();
  else if (name === "transcript") document.dispatchEvent(new CustomEvent("tabs:show", { detail: "transcript" }));
  else if (name === "copy") copyLink(control, player.time());
  else if (name === "unpin") unpin(control);
}

function unpin(control) {
  const isReleased = control.closest("[data-player]").toggleAttribute("data-released");
  control.setAttribute("aria-pressed", String(isReleased));
}

function bindRate(select, player) {
  if (select.value !== "1") player.setRate(Number(select.value));
  select.addEventListener("change", () => player.setRate(Number(select.value)));
  const show = () => {
    select.value = String(player.rate());
    store("setting:rate", player.rate());
  };
  player.on("rate", show);
}

function bindCaptions(button, captions) {
  if (!captions) return;
  const show = () => button.setAttribute("aria-pressed", String(captions.isOn()));
  button.hidden = false;
  captions.onChange(show);
  show();
}

export async function copyLink(control, time) {
  const address = new URL(location.pathname, location.origin);
  address.searchParams.set("t", Math.floor(time));
  const words = control.querySelector("[data-player-copy]");
  try {
    await navigator.clipboard.writeText(address);
    words.textContent = `Copied ${clock(time)}`;
  } catch {
    prompt("Link to this moment", address);
  }
  document.getElementById("live").textContent = `Link to ${clock(time)} copied.`;
  setTimeout(() => (words.textContent = "Copy link"), 4000);
}
