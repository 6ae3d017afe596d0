// [data-copy-code]: every listing in it gets a Copy button.

for (const listing of document.querySelectorAll("[data-copy-code] pre")) {
  const frame = listing.parentElement.classList.contains("highlight") ? listing.parentElement : wrap(listing);
  frame.classList.add("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-secondary btn-small code-copy";
  button.textContent = "Copy";
  button.addEventListener("click", () => copy(button, listing.textContent));
  frame.append(button);
}

function wrap(listing) {
  const frame = document.createElement("div");
  listing.replaceWith(frame);
  frame.append(listing);
  return frame;
}

async function copy(button, text) {
  await navigator.clipboard.writeText(text.trimEnd());
  button.textContent = "Copied";
  document.getElementById("live").textContent = "Code copied.";
  setTimeout(() => (button.textContent = "Copy"), 3000);
}
