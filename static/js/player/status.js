// "Saved 4:12" beside the controls; only trouble and its end are spoken.
import { clock } from "./clock.js";

export function tellOn(root) {
  let isTroubled = false;
  return (state, detail) => {
    const place = root.querySelector("[data-player-status]");
    place.textContent = words(state, detail);
    if (state === "signed-out") place.append(" ", logInLink());
    if (isTroubled !== (state !== "saved")) document.getElementById("live").textContent = place.textContent;
    isTroubled = state !== "saved";
    place.dataset.state = state;
  };
}

function words(state, detail) {
  if (state === "saved") return `Saved ${clock(detail)}`;
  if (state === "waiting") return "Not saved yet – will retry";
  return state === "signed-out" ? "Log in again to save." : detail;
}

function logInLink() {
  const link = document.createElement("a");
  link.href = `/login/?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = "Log in";
  return link;
}
