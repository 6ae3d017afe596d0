// [data-timestamps]: the lines of its text area as rows of time and label. The text area is what is sent; "Paste a list"
// shows it. A list that was refused stays a list, for its errors count lines.

const root = document.querySelector("[data-timestamps]");
const area = root.querySelector("textarea");
const rows = document.createElement("div");
rows.className = "lesson-stamps";
const bar = document.createElement("div");
bar.className = "btn-row";
const add = button("Add timestamp", () => addRow("", "").querySelector("input").focus());
const swap = button("Paste a list", () => show(!area.hidden));
bar.append(add, swap);
area.after(rows, bar);
rows.addEventListener("input", write);
show(area.getAttribute("aria-invalid") !== "true");

function show(asRows) {
  if (asRows) read();
  area.hidden = asRows;
  rows.hidden = !asRows;
  add.hidden = !asRows;
  swap.textContent = asRows ? "Paste a list" : "Show as rows";
}

function read() {
  const lines = area.value.split("\n").map((line) => line.trim()).filter(Boolean);
  rows.replaceChildren();
  for (const line of lines) {
    const [, time, label] = line.match(/^[[(]?([\d:]+)[\])]?(?:\s*[-–—|]\s*|\s+)(.*)$/) ?? [null, "", line];
    addRow(time, label);
  }
}

function write() {
  const pairs = [...rows.children].map((row) => [...row.querySelectorAll("input")].map((input) => input.value.trim()));
  area.value = pairs.filter(([time, label]) => time || label).map((pair) => pair.join(" ")).join("\n");
}

function addRow(time, label) {
  const row = document.createElement("div");
  row.className = "lesson-stamp";
  const number = rows.children.length + 1;
  row.append(field(`Time ${number}`, time, "4:12"), field(`Label ${number}`, label, "First run"));
  row.append(button("Remove", () => remove(row), ` timestamp ${number}`));
  rows.append(row);
  return row;
}

function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  write();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  (next?.querySelector("button") ?? add).focus();
}

function field(label, value, example) {
  const input = document.createElement("input");
  input.className = "input";
  input.setAttribute("aria-label", label);
  input.placeholder = example;
  input.value = value;
  return input;
}

function button(text, act, more = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-secondary btn-small";
  made.textContent = text;
  if (more) made.setAttribute("aria-label", text + more);
  made.addEventListener("click", act);
  return made;
}
