// [data-rise] parts below the first screen rise 12 px once, when they come into view. Without script they just stand there.

const moving = !document.documentElement.classList.contains("less-motion");
const below = [...document.querySelectorAll("[data-rise]")].filter((part) => part.getBoundingClientRect().top > window.innerHeight);

const observer = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) show(target);
});

function show(part) {
  observer.unobserve(part);
  part.classList.add("rise-shown");
  part.classList.remove("rise-waiting");
}

if (moving) {
  for (const part of below) {
    part.classList.add("rise-waiting");
    observer.observe(part);
  }
  document.addEventListener("motionchange", () => below.forEach(show));
  window.addEventListener("beforeprint", () => below.forEach(show));
  document.addEventListener("focusin", ({ target }) => below.filter((part) => part.contains(target)).forEach(show));
}
