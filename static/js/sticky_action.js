// On a phone the one action of a course stays in reach: once its card has left the screen, a bar repeats it.
// The bar is made here, so without script there is none and the card is the only place.

const card = document.querySelector("[data-sticky-action]");
const action = card?.querySelector("[data-primary]");

if (action?.firstElementChild) {
  const bar = document.createElement("div");
  bar.className = "sticky-action";
  bar.hidden = true;
  const title = document.createElement("span");
  title.textContent = card.dataset.stickyAction;
  bar.append(title, ...[...action.children].map((child) => child.cloneNode(true)));
  document.querySelector("main").after(bar);
  new IntersectionObserver(([entry]) => {
    bar.hidden = entry.isIntersecting || entry.boundingClientRect.top > 0;
  }).observe(card);
}
