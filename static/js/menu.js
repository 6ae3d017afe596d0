// A menu made of <details>: Escape and a click elsewhere close it. Without script it opens and closes by its summary.

const menuOf = (element) => element.closest?.("[data-menu]");

document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", ({ key, target }) => {
  const menu = menuOf(target);
  if (key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const menu = menuOf(target);
  if (menu && relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
});
