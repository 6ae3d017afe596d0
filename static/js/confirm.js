// <form data-confirm="Leave this course? Your progress is kept." data-confirm-yes="Leave course">: asks in a dialog first,
// with the safe button focused. Without script the form's own page asks, or the server does.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  const dialog = build(form.dataset.confirm, form.dataset.confirmYes ?? "Yes");
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "true";
    form.requestSubmit(event.submitter ?? undefined);
  });
  dialog.showModal();
});

function build(question, yes) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "confirm-question");
  const text = document.createElement("p");
  text.id = "confirm-question";
  text.textContent = question;
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "btn-row dialog-foot";
  form.append(button("Keep as it is", "", "btn btn-secondary"), button(yes, "yes", "btn btn-danger btn-danger-final"));
  dialog.append(text, form);
  return dialog;
}

function button(label, value, look) {
  const made = document.createElement("button");
  made.className = look;
  made.value = value;
  made.textContent = label;
  return made;
}
