// Leaving a long form with changes in it asks first, and its bar says that there are some.
// <form data-unsaved> … <p data-unsaved-note hidden>Unsaved changes</p></form>
// Without script nothing asks. A form that comes back refused, with data-unsaved="yes", has changes from the start.

for (const form of document.querySelectorAll("form[data-unsaved]")) guard(form);

function guard(form) {
  const note = form.querySelector("[data-unsaved-note]");
  const before = written(form);
  let isChanged = form.dataset.unsaved === "yes";
  let isLeaving = false;

  function look() {
    isChanged = form.dataset.unsaved === "yes" || written(form) !== before;
    show();
  }

  function show() {
    if (note) note.hidden = !isChanged;
    form.toggleAttribute("data-unsaved-now", isChanged);
  }

  form.addEventListener("input", look);
  form.addEventListener("change", look);
  form.addEventListener("submit", ({ defaultPrevented, submitter }) => {
    isLeaving = !defaultPrevented && submitter?.formTarget !== "_blank"; // what opens beside the page leaves it as it is
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) isLeaving = false;
    look(); // the browser may have put back what was typed before
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged && !isLeaving) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
  show();
}

// What the form would send; a chosen file counts by its name and size.
function written(form) {
  const said = [...new FormData(form)].map(([name, value]) => [name, value.name ? `${value.name} ${value.size}` : value]);
  return JSON.stringify(said.filter(([name]) => name !== "csrfmiddlewaretoken"));
}
