// Put the browser's time zone into the hidden field of the sign-up form, or propose it in a profile that has none.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

for (const field of document.querySelectorAll("[data-time-zone]")) {
  if (field.value || !zone) continue;
  if (field.tagName === "INPUT") field.value = zone;
  else propose(field);
}

function propose(select) {
  const option = [...select.options].find(({ value }) => value === zone);
  if (!option) return;
  option.selected = true;
  const note = document.createElement("p");
  note.className = "hint";
  note.textContent = `Found by your browser: ${zone}. It is used once you save.`;
  select.after(note);
}
