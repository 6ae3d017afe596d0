// [data-materials]: more rows for new materials. A form brings at most five files, of which one may hold captions.

const MOST_NEW = 4;
const root = document.querySelector("[data-materials]");
const rows = root.querySelector("[data-rows]");
const total = root.querySelector('[name$="TOTAL_FORMS"]');
const form = root.closest("form");

const add = document.createElement("button");
add.type = "button";
add.className = "btn btn-secondary btn-small";
add.textContent = "Add material";
add.addEventListener("click", addRow);
rows.after(add);
look();

function addRow() {
  const number = total.value;
  const made = document.createElement("template");
  made.innerHTML = root.querySelector("template").innerHTML.replaceAll("__prefix__", number);
  rows.append(made.content);
  total.value = Number(number) + 1;
  look();
  rows.lastElementChild.querySelector("input:not([type=hidden])").focus();
}

function look() {
  add.hidden = rows.querySelectorAll("[data-new]").length >= MOST_NEW;
}

// Browsers send an empty part for every empty file field, and each would count.
form.addEventListener("formdata", ({ formData }) => {
  for (const input of form.querySelectorAll("input[type=file]")) if (!input.files.length) formData.delete(input.name);
});
