// What every page does: lead to the summary of a refused form, and keep focus and speech right after a part was replaced.

document.querySelector("[data-error-summary]")?.focus();

let focused = "";

// A form replaced by its own answer takes the focused button with it; the answer holds a button with the same id.
document.body.addEventListener("htmx:beforeSwap", () => {
  focused = document.activeElement?.id ?? "";
});

document.body.addEventListener("htmx:afterSettle", ({ target }) => {
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  focused = "";
  const news = target.closest("[data-announce]") ?? target.querySelector("[data-announce]");
  if (news) announce(news.dataset.announce || news.textContent.trim());
  target.querySelector?.("[data-error-summary]")?.focus();
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(failure, ({ detail }) => tellFailure(detail.elt));
}

function announce(text) {
  document.getElementById("live").textContent = text;
}

function tellFailure(element) {
  const text = "Could not load this part. Try again";
  const notice = document.createElement("p");
  notice.className = "message message-bad";
  notice.dataset.failure = "";
  const link = document.createElement("a");
  link.href = window.location.href;
  link.textContent = text;
  notice.append(link);
  document.querySelectorAll("[data-failure]").forEach((old) => old.remove());
  (element.closest("[data-region]") ?? element).after(notice);
  announce(text);
}
