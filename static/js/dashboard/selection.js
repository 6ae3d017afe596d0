// [data-selection]: says how many rows are chosen and chooses all of the page. Its buttons are of no use with nobody chosen.
const form = document.querySelector("[data-selection]");

if (form) {
  const all = form.elements.namedItem("all");
  const count = form.querySelector("[data-selection-count]");
  const boxes = () => [...form.elements].filter((each) => each.name === "id");

  const page = document.createElement("button");
  page.type = "button";
  page.className = "btn btn-quiet btn-small";
  page.textContent = "Select this page";
  page.addEventListener("click", () => {
    const wanted = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = wanted;
    show();
  });
  all.closest("label").before(page);

  document.addEventListener("change", (event) => {
    if (event.target.form === form) show();
  });
  window.addEventListener("pageshow", show); // Back keeps the boxes as they were
  show();

  function show() {
    const chosen = boxes().filter((box) => box.checked).length;
    count.textContent = all.checked ? "All selected" : chosen ? `${chosen} selected` : "Nobody selected";
    page.textContent = chosen && chosen === boxes().length ? "Select none" : "Select this page";
    for (const button of form.querySelectorAll("button[name=do]")) button.disabled = !all.checked && !chosen;
  }
}
