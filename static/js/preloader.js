// A slow POST that leaves the page: after 400 ms a layer says what is happening, after 15 s it offers a way out.
// <form data-leaving="Joining the course">; an empty value says "One moment".

const layer = document.getElementById("preloader");
const slow = layer.querySelector("[data-preloader-slow]");
let timers = [];

document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (defaultPrevented || !("leaving" in target.dataset)) return;
  const text = target.dataset.leaving || "One moment";
  timers = [setTimeout(() => show(text), 400), setTimeout(() => (slow.hidden = false), 15_000)];
});

layer.querySelector("[data-preloader-cancel]").addEventListener("click", () => {
  window.stop();
  hide();
});

window.addEventListener("pageshow", hide); // also when Back brings the page from memory

function show(text) {
  layer.querySelector("[data-preloader-text]").textContent = text;
  layer.hidden = false;
}

function hide() {
  timers.forEach(clearTimeout);
  layer.hidden = true;
  slow.hidden = true;
}
