// <input type="checkbox" data-setting="autoplay">: a choice of this browser.
import { load, store } from "./memory.js";

for (const box of document.querySelectorAll("[data-setting]")) {
  box.checked = load(`setting:${box.dataset.setting}`) === true;
  box.addEventListener("change", () => store(`setting:${box.dataset.setting}`, box.checked));
}
