// Keys of the dashboard: / or Ctrl K puts the cursor into [data-search-keys] (where that is hidden, it opens the page of
// the search), ? opens the list of keys. Single keys do nothing while somebody types, and can be switched off there.
import { load } from "../player/memory.js";
import "../player/settings.js";

const FIELDS = 'input:not([type="checkbox"], [type="radio"], [type="submit"]), textarea, select, [contenteditable]';

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
  const act = event.ctrlKey || event.metaKey ? chord(event) : single(event);
  if (!act) return;
  event.preventDefault();
  act();
});

const chord = ({ key, shiftKey }) => (key.toLowerCase() === "k" && !shiftKey ? search : null);

function single({ key, target }) {
  if (target.closest(FIELDS) || load("setting:no-single-keys") === true) return null;
  return { "/": search, "?": () => document.getElementById("dashboard-keys").showModal() }[key];
}

function search() {
  const field = [...document.querySelectorAll("[data-search-keys]")].find((each) => each.checkVisibility());
  if (field) field.select();
  else document.querySelector("[data-search-link]").click();
}
