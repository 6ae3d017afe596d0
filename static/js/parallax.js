// [data-parallax] drifts at most 8 % of its height against the scroll; wide screens with a mouse only.

const part = document.querySelector("[data-parallax]");
const fits = window.matchMedia("(min-width: 60rem) and (pointer: fine)");
const LIMIT = 0.08;
let asked = false;

function move() {
  asked = false;
  const still = !fits.matches || document.documentElement.classList.contains("less-motion");
  const share = Math.min(1, window.scrollY / part.parentElement.offsetHeight);
  part.style.transform = still ? "" : `translateY(${(share * LIMIT * part.offsetHeight).toFixed(1)}px)`;
}

function ask() {
  if (!asked) requestAnimationFrame(move);
  asked = true;
}

if (part) {
  window.addEventListener("scroll", ask, { passive: true });
  document.addEventListener("motionchange", ask);
}
