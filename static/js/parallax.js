// [data-parallax] drifts against the scroll by at most 8 % of its section's height, "up" or down; wide screens with a mouse
// only. The hero's film arrives later than this script, so the parts are looked up when they move.

const fits = window.matchMedia("(min-width: 60rem) and (pointer: fine)");
const LIMIT = 0.08;
let asked = false;

function move() {
  asked = false;
  const still = !fits.matches || document.documentElement.classList.contains("less-motion");
  for (const part of document.querySelectorAll("[data-parallax]")) {
    const height = part.closest("section").offsetHeight;
    const shift = Math.min(1, window.scrollY / height) * LIMIT * height * (part.dataset.parallax === "up" ? -1 : 1);
    part.style.transform = still ? "" : `translateY(${shift.toFixed(1)}px)`;
  }
}

function ask() {
  if (!asked) requestAnimationFrame(move);
  asked = true;
}

window.addEventListener("scroll", ask, { passive: true });
document.addEventListener("motionchange", ask);
