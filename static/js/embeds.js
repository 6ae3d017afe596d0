// [data-embed]: a video inside a text is a button first; its host is asked only when it is pressed.
import { frameFor, playing } from "./player/frame.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-embed]");
  if (!button || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const frame = frameFor(playing(button.dataset.embed), button.textContent);
  button.replaceWith(frame);
  frame.focus();
});
