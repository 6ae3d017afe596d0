// A faint light follows the mouse inside [data-glow]; nothing on touch screens or when motion is paused.

const ground = document.querySelector("[data-glow]");
const fine = window.matchMedia("(pointer: fine)");

function place(x, y) {
  ground.style.setProperty("--glow-x", `${x}px`);
  ground.style.setProperty("--glow-y", `${y}px`);
}

const hide = () => place(-999, -999);

ground?.addEventListener("pointermove", (event) => {
  if (!fine.matches || document.documentElement.classList.contains("less-motion")) return;
  const box = ground.getBoundingClientRect();
  place(event.clientX - box.left, event.clientY - box.top);
});
ground?.addEventListener("pointerleave", hide);
document.addEventListener("motionchange", () => ground && hide());
