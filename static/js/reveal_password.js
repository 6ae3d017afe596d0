// A "Show" button beside each password field; without script there is none.

for (const field of document.querySelectorAll('input[type="password"]')) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet btn-small password-reveal";
  button.setAttribute("aria-controls", field.id);
  label(button, false);
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    label(button, shown);
  });
  field.after(button);
  field.form?.addEventListener("submit", () => (field.type = "password"));
}

function label(button, shown) {
  button.textContent = shown ? "Hide" : "Show";
  button.setAttribute("aria-label", shown ? "Hide password" : "Show password");
}
