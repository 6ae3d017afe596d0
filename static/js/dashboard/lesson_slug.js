// [data-slug]: while a lesson is new its address follows the title; of a saved one a change of the address is told.

const part = document.querySelector("[data-slug]");
const slug = part.querySelector("input");
const title = document.getElementById("id_title");
const warning = part.querySelector("[data-slug-warning]");

if (part.dataset.slug) {
  slug.addEventListener("input", () => (warning.hidden = slug.value === part.dataset.slug));
  warning.hidden = slug.value === part.dataset.slug;
} else {
  let isOwn = slug.value !== "";
  slug.addEventListener("input", () => (isOwn = slug.value !== ""));
  title.addEventListener("input", () => {
    if (!isOwn) slug.value = slugOf(title.value);
  });
}

function slugOf(text) {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  return plain.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 120);
}
