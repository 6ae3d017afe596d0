// [data-outline]: on a phone the outline opens as a dialog from the bottom bar; on a wide page it can be hidden; a long
// one gets a filter.
import { load, store } from "./player/memory.js";

const FILTER_FROM = 15;
const layout = document.querySelector("[data-lesson-layout]");
const outline = document.querySelector("[data-outline]");
const dialog = document.getElementById("outline-dialog");
const current = () => outline.querySelector("[aria-current]");

layout.dataset.ready = "";
addHideButton();
if (outline.querySelectorAll("li").length >= FILTER_FROM) addFilter();
// Only the outline's own box moves (scrollIntoView would move the page), and only to a lesson that is out of sight.
if (current()?.offsetTop > outline.clientHeight - 96) outline.scrollTop = current().offsetTop - outline.clientHeight / 3;

document.querySelector("[data-outline-open]").addEventListener("click", (event) => {
  event.preventDefault();
  dialog.append(outline);
  dialog.showModal();
  current()?.scrollIntoView({ block: "center" });
  (current()?.closest("a") ?? outline.querySelector("a")).focus({ preventScroll: true });
});

dialog.addEventListener("close", () => layout.prepend(outline));

function addHideButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "for-wide";
  const show = (isHidden) => {
    layout.dataset.outline = isHidden ? "hidden" : "shown";
    button.textContent = isHidden ? "Show outline" : "Hide outline";
    button.setAttribute("aria-expanded", String(!isHidden));
  };
  button.setAttribute("aria-controls", "outline");
  show(load("setting:outline-hidden") === true);
  button.addEventListener("click", () => {
    const isHidden = layout.dataset.outline !== "hidden";
    store("setting:outline-hidden", isHidden);
    show(isHidden);
  });
  document.querySelector(".lesson-tools")?.prepend(button);
}

function addFilter() {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "input";
  field.placeholder = "Filter lessons";
  field.setAttribute("aria-label", "Filter lessons");
  field.addEventListener("input", () => filter(field.value.trim().toLowerCase()));
  outline.querySelector(".outline-head").append(field);
}

function filter(text) {
  for (const line of outline.querySelectorAll("li")) line.hidden = !line.textContent.toLowerCase().includes(text);
  for (const module of outline.querySelectorAll("details")) {
    const lines = [...module.querySelectorAll("li")];
    module.hidden = lines.every((line) => line.hidden);
    module.open = text ? !module.hidden : Boolean(module.querySelector("[aria-current]"));
  }
}
