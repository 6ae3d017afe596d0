// [data-film="address"]: a silent film behind the hero, loaded after the page, on wide screens, never with Save-Data and
// never while motion is paused. Pause motion pauses it too; the speed control slows it down. If it fails, the drawing stays.

const hero = document.querySelector("[data-film-src]");
const wide = window.matchMedia("(min-width: 60rem)");
const SPEEDS = [0.5, 0.75, 1];

const paused = () => document.documentElement.classList.contains("less-motion");

function makeFilm() {
  const film = Object.assign(document.createElement("video"), { muted: true, loop: true, playsInline: true, src: hero.dataset.filmSrc });
  film.className = "hero-film";
  film.setAttribute("aria-hidden", "true");
  film.tabIndex = -1;
  film.dataset.parallax = "up"; // it is 8 % taller than its section
  film.addEventListener("playing", () => (hero.dataset.film = "playing"));
  film.addEventListener("error", () => film.remove());
  hero.prepend(film);
  return film;
}

function makeSpeed(film) {
  const label = document.createElement("label");
  const select = document.createElement("select");
  for (const speed of SPEEDS) select.add(new Option(`${speed}×`, speed, speed === 1, speed === 1));
  select.addEventListener("change", () => (film.playbackRate = Number(select.value)));
  label.append("Speed", select);
  document.querySelector("[data-motion-controls]").append(label);
}

function start() {
  if (!wide.matches || navigator.connection?.saveData || paused()) return;
  document.removeEventListener("motionchange", start);
  const film = makeFilm();
  makeSpeed(film);
  const follow = () => (paused() ? film.pause() : film.play().catch(() => {}));
  document.addEventListener("motionchange", follow);
  follow();
}

if (hero) {
  window.addEventListener("load", start, { once: true });
  document.addEventListener("motionchange", start);
}
